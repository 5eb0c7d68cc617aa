"""How both sides kept their times, as the API tells it."""

from rest_framework import serializers

from incidents.models import DutyPause, MissedTarget, StepDown


class PauseSerializer(serializers.ModelSerializer[DutyPause]):
    """A stretch in which the clock of a duty stood still."""

    class Meta:
        model = DutyPause
        fields = ("paused_at", "reason", "resumed_at")


class MissedTargetSerializer(serializers.ModelSerializer[MissedTarget]):
    """A target that passed unmet; it stays so whatever follows."""

    class Meta:
        model = MissedTarget
        fields = ("code", "side", "severity", "clock", "since", "due_at", "noted_at", "clauses")


class StepDownSerializer(serializers.ModelSerializer[StepDown]):
    """A transition that followed from a missed duty, or its end."""

    class Meta:
        model = StepDown
        fields = ("kind", "at", "reason", "duties", "chart_code", "clauses")
