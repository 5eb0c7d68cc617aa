"""Bookings: what is scheduled against an entitlement."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location, TenantQuerySet, User
from services.scheduling.models.modes import Mode, Work
from services.scheduling.models.series import Series
from workorders.models import Entitlement, WorkOrder


class BookingQuerySet(TenantQuerySet["Booking"]):
    """Bookings by customer and location."""

    location_path = "location"

    def standing(self) -> "BookingQuerySet":
        """Neither cancelled nor delivered."""
        return self.filter(cancelled_at=None, delivered_at=None)

    def between(self, start: datetime, end: datetime) -> "BookingQuerySet":
        """Those that touch [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def with_agreement(self) -> "BookingQuerySet":
        """Each with its customer, place, order and entitlement, as every act and page needs."""
        return self.select_related(
            "customer",
            "location",
            "order__customer",
            "order__edition",
            "entitlement__line",
            "entitlement__location",
            "entitlement__offering",
            "entitlement__order__customer",
            "entitlement__order__edition",
        )


class Booking(models.Model):
    """A service scheduled against an entitlement. Its terms are frozen at booking.

    `quantity` units of the entitlement are reserved; `fee_minor` is what they are worth
    and what a late cancellation is reckoned on. Dates count at the delivery location.
    """

    class Party(models.TextChoices):
        """Who cancelled: only the customer's cancellation can cost (2.7-T12, 2.7-T17)."""

        CUSTOMER = "customer", _("customer")
        MICROSOFT = "microsoft", _("Microsoft")

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="bookings")
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="bookings")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="bookings")
    location = models.ForeignKey(Location, models.PROTECT, related_name="bookings")
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    title = models.CharField(
        _("title"), max_length=160, blank=True, help_text=_("Empty: the name of the service.")
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.REMOTE)
    language = models.CharField(
        _("language"), max_length=10, default="en", help_text=_("The one that will be used.")
    )
    language_wanted = models.CharField(_("language asked for"), max_length=10, blank=True)
    language_agreed = models.BooleanField(_("language agreed in writing"), default=False)
    attendees = models.PositiveIntegerField(_("attendees"), null=True, blank=True)
    minimum_attendees = models.PositiveIntegerField(_("minimum enrolment"), null=True, blank=True)
    work = models.CharField(_("kind of work"), max_length=12, choices=Work, blank=True)
    event_solution = models.CharField(_("Azure solution"), max_length=160, blank=True)
    event_cloud = models.CharField(_("cloud"), max_length=20, blank=True)
    event_confirmed_on = models.DateField(_("confirmed in writing on"), null=True, blank=True)
    short_notice_agreed = models.BooleanField(_("short notice agreed"), default=False)
    quantity = models.BigIntegerField(_("quantity"))
    fee_minor = models.BigIntegerField(_("fee"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    terms = models.JSONField(_("cancellation terms"), help_text=_("Frozen at booking."))
    written_agreement = models.BooleanField(_("onsite agreed in writing"), default=False)
    fee_recorded = models.BooleanField(_("fee recorded"), default=False)
    visit_prepaid = models.BooleanField(_("visit paid in advance"), default=False)
    travel_billed = models.BooleanField(_("travel is billed"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="bookings_made")
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deliveries_recorded"
    )
    delivered_quantity = models.BigIntegerField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="bookings_cancelled"
    )
    cancelled_for = models.CharField(max_length=10, choices=Party, blank=True)
    cancellation_reason = models.CharField(max_length=300, blank=True)
    charge = models.JSONField(null=True, blank=True, help_text=_("The explained charge."))
    charge_minor = models.BigIntegerField(_("charge"), null=True, blank=True)
    moved_to = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="moved_from"
    )
    version = models.PositiveIntegerField(default=1)
    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["customer", "starts_at"], name="booking_customer"),
            models.Index(fields=["starts_at"], name="booking_starts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(cancelled_at=None),
                name="booking_delivered_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, fee_minor__gte=0), name="booking_positive"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_for=""),
                name="booking_cancelled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at=None, delivered_by=None, delivered_quantity=None)
                | Q(
                    delivered_at__isnull=False,
                    delivered_by__isnull=False,
                    delivered_quantity__gt=0,
                    delivered_quantity__lte=F("quantity"),
                ),
                name="booking_delivered_at_most_booked",
            ),
            models.CheckConstraint(
                condition=Q(charge_minor=None)
                | Q(
                    cancelled_at__isnull=False,
                    charge_minor__gte=0,
                    charge_minor__lte=F("fee_minor"),
                ),
                name="booking_charged_at_most_its_fee",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def heading(self) -> str:
        """What it is called: its title, or the name of the service in the reader's language."""
        return self.title or str(self.entitlement.offering)
