"""Series as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import Customer, Location
from services.scheduling.models import Series
from services.scheduling.rules.series import MOST_SESSIONS, Pattern
from services.scheduling.serializers.bookings import (
    BookingSerializer,
    CancelInput,
    EngineersInput,
    WishesInput,
)
from services.scheduling.serializers.values import EntitlementField
from workorders.serializers.values import LocationRef


class SeriesSerializer(serializers.ModelSerializer[Series]):
    """Sessions that were booked together, each a booking with its own terms."""

    offering = serializers.CharField(source="entitlement.offering.code", read_only=True)
    location = LocationRef(read_only=True)
    bookings = BookingSerializer(many=True, read_only=True)

    class Meta:
        model = Series
        fields = (
            "id", "customer", "order", "entitlement", "offering", "location", "title", "every",
            "first_day", "count", "starts", "ends", "time_zone", "booked_at", "bookings",
        )  # fmt: skip


class SeriesInput(EngineersInput, WishesInput):
    """A series on the wall clock of the delivery location.

    `starts_second` and `ends_second` say which of two equal times is meant on a day on
    which clocks go back; without them such a time is refused.
    """

    entitlement = EntitlementField()
    location = RowField(Location, required=False, help_text="By default the entitlement's.")
    quantity = serializers.IntegerField(
        min_value=1,
        max_value=10**12,
        required=False,
        help_text="Of each session; by default its minutes where hours are booked, else one.",
    )
    first_day = serializers.DateField()
    every = serializers.ChoiceField(choices=Series.Every.choices)
    count = serializers.IntegerField(min_value=2, max_value=MOST_SESSIONS)
    starts = serializers.TimeField()
    ends = serializers.TimeField()
    more_days = serializers.IntegerField(min_value=0, max_value=30, default=0)
    skipped = serializers.ListField(child=serializers.DateField(), required=False, max_length=60)
    starts_second = serializers.BooleanField(required=False, allow_null=True, default=None)
    ends_second = serializers.BooleanField(required=False, allow_null=True, default=None)
    title = serializers.CharField(max_length=160, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    late_reason = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    def customer_of(self, fields: dict[str, Any]) -> Customer:
        """The entitlement's."""
        customer: Customer = fields["entitlement"].order.customer
        return customer

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The location belongs to the customer; the times become a pattern."""
        fields = super().validate(fields)
        entitlement = fields["entitlement"]
        location = fields.setdefault("location", entitlement.location)
        if location.customer_id != entitlement.order.customer_id:
            raise serializers.ValidationError({"location": _("Not a location of this customer.")})
        names = (
            "first_day", "every", "count", "starts", "ends", "more_days", "starts_second",
            "ends_second",
        )  # fmt: skip
        said = {name: fields.pop(name) for name in names}
        fields["pattern"] = Pattern(skipped=frozenset(fields.pop("skipped", ())), **said)
        return fields


@extend_schema_serializer(component_name="SeriesCancelInput")
class SeriesCancelInput(CancelInput):
    """Why, on whose side, and the sum that was agreed to."""
