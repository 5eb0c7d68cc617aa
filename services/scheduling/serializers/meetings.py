"""Quarterly meetings of UER as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from services.scheduling.models import TeamMeeting
from services.scheduling.queries.onboarding import is_uer
from services.scheduling.serializers.onboarding import LineField


class UerLineField(LineField):
    """A line with unified enhanced response that the person may see."""

    def to_internal_value(self, data: Any) -> Any:
        """Other services have no such meetings."""
        line = super().to_internal_value(data)
        if not is_uer(line):
            raise serializers.ValidationError(_("This service has no quarterly meetings."))
        return line


class TeamMeetingSerializer(serializers.ModelSerializer[TeamMeeting]):
    """A quarterly meeting; `quarter` counts from the line's own start."""

    class Meta:
        model = TeamMeeting
        fields = (
            "id", "customer", "line", "quarter", "planned_on", "attendees", "held_on", "minutes",
        )  # fmt: skip


class MeetingInput(serializers.Serializer):  # type: ignore[type-arg]
    """A day for the meeting of a quarter; the same quarter again is another day."""

    line = UerLineField()
    quarter = serializers.IntegerField(min_value=1, max_value=100)
    on = serializers.DateField()
    attendees = serializers.CharField(max_length=500)


class MeetingHeldInput(MeetingInput):
    """A meeting that was held, planned or not."""

    minutes = serializers.CharField(max_length=20_000)
