"""Workshops and their attendees as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.http.fields import RowField
from services.scheduling.models import Attendee, Workshop
from services.scheduling.queries.seats import missing

MOST_PEOPLE = 200
MISSING = ("notice", "consent", "written_permission")


class AttendeeSerializer(serializers.ModelSerializer[Attendee]):
    """Somebody who takes part, waits, or withdrew. `agrees`: consents to a recording."""

    agrees = serializers.BooleanField(read_only=True)

    class Meta:
        model = Attendee
        fields = (
            "id", "workshop", "name", "email", "state", "entered_at", "entered_by", "promoted_at",
            "withdrawn_at", "agrees", "consent_at", "consent_by", "consent_withdrawn_at",
        )  # fmt: skip


class WorkshopSerializer(serializers.ModelSerializer[Workshop]):
    """The enrolment of a booking. Without a `capacity` everybody gets a seat."""

    missing_for_recording = serializers.SerializerMethodField()

    class Meta:
        model = Workshop
        fields = (
            "booking", "by_seat", "capacity", "minimum", "taken", "decide_on", "decision",
            "decision_reason", "decided_at", "decided_by", "notice_at", "permission_needed",
            "permission_at", "recorded_since", "recorded_by", "missing_for_recording",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=MISSING)))
    def get_missing_for_recording(self, workshop: Workshop) -> list[str]:
        """What a recording still lacks."""
        counted: Any = workshop
        return list(missing(workshop, counted.enrolled_count, counted.consent_count))


class PersonInput(serializers.Serializer):  # type: ignore[type-arg]
    """Somebody to enrol; needs no account."""

    name = serializers.CharField(max_length=120)
    email = serializers.EmailField()


class EnrolInput(serializers.Serializer):  # type: ignore[type-arg]
    """People to enrol, all or none. With `may_wait` those without a seat go on the list."""

    workshop = RowField(Workshop, "booking")
    people = PersonInput(many=True, allow_empty=False)
    may_wait = serializers.BooleanField(default=False)

    def validate_people(self, rows: list[Any]) -> list[Any]:
        """As many as a form takes."""
        if len(rows) > MOST_PEOPLE:
            raise serializers.ValidationError(
                _("At most %(most)s people at a time.") % {"most": MOST_PEOPLE}
            )
        return rows


class SeatsInput(serializers.Serializer):  # type: ignore[type-arg]
    """All sizes anew: what isn't named is taken away."""

    capacity = serializers.IntegerField(min_value=1, max_value=100_000, allow_null=True)
    minimum = serializers.IntegerField(min_value=1, max_value=100_000, allow_null=True)
    decide_on = serializers.DateField(required=False, allow_null=True)


class DecideInput(serializers.Serializer):  # type: ignore[type-arg]
    """Hold it, or cancel it for low enrolment and say why."""

    hold = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ConsentInput(serializers.Serializer):  # type: ignore[type-arg]
    """What the attendee says to a recording."""

    given = serializers.BooleanField()


class RecordingInput(serializers.Serializer):  # type: ignore[type-arg]
    """What a recording needs besides consents, or `on` alone to allow or end it."""

    on = serializers.BooleanField(required=False)
    notice_given = serializers.BooleanField(required=False)
    permission_needed = serializers.BooleanField(required=False)
    permission_given = serializers.BooleanField(required=False)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Either the switch, or all three facts."""
        if fields.keys() not in ({"on"}, {"notice_given", "permission_needed", "permission_given"}):
            raise serializers.ValidationError(
                _("Send the switch alone, or notice and both facts about the permission.")
            )
        return fields
