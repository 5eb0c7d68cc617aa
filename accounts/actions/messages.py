"""Tell people: one message a subject, person, offset and channel, in their language."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import Customer, Message, User

BOTH = (Message.Channel.EMAIL, Message.Channel.INBOX)


def tell(
    *,
    recipient: User,
    subject_key: str,
    template: str,
    context: dict[str, object],
    now: datetime,
    due_at: datetime | None = None,
    offset: str = "",
    link: str = "",
    customer: Customer | None = None,
    channels: Iterable[str] = BOTH,
    calendar: Callable[[], str] | None = None,
) -> list[Message]:
    """Write what `template` says to `recipient`, once for each channel.

    The template's blocks are files: ``<template>.subject.txt``, ``<template>.txt`` and
    ``<template>.html``, rendered in the recipient's language and time zone; so is the
    `calendar` entry that a mail carries. Repeating the call writes nothing.
    """
    with translation.override(recipient.language), timezone.override(ZoneInfo(recipient.time_zone)):
        words = {**context, "recipient": recipient, "link": link, "now": now}
        subject = " ".join(render_to_string(f"{template}.subject.txt", words).split())
        text = render_to_string(f"{template}.txt", words).strip() + "\n"
        html = render_to_string(f"{template}.html", words)
        entry = calendar() if calendar is not None else ""
    return write_messages(
        recipient=recipient,
        subject_key=subject_key,
        subject=subject,
        text=text,
        html=html,
        now=now,
        due_at=due_at,
        offset=offset,
        link=link,
        customer=customer,
        channels=channels,
        calendar=entry,
    )


@transaction.atomic
def write_messages(
    *,
    recipient: User,
    subject_key: str,
    subject: str,
    text: str,
    html: str = "",
    now: datetime,
    due_at: datetime | None = None,
    offset: str = "",
    link: str = "",
    customer: Customer | None = None,
    channels: Iterable[str] = BOTH,
    calendar: str = "",
) -> list[Message]:
    """Put ready words into the outbox; the same subject, person and offset only once."""
    written = []
    for channel in channels:
        message, is_new = Message.objects.get_or_create(
            key=f"{subject_key}|{recipient.pk}|{offset}|{channel}",
            defaults={
                "channel": channel,
                "subject_key": subject_key,
                "customer": customer,
                "recipient": recipient,
                "address": recipient.email,
                "language": recipient.language,
                "subject": subject[:250],
                "text": text,
                "html": html,
                "calendar": calendar if channel == Message.Channel.EMAIL else "",
                "link": link,
                "created_at": now,
                "due_at": due_at or now,
            },
        )
        if is_new:
            written.append(message)
    return written


def write_mail(
    *,
    address: str,
    language: str,
    subject_key: str,
    subject: str,
    text: str,
    now: datetime,
    html: str = "",
    key: str = "",
    calendar: str = "",
) -> Message:
    """Put a mail to a bare address into the outbox: it carries a link that opens something.

    Each is news of its own unless `key` says otherwise; its words are forgotten once sent.
    """
    return Message.objects.create(
        key=key or f"{subject_key}|{uuid4()}",
        channel=Message.Channel.EMAIL,
        subject_key=subject_key,
        address=address,
        language=language,
        subject=" ".join(subject.split())[:250],
        text=text,
        html=html,
        calendar=calendar,
        created_at=now,
        due_at=now,
    )


def mark_read(*, messages: Iterable[int], user: User, now: datetime) -> int:
    """Mark a person's own inbox messages as read; the number that were not."""
    mine = Message.objects.visible_to(user).unread().filter(pk__in=list(messages))
    return mine.update(read_at=now)


def mark_all_read(*, user: User, now: datetime) -> int:
    """Mark the whole inbox as read as it stands at `now`."""
    mine = Message.objects.visible_to(user).unread().filter(created_at__lte=now)
    return mine.update(read_at=now)
