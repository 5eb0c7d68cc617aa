"""Azure events: what a booked event is about, and the risks that were found before it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, TenantQuerySet, User
from services.scheduling.models.bookings import Booking
from workorders.models import Deadline


class EventBrief(models.Model):
    """What makes a booking an event: its kind, its goal, what the solution consists of."""

    class Kind(models.TextChoices):
        """What qualifies (2.4-AE5)."""

        LOAD = "load", _("expected high load")
        FEATURES = "features", _("new features on Azure")
        SOLUTION = "solution", _("new solution on Azure")
        MIGRATION = "migration", _("migration to Azure")

    booking = models.OneToOneField(Booking, models.CASCADE, related_name="event_brief")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="event_briefs")
    kind = models.CharField(_("kind of event"), max_length=10, choices=Kind)
    goal = models.CharField(_("business goal"), max_length=300)
    scope = models.CharField(
        _("subscriptions"),
        max_length=500,
        blank=True,
        help_text=_("Subscriptions of the same configuration that depend on each other."),
    )
    # The quantity that the default asks for, where staff settled for less (2.4-AE8).
    events_by_default = models.PositiveIntegerField(null=True, blank=True)
    objects = TenantQuerySet["EventBrief"].as_manager()

    class Meta:
        verbose_name = _("brief of an Azure event")
        verbose_name_plural = _("briefs of Azure events")

    def __str__(self) -> str:
        return f"{self.booking.reference} · {self.goal}"


class EventRiskQuerySet(TenantQuerySet["EventRisk"]):
    """Risks by customer and by the location of their booking."""

    location_path = "booking__location"

    def open(self) -> "EventRiskQuerySet":
        """Neither mitigated nor accepted."""
        return self.filter(settled_on=None)


class EventRisk(models.Model):
    """A risk to uptime or stability that was found before an event (2.4-AE2, 2.4-AE3)."""

    class Outcome(models.TextChoices):
        """How a risk ends."""

        MITIGATED = "mitigated", _("mitigated")
        ACCEPTED = "accepted", _("accepted by the customer")

    class Area(models.TextChoices):
        """What was looked at."""

        UPTIME = "uptime", _("uptime")
        STABILITY = "stability", _("stability")
        CAPACITY = "capacity", _("capacity")
        RESILIENCY = "resiliency", _("resiliency")

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="event_risks")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="event_risks")
    area = models.CharField(_("area"), max_length=10, choices=Area)
    title = models.CharField(_("risk"), max_length=160)
    advice = models.CharField(_("what to do about it"), max_length=500, blank=True)
    owner = models.CharField(_("whose turn"), max_length=10, choices=Deadline.Owner)
    owner_name = models.CharField(_("who"), max_length=120, blank=True)
    found_at = models.DateTimeField()
    found_by = models.ForeignKey(User, models.PROTECT, related_name="event_risks_found")
    told_at = models.DateTimeField(_("told in writing"), null=True, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    settled_as = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    settled_note = models.CharField(_("what was done"), max_length=300, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="event_risks_settled"
    )
    objects = EventRiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk of an Azure event")
        verbose_name_plural = _("risks of Azure events")
        ordering = ["found_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on=None, settled_as="", settled_by=None)
                | Q(settled_on__isnull=False, settled_by__isnull=False) & ~Q(settled_as=""),
                name="event_risk_settled_somehow",
            ),
        ]

    def __str__(self) -> str:
        return self.title
