"""Severity charts and components as the API tells them."""

from rest_framework import serializers

from incidents.models import (
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    Component,
    CustomerDuty,
    Escalation,
    ResponseTarget,
)
from services.catalog.serializers import TextField


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
