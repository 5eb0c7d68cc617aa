"""What ends with an order on a day."""

from rest_framework import serializers

from workorders.queries.ending import (
    Ending,
    EndingBooking,
    EndingDeadline,
    EndingHolding,
    EndingService,
)
from workorders.serializers.values import LocationRef, MoneyField


class EndingQuery(serializers.Serializer):  # type: ignore[type-arg]
    """On which day the order would end."""

    on = serializers.DateField(
        required=False,
        help_text="The last day; by default that of the termination, or today.",
    )


class EndingServiceSerializer(serializers.Serializer[EndingService]):
    """A service that doesn't go on as agreed, with its state on the day after."""

    order = serializers.IntegerField(source="order.pk")
    line = serializers.IntegerField(source="line.pk")
    offering = serializers.CharField(source="line.offering.code")
    own_end = serializers.DateField(source="line.ends_on", allow_null=True)
    state_after = serializers.ChoiceField(
        ["active", "suspended", "ended", "not_begun"], source="fate.result"
    )
    clauses = serializers.ListField(child=serializers.CharField(), source="fate.clauses")


class EndingHoldingSerializer(serializers.Serializer[EndingHolding]):
    """What is unused; `entitlement` is nothing for exchange value."""

    order = serializers.IntegerField(source="order.pk")
    entitlement = serializers.IntegerField(source="entitlement.pk", allow_null=True, default=None)
    left = serializers.IntegerField()
    booked = serializers.IntegerField()
    value_left = MoneyField()
    value_booked = MoneyField()


class EndingBookingSerializer(serializers.Serializer[EndingBooking]):
    """A booking for a later day."""

    order = serializers.IntegerField(source="deadline.order_id")
    subject = serializers.CharField(source="deadline.subject_label")
    subject_key = serializers.CharField(source="deadline.subject_key")
    location = LocationRef(source="deadline.location")
    starts_on = serializers.DateField(source="deadline.due_on")
    quantity = serializers.IntegerField()
    value = MoneyField(allow_null=True)


class EndingDeadlineSerializer(serializers.Serializer[EndingDeadline]):
    """A deadline that moves; `moved_to` is nothing for one that falls."""

    order = serializers.IntegerField(source="deadline.order_id")
    kind = serializers.CharField(source="deadline.kind")
    subject = serializers.CharField(source="deadline.subject_label")
    due_on = serializers.DateField(source="deadline.due_on")
    moved_to = serializers.DateField(allow_null=True)


class EndingSerializer(serializers.Serializer[Ending]):
    """Everything that ends with the order; sums by currency."""

    on = serializers.DateField()
    agreed_last = serializers.DateField()
    value_left = serializers.ListField(child=MoneyField())
    value_booked = serializers.ListField(child=MoneyField())
    value_of_bookings = serializers.ListField(child=MoneyField())
    included_services = serializers.IntegerField(source="included")
    services = EndingServiceSerializer(many=True)
    holdings = EndingHoldingSerializer(many=True)
    bookings = EndingBookingSerializer(many=True)
    deadlines = EndingDeadlineSerializer(many=True)
    amendments = serializers.ListField(
        child=serializers.CharField(), help_text="The numbers of the orders."
    )
    dependants = serializers.ListField(
        child=serializers.CharField(), help_text="The numbers of the orders."
    )
