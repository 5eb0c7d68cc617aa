"""Workshops: seats, who takes them, who waits for one, and what a recording needs."""

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantQuerySet, User
from services.scheduling.models.bookings import Booking


class WorkshopQuerySet(TenantQuerySet["Workshop"]):
    """Workshops by the booking's customer and location."""

    customer_path = "booking__customer"
    location_path = "booking__location"

    def with_room(self) -> "WorkshopQuerySet":
        """Those in which a seat is free; without a capacity there always is one."""
        return self.filter(Q(capacity=None) | Q(taken__lt=F("capacity")))

    def with_counts(self) -> "WorkshopQuerySet":
        """With how many have a seat, and how many of them agree to a recording."""
        has_seat = Q(attendees__state="enrolled")
        agrees = Q(attendees__consent_at__isnull=False, attendees__consent_withdrawn_at=None)
        return self.annotate(
            enrolled_count=Count("attendees", filter=has_seat),
            consent_count=Count("attendees", filter=has_seat & agrees),
        )


class Workshop(models.Model):
    """The enrolment of a booked workshop. `taken` counts the attendees who have a seat.

    Sold by attendee, the capacity is never more than the seats that the booking has set
    aside in the ledger; a dedicated delivery has the one that was planned, or none.
    """

    class Decision(models.TextChoices):
        """What became of it on the decision day (2.7-T12)."""

        HOLD = "hold", _("takes place")
        CANCEL = "cancel", _("cancelled for low enrolment")

    booking = models.OneToOneField(
        Booking, models.CASCADE, primary_key=True, related_name="workshop"
    )
    by_seat = models.BooleanField(_("sold by attendee"), default=False)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    minimum = models.PositiveIntegerField(_("minimum enrolment"), null=True, blank=True)
    taken = models.PositiveIntegerField(_("seats taken"), default=0)
    decide_on = models.DateField(_("decision day"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=6, choices=Decision, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    notice_at = models.DateTimeField(_("notice of a recording"), null=True, blank=True)
    notice_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    permission_needed = models.BooleanField(_("region asks for written permission"), default=False)
    permission_at = models.DateTimeField(_("written permission"), null=True, blank=True)
    permission_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_since = models.DateTimeField(_("recording agreed"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["booking__starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")),
                name="workshop_no_more_than_its_seats",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | ~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="workshop_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(recorded_since=None, recorded_by=None)
                | Q(
                    recorded_since__isnull=False,
                    recorded_by__isnull=False,
                    notice_at__isnull=False,
                ),
                name="workshop_recorded_after_notice",
            ),
        ]

    def __str__(self) -> str:
        return str(self.booking)


class AttendeeQuerySet(TenantQuerySet["Attendee"]):
    """Attendees by the booking's customer and location."""

    customer_path = "workshop__booking__customer"
    location_path = "workshop__booking__location"

    def enrolled(self) -> "AttendeeQuerySet":
        """Those who have a seat."""
        return self.filter(state=Attendee.State.ENROLLED)

    def waiting(self) -> "AttendeeQuerySet":
        """Those who wait for one, the first first."""
        return self.filter(state=Attendee.State.WAITING).order_by("pk")

    def with_consent(self) -> "AttendeeQuerySet":
        """Those whose consent to a recording is recorded and stands."""
        return self.filter(consent_at__isnull=False, consent_withdrawn_at=None)

    def without_consent(self) -> "AttendeeQuerySet":
        """All others."""
        return self.filter(Q(consent_at=None) | Q(consent_withdrawn_at__isnull=False))

    def listed(self) -> "AttendeeQuerySet":
        """Not withdrawn."""
        return self.exclude(state=Attendee.State.WITHDRAWN)


class Attendee(models.Model):
    """Somebody who takes part in a workshop, or waits for a seat; needs no account."""

    class State(models.TextChoices):
        """Where they stand."""

        ENROLLED = "enrolled", _("enrolled")
        WAITING = "waiting", _("waiting")
        WITHDRAWN = "withdrawn", _("withdrawn")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="attendees")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    state = models.CharField(_("state"), max_length=9, choices=State)
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="attendees_entered")
    promoted_at = models.DateTimeField(_("got a free seat"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    consent_at = models.DateTimeField(_("consent to a recording"), null=True, blank=True)
    consent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    consent_withdrawn_at = models.DateTimeField(null=True, blank=True)
    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop attendee")
        verbose_name_plural = _("workshop attendees")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "email"],
                condition=~Q(state="withdrawn"),
                name="attendee_once_in_a_workshop",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | ~Q(state="withdrawn") & Q(withdrawn_at=None),
                name="attendee_withdrawn_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(consent_at=None, consent_by=None)
                | Q(consent_at__isnull=False, consent_by__isnull=False),
                name="attendee_consent_recorded_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.workshop}"

    @property
    def agrees(self) -> bool:
        """Whether the consent to a recording stands."""
        return self.consent_at is not None and self.consent_withdrawn_at is None
