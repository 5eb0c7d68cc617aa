"""People, analyses and what is learnt afterwards, as the API tells and takes it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import Customer, Location
from incidents.models import (
    AnalysisMaterial,
    EmergencyStart,
    EngineerTime,
    EventSummary,
    FollowUp,
    Incident,
    IncidentReview,
    Problem,
    RootCauseAnalysis,
)
from services.scheduling.models import SuccessActivity
from services.scheduling.serializers.values import InstantField

# Whose own analysis it may be, beside the right to one.
ENGINEERS_TRACKS = ("rede", "ede")


class MaterialSerializer(serializers.ModelSerializer[AnalysisMaterial]):
    """A log, trace or diagnosis."""

    class Meta:
        model = AnalysisMaterial
        fields = ("code", "handed_in_at", "note")


class AnalysisSerializer(serializers.ModelSerializer[RootCauseAnalysis]):
    """An analysis that was asked for."""

    material = MaterialSerializer(many=True, read_only=True)

    class Meta:
        model = RootCauseAnalysis
        fields = (
            "track", "problem", "charge", "requester", "asked_at", "text", "due_on", "quote_minor",
            "agreed_at", "delivered_at", "findings", "material",
        )  # fmt: skip


class EngineerTimeSerializer(serializers.ModelSerializer[EngineerTime]):
    """Time of the designated engineer."""

    class Meta:
        model = EngineerTime
        fields = ("minutes", "on", "note")


class ReviewSerializer(serializers.ModelSerializer[IncidentReview]):
    """The review after a severity 1."""

    class Meta:
        model = IncidentReview
        fields = (
            "participants", "planned_on", "held_on", "attendees", "went_well", "to_improve",
            "clauses",
        )  # fmt: skip


class FollowUpSerializer(serializers.ModelSerializer[FollowUp]):
    """An action that follows."""

    class Meta:
        model = FollowUp
        fields = (
            "id", "incident", "problem", "activity", "text", "owner", "due_on", "done_at",
        )  # fmt: skip


class AftermathSerializer(serializers.ModelSerializer[Incident]):
    """What stands around an incident beside its clocks."""

    analyses = AnalysisSerializer(many=True, read_only=True)
    engineer_time = EngineerTimeSerializer(many=True, read_only=True)
    review = serializers.SerializerMethodField()
    follow_ups = FollowUpSerializer(many=True, read_only=True)
    problems = serializers.PrimaryKeyRelatedField(many=True, read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Incident
        fields = ("id", "number", "analyses", "engineer_time", "review", "follow_ups", "problems")

    @extend_schema_field(ReviewSerializer(allow_null=True))
    def get_review(self, incident: Incident) -> Any:
        """None where no review follows."""
        review = IncidentReview.objects.filter(incident=incident).first()
        return ReviewSerializer(review).data if review else None


class AssignInput(serializers.Serializer):  # type: ignore[type-arg]
    """Who takes which role, since when (by default now)."""

    role = serializers.SlugField(max_length=60)
    person = serializers.CharField(max_length=120, allow_blank=True)
    at = InstantField(required=False)


class RoleInput(serializers.Serializer):  # type: ignore[type-arg]
    """Who is asked to join, and why."""

    role = serializers.ChoiceField(
        choices=[
            "reactive_support_manager",
            "rede_engineer",
            "microsoft_executives",
            "mcsap_crisis_team",
        ]
    )
    reason = serializers.CharField(max_length=2_000, allow_blank=True)
    asked_by_engineer = serializers.BooleanField(default=False)


class TimeInput(serializers.Serializer):  # type: ignore[type-arg]
    """Minutes of the designated engineer on a day (by default today)."""

    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60)
    on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AnalysisInput(serializers.Serializer):  # type: ignore[type-arg]
    """A request for an analysis; staff say in whose name, and whether an engineer makes it."""

    text = serializers.CharField(max_length=8_000, required=False, allow_blank=True, default="")
    requester = serializers.ChoiceField(
        choices=["customer", "csam", "designated_mcsap_engineer", "incident_management_team"],
        required=False,
    )
    track = serializers.ChoiceField(choices=ENGINEERS_TRACKS, required=False)
    problem = RowField(Problem, required=False)


class TrackInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which analysis."""

    track = serializers.ChoiceField(choices=RootCauseAnalysis.Track.choices)


class QuoteInput(TrackInput):
    """What it costs, in minor units of the order's currency."""

    fee_minor = serializers.IntegerField(min_value=0, max_value=10**15)


@extend_schema_serializer(component_name="AnalysisDeliverInput")
class DeliverInput(TrackInput):
    """What it found."""

    findings = serializers.CharField(max_length=20_000, allow_blank=True)


class HandInInput(TrackInput):
    """Which piece of material, and where it is."""

    code = serializers.SlugField(max_length=40)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AvailabilityInput(serializers.Serializer):  # type: ignore[type-arg]
    """Whether an analysis exists for the technology."""

    available = serializers.BooleanField()
    text = serializers.CharField(max_length=2_000, required=False, allow_blank=True, default="")


class ReviewInput(serializers.Serializer):  # type: ignore[type-arg]
    """How a review went."""

    held_on = serializers.DateField()
    attendees = serializers.CharField(max_length=8_000, allow_blank=True)
    went_well = serializers.CharField(max_length=8_000, allow_blank=True)
    to_improve = serializers.CharField(max_length=8_000, allow_blank=True)


class FollowUpInput(serializers.Serializer):  # type: ignore[type-arg]
    """An action: what, who, until when."""

    text = serializers.CharField(max_length=300, allow_blank=True)
    owner = serializers.CharField(max_length=120, allow_blank=True)
    due_on = serializers.DateField(required=False)
    activity = RowField(SuccessActivity, required=False)


class ReviewPlanInput(serializers.Serializer):  # type: ignore[type-arg]
    """The day of a review; null takes it back."""

    planned_on = serializers.DateField(allow_null=True)


@extend_schema_serializer(component_name="RecurringProblem")
class ProblemSerializer(serializers.ModelSerializer[Problem]):
    """Recurring incidents with one cause."""

    incidents = serializers.SerializerMethodField()
    follow_ups = FollowUpSerializer(many=True, read_only=True)

    class Meta:
        model = Problem
        fields = (
            "id", "customer", "title", "cause", "incidents", "opened_at", "solved_at",
            "follow_ups",
        )  # fmt: skip

    def get_incidents(self, problem: Problem) -> list[int]:
        """Those that the person may see."""
        seen = Incident.objects.visible_to(self.context["request"].user)
        return list(seen.filter(problems=problem).order_by("pk").values_list("pk", flat=True))


@extend_schema_serializer(component_name="RecurringProblemInput")
class ProblemInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which incidents recur."""

    title = serializers.CharField(max_length=160, allow_blank=True)
    cause = serializers.CharField(max_length=8_000, required=False, allow_blank=True, default="")
    incidents = RowField(Incident, many=True)


class JoinInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which incident has the same cause."""

    incident = RowField(Incident)


class CauseInput(serializers.Serializer):  # type: ignore[type-arg]
    """The cause, and how it was removed."""

    cause = serializers.CharField(max_length=8_000, allow_blank=True)


class EventSummarySerializer(serializers.ModelSerializer[EventSummary]):
    """The summary after an Azure event."""

    class Meta:
        model = EventSummary
        fields = ("id", "customer", "booking", "text", "closed_at")


class SummaryInput(serializers.Serializer):  # type: ignore[type-arg]
    """What the customer is told."""

    text = serializers.CharField(max_length=20_000, allow_blank=True)


class EmergencySerializer(serializers.ModelSerializer[EmergencyStart]):
    """Cyberattack work that began before its contract."""

    class Meta:
        model = EmergencyStart
        fields = (
            "id", "customer", "location", "order", "emergency", "scope", "authorised_by",
            "authorised_at", "signs_promptly", "pays_before_signature", "bears_risk", "signed_on",
        )  # fmt: skip


class EmergencyInput(serializers.Serializer):  # type: ignore[type-arg]
    """Who authorises what, and the three consequences one by one."""

    location = RowField(Location, "customer")
    emergency = serializers.CharField(max_length=8_000, allow_blank=True)
    authorised_by = serializers.CharField(max_length=120, allow_blank=True)
    scope = serializers.CharField(max_length=8_000, required=False, allow_blank=True, default="")
    signs_promptly = serializers.BooleanField(default=False)
    pays_before_signature = serializers.BooleanField(default=False)
    bears_risk = serializers.BooleanField(default=False)


class EmergencyScopeInput(serializers.Serializer):  # type: ignore[type-arg]
    """The scope that both sides defined together."""

    scope = serializers.CharField(max_length=8_000, allow_blank=True)


class ContractInput(serializers.Serializer):  # type: ignore[type-arg]
    """When the contract was executed."""

    signed_on = serializers.DateField()


class KeptSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How often a time was kept; `percent` of those decided, null while none is."""

    met = serializers.IntegerField()
    missed = serializers.IntegerField()
    pending = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True)


class SeverityHistorySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One severity."""

    severity = serializers.CharField()
    opened = serializers.IntegerField()
    response = KeptSerializer()
    median_minutes = serializers.IntegerField(allow_null=True)


class ProductHistorySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One product, by severity 1, A, B and C."""

    label = serializers.CharField()  # type: ignore[assignment]
    counts = serializers.ListField(child=serializers.IntegerField())
    total = serializers.IntegerField()


class HistorySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A customer's incidents of a period."""

    total = serializers.IntegerField()
    response = KeptSerializer()
    duty = KeptSerializer()
    severities = SeverityHistorySerializer(many=True)
    products = ProductHistorySerializer(many=True)
    duties = serializers.DictField(child=KeptSerializer())


class HistoryInput(serializers.Serializer):  # type: ignore[type-arg]
    """Whose incidents, submitted in [since, until)."""

    customer = RowField(Customer)
    since = InstantField()
    until = InstantField()
