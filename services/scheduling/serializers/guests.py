"""Remote participation as the API tells and takes it."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import Location
from services.scheduling.models import Booking, Guest, Mode
from workorders.serializers.values import LocationRef


class GuestSerializer(serializers.ModelSerializer[Guest]):
    """People of one location in a session of another.

    `permitted_by` is null where no permission is needed: the order lists the location.
    """

    location = LocationRef(read_only=True)

    class Meta:
        model = Guest
        fields = (
            "id", "booking", "location", "mode", "people", "note", "permitted_by", "added_at",
            "added_by", "withdrawn_at", "withdrawn_by",
        )  # fmt: skip


class GuestInput(serializers.Serializer):  # type: ignore[type-arg]
    """Who takes part, and Microsoft's permission where the order doesn't list the location."""

    booking = RowField(Booking)
    location = RowField(Location)
    people = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    permitted = serializers.BooleanField(required=False)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The location belongs to the booking's customer."""
        if fields["location"].customer_id != fields["booking"].customer_id:
            raise serializers.ValidationError({"location": _("Not a location of this customer.")})
        return fields
