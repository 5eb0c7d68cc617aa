"""Work orders: the term, the listed locations, the lines, the flex allowance by year."""

from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from accounts.models import Customer, Location, TenantQuerySet, User, locations_of
from services.catalog.models import Edition, Offering

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Unit(models.TextChoices):
    """What an entitlement is counted in; hours are kept in minutes."""

    EACH = "each", pgettext_lazy("unit", "delivery")
    MINUTE = "minute", _("hour")
    CREDIT = "credit", _("credit")
    ATTENDEE = "attendee", _("seat")
    DAY = "day", _("day")
    EVENT = "event", _("event")
    TENANT = "tenant", _("tenant")
    SUBSCRIPTION = "subscription", _("subscription")


# Served day by day for as long as they are in force: nothing of them is called off.
STANDING_UNITS = (Unit.TENANT, Unit.SUBSCRIPTION)


class Funding(models.TextChoices):
    """What pays for a line."""

    INCLUDED = "included", _("included in the base package")
    MONEY = "money", _("bought in addition")
    FLEX = "flex", _("flex allowance")
    CREDITS = "credits", _("proactive credits")
    VALUE = "value", _("exchange value")


class WorkOrderQuerySet(TenantQuerySet["WorkOrder"]):
    """Work orders; a location contact sees those that list their location."""

    def visible_to(self, user: "User | AnonymousUser") -> "WorkOrderQuerySet":
        """Drafts are for those who manage agreements."""
        mine = super().visible_to(user)
        if not user.is_authenticated or user.manages_agreements:
            return mine
        mine = mine.filter(executed_at__isnull=False)
        if user.role == User.Role.LOCATION_CONTACT:
            listed = OrderLocation.objects.filter(location__in=locations_of(user))
            return mine.filter(pk__in=listed.values("order"))
        return mine

    def executed(self) -> "WorkOrderQuerySet":
        """Signed, whether or not begun."""
        return self.filter(executed_at__isnull=False)

    def without_scenarios(self) -> "WorkOrderQuerySet":
        """Drafts and orders, not what a draft was cloned into to compare."""
        return self.filter(scenario_of=None)


class WorkOrder(models.Model):
    """An Enterprise Services Work Order. A draft until executed, then frozen.

    `starts_on` and `ends_on` are both days in force (0-C16); execution is a fact of its
    own (X-27). `units_per_usd` is the rate frozen at execution (2.2-F8). The state is
    derived from these facts and the clock.

    An amendment is an order of its own that names the one it `amends`: it adds services
    within that order's term, has no allowance (X-04) and ends with it. A scenario is a
    draft cloned from another to be compared with it; it is never submitted or executed.
    """

    number = models.CharField(_("number"), max_length=30, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="work_orders")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="work_orders")
    title = models.CharField(_("title"), max_length=160, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    units_per_usd = models.DecimalField(
        _("units per US dollar"), max_digits=18, decimal_places=8, null=True, blank=True
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("last day in force"))
    multi_country = models.BooleanField(_("multi-country support"), default=False)
    base_price_minor = models.BigIntegerField(_("base package price"), default=0)
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals"
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    amends = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="amendments",
        verbose_name=_("amends"),
    )
    amendment_number = models.PositiveSmallIntegerField(
        _("number of the amendment"), null=True, blank=True
    )
    scenario_of = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="scenarios",
        verbose_name=_("scenario of"),
    )
    note = models.TextField(_("note on the allowance"), blank=True)
    purchasable = models.JSONField(
        _("what may be bought under it"),
        default=list,
        blank=True,
        help_text=_("Codes of additional services (2.1-B7); none: the whole catalogue."),
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="orders_drafted")
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(_("submitted for review"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="orders_submitted"
    )
    returned_reason = models.CharField(_("returned because"), max_length=300, blank=True)
    executed_at = models.DateTimeField(_("executed"), null=True, blank=True)
    executed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="orders_executed"
    )
    terminated_on = models.DateField(_("terminated with the end of"), null=True, blank=True)
    termination_reason = models.CharField(max_length=300, blank=True)
    objects = WorkOrderQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="order_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(units_per_usd=None) | Q(units_per_usd__gt=0), name="order_rate_positive"
            ),
            models.CheckConstraint(
                condition=Q(executed_at=None, executed_by=None)
                | Q(executed_at__isnull=False, executed_by__isnull=False),
                name="order_executed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(terminated_on=None) | Q(executed_at__isnull=False),
                name="order_terminated_after_execution",
            ),
            models.CheckConstraint(
                condition=Q(base_price_minor__gte=0), name="order_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="order_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(amends=None, amendment_number=None)
                | Q(amends__isnull=False, amendment_number__gte=1),
                name="amendment_has_its_number",
            ),
            models.UniqueConstraint(
                fields=["amends", "amendment_number"], name="amendment_number_once"
            ),
            models.CheckConstraint(
                condition=Q(scenario_of=None) | Q(executed_at=None, submitted_at=None),
                name="scenario_is_never_executed",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_draft(self) -> bool:
        """Not executed yet, so still to be changed."""
        return self.executed_at is None


class OrderLocation(models.Model):
    """A support location that the order lists: the host or a downstream (2.6-M2, 2.6-M3)."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="order_locations")
    location = models.ForeignKey(Location, models.PROTECT, related_name="order_locations")
    units_per_usd = models.DecimalField(
        _("units of the location's currency per US dollar"),
        max_digits=18,
        decimal_places=8,
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("listed location")
        verbose_name_plural = _("listed locations")
        ordering = ["-location__role", "location__name"]
        constraints = [
            models.UniqueConstraint(fields=["order", "location"], name="order_lists_once"),
        ]


class FlexYear(models.Model):
    """The flex allowance allotted to one contract year (2.2-F4), in minor units."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="flex_years")
    number = models.PositiveSmallIntegerField(_("contract year"), validators=[MinValueValidator(1)])
    allotment_minor = models.BigIntegerField(_("allotment"))

    class Meta:
        verbose_name = _("flex year")
        verbose_name_plural = _("flex years")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="flex_year_once"),
            models.CheckConstraint(
                condition=Q(allotment_minor__gte=0), name="flex_allotment_not_negative"
            ),
        ]


class WorkOrderLine(models.Model):
    """One service of the order: what, how many where, for how much, paid with what."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="order_lines")
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    price_minor = models.BigIntegerField(
        _("price"), default=0, help_text=_("Of the whole line, in minor units of the order.")
    )
    funding = models.CharField(_("paid with"), max_length=10, choices=Funding)
    flex_year = models.PositiveSmallIntegerField(_("contract year"), null=True, blank=True)
    starts_on = models.DateField(_("own start"), null=True, blank=True)
    ends_on = models.DateField(_("own end"), null=True, blank=True)
    sold_as = models.CharField(_("sold as"), max_length=12, blank=True)
    sold_onsite = models.BooleanField(_("sold as onsite"), default=False)
    agreed_time_zone = models.CharField(_("time zone agreed in writing"), max_length=64, blank=True)
    exhibit_reference = models.CharField(_("exhibit"), max_length=80, blank=True)
    assessed_spend_usd_minor = models.BigIntegerField(
        _("assessed product spend"), null=True, blank=True
    )
    platform_price_minor = models.BigIntegerField(
        _("platform price"),
        null=True,
        blank=True,
        help_text=_("What the tiered fee is added to, in minor units of the order."),
    )
    floor_price_minor = models.BigIntegerField(_("floor price"), null=True, blank=True)
    floor_price_paid = models.BooleanField(_("floor price paid"), default=False)
    plus_noted = models.BooleanField(_("Plus noted on the order"), default=False)
    intake_completed_at = models.DateTimeField(_("intake complete"), null=True, blank=True)
    onboarding_ended_on = models.DateField(
        _("onboarding ended on"),
        null=True,
        blank=True,
        help_text=_("Where both sides agreed on an earlier end (2.4-AP39)."),
    )
    onboarding_end_agreed = models.CharField(
        _("who agreed to the earlier end"), max_length=300, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="line_price_not_negative"),
            models.CheckConstraint(
                condition=Q(funding="flex", flex_year__isnull=False)
                | ~Q(funding="flex") & Q(flex_year=None),
                name="line_flex_has_its_year",
            ),
            models.CheckConstraint(
                condition=(Q(platform_price_minor=None) | Q(platform_price_minor__gte=0))
                & (Q(floor_price_minor=None) | Q(floor_price_minor__gte=0)),
                name="line_fee_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order.number} · {self.offering}"


class SpendTier(models.Model):
    """A step of a mission-critical fee: `percent` of the assessed spend up to a limit.

    Marginal: each step counts for the spend between the step below and its own limit, in
    US cents. The step without a limit is the last one.
    """

    line = models.ForeignKey(WorkOrderLine, models.CASCADE, related_name="tiers")
    up_to_usd_minor = models.BigIntegerField(_("spend up to"), null=True, blank=True)
    percent = models.DecimalField(_("percent of the spend"), max_digits=7, decimal_places=4)

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = [F("up_to_usd_minor").asc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(fields=["line", "up_to_usd_minor"], name="spend_tier_once"),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(up_to_usd_minor=None),
                name="spend_tier_without_limit_once",
            ),
            models.CheckConstraint(
                condition=Q(up_to_usd_minor=None) | Q(up_to_usd_minor__gt=0),
                name="spend_tier_limit_positive",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="spend_tier_percent_of_the_whole",
            ),
        ]


class LineAllocation(models.Model):
    """How much of a line belongs to one listed location, in whole units of the line (2.6-M4)."""

    line = models.ForeignKey(WorkOrderLine, models.CASCADE, related_name="allocations")
    location = models.ForeignKey(Location, models.PROTECT, related_name="line_allocations")
    quantity = models.BigIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["-location__role", "location__name"]
        constraints = [
            models.UniqueConstraint(fields=["line", "location"], name="allocation_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="allocation_positive"),
        ]


class LineScope(models.Model):
    """What a line covers: products, subscriptions, tenants, solutions (WO Appendix A)."""

    class Kind(models.TextChoices):
        """What the identifier names."""

        PRODUCT = "product", _("product")
        SUBSCRIPTION = "subscription", _("subscription")
        TENANT = "tenant", _("tenant")
        SOLUTION = "solution", _("solution")

    line = models.ForeignKey(WorkOrderLine, models.CASCADE, related_name="scopes")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    identifier = models.CharField(_("identifier"), max_length=160)
    affiliate = models.BooleanField(_("bought by the customer or an affiliate"), default=True)

    class Meta:
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        ordering = ["kind", "identifier"]
        constraints = [
            models.UniqueConstraint(fields=["line", "kind", "identifier"], name="scope_once"),
        ]


class OverrideQuerySet(TenantQuerySet["Override"]):
    """Overrides; by customer."""


class Override(models.Model):
    """A refusal that staff overrode with a written reason (0-C17); never removed."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="overrides")
    subject_key = models.CharField(max_length=120, db_index=True)
    code = models.CharField(max_length=40)
    clauses = models.JSONField(default=list)
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField()
    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]
