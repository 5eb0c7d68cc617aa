"""The forecast and the plan as the API tells them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rules.money import Money
from services.scheduling.queries.forecast import Item
from services.scheduling.queries.forecast_sums import MonthSums, Sums
from services.scheduling.queries.plans import CustomerPlan, PinShown, Remainder, Step
from services.scheduling.queries.wishes import (
    LEAD_DAYS,
    MOST_LEAD_DAYS,
    MOST_PER_WEEK,
    PER_WEEK,
    PIN,
)
from workorders.serializers.values import ExplainedField, MoneyField, MoneySchema


class UseHistorySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What the pace rests on: units used in so many acts over so many days."""

    units = serializers.IntegerField()
    uses = serializers.IntegerField()
    days = serializers.IntegerField()


class ForecastItemSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Something with units left, and what becomes of them. `entitlement` null: exchange value.

    Units are whole: deliveries, minutes, credits, minor units of a currency.
    """

    customer = serializers.IntegerField(source="customer.pk")
    order = serializers.IntegerField(source="order.pk")
    entitlement = serializers.SerializerMethodField()
    offering = serializers.SerializerMethodField()
    location = serializers.SerializerMethodField()
    unit = serializers.CharField(source="account.unit")
    left = serializers.IntegerField()
    booked = serializers.IntegerField()
    asked = serializers.IntegerField()
    requestable = serializers.IntegerField(source="outlook.requestable")
    expected = serializers.IntegerField(source="outlook.expected")
    lapsing = ExplainedField(source="outlook.lapsing")
    request_until = serializers.DateField()
    lapses_on = serializers.DateField(source="last_day")
    value_left = MoneyField()
    value_lapsing = MoneyField()
    usd_lapsing = serializers.SerializerMethodField()
    confidence = serializers.ChoiceField(
        choices=["certain", "good", "fair", "weak"], source="outlook.trust.level"
    )
    basis = serializers.ChoiceField(
        choices=["cutoff_passed", "history", "unused", "no_history", "no_pace"],
        source="outlook.trust.basis",
    )
    history = UseHistorySerializer()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_entitlement(self, item: Item) -> int | None:
        """Its id."""
        return item.account.entitlement_id

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_offering(self, item: Item) -> str | None:
        """The code of the service."""
        return item.entitlement.offering.code if item.entitlement else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_location(self, item: Item) -> int | None:
        """Where it can be used."""
        return item.account.location_id

    @extend_schema_field(MoneySchema(allow_null=True))
    def get_usd_lapsing(self, item: Item) -> Any:
        """In dollars at the rate frozen on the order; null without one."""
        return None if item.usd_lapsing is None else _money(item.usd_lapsing, "USD")


def _money(minor: int, currency: str) -> dict[str, str]:
    return {"amount": Money(minor, currency).decimal_text, "currency": currency}


class SumsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Sums in US dollars at the rates frozen on the orders; `unrated` rows are in none."""

    left = MoneySchema()
    requestable = MoneySchema()
    expected = MoneySchema()
    lapsing = MoneySchema()
    certain = MoneySchema()
    unrated = serializers.IntegerField()

    def to_representation(self, sums: Sums) -> dict[str, Any]:
        """Amounts with their currency."""
        names = ("left", "requestable", "expected", "lapsing", "certain")
        amounts: dict[str, Any] = {
            name: _money(getattr(sums, name), sums.currency) for name in names
        }
        return amounts | {"unrated": sums.unrated}


class MonthSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What is left, by the month of its last day; null: later than twelve months."""

    month = serializers.DateField(allow_null=True)
    sums = SumsSerializer()

    def to_representation(self, month: MonthSums) -> dict[str, Any]:
        """The first day of the month and its sums."""
        first = month.first_day.isoformat() if month.first_day else None
        return {"month": first, "sums": SumsSerializer(month.sums).data}


class ForecastSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The forecast as of a moment."""

    as_of = serializers.DateTimeField()
    sums = SumsSerializer()
    months = MonthSerializer(many=True)
    items = ForecastItemSerializer(many=True)


class ForecastQuery(serializers.Serializer):  # type: ignore[type-arg]
    """Of whom."""

    customer = serializers.IntegerField(required=False, min_value=1)
    order = serializers.IntegerField(required=False, min_value=1)


# --- the plan -------------------------------------------------------------------------------


class PlannerQuery(serializers.Serializer):  # type: ignore[type-arg]
    """What is asked of a plan; `fix` and `days` can come several times."""

    lead_days = serializers.IntegerField(
        required=False, default=LEAD_DAYS, min_value=0, max_value=MOST_LEAD_DAYS
    )
    per_week = serializers.IntegerField(
        required=False, default=PER_WEEK, min_value=1, max_value=MOST_PER_WEEK
    )
    fix = serializers.ListField(child=serializers.RegexField(PIN), required=False, default=list)
    days = serializers.ListField(
        child=serializers.RegexField(r"^\d{1,18}:([1-9]|1\d|20)$"), required=False, default=list
    )


class StepSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A delivery of the plan, with the last day to book it."""

    entitlement = serializers.IntegerField(source="entitlement.pk")
    location = serializers.IntegerField(source="item.account.location_id")
    quantity = serializers.IntegerField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    book_by = serializers.DateField()
    fixed = serializers.BooleanField(source="is_pinned")
    value = MoneyField()


class RemainderSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Units that can't be planned, why, and by which clauses."""

    entitlement = serializers.IntegerField(source="item.account.entitlement_id")
    quantity = serializers.IntegerField()
    reason = serializers.ChoiceField(
        choices=["past_cutoff", "notice", "no_day", "no_room", "not_booked"]
    )
    clauses = serializers.ListField(child=serializers.CharField())
    value = MoneyField()


class FixedSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A fixed delivery and the code of the refusal, if it can't be kept."""

    entitlement = serializers.IntegerField(source="pin.entitlement")
    on = serializers.DateField(source="pin.on")
    refusal = serializers.SerializerMethodField()
    clauses = serializers.SerializerMethodField()

    def get_refusal(self, shown: PinShown) -> str:
        """Empty where it is kept."""
        return shown.refusal.code if shown.refusal else ""

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_clauses(self, shown: PinShown) -> list[str]:
        """The clauses that say no."""
        return list(shown.refusal.clauses) if shown.refusal else []


class PlanSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The order in which to book, and what can't fit.

    `enough_per_week` is the least number of sessions a week with which everything would fit.
    """

    as_of = serializers.DateField()
    lead_days = serializers.IntegerField()
    per_week = serializers.IntegerField()
    steps = StepSerializer(many=True)
    left_out = RemainderSerializer(many=True)
    fixed = FixedSerializer(many=True)
    to_decide = serializers.ListField(child=serializers.IntegerField())
    enough_per_week = serializers.IntegerField(allow_null=True)

    def to_representation(self, made: CustomerPlan) -> dict[str, Any]:
        """`to_decide` names the lots of credits that become a service first."""
        steps: list[Step] = made.steps
        rest: list[Remainder] = made.left_out
        return {
            "as_of": made.today.isoformat(),
            "lead_days": made.wishes.lead_days,
            "per_week": made.wishes.per_week,
            "steps": StepSerializer(steps, many=True).data,
            "left_out": RemainderSerializer(rest, many=True).data,
            "fixed": FixedSerializer(made.pins, many=True).data,
            "to_decide": [
                item.account.entitlement_id for item in made.decisions if item.entitlement
            ],
            "enough_per_week": made.enough_per_week,
        }
