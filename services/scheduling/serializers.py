"""Bookings, requests and quotes as the API tells and takes them."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.models import Location
from accounts.rules.money import Money
from services.catalog.models import Offering
from services.scheduling.models import Booking, Mode, ServiceRequest, Work
from services.scheduling.queries.requests import cutoff_of
from services.scheduling.queries.schedule import state_of
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


class InstantField(serializers.DateTimeField):
    """An instant with its offset: without one nobody could tell when it is."""

    def to_internal_value(self, value: Any) -> Any:
        """Refused without an offset."""
        try:
            parsed = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            parsed = None
        if parsed is not None and parsed.tzinfo is None:
            raise serializers.ValidationError(_("State the offset, such as +01:00."), code="offset")
        return super().to_internal_value(value)


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """A booked service. `fee` is what its units are worth and a charge is reckoned on."""

    offering = serializers.CharField(source="entitlement.offering.code", read_only=True)
    unit = serializers.CharField(source="entitlement.unit", read_only=True)
    location = LocationRef(read_only=True)
    time_zone = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    fee = MoneyField(minor="fee_minor")
    charge = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = (
            "id", "reference", "customer", "order", "entitlement", "offering", "title",
            "location", "time_zone", "starts_at", "ends_at", "mode", "language",
            "language_wanted", "quantity", "unit", "fee", "state", "charge", "attendees",
            "minimum_attendees", "work", "event_solution", "event_cloud",
            "event_confirmed_on", "short_notice_agreed", "travel_billed", "note",
            "booked_at", "delivered_at", "delivered_quantity", "cancelled_at",
            "cancelled_for", "cancellation_reason", "moved_to",
        )  # fmt: skip

    def get_time_zone(self, booking: Booking) -> str:
        """The zone in which its dates count."""
        return str(booking.terms["zone"])

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, booking: Booking) -> str:
        """Derived from the facts and the clock."""
        return state_of(booking, self.context["now"])

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


class _Person:
    """Fields offer what the person who asks may see."""

    def _user(self) -> Any:
        request = self.context.get("request")  # type: ignore[attr-defined]
        return getattr(request, "user", None) or AnonymousUser()


@extend_schema_field(OpenApiTypes.INT)
class EntitlementField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """An entitlement that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' entitlements don't exist."""
        return Entitlement.objects.visible_to(self._user()).select_related(
            "offering", "location", "line", "order__customer", "order__edition"
        )


@extend_schema_field(OpenApiTypes.INT)
class LocationField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A location that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' locations don't exist."""
        return Location.objects.visible_to(self._user())


@extend_schema_field(OpenApiTypes.INT)
class RequestField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A service request that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' requests don't exist."""
        return ServiceRequest.objects.visible_to(self._user()).select_related("order")


class WhenInput(serializers.Serializer):  # type: ignore[type-arg]
    """From when to when, as instants with their offsets."""

    starts_at = InstantField()
    ends_at = InstantField()


class WishesInput(WhenInput):
    """What a booking may say beyond what is booked."""

    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    language = serializers.CharField(max_length=10, required=False)
    language_agreed = serializers.BooleanField(required=False)
    written_agreement = serializers.BooleanField(required=False)
    fee_recorded = serializers.BooleanField(required=False)
    visit_prepaid = serializers.BooleanField(required=False)
    attendees = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    minimum_attendees = serializers.IntegerField(min_value=1, max_value=100_000, required=False)
    work = serializers.ChoiceField(choices=Work.choices, required=False)
    event_solution = serializers.CharField(max_length=160, required=False)
    event_cloud = serializers.CharField(max_length=20, required=False)
    event_confirmed_on = serializers.DateField(required=False)
    short_notice_agreed = serializers.BooleanField(required=False)
    restricted_staff = serializers.BooleanField(required=False)


class BookingInput(WishesInput):
    """A service to be booked: from an entitlement, or from credits that buy `offering`.

    `quantity` counts units of the entitlement, hours in minutes. With credits it is one
    delivery worth `value` in the currency of the location's credits.
    """

    entitlement = EntitlementField()
    location = LocationField(required=False, help_text="By default the entitlement's.")
    quantity = serializers.IntegerField(min_value=1, max_value=10**12, required=False)
    offering = serializers.SlugField(required=False, help_text="What credits buy.")
    value = AmountField(required=False, help_text="What credits pay, in major units.")
    request = RequestField(required=False)
    title = serializers.CharField(max_length=160, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    late_reason = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Credits need a service and its value; the location belongs to the customer."""
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
class MoveInput(WhenInput):
    """Another time. The move costs what cancelling costs unless it is waived."""

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


class ServiceRequestSerializer(serializers.ModelSerializer[ServiceRequest]):
    """What a customer asks for, and the answer."""

    offering = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    location = LocationRef(read_only=True)
    cutoff = serializers.SerializerMethodField()

    class Meta:
        model = ServiceRequest
        fields = (
            "id", "customer", "order", "entitlement", "offering", "location", "quantity",
            "wanted_from", "wanted_until", "mode", "language", "note", "requested_at",
            "data_completed_at", "decided_at", "decision", "decision_reason", "booking",
            "cutoff",
        )  # fmt: skip

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_cutoff(self, asked: ServiceRequest) -> Any:
        """The last day for request and data; null where none binds the service."""
        zones = self.context.get("zones", {})
        due = cutoff_of(asked, zone=zones.get(asked.customer_id, ""))
        return due.result if due else None


class RequestInput(serializers.Serializer):  # type: ignore[type-arg]
    """What is wanted, between which days, how."""

    entitlement = EntitlementField()
    location = LocationField(required=False, help_text="By default the entitlement's.")
    offering = serializers.SlugField(required=False, help_text="What credits buy.")
    quantity = serializers.IntegerField(min_value=1, max_value=10**12, default=1)
    wanted_from = serializers.DateField()
    wanted_until = serializers.DateField()
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    language = serializers.CharField(max_length=10, required=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    data_complete = serializers.BooleanField(default=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Credits name the service that they are to buy; nothing else names one."""
        entitlement = fields["entitlement"]
        location = fields.setdefault("location", entitlement.location)
        if location.customer_id != entitlement.order.customer_id:
            raise serializers.ValidationError({"location": _("Not a location of this customer.")})
        code = fields.pop("offering", None)
        if (code is not None) != (entitlement.unit == "credit"):
            raise serializers.ValidationError(
                {"offering": _("Needed where credits pay, only there.")}
            )
        if code is not None:
            found = Offering.objects.filter(edition=entitlement.order.edition_id, code=code).first()
            if found is None:
                raise serializers.ValidationError({"offering": _("Not in the order's edition.")})
            fields["offering"] = found
        return fields


class DeclineInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why a request can't be met."""

    reason = serializers.CharField(max_length=300)
