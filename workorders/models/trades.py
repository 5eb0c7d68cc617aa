"""What a holding became: an exchange for another service; what is billed besides the lines."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, TenantQuerySet, User
from services.catalog.models import Offering
from workorders.models.entitlements import Entitlement
from workorders.models.orders import WorkOrder


class ExchangeQuerySet(TenantQuerySet["Exchange"]):
    """Exchanges by customer and, through what is given up, by location."""

    customer_path = "order__customer"
    location_path = "entitlement__location"

    def in_full(self) -> "ExchangeQuerySet":
        """Each with both sides and the people, as its acts and its page need."""
        return self.select_related(
            "order__customer",
            "order__edition",
            "entitlement__offering",
            "entitlement__location",
            "offering",
            "location",
            "requested_by",
            "decided_by",
            "received",
        )

    def waiting(self) -> "ExchangeQuerySet":
        """Asked for and neither made nor declined."""
        return self.filter(decided_at=None)


class Exchange(models.Model):
    """A service given up for another of equal value (2.7-T22): asked for, then decided.

    `quantity` is in units of what is given up, `wanted_quantity` in units of what is
    wanted; money in minor units of `currency`. What was decided is never changed.
    """

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="exchanges")
    entitlement = models.ForeignKey(
        Entitlement,
        models.PROTECT,
        related_name="exchanges",
        null=True,
        blank=True,
        help_text=_("Empty: exchange value that a service left behind."),
    )
    quantity = models.BigIntegerField(_("quantity given up"))
    offering = models.ForeignKey(Offering, models.PROTECT, verbose_name=_("service wanted"))
    location = models.ForeignKey(
        Location, models.PROTECT, related_name="exchanges", verbose_name=_("location")
    )
    wanted_quantity = models.BigIntegerField(_("quantity wanted"))
    value_minor = models.BigIntegerField(_("value given up"))
    wanted_minor = models.BigIntegerField(_("value wanted"))
    currency = models.CharField(_("currency"), max_length=3)
    flex_year = models.PositiveSmallIntegerField(_("contract year"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    requested_at = models.DateTimeField(_("requested"))
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="exchanges_requested")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="exchanges_decided"
    )
    declined_reason = models.CharField(_("declined because"), max_length=300, blank=True)
    consent_of = models.CharField(_("consent of the delivery resource"), max_length=120, blank=True)
    written_agreement = models.CharField(_("written agreement"), max_length=120, blank=True)
    received = models.OneToOneField(
        Entitlement, models.PROTECT, null=True, blank=True, related_name="exchange"
    )
    extra_minor = models.BigIntegerField(_("bought in addition"), default=0)
    remainder_minor = models.BigIntegerField(_("left as exchange value"), default=0)
    explained = models.JSONField(default=dict)
    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, wanted_quantity__gt=0, value_minor__gt=0)
                & Q(wanted_minor__gt=0, extra_minor__gte=0, remainder_minor__gte=0),
                name="exchange_positive",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, received=None, declined_reason="")
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="exchange_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None)
                | Q(received=None) & ~Q(declined_reason="")
                | Q(received__isnull=False, declined_reason="") & ~Q(consent_of=""),
                name="exchange_made_with_consent_or_declined_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} · {self.offering}"


class ChargeQuerySet(TenantQuerySet["Charge"]):
    """Charges by customer and location."""

    customer_path = "order__customer"
    location_path = "location"


class Charge(models.Model):
    """Money to be billed besides the price of the lines. Never changed, never removed.

    A negative amount takes back what `reverses` names. `billable_on` is the day from
    which it belongs on an invoice.
    """

    class Kind(models.TextChoices):
        """Why it is billed."""

        TRAVEL = "travel", _("travel agreed in advance")
        CANCELLATION = "cancellation", _("cancellation charge")
        RESCHEDULING = "rescheduling", _("rescheduling charge")
        EXTRA = "extra", _("bought on top of an exchange")
        OTHER = "other", _("other agreed charge")

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="charges")
    location = models.ForeignKey(Location, models.PROTECT, related_name="charges")
    offering = models.ForeignKey(
        Offering, models.PROTECT, null=True, blank=True, related_name="charges"
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    billable_on = models.DateField(_("billable on"))
    text = models.CharField(_("text"), max_length=200, blank=True)
    clauses = models.JSONField(default=list)
    subject_key = models.CharField(max_length=120, db_index=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="charges")
    idempotency_key = models.CharField(max_length=140, null=True, blank=True, unique=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    objects = ChargeQuerySet.as_manager()

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        ordering = ["billable_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, amount_minor__gt=0)
                | Q(reverses__isnull=False, amount_minor__lt=0),
                name="charge_positive_or_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} · {self.get_kind_display()}"
