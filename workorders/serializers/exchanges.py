"""Exchanges and rescue in the API."""

from typing import Any

from rest_framework import serializers

from accounts.models import Location
from services.catalog.models import Offering
from workorders.models import Entitlement, Exchange
from workorders.serializers.holdings import _OfOrder
from workorders.serializers.values import AmountField, ExplainedField, LocationRef, MoneyField


class ExchangeSerializer(serializers.ModelSerializer[Exchange]):
    """A service given up for another: asked for, made with consent, or declined."""

    offering = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    location = LocationRef(read_only=True)
    state = serializers.SerializerMethodField()
    value = MoneyField(minor="value_minor")
    price = MoneyField(minor="wanted_minor")
    extra_to_pay = MoneyField(minor="extra_minor")
    remainder = MoneyField(minor="remainder_minor")
    explained = ExplainedField()

    class Meta:
        model = Exchange
        fields = (
            "id",
            "order",
            "state",
            "entitlement",
            "quantity",
            "flex_year",
            "offering",
            "location",
            "wanted_quantity",
            "value",
            "price",
            "extra_to_pay",
            "remainder",
            "received",
            "note",
            "requested_at",
            "decided_at",
            "declined_reason",
            "consent_of",
            "written_agreement",
            "explained",
        )

    def get_state(self, exchange: Exchange) -> str:
        """`waiting`, `made` or `declined`."""
        if exchange.decided_at is None:
            return "waiting"
        return "made" if exchange.received_id else "declined"


class FlexMixSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The ceiling of the contract year and what is taken of it, before and after."""

    ceiling = ExplainedField()
    before = MoneyField()
    after = MoneyField()


class ExchangeQuoteSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What an exchange would do if it were made today."""

    on = serializers.DateField()
    quantity = serializers.IntegerField(source="given.quantity")
    value = MoneyField(source="given.value")
    price = MoneyField(source="wish.price")
    equal_part = MoneyField(source="figures.equal_part")
    extra_to_pay = MoneyField(source="figures.extra_to_pay")
    remainder = MoneyField(source="figures.remainder")
    left_after = serializers.IntegerField()
    unit = serializers.CharField()
    usable_from = serializers.DateField()
    usable_until = serializers.DateField()
    request_until = serializers.DateField(allow_null=True)
    asks_for_writing = serializers.BooleanField()
    mix = FlexMixSerializer(allow_null=True)
    explained = serializers.SerializerMethodField()

    def get_explained(self, quote: Any) -> dict[str, Any]:
        """The arithmetic of the equal part, with its clauses."""
        return dict(quote.exchanged.map(lambda made: made.equal_part).as_data())


class ProposalSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What the value could become; figures are null where no price is known."""

    offering = serializers.CharField(source="offering.code")
    location = LocationRef()
    quantity = serializers.IntegerField(source="proposal.quantity")
    price = MoneyField(source="proposal.price", allow_null=True)
    extra_to_pay = MoneyField(source="proposal.extra_to_pay", allow_null=True)
    remainder = MoneyField(source="proposal.remainder", allow_null=True)
    ask_by = serializers.DateField(source="proposal.latest")
    asks_for_writing = serializers.BooleanField(source="proposal.asks_for_writing")


class BarredSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How many services don't come into question for a reason."""

    reason = serializers.CharField()
    services = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """From a pair of code and number."""
        code, number = instance
        return {"reason": code, "services": number}


class RescueSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Something that lapses within half a year, and what it could still become."""

    entitlement = serializers.IntegerField(source="account.entitlement_id", allow_null=True)
    flex_year = serializers.IntegerField(source="account.flex_year", allow_null=True)
    location = LocationRef(source="account.location")
    left = serializers.IntegerField(source="account.balance")
    unit = serializers.CharField(source="account.unit")
    value = MoneyField()
    last_day = serializers.DateField()
    proposals = ProposalSerializer(many=True, source="choices")
    others = serializers.IntegerField()
    barred = BarredSerializer(many=True)


class ExchangeInput(_OfOrder):
    """What is given up for what; without an entitlement it is exchange value."""

    places = ("location",)
    entitlement = serializers.PrimaryKeyRelatedField(
        queryset=Entitlement.objects.none(), required=False, allow_null=True
    )
    flex_year = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=100, help_text="Of exchange value."
    )
    quantity = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=10**15,
        help_text="In units of what is given up, by default all; minor units of exchange value.",
    )  # fmt: skip
    offering = serializers.SlugRelatedField(slug_field="code", queryset=Offering.objects.none())
    location = serializers.PrimaryKeyRelatedField(queryset=Location.objects.none())
    wanted_quantity = serializers.IntegerField(default=1, min_value=1, max_value=10**12)
    price = AmountField(
        required=False, help_text="The current price of all, by default what is given up."
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")

    def get_fields(self) -> dict[str, Any]:
        """Entitlements and offerings of the order alone."""
        fields: Any = super().get_fields()
        order = self.context.get("order")
        if order is not None:
            person = self.context["person"]
            offerings = Offering.objects.filter(edition=order.edition_id)
            fields["offering"].queryset = offerings.prefetch_related("limits")
            mine = Entitlement.objects.visible_to(person).filter(order=order)
            fields["entitlement"].queryset = mine.select_related("offering", "location")
            visible = Location.objects.visible_to(person).filter(customer=order.customer_id)
            fields["location"].queryset = visible
        return dict(fields)


class MakeInput(serializers.Serializer):  # type: ignore[type-arg]
    """With whose consent, on which paper, at which price."""

    consent_of = serializers.CharField(max_length=120, allow_blank=True)
    written_agreement = serializers.CharField(
        max_length=120, required=False, allow_blank=True, default=""
    )
    waiver = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    price = AmountField(required=False)


class DeclineExchangeInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why an exchange isn't made."""

    reason = serializers.CharField(max_length=300, allow_blank=True)
