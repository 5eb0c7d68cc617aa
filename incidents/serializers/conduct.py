"""What the API takes about the customer's side: pauses, what it can't supply, transitions."""

from rest_framework import serializers

from incidents.models import Severity
from incidents.serializers.inputs import DutyInput


class DutyReasonInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which duty, by its code, and why."""

    duty = serializers.SlugField(max_length=40)
    reason = serializers.CharField(max_length=2_000, allow_blank=True)


class PauseInput(DutyInput):
    """Which duty, what the customer waits for, since when (by default now)."""

    text = None  # type: ignore[assignment]
    reason = serializers.CharField(max_length=300, allow_blank=True)


class StepInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why, and the version that was read."""

    reason = serializers.CharField(max_length=2_000, allow_blank=True)
    version = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class LowerInput(StepInput):
    """The severity that the customer's resources are enough for."""

    to = serializers.ChoiceField(choices=Severity.choices)
