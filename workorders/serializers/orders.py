"""Work orders, their lines, and what stands against them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rules.explained import plain
from accounts.rules.refusal import Refused
from workorders.actions.orders.imports import Verdict
from workorders.models import (
    FlexYear,
    LineAllocation,
    LineScope,
    OrderLocation,
    SpendTier,
    WorkOrder,
    WorkOrderLine,
)
from workorders.queries.execution import YearPlan
from workorders.queries.fees import OrderTotals, Part, fee_of
from workorders.queries.findings import Finding
from workorders.queries.scenarios import Alternative, headroom
from workorders.serializers.values import (
    ExplainedField,
    ExplainedSchema,
    LocationRef,
    MoneyField,
    MoneySchema,
    OptionalMoneyField,
)
from workorders.wording.findings import finding_words

ORDER_STATES = (
    "draft", "in_review", "executed", "in_force", "expired", "terminated", "superseded",
)  # fmt: skip


class AllocationSerializer(serializers.ModelSerializer[LineAllocation]):
    """How much of a line belongs to a location."""

    location = LocationRef(read_only=True)

    class Meta:
        model = LineAllocation
        fields = ("location", "quantity")


class ScopeSerializer(serializers.ModelSerializer[LineScope]):
    """A product, subscription, tenant or solution that a line covers."""

    class Meta:
        model = LineScope
        fields = ("kind", "identifier", "affiliate")


class TierSerializer(serializers.ModelSerializer[SpendTier]):
    """A tier of a mission-critical fee; the one without a limit is the last."""

    class Meta:
        model = SpendTier
        fields = ("up_to_usd_minor", "percent")


class LineSerializer(serializers.ModelSerializer[WorkOrderLine]):
    """A line of an order. Hours are counted in minutes; `fee` is the price by its tiers."""

    offering = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    offering_name = serializers.CharField(source="offering.name", read_only=True)
    price = MoneyField(minor="price_minor", currency="order.currency")
    allocations = AllocationSerializer(many=True, read_only=True)
    scopes = ScopeSerializer(many=True, read_only=True)
    tiers = TierSerializer(many=True, read_only=True)
    platform_price = OptionalMoneyField(minor="platform_price_minor", currency="order.currency")
    floor_price = OptionalMoneyField(minor="floor_price_minor", currency="order.currency")
    fee = serializers.SerializerMethodField()

    class Meta:
        model = WorkOrderLine
        fields = (
            "id",
            "order",
            "position",
            "offering",
            "offering_name",
            "unit",
            "price",
            "funding",
            "flex_year",
            "starts_on",
            "ends_on",
            "sold_as",
            "sold_onsite",
            "agreed_time_zone",
            "exhibit_reference",
            "assessed_spend_usd_minor",
            "platform_price",
            "floor_price",
            "floor_price_paid",
            "plus_noted",
            "intake_completed_at",
            "note",
            "allocations",
            "scopes",
            "tiers",
            "fee",
        )

    @extend_schema_field(ExplainedSchema(allow_null=True))
    def get_fee(self, line: WorkOrderLine) -> Any:
        """The fee with its arithmetic; nothing without tiers, or while it can't be told."""
        tiers = list(line.tiers.all())
        if not tiers:
            return None
        try:
            return fee_of(line, tiers, order=line.order).as_data()
        except Refused:
            return None


class PartSerializer(serializers.Serializer[Part]):
    """A part of the total; `tax_noted`: taxes are charged where it is billed, not computed."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    amount = MoneyField()
    tax_noted = serializers.BooleanField()


class TotalsSerializer(serializers.Serializer[OrderTotals]):
    """What an order costs, three times split; each split adds up to the total."""

    total = MoneyField()
    by_location = PartSerializer(many=True)
    by_year = PartSerializer(many=True)
    by_family = PartSerializer(many=True)


class AlternativeYear(serializers.Serializer[YearPlan]):
    """A contract year's allowance in an alternative."""

    number = serializers.IntegerField()
    allotted = MoneyField()
    committed = MoneyField()
    forfeited = ExplainedField()
    ceiling = ExplainedField(allow_null=True)
    headroom = serializers.SerializerMethodField()

    @extend_schema_field(MoneySchema(allow_null=True))
    def get_headroom(self, year: YearPlan) -> Any:
        """What is free under the ceiling; below zero when it is exceeded."""
        free = headroom(year)
        return None if free is None else plain(free)


class AlternativeSerializer(serializers.Serializer[Alternative]):
    """The draft, or one of its scenarios, with the figures that are compared."""

    id = serializers.IntegerField(source="order.pk")
    number = serializers.CharField(source="order.number")
    title = serializers.CharField(source="order.title")
    version = serializers.IntegerField(source="order.version")
    is_draft = serializers.BooleanField()
    totals = TotalsSerializer()
    years = AlternativeYear(many=True)
    forfeited = MoneyField()
    errors = serializers.IntegerField()  # type: ignore[assignment]
    warnings = serializers.IntegerField()
    services = serializers.IntegerField()


class ListedLocationSerializer(serializers.ModelSerializer[OrderLocation]):
    """A location that the order lists, with its units per US dollar."""

    location = LocationRef(read_only=True)

    class Meta:
        model = OrderLocation
        fields = ("location", "units_per_usd")


class FlexYearSerializer(serializers.ModelSerializer[FlexYear]):
    """The allowance allotted to a contract year."""

    allotment = MoneyField(minor="allotment_minor", currency="order.currency")

    class Meta:
        model = FlexYear
        fields = ("number", "allotment")


class OrderSerializer(serializers.ModelSerializer[WorkOrder]):
    """A work order; `state` is that of now at the host location."""

    edition = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    state = serializers.SerializerMethodField()
    base_price = MoneyField(minor="base_price_minor")

    class Meta:
        model = WorkOrder
        fields: tuple[str, ...] = (
            "id",
            "number",
            "customer",
            "edition",
            "title",
            "state",
            "currency",
            "units_per_usd",
            "starts_on",
            "ends_on",
            "multi_country",
            "base_price",
            "version",
            "submitted_at",
            "returned_reason",
            "executed_at",
            "terminated_on",
            "termination_reason",
            "note",
            "purchasable",
            "renews",
            "copied_from",
            "amends",
            "amendment_number",
        )

    @extend_schema_field(serializers.ChoiceField(ORDER_STATES))
    def get_state(self, order: WorkOrder) -> str:
        """Handed over by the view, which knows the clock."""
        return str(self.context["states"][order.pk])


class OrderDetailSerializer(OrderSerializer):
    """A work order with its locations, allowance and lines."""

    locations = ListedLocationSerializer(many=True, read_only=True, source="order_locations")
    flex_years = FlexYearSerializer(many=True, read_only=True)
    lines = LineSerializer(many=True, read_only=True)

    class Meta(OrderSerializer.Meta):
        fields: tuple[str, ...] = (
            *OrderSerializer.Meta.fields,
            "locations",
            "flex_years",
            "lines",
        )


class FindingSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Something that stands against an order, or is to be known before it is executed."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(["error", "warning"])
    detail = serializers.SerializerMethodField()
    clauses = serializers.ListField(child=serializers.CharField())
    field = serializers.CharField()
    figures = serializers.SerializerMethodField()
    line = serializers.SerializerMethodField()
    overridable = serializers.BooleanField()
    override_reason = serializers.SerializerMethodField()

    def get_detail(self, finding: Finding) -> str:
        """In words, in the reader's language."""
        return finding_words(finding).sentence

    @extend_schema_field(serializers.DictField())
    def get_figures(self, finding: Finding) -> Any:
        """The figures by name."""
        return plain(finding.figures)

    def get_line(self, finding: Finding) -> int | None:
        """The id of the line concerned."""
        return finding.line.pk if finding.line else None

    def get_override_reason(self, finding: Finding) -> str:
        """Why staff overrode it; empty when they did not."""
        return finding.override.reason if finding.override else ""


class YearPlanSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What execution does to the allowance of one contract year."""

    number = serializers.IntegerField()
    allotted = MoneyField()
    committed = MoneyField()
    capped = MoneyField()
    ceiling = ExplainedField(allow_null=True)
    forfeited = ExplainedField()


class PlannedGrantSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An entitlement that execution grants."""

    line = serializers.IntegerField(source="line.pk")
    offering = serializers.CharField(source="line.offering.code")
    location = LocationRef()
    unit = serializers.CharField(source="line.unit")
    quantity = serializers.IntegerField()
    value = MoneyField()
    usable_from = serializers.DateField()
    usable_until = ExplainedField()


class PlannedDeadlineSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A date that execution makes binding."""

    kind = serializers.CharField()
    subject = serializers.CharField(source="subject_label")
    owner = serializers.CharField()
    due = ExplainedField()


class PreviewSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What executing the order now would do; grants and deadlines once nothing stands against it."""

    findings = FindingSerializer(many=True)
    forfeited = MoneyField()
    years = YearPlanSerializer(many=True)
    grants = PlannedGrantSerializer(many=True)
    deadlines = PlannedDeadlineSerializer(many=True)


class VerdictSerializer(serializers.Serializer[Verdict]):
    """A row of a file and what stands against it; without errors it can be taken."""

    row = serializers.IntegerField()
    findings = FindingSerializer(many=True)
