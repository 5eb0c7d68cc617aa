"""A success plan as the API tells it, and evidence as it takes it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from services.scheduling.models import (
    DutyEvidence,
    SuccessAction,
    SuccessActivity,
    SuccessObjective,
)
from services.scheduling.queries.success import ActivityRow, DutyRow, SuccessPlan
from services.scheduling.rules.success import DUTIES

ACTIVITY_STATES = ("planned", "under_way", "late", "done", "dropped")
OBJECTIVE_STATES = ("open", "under_way", "late", "achieved", "dropped")


class SuccessActionSerializer(serializers.ModelSerializer[SuccessAction]):
    """A step of an activity."""

    class Meta:
        model = SuccessAction
        fields = ("id", "title", "owner", "owner_name", "due_on", "done_on")


class SuccessActivitySerializer(serializers.ModelSerializer[SuccessActivity]):
    """An activity; `pillar_activity` is its code in the catalogue's edition."""

    class Meta:
        model = SuccessActivity
        fields = (
            "id", "pillar_activity", "title", "owner", "owner_name", "starts_on", "due_on",
            "done_on", "outcome", "dropped_reason",
        )  # fmt: skip


class ActivityRowSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An activity with where it stands, its bookings and actions."""

    activity = SuccessActivitySerializer()
    status = serializers.ChoiceField(choices=ACTIVITY_STATES)
    bookings = serializers.SerializerMethodField()
    actions = SuccessActionSerializer(many=True)

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_bookings(self, row: ActivityRow) -> list[int]:
        """The ids of the bookings that are for it."""
        return [one.pk for one in row.bookings]


class SuccessObjectiveSerializer(serializers.ModelSerializer[SuccessObjective]):
    """An objective."""

    class Meta:
        model = SuccessObjective
        fields = (
            "id", "title", "measure", "owner", "owner_name", "due_on", "achieved_on", "result",
            "dropped_reason",
        )  # fmt: skip


class ObjectiveRowSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An objective with its activities; null for those that belong to none."""

    objective = SuccessObjectiveSerializer(allow_null=True)
    status = serializers.ChoiceField(choices=OBJECTIVE_STATES, allow_null=True)
    activities = ActivityRowSerializer(many=True)


class HeatSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What was delivered for an activity of the pillars, month by month."""

    code = serializers.CharField()
    counts = serializers.ListField(child=serializers.IntegerField())


class EvidenceSerializer(serializers.ModelSerializer[DutyEvidence]):
    """Evidence of a responsibility."""

    class Meta:
        model = DutyEvidence
        fields = ("id", "clause", "evidence", "on", "owner_name", "created_at")


class ResponsibilitySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A responsibility of section 2.8 with what shows it."""

    clause = serializers.CharField(source="code")
    is_shown = serializers.BooleanField()
    evidence = EvidenceSerializer(source="latest", allow_null=True)
    contact = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_contact(self, row: DutyRow) -> str | None:
        """The person whom the contacts name for it."""
        return row.contact.name if row.contact else None


class SuccessPlanSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A customer's success plan."""

    customer = serializers.IntegerField(source="customer.pk")
    objectives = ObjectiveRowSerializer(many=True)
    months = serializers.ListField(child=serializers.DateField())
    heat = serializers.SerializerMethodField()
    duties = ResponsibilitySerializer(many=True)
    unlinked = serializers.IntegerField()

    @extend_schema_field(HeatSerializer(many=True))
    def get_heat(self, plan: SuccessPlan) -> Any:
        """By activity of the pillars, in the order of the edition."""
        heats = [heat for pillar in plan.pillars for _activity, heat in pillar.rows]
        return HeatSerializer(heats, many=True).data


class EvidenceInput(serializers.Serializer):  # type: ignore[type-arg]
    """Evidence to keep."""

    clause = serializers.ChoiceField(choices=DUTIES)
    evidence = serializers.CharField(max_length=500)
    on = serializers.DateField()
    owner_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
