"""What people are told: one outbox for e-mail and the in-app inbox."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models.people import User

USER_MODEL = "accounts.User"


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages; an inbox belongs to one person."""

    def visible_to(self, user: "User | AnonymousUser") -> "MessageQuerySet":
        """A person's own inbox."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(recipient=user, channel=Message.Channel.INBOX)

    def unread(self) -> "MessageQuerySet":
        """Not opened yet."""
        return self.filter(read_at=None)

    def due(self, now: datetime) -> "MessageQuerySet":
        """E-mails that may go out: not sent, not dead, not leased, their time has come."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lt=now),
            channel=Message.Channel.EMAIL,
            sent_at=None,
            dead_at=None,
            due_at__lte=now,
        )


class Message(models.Model):
    """One message to one person over one channel, written once in their language.

    `key` is subject, recipient, offset and channel: the same news is never written
    twice. A worker claims a row with a lease, sends it, marks it; a crash in between
    repeats it under the same Message-ID.
    """

    class Channel(models.TextChoices):
        """By mail or in the portal."""

        EMAIL = "email", _("e-mail")
        INBOX = "inbox", _("inbox")

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=5, choices=Channel)
    subject_key = models.CharField(max_length=120, help_text=_("What it is about."))
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, blank=True)
    recipient = models.ForeignKey(
        USER_MODEL, models.CASCADE, null=True, blank=True, related_name="messages"
    )
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(
        blank=True, help_text=_("An iCalendar object that goes along as a file.")
    )
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text=_("Not sent before this instant."))
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        indexes = [
            # What the drain asks for each minute: mail still to go out, the oldest first.
            models.Index(
                fields=["due_at"],
                condition=Q(channel="email", sent_at=None, dead_at=None),
                name="message_unsent",
            ),
            models.Index(fields=["recipient", "-created_at"], name="message_inbox"),
            models.Index(fields=["subject_key"], name="message_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(dead_at=None), name="message_sent_or_dead"
            ),
        ]
