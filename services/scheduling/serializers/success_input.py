"""What the API takes for a success plan: objectives, activities, actions, deliveries."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import Customer
from services.scheduling.models import Booking, SuccessActivity, SuccessObjective
from workorders.models import Deadline


class OwnedInput(serializers.Serializer):  # type: ignore[type-arg]
    """Something with an owner."""

    owner = serializers.ChoiceField(choices=Deadline.Owner.choices)
    owner_name = serializers.CharField(max_length=120, required=False, allow_blank=True)


class ObjectiveInput(OwnedInput):
    """An objective to write down."""

    customer = RowField(Customer)
    title = serializers.CharField(max_length=160)
    measure = serializers.CharField(max_length=300)
    due_on = serializers.DateField()


class AchievedInput(serializers.Serializer):  # type: ignore[type-arg]
    """What shows that an objective is reached."""

    on = serializers.DateField()
    result = serializers.CharField(max_length=300)


class ActivityInput(OwnedInput):
    """An activity to plan; `pillar_activity` is its code in the catalogue's edition."""

    customer = RowField(Customer)
    objective = RowField(SuccessObjective, required=False, allow_null=True)
    pillar_activity = serializers.SlugField(max_length=60)
    title = serializers.CharField(max_length=160)
    starts_on = serializers.DateField()
    due_on = serializers.DateField()

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The objective is the customer's."""
        objective = fields.get("objective")
        if objective is not None and objective.customer_id != fields["customer"].pk:
            raise serializers.ValidationError(
                {"objective": _("Not an objective of this customer.")}
            )
        return fields


class ActivityDoneInput(serializers.Serializer):  # type: ignore[type-arg]
    """What came of an activity."""

    on = serializers.DateField()
    outcome = serializers.CharField(max_length=500)


class DeliveriesInput(serializers.Serializer):  # type: ignore[type-arg]
    """The bookings that are for an activity: these, no others."""

    bookings = RowField(Booking, many=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """They are the customer's."""
        customer = self.context["row"].customer_id
        if any(booking.customer_id != customer for booking in fields["bookings"]):
            raise serializers.ValidationError({"bookings": _("Not bookings of this customer.")})
        return fields


class ActionInput(OwnedInput):
    """A step to add."""

    activity = RowField(SuccessActivity)
    title = serializers.CharField(max_length=160)
    due_on = serializers.DateField()
