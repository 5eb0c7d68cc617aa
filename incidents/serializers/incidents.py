"""Incidents, charts and components as the API tells and takes them."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.models import Contact, Location
from accounts.queries.calendars import business_hours
from accounts.rules.explained import plain
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from incidents.models import (
    Channel,
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    Clock,
    Component,
    CustomerDuty,
    Escalation,
    Incident,
    IncidentAssignment,
    IncidentDuty,
    IncidentUpdate,
    ResponseTarget,
    Severity,
)
from incidents.queries.clocks import ClockView, clocks_of, response_clock
from incidents.queries.resolutions import Resolved
from incidents.serializers.facts import (
    MissedTargetSerializer,
    PauseSerializer,
    StepDownSerializer,
)
from services.catalog.serializers import TextField
from services.scheduling.serializers.values import InstantField
from workorders.serializers.values import ExplainedField, LocationRef

CLOCK_STATES = ("running", "paused", "late", "met", "missed", "closed")


# --- what is read ---------------------------------------------------------------------------


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


# --- what is taken --------------------------------------------------------------------------


class _Person:
    """Fields offer what the person who asks may see."""

    def _user(self) -> Any:
        request = self.context.get("request")  # type: ignore[attr-defined]
        return getattr(request, "user", None) or AnonymousUser()


@extend_schema_field(OpenApiTypes.INT)
class LocationField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A location that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' locations don't exist."""
        return Location.objects.visible_to(self._user()).select_related("customer")


@extend_schema_field(OpenApiTypes.INT)
class ContactField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A contact that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' contacts don't exist."""
        return Contact.objects.visible_to(self._user())


class IncidentInput(serializers.Serializer):  # type: ignore[type-arg]
    """A request for problem resolution.

    `component` and `cloud` are names of the edition's components. `submitted_at` is for
    staff who log what came in earlier.
    """

    location = LocationField()
    contact = ContactField(required=False, allow_null=True)
    component = serializers.CharField(max_length=80)
    component_detail = serializers.CharField(max_length=80, required=False, allow_blank=True)
    cloud = serializers.CharField(max_length=80, required=False, allow_blank=True)
    scope_identifier = serializers.CharField(max_length=160, required=False, allow_blank=True)
    severity = serializers.ChoiceField(choices=Severity.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    title = serializers.CharField(max_length=160, allow_blank=True)
    description = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    impact = serializers.CharField(max_length=4_000, allow_blank=True, default="")
    production = serializers.BooleanField(default=True)
    isolated = serializers.BooleanField(default=True)
    designated_wanted = serializers.BooleanField(default=False)
    submitted_at = InstantField(required=False)
    override_reason = serializers.CharField(max_length=1_000, required=False, allow_blank=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The contact sits at the location."""
        contact = fields.get("contact")
        if contact is not None and contact.location_id != fields["location"].pk:
            raise serializers.ValidationError({"contact": _("Not a contact of this location.")})
        return fields


class NoteInput(serializers.Serializer):  # type: ignore[type-arg]
    """A word about it."""

    text = serializers.CharField(max_length=8_000, required=False, allow_blank=True, default="")


class MomentInput(NoteInput):
    """When it happened (by default now), and a word about it."""

    at = InstantField(required=False)


class ContactInput(MomentInput):
    """A contact: over which channel, by whom."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    author = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class ResponseInput(ContactInput):
    """The contact that is the first response."""


@extend_schema_serializer(component_name="IncidentUpdateInput")
class UpdateInput(ContactInput):
    """Something that was said or sent."""

    automated = serializers.BooleanField(default=False)


@extend_schema_serializer(component_name="IncidentSeverityInput")
class SeverityInput(serializers.Serializer):  # type: ignore[type-arg]
    """Another severity, and the business impact that warrants it."""

    severity = serializers.ChoiceField(choices=Severity.choices)
    reason = serializers.CharField(max_length=2_000, allow_blank=True)
    version = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class DutyInput(MomentInput):
    """Which duty, by its code."""

    duty = serializers.SlugField(max_length=40)


# --- charts ---------------------------------------------------------------------------------


class TargetSerializer(serializers.ModelSerializer[ResponseTarget]):
    """Minutes for a class of products."""

    class Meta:
        model = ResponseTarget
        fields = ("product_class", "minutes", "clauses")


class ChartDutySerializer(serializers.ModelSerializer[CustomerDuty]):
    """A duty of the customer at a severity."""

    text = TextField()

    class Meta:
        model = CustomerDuty
        fields = ("code", "text", "minutes", "clock", "clauses")


class EscalationSerializer(serializers.ModelSerializer[Escalation]):
    """A way in which Microsoft escalates."""

    text = TextField()

    class Meta:
        model = Escalation
        fields = ("code", "text", "clauses")


class ChartRowSerializer(serializers.ModelSerializer[ChartRow]):
    """A severity of a chart."""

    situation = TextField()
    effort_text = TextField()
    targets = TargetSerializer(many=True, read_only=True)
    escalations = EscalationSerializer(many=True, read_only=True)
    duties = ChartDutySerializer(many=True, read_only=True)

    class Meta:
        model = ChartRow
        fields = (
            "severity", "situation", "situation_clauses", "attention_minutes", "attention_clock",
            "clock", "effort", "effort_text", "effort_clauses", "targets", "assigned_role",
            "assigned_automatically", "assigned_within_minutes", "assigned_clauses", "escalations",
            "executives_on_request", "executive_clauses", "duties", "review_clauses", "clauses",
        )  # fmt: skip


class ExclusionSerializer(serializers.ModelSerializer[ChartExclusion]):
    """What a chart doesn't cover."""

    class Meta:
        model = ChartExclusion
        fields = ("what", "label")


class ChartNoteSerializer(serializers.ModelSerializer[ChartNote]):
    """What a chart says in words."""

    text = TextField()

    class Meta:
        model = ChartNote
        fields = ("kind", "code", "text", "clauses")


class ChartSerializer(serializers.ModelSerializer[Chart]):
    """A severity chart."""

    edition = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    name = TextField()
    rows = ChartRowSerializer(many=True, read_only=True)
    exclusions = ExclusionSerializer(many=True, read_only=True)
    notes = ChartNoteSerializer(many=True, read_only=True)

    class Meta:
        model = Chart
        fields = (
            "edition", "code", "name", "programmes", "channels", "channel_clauses", "languages",
            "language_clauses", "product_classes", "products", "product_clauses", "keyword",
            "tie_rank", "exclusion_effect", "exclusion_clauses", "exclusion_kind_clauses",
            "fallback_class", "open_list", "downgrade", "downgrade_severities", "rows",
            "exclusions", "notes", "clauses",
        )  # fmt: skip


class ComponentSerializer(serializers.ModelSerializer[Component]):
    """A product or component."""

    edition = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    label = TextField()  # type: ignore[assignment]

    class Meta:
        model = Component
        fields = (
            "edition", "name", "label", "aliases", "family", "product_class", "kinds",
            "online_service", "supported",
        )  # fmt: skip
