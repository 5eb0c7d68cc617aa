"""Azure events and their risks as the API tells and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from services.scheduling.models import EventBrief, EventRisk
from services.scheduling.queries.events import EventView
from services.scheduling.rules.events import EventPlan
from services.scheduling.serializers.bookings import BookingSerializer
from services.scheduling.serializers.values import EntitlementField
from workorders.models import Deadline
from workorders.serializers.values import ExplainedField


class EventRiskSerializer(serializers.ModelSerializer[EventRisk]):
    """A risk that was found before an event."""

    class Meta:
        model = EventRisk
        fields = (
            "id", "booking", "area", "title", "advice", "owner", "owner_name", "found_at",
            "told_at", "settled_on", "settled_as", "settled_note",
        )  # fmt: skip


class EventWindowSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Consecutive calendar days at the location, both ends included."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()


class EventBriefSerializer(serializers.ModelSerializer[EventBrief]):
    """What an event is about."""

    class Meta:
        model = EventBrief
        fields = ("kind", "goal", "scope", "events_by_default")


class AzureEventSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An event: one solution, its windows, its notice, its risks."""

    booking = serializers.SerializerMethodField()
    brief = EventBriefSerializer(allow_null=True)
    windows = EventWindowSerializer(many=True)
    needed = ExplainedField()
    confirm_by = ExplainedField()
    is_short_notice = serializers.BooleanField(source="is_short")
    risks = EventRiskSerializer(many=True)

    @extend_schema_field(BookingSerializer)
    def get_booking(self, view: EventView) -> Any:
        """The booking behind it."""
        return BookingSerializer(view.booking, context=self.context).data


class EventInput(serializers.Serializer):  # type: ignore[type-arg]
    """An activity: whole days at the entitlement's location, a booking for each solution."""

    entitlement = EntitlementField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    solutions = serializers.ListField(
        child=serializers.CharField(max_length=160), min_length=1, max_length=20
    )
    kind = serializers.ChoiceField(choices=EventBrief.Kind.choices)
    goal = serializers.CharField(max_length=300)
    scope = serializers.CharField(max_length=500, required=False, allow_blank=True)
    cloud = serializers.CharField(max_length=20, required=False)
    restricted_staff = serializers.BooleanField(required=False)
    confirmed_on = serializers.DateField(required=False, allow_null=True)
    short_notice_agreed = serializers.BooleanField(required=False)
    events = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=1000,
        help_text="For each solution, where Microsoft settles for fewer than the default.",
    )
    fewer_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """What is planned apart from what pays for it."""
        entitlement = fields.pop("entitlement")
        return {"entitlement": entitlement, "plan": EventPlan(**fields)}


class RiskInput(serializers.Serializer):  # type: ignore[type-arg]
    """A risk to record."""

    area = serializers.ChoiceField(choices=EventRisk.Area.choices)
    title = serializers.CharField(max_length=160)
    advice = serializers.CharField(max_length=500, required=False, allow_blank=True)
    owner = serializers.ChoiceField(choices=Deadline.Owner.choices)
    owner_name = serializers.CharField(max_length=120, required=False, allow_blank=True)


class RiskSettledInput(serializers.Serializer):  # type: ignore[type-arg]
    """How a risk ended."""

    settled_as = serializers.ChoiceField(choices=EventRisk.Outcome.choices)
    note = serializers.CharField(max_length=300)


class WithoutResourcesInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why, and whether staff keep what the customer's own cancellation would cost."""

    reason = serializers.CharField(max_length=300)
    keeps_charge = serializers.BooleanField(default=False)
