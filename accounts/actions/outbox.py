"""Send what is due: claim one message with a lease, send it, mark it.

A crash between sending and marking repeats a message under the same Message-ID; nothing
is lost. No transaction is held while the mail server is spoken to.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from email.utils import parseaddr
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html

from accounts.models import Message
from accounts.wording.sheets import sheet

# A drain stops after so many seconds: a claim made at its end still outlives a slow sending.
BUDGET = 20.0
MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(minutes=1)
MAX_DELAY = timedelta(hours=6)


def drain(*, now: datetime, limit: int = 500) -> int:
    """Send up to `limit` due messages, the oldest first; the number sent.

    Safe in many workers at once: a message is claimed by one conditional UPDATE. Leases run
    from `now`, so a drain that takes long ends and leaves the rest to the next one.
    """
    sent, begun = 0, monotonic()
    connection = get_connection()
    due = Message.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)
    try:
        for pk in list(due[:limit]):
            if monotonic() - begun > BUDGET:
                break
            if _claim(pk, now):
                sent += _send(Message.objects.get(pk=pk), connection, now)
    finally:
        connection.close()
    return sent


def resend(*, message: Message, now: datetime) -> None:
    """Bring a dead message back into the queue."""
    Message.objects.filter(pk=message.pk, dead_at__isnull=False).update(
        dead_at=None, attempts=0, due_at=now, lease_until=None
    )


def withhold(*, subject_keys: Collection[str], now: datetime) -> int:
    """Take back mail that waits for its hour and tells of what is settled by now; the number.

    What is due, on its way or sent stays, and so does what the inbox has told.
    """
    waiting = Message.objects.filter(
        Q(lease_until=None) | Q(lease_until__lte=now),
        channel=Message.Channel.EMAIL,
        subject_key__in=subject_keys,
        sent_at=None,
        dead_at=None,
        due_at__gt=now,
    )
    return waiting.delete()[0]


def message_id(message: Message) -> str:
    """The same for every attempt, derived from the message's key."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(message.key.encode()).hexdigest()[:40]}@{domain}>"


def _claim(pk: int, now: datetime) -> bool:
    free = Message.objects.due(now).filter(pk=pk)
    return bool(free.update(lease_until=now + settings.OUTBOX_LEASE, attempts=F("attempts") + 1))


def _send(message: Message, connection: BaseEmailBackend, now: datetime) -> int:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.address],
        headers={"Message-ID": message_id(message), "X-Portal-Subject": message.subject_key},
        connection=connection,
    )
    if message.html:
        mail.attach_alternative(_sheet(message), "text/html")
    if message.calendar:
        mail.attach("calendar.ics", message.calendar, "text/calendar")
    try:
        connection.open()  # one for all mails of a drain
        mail.send()
    except (OSError, ValueError) as error:  # refused connection, SMTP error, bad address
        connection.close()
        _postpone(message, str(error), now)
        return 0
    sent = {"sent_at": now, "lease_until": None, "last_error": ""}
    if message.recipient_id is None:  # an invitation, a new password: the link is a secret
        sent |= {"text": "", "html": ""}
    Message.objects.filter(pk=message.pk).update(**sent)
    return 1


def _sheet(message: Message) -> str:
    """What was written, under its subject and on the portal's sheet, in the reader's language."""
    with translation.override(message.language):
        context = {"message": message, "style": format_html("<style>{}</style>", sheet("mail.css"))}
        return render_to_string("accounts/mail/layout.html", context)


def _postpone(message: Message, error: str, now: datetime) -> None:
    delay = min(FIRST_DELAY * 2 ** (message.attempts - 1), MAX_DELAY)
    is_dead = message.attempts >= MAX_ATTEMPTS
    Message.objects.filter(Q(pk=message.pk), sent_at=None).update(
        lease_until=None,
        due_at=now + delay,
        dead_at=now if is_dead else None,
        last_error=error[:300],
    )
