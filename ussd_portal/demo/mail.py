"""Play the mail: a calendar subscription, a weekly digest, and a letter that came back."""

from datetime import datetime, timedelta

from accounts.actions.feeds import make_feed
from accounts.actions.people import change_profile
from accounts.models import Message
from ussd_portal.demo.portfolio import Stage
from workorders.actions.digests import write_digests

SUBSCRIBER, DIGESTED = "mara.keller", "jonas.weber"
# What the mail server of the recipient said.
BOUNCED = "550 5.1.1 mailbox unavailable"
ATTEMPTS = 8


def play_mail(stage: Stage, *, now: datetime) -> None:
    """One account manager subscribes, another reads one digest a week; it is told on Mondays."""
    make_feed(user=stage.csams[SUBSCRIBER], name="Outlook", now=stage.moment(-30))
    reader = stage.csams[DIGESTED]
    reader.reminder_mail = reader.ReminderMail.WEEKLY
    change_profile(user=reader)
    monday = stage.moment(-stage.today.weekday(), 10)
    write_digests(now=monday if monday < now else monday - timedelta(days=7))


def lose_a_letter(*, now: datetime) -> None:
    """The latest mail that went to a customer came back as often as it was tried."""
    mails = Message.objects.filter(
        channel=Message.Channel.EMAIL, recipient__role="customer_administrator"
    )
    latest = mails.exclude(sent_at=None).order_by("created_at", "pk").last()
    if latest is not None:
        Message.objects.filter(pk=latest.pk).update(
            sent_at=None, dead_at=now, attempts=ATTEMPTS, last_error=BOUNCED
        )
