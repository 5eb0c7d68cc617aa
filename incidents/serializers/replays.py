"""A year of incidents under other programmes, as the API tells it."""

from rest_framework import serializers


class ReplayedSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What a programme would have made of an incident."""

    chart = serializers.CharField()
    minutes = serializers.IntegerField()
    saved = serializers.IntegerField()
    reason = serializers.CharField()
    by_portal = serializers.IntegerField(allow_null=True)


class ReplayRowSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An incident with the target that held when it was opened."""

    incident = serializers.IntegerField(source="incident.pk")
    number = serializers.CharField(source="incident.number")
    submitted_at = serializers.DateTimeField(source="incident.submitted_at")
    severity = serializers.CharField()
    minutes = serializers.IntegerField()
    replayed = ReplayedSerializer(many=True)


class OptionSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A programme over all incidents; `saved` in minutes."""

    chart = serializers.CharField()
    changed = serializers.IntegerField()
    saved = serializers.IntegerField()
    kept = serializers.IntegerField()
    by_portal = serializers.IntegerField()
    held = serializers.IntegerField()


class ReplaySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A year under other programmes, the best first."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    options = OptionSerializer(many=True)
    incidents = ReplayRowSerializer(many=True, source="rows")
