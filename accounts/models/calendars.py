"""A person's calendar as a secret address, for the calendar programs they use."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer
from accounts.models.people import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Feeds; a person's own alone."""

    def visible_to(self, user: "User | AnonymousUser") -> "CalendarFeedQuerySet":
        """A person's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def readable(self) -> "CalendarFeedQuerySet":
        """Not revoked, and their person may sign in."""
        return self.filter(revoked_at=None, user__is_active=True)


class CalendarFeed(models.Model):
    """A subscription: the link's secret is shown once and kept as a SHA-256 hash."""

    class Content(models.TextChoices):
        """What a feed holds."""

        EVERYTHING = "everything", _("deadlines and deliveries")
        DEADLINES = "deadlines", _("deadlines alone")
        DELIVERIES = "deliveries", _("deliveries alone")

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    name = models.CharField(_("name"), max_length=80)
    content = models.CharField(
        _("what it holds"), max_length=10, choices=Content, default=Content.EVERYTHING
    )
    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("customer"),
        help_text=_("Empty: all that the person sees."),
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar subscription")
        verbose_name_plural = _("calendar subscriptions")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
