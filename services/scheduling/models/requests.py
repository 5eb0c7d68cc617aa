"""Requests: what a customer would like to use."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location, TenantQuerySet, User
from services.catalog.models import Offering
from services.scheduling.models.bookings import Booking
from services.scheduling.models.modes import Mode
from workorders.models import Entitlement, WorkOrder


class ServiceRequestQuerySet(TenantQuerySet["ServiceRequest"]):
    """Requests by customer and location."""

    location_path = "location"

    def waiting(self) -> "ServiceRequestQuerySet":
        """Not answered yet."""
        return self.filter(decided_at=None)


class ServiceRequest(models.Model):
    """A customer's wish to use an entitlement, with the data that belongs to it (2.8-C20)."""

    class Decision(models.TextChoices):
        """What the CSAM answered."""

        BOOKED = "booked", _("booked")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="service_requests")
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="service_requests")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="service_requests")
    offering = models.ForeignKey(
        Offering,
        models.PROTECT,
        related_name="service_requests",
        help_text=_("The service wanted; another than the entitlement's when paid with credits."),
    )
    location = models.ForeignKey(Location, models.PROTECT, related_name="service_requests")
    quantity = models.BigIntegerField(_("quantity"))
    wanted_from = models.DateField(_("wanted from"))
    wanted_until = models.DateField(_("wanted until"))
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.REMOTE)
    language = models.CharField(_("language"), max_length=10, default="en")
    note = models.TextField(_("what it is for"), blank=True)
    requested_at = models.DateTimeField()
    data_completed_at = models.DateTimeField(
        _("all necessary data supplied"),
        null=True,
        blank=True,
        help_text=_("A request counts with its data, not before (2.8-C20)."),
    )
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="service_requests")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="requests_decided"
    )
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="request"
    )
    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("service request")
        verbose_name_plural = _("service requests")
        ordering = ["requested_at", "pk"]
        indexes = [
            # What Today and the request list ask for: open ones, the oldest first.
            models.Index(
                fields=["requested_at"], condition=Q(decided_at=None), name="request_waiting"
            ),
            models.Index(fields=["customer", "requested_at"], name="request_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_until__gte=F("wanted_from")), name="request_until_after_from"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="request_positive"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="")
                | Q(decided_at__isnull=False) & ~Q(decision=""),
                name="request_decided_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering} · {self.location}"


class RequestDatumQuerySet(TenantQuerySet["RequestDatum"]):
    """Data by customer and by the location of its request."""

    location_path = "request__location"


class RequestDatum(models.Model):
    """A piece of the data that a service needs, as it was supplied for a request (2.8-C20)."""

    class Code(models.TextChoices):
        """What is asked for; which of it a service needs is a rule."""

        GOAL = "goal", _("goal and subject")
        CONTACT = "contact", _("contact who knows the environment")
        SYSTEMS = "systems", _("products and systems concerned")
        PARTICIPANTS = "participants", _("participants and their knowledge")
        SUBSCRIPTION = "subscription", _("Azure subscription with enough data allowance")
        SITE = "site", _("access, telephone and network on site")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="request_data")
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="data")
    code = models.CharField(_("what"), max_length=15, choices=Code)
    text = models.CharField(_("supplied"), max_length=500)
    supplied_at = models.DateTimeField()
    supplied_by = models.ForeignKey(User, models.PROTECT, related_name="request_data_supplied")
    objects = RequestDatumQuerySet.as_manager()

    class Meta:
        verbose_name = _("data of a request")
        verbose_name_plural = _("data of requests")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "code"], name="request_datum_once"),
        ]

    def __str__(self) -> str:
        return self.get_code_display()
