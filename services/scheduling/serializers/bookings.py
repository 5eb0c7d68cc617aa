"""Bookings and quotes as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import Customer, Location
from accounts.rules.money import Money
from services.catalog.models import Offering
from services.scheduling.models import Booking, Engineer, Mode, ServiceRequest, Work
from services.scheduling.queries.schedule import state_of
from services.scheduling.serializers.values import EntitlementField, InstantField
from services.scheduling.wording.states import LANGUAGES
from workorders.models import Entitlement
from workorders.serializers.values import (
    AmountField,
    ExplainedField,
    ExplainedSchema,
    LocationRef,
    MoneyField,
    MoneySchema,
)

STATES = (
    "planned", "unconfirmed", "running", "unrecorded", "delivered", "cancelled", "moved",
)  # fmt: skip


class EngineerName(serializers.Serializer):  # type: ignore[type-arg]
    """An engineer by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """A booked service. `fee` is what its units are worth and a charge is reckoned on."""

    offering = serializers.CharField(source="entitlement.offering.code", read_only=True)
    unit = serializers.CharField(source="entitlement.unit", read_only=True)
    location = LocationRef(read_only=True)
    time_zone = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    fee = MoneyField(minor="fee_minor")
    charge = serializers.SerializerMethodField()
    engineers = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = (
            "id", "reference", "customer", "order", "entitlement", "offering", "title",
            "location", "time_zone", "starts_at", "ends_at", "mode", "language",
            "language_wanted", "quantity", "unit", "fee", "state", "charge", "attendees",
            "minimum_attendees", "work", "event_solution", "event_cloud",
            "event_confirmed_on", "short_notice_agreed", "travel_billed", "note",
            "booked_at", "delivered_at", "delivered_quantity", "cancelled_at",
            "cancelled_for", "cancellation_reason", "moved_to", "engineers",
        )  # fmt: skip

    def get_time_zone(self, booking: Booking) -> str:
        """The zone in which its dates count."""
        return str(booking.terms["zone"])

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, booking: Booking) -> str:
        """Derived from the facts and the clock."""
        return state_of(booking, self.context["now"])

    @extend_schema_field(EngineerName(many=True))
    def get_engineers(self, booking: Booking) -> Any:
        """Who delivers it, or was to."""
        people = [row.engineer for row in booking.engineer_assignments.all()]
        return [{"id": engineer.pk, "name": engineer.name} for engineer in people]

    @extend_schema_field(MoneySchema(allow_null=True))
    def get_charge(self, booking: Booking) -> dict[str, str] | None:
        """What was kept when it was cancelled."""
        if booking.charge_minor is None:
            return None
        charge = Money(booking.charge_minor, booking.currency)
        return {"amount": charge.decimal_text, "currency": charge.currency}


class BookingDetailSerializer(BookingSerializer):
    """A booking in full: its frozen terms and the explained charge."""

    terms = serializers.JSONField(read_only=True)
    explained_charge = serializers.SerializerMethodField()

    class Meta(BookingSerializer.Meta):
        fields = (*BookingSerializer.Meta.fields, "terms", "explained_charge")  # type: ignore[assignment]

    @extend_schema_field(ExplainedSchema(allow_null=True))
    def get_explained_charge(self, booking: Booking) -> Any:
        """How the charge came about."""
        return booking.charge


class EngineersInput(serializers.Serializer):  # type: ignore[type-arg]
    """Who delivers, from the team of the booking's customer."""

    engineers = RowField(Engineer, many=True, required=False)

    def customer_of(self, fields: dict[str, Any]) -> Customer:
        """Whose team it is."""
        booking: Booking = self.context["booking"]
        return booking.customer

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Engineers of another team can't be chosen."""
        team = self.customer_of(fields).team_id
        if any(engineer.team_id != team for engineer in fields.get("engineers", ())):
            raise serializers.ValidationError(
                {"engineers": _("Not an engineer of this customer's team.")}
            )
        return fields


class TeamInput(EngineersInput):
    """All who deliver the booking; nobody else does any more."""

    engineers = RowField(Engineer, many=True)


class WhenInput(serializers.Serializer):  # type: ignore[type-arg]
    """From when to when, as instants with their offsets."""

    starts_at = InstantField()
    ends_at = InstantField()


class WishesInput(serializers.Serializer):  # type: ignore[type-arg]
    """What a booking may say beyond what is booked."""

    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    language_agreed = serializers.BooleanField(required=False)
    written_agreement = serializers.BooleanField(required=False)
    fee_recorded = serializers.BooleanField(required=False)
    visit_prepaid = serializers.BooleanField(required=False)
    attendees = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    minimum_attendees = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    decide_on = serializers.DateField(
        required=False, help_text="Last day to decide whether a workshop has its minimum."
    )
    work = serializers.ChoiceField(choices=Work.choices, required=False)
    event_solution = serializers.CharField(max_length=160, required=False)
    event_cloud = serializers.CharField(max_length=20, required=False)
    event_confirmed_on = serializers.DateField(required=False)
    short_notice_agreed = serializers.BooleanField(required=False)
    restricted_staff = serializers.BooleanField(required=False)


class BookingInput(EngineersInput, WishesInput, WhenInput):
    """A service to be booked: from an entitlement, or from credits that buy `offering`.

    `quantity` counts units of the entitlement, hours in minutes. With credits it is one
    delivery worth `value` in the currency of the location's credits.
    """

    entitlement = EntitlementField()
    location = RowField(Location, required=False, help_text="By default the entitlement's.")
    quantity = serializers.IntegerField(min_value=1, max_value=10**12, required=False)
    offering = serializers.SlugField(required=False, help_text="What credits buy.")
    value = AmountField(required=False, help_text="What credits pay, in major units.")
    request = RowField(ServiceRequest, "order", required=False)
    title = serializers.CharField(max_length=160, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    late_reason = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    def customer_of(self, fields: dict[str, Any]) -> Customer:
        """The entitlement's."""
        entitlement: Entitlement = fields["entitlement"]
        return entitlement.order.customer

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Credits need a service and its value; the location belongs to the customer."""
        fields = super().validate(fields)
        entitlement = fields["entitlement"]
        location = fields.setdefault("location", entitlement.location)
        if location.customer_id != entitlement.order.customer_id:
            raise serializers.ValidationError({"location": _("Not a location of this customer.")})
        asked = fields.get("request")
        if asked is not None and asked.order_id != entitlement.order_id:
            raise serializers.ValidationError({"request": _("Not a request under this order.")})
        if entitlement.unit == "credit":
            return self._of_credits(fields, entitlement)
        fields.setdefault("quantity", 1)
        for name in ("offering", "value"):
            if name in fields:
                raise serializers.ValidationError({name: _("Only where credits pay.")})
        return fields

    def _of_credits(self, fields: dict[str, Any], entitlement: Entitlement) -> dict[str, Any]:
        for name in ("offering", "value"):
            if name not in fields:
                raise serializers.ValidationError({name: _("Needed where credits pay.")})
        found = Offering.objects.filter(
            edition=entitlement.order.edition_id, code=fields["offering"]
        ).first()
        if found is None:
            raise serializers.ValidationError({"offering": _("Not in the order's edition.")})
        fields["offering"] = found
        fields.pop("quantity", None)
        return fields


@extend_schema_serializer(component_name="BookingMoveInput")
class MoveInput(EngineersInput, WhenInput):
    """Another time. The move costs what cancelling costs unless it is waived.

    The engineers come along, or those named here in their place.
    """

    reason = serializers.CharField(max_length=300)
    waive_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    late_reason = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    event_confirmed_on = serializers.DateField(required=False)
    agreed_loss = serializers.IntegerField(
        required=False, min_value=0, max_value=2**62, help_text="The count of the quote's loss."
    )


class CancelInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why, on whose side, and the loss that was agreed to."""

    reason = serializers.CharField(max_length=300)
    party = serializers.ChoiceField(choices=Booking.Party.choices, default="customer")
    agreed_loss = serializers.IntegerField(
        required=False, min_value=0, max_value=2**62, help_text="The count of the quote's loss."
    )


class DeliverInput(serializers.Serializer):  # type: ignore[type-arg]
    """How much took place, in whole units, hours in minutes."""

    quantity = serializers.IntegerField(
        min_value=1, max_value=10**12, required=False, help_text="By default all that is booked."
    )


class ConfirmInput(serializers.Serializer):  # type: ignore[type-arg]
    """When an event was confirmed in writing."""

    confirmed_on = serializers.DateField()
    short_notice_agreed = serializers.BooleanField(default=False)


class LossSchema(serializers.Serializer):  # type: ignore[type-arg]
    """An amount in the booking's measure: minor units of a currency, minutes, credits, units."""

    count = serializers.IntegerField()
    unit = serializers.CharField()
    is_money = serializers.BooleanField()
    words = serializers.CharField(source="__str__")


class LedgerRowSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An account before and after."""

    account = serializers.CharField(source="code")
    before = LossSchema()
    change = LossSchema()
    after = LossSchema()


class QuoteSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What cancelling at this moment keeps and gives back."""

    day = serializers.DateField()
    lead_days = serializers.IntegerField()
    percent = serializers.IntegerField()
    loss = LossSchema()
    charge = MoneyField(source="outcome.charge")
    exchange_value = MoneyField(source="outcome.exchange_value")
    units_kept = serializers.IntegerField(source="outcome.kept")
    units_released = serializers.IntegerField(source="outcome.released")
    credits_kept = serializers.IntegerField(source="outcome.credits_kept")
    credits_returned = serializers.IntegerField(source="outcome.credits_returned")
    request_by = serializers.DateField(allow_null=True)
    use_by = serializers.DateField()
    explained = ExplainedField(source="explained_charge")
    ledger = LedgerRowSerializer(many=True)


class DayCostSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What cancelling on a day costs."""

    day = serializers.DateField()
    lead_days = serializers.IntegerField()
    percent = serializers.IntegerField()
    loss = LossSchema()


class BandSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A tier as days of notice; an open end is null."""

    first_day = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True)
    percent = serializers.IntegerField()
    loss = LossSchema()
    clause = serializers.CharField()
    applies = serializers.BooleanField()


class CurveSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The cost of cancelling by day, from a week before the last free one to the event."""

    today = serializers.DateField()
    last_free = serializers.DateField(allow_null=True)
    event = serializers.DateField()
    days = DayCostSerializer(many=True)
    bands = BandSerializer(many=True)
