"""What a customer may use: one entitlement a line and location; credits are lots."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, TenantQuerySet, User
from services.catalog.models import Offering
from workorders.models.orders import Funding, Unit, WorkOrder, WorkOrderLine


class EntitlementQuerySet(TenantQuerySet["Entitlement"]):
    """Entitlements by customer and location."""

    customer_path = "order__customer"
    location_path = "location"


class Entitlement(models.Model):
    """A quantity of a service at a location, usable from and until (both days included).

    Flex-funded ones end with their contract year, all end with the order: the earlier
    date (X-29). Balances stand in the ledger; a lot of credits is an entitlement too.
    """

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="entitlements")
    line = models.ForeignKey(
        WorkOrderLine, models.PROTECT, null=True, blank=True, related_name="entitlements"
    )
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="entitlements")
    location = models.ForeignKey(Location, models.PROTECT, related_name="entitlements")
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    granted = models.BigIntegerField(_("granted"))
    value_minor = models.BigIntegerField(_("value of all"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    funding = models.CharField(_("paid with"), max_length=10, choices=Funding)
    flex_year = models.PositiveSmallIntegerField(_("contract year"), null=True, blank=True)
    usable_from = models.DateField(_("usable from"))
    usable_until = models.DateField(_("usable until"))
    granted_at = models.DateTimeField()
    objects = EntitlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("entitlement")
        verbose_name_plural = _("entitlements")
        ordering = ["order", "offering__position", "location", "usable_until", "pk"]
        indexes = [models.Index(fields=["usable_until"], name="entitlement_lapses")]
        constraints = [
            models.CheckConstraint(condition=Q(granted__gt=0), name="entitlement_positive"),
            models.CheckConstraint(
                condition=Q(value_minor__gte=0), name="entitlement_value_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(usable_until__gte=F("usable_from")), name="entitlement_usable_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering} · {self.location}"


class RedemptionQuerySet(TenantQuerySet["Redemption"]):
    """Redemptions by customer and location."""

    customer_path = "order__customer"
    location_path = "location"


class Redemption(models.Model):
    """Proactive credits turned into one defined service (2.3-PC1...PC4)."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="redemptions")
    location = models.ForeignKey(Location, models.PROTECT, related_name="redemptions")
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="redemptions")
    entitlement = models.OneToOneField(Entitlement, models.PROTECT, related_name="redemption")
    value_minor = models.BigIntegerField(_("value"))
    currency = models.CharField(_("currency"), max_length=3)
    credits = models.BigIntegerField(_("credits deducted"))
    explained = models.JSONField()
    approved_on = models.DateField(_("approved on"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT)
    objects = RedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credits__gte=0, value_minor__gt=0), name="redemption_positive"
            ),
        ]
