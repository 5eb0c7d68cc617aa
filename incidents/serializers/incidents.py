"""Incidents as the API tells them, and the target that a submission would have."""

from datetime import datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.queries.calendars import business_hours
from accounts.rules.explained import plain
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from incidents.models import Clock, Incident, IncidentAssignment, IncidentDuty, IncidentUpdate
from incidents.queries.clocks import ClockView, clocks_of, response_clock
from incidents.queries.resolutions import Resolved
from incidents.serializers.facts import MissedTargetSerializer, PauseSerializer, StepDownSerializer
from workorders.serializers.values import ExplainedField, LocationRef

CLOCK_STATES = ("running", "paused", "late", "met", "missed", "closed")


class ClockSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A clock as it stands: Microsoft's response, or a duty of the customer."""

    code = serializers.CharField()
    side = serializers.ChoiceField(choices=["microsoft", "customer"])
    state = serializers.ChoiceField(choices=CLOCK_STATES)
    clock = serializers.ChoiceField(choices=Clock.choices)
    since = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    percent = serializers.IntegerField()
    counted_minutes = serializers.IntegerField()
    allowed_minutes = serializers.IntegerField()
    left_minutes = serializers.IntegerField()
    clauses = serializers.ListField(child=serializers.CharField())


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """An incident with Microsoft's clock. `met` is null while nothing is decided."""

    location = LocationRef(read_only=True)
    component = serializers.SlugRelatedField(read_only=True, slug_field="name")  # type: ignore[var-annotated]
    cloud = serializers.SlugRelatedField(read_only=True, slug_field="name")  # type: ignore[var-annotated]
    chart = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    time_zone = serializers.CharField(source="location.time_zone", read_only=True)
    response = serializers.SerializerMethodField()
    met = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields = (
            "id", "number", "customer", "order", "location", "time_zone", "contact", "component",
            "component_detail", "cloud", "scope_identifier", "title", "impact", "production",
            "isolated", "channel", "severity", "opened_severity", "submitted_at", "chart",
            "target_minutes", "clock", "clock_from", "due_at", "near_at", "response", "met",
            "first_response_at", "mitigated_at", "closed_at", "version",
        )  # fmt: skip

    @extend_schema_field(ClockSerializer)
    def get_response(self, incident: Incident) -> Any:
        """Microsoft's clock at the moment of the request."""
        return ClockSerializer(self._clock(incident)).data

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_met(self, incident: Incident) -> bool | None:
        """Whether the first response came in time, as far as that is decided."""
        state = self._clock(incident).state
        return {"met": True, "missed": False, "late": False, "closed": False}.get(state)

    def _clock(self, incident: Incident) -> ClockView:
        now: datetime = self.context["now"]
        return response_clock(incident, business_hours(incident.location), now)


class UpdateSerializer(serializers.ModelSerializer[IncidentUpdate]):
    """An entry of the timeline."""

    class Meta:
        model = IncidentUpdate
        fields = ("id", "at", "kind", "channel", "automated", "author", "text", "data", "clauses")


class AssignmentSerializer(serializers.ModelSerializer[IncidentAssignment]):
    """A role that joins."""

    class Meta:
        model = IncidentAssignment
        fields = (
            "role", "chart_code", "automatic", "due_at", "person", "assigned_at", "clauses",
        )  # fmt: skip


class DutySerializer(serializers.ModelSerializer[IncidentDuty]):
    """A duty of the customer; without minutes it has no clock."""

    pauses = PauseSerializer(many=True, read_only=True)

    class Meta:
        model = IncidentDuty
        fields = (
            "code", "minutes", "clock", "asked_at", "due_at", "met_at", "failed_at", "pauses", "clauses",
        )  # fmt: skip


class IncidentDetailSerializer(IncidentSerializer):
    """An incident in full: why this target, all clocks, what happened, who joins."""

    explained = ExplainedField()
    resolution = serializers.JSONField(read_only=True)
    clocks = serializers.SerializerMethodField()
    updates = UpdateSerializer(many=True, read_only=True)
    assignments = AssignmentSerializer(many=True, read_only=True)
    duties = DutySerializer(many=True, read_only=True)
    missed_targets = MissedTargetSerializer(many=True, read_only=True)
    step_downs = StepDownSerializer(many=True, read_only=True)

    class Meta(IncidentSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *IncidentSerializer.Meta.fields, "description", "designated_wanted", "explained",
            "resolution", "clocks", "updates", "assignments", "duties", "missed_targets",
            "step_downs", "stepped_down_at",
        )  # fmt: skip

    @extend_schema_field(ClockSerializer(many=True))
    def get_clocks(self, incident: Incident) -> Any:
        """Both sides' clocks."""
        return ClockSerializer(clocks_of(incident, self.context["now"]).views, many=True).data


class RefusalSchema(serializers.Serializer):  # type: ignore[type-arg]
    """What stands against it."""

    code = serializers.CharField()
    detail = serializers.SerializerMethodField()
    clauses = serializers.ListField(child=serializers.CharField())
    figures = serializers.SerializerMethodField()
    field = serializers.CharField()
    overridable = serializers.BooleanField()

    def get_detail(self, refusal: Refused) -> str:
        """In the reader's language."""
        return refusal_words(refusal).sentence

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_figures(self, refusal: Refused) -> Any:
        """As data."""
        return plain(refusal.figures)


class AnalysisRightSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Whether a root cause analysis may be asked for now, until when, and what it takes.

    `last_day` and `due`, if it is asked for today, are known under MCSAP alone.
    """

    regime = serializers.CharField()
    requester = serializers.CharField()
    refusal = RefusalSchema(allow_null=True)
    in_time = serializers.BooleanField()
    last_day = ExplainedField(allow_null=True)
    due = ExplainedField(allow_null=True)
    charge = serializers.CharField()
    material = serializers.ListField(child=serializers.CharField())
    engineers_tracks = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_engineers_tracks(self, _right: Any) -> Any:
        """The analyses of designated engineers that can be asked for beside it."""
        return self.context["tracks"]


class MissedSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A faster chart that fails one test which could be met."""

    chart = serializers.CharField()
    reason = serializers.CharField()
    minutes = serializers.IntegerField()


class RoleSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A role that would join."""

    role = serializers.CharField()
    chart = serializers.CharField()
    automatic = serializers.BooleanField()
    within_minutes = serializers.IntegerField(allow_null=True)
    clauses = serializers.ListField(child=serializers.CharField())


class ResolvedSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What would apply: the same answer that opening stores."""

    chart = serializers.CharField(source="resolution.chart")
    minutes = serializers.IntegerField(source="resolution.minutes")
    clock = serializers.CharField(source="resolution.clock")
    due_at = serializers.DateTimeField(source="due.result")
    near_at = serializers.DateTimeField()
    explained = ExplainedField(source="due")
    resolution = serializers.SerializerMethodField()
    faster = MissedSerializer(many=True, source="missed")
    roles = RoleSerializer(many=True)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_resolution(self, resolved: Resolved) -> Any:
        """All charts compared."""
        return resolved.as_data()


@extend_schema_serializer(component_name="IncidentPreview")
class PreviewSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The target before submission, and what stands against submitting."""

    target = ResolvedSerializer(allow_null=True)
    refusals = RefusalSchema(many=True)
