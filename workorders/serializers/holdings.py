"""Entitlements, ledger, credits, statements, deadlines."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Location
from services.catalog.models import Offering
from workorders.models import Account, Deadline, Entitlement, Redemption, Transfer
from workorders.queries.deadlines import status_of
from workorders.queries.statement import Statement
from workorders.serializers.order_inputs import locations_for
from workorders.serializers.values import (
    AmountField,
    ExplainedField,
    LocationRef,
    MoneyField,
)


class BalancesSchema(serializers.Serializer):  # type: ignore[type-arg]
    """Where the units stand."""

    issued = serializers.IntegerField(required=False)
    available = serializers.IntegerField(required=False)
    reserved = serializers.IntegerField(required=False)
    delivered = serializers.IntegerField(required=False)
    charged = serializers.IntegerField(required=False)
    lapsed = serializers.IntegerField(required=False)
    redeemed = serializers.IntegerField(required=False)
    transferred = serializers.IntegerField(required=False)
    exchanged = serializers.IntegerField(required=False)


class EntitlementSerializer(serializers.ModelSerializer[Entitlement]):
    """What may be used at a location, until when, and where its units stand."""

    offering = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    offering_name = serializers.CharField(source="offering.name", read_only=True)
    location = LocationRef(read_only=True)
    value = MoneyField(minor="value_minor")
    balances = serializers.SerializerMethodField()

    class Meta:
        model = Entitlement
        fields = (
            "id",
            "order",
            "line",
            "offering",
            "offering_name",
            "location",
            "unit",
            "granted",
            "value",
            "funding",
            "flex_year",
            "usable_from",
            "usable_until",
            "balances",
        )

    @extend_schema_field(BalancesSchema)
    def get_balances(self, entitlement: Entitlement) -> dict[str, int]:
        """By bucket."""
        return {account.bucket: account.balance for account in entitlement.accounts.all()}


class AccountSerializer(serializers.ModelSerializer[Account]):
    """One bucket of one holding, in whole units."""

    class Meta:
        model = Account
        fields = (
            "id",
            "key",
            "order",
            "holding",
            "location",
            "entitlement",
            "flex_year",
            "unit",
            "bucket",
            "balance",
        )


class TransferSerializer(serializers.ModelSerializer[Transfer]):
    """An amount moved from one account to another."""

    unit = serializers.CharField(source="debit.unit", read_only=True)
    from_bucket = serializers.CharField(source="debit.bucket", read_only=True)
    to_bucket = serializers.CharField(source="credit.bucket", read_only=True)
    location = serializers.IntegerField(source="debit.location_id", read_only=True, allow_null=True)
    entitlement = serializers.IntegerField(
        source="debit.entitlement_id", read_only=True, allow_null=True
    )

    class Meta:
        model = Transfer
        fields = (
            "id",
            "order",
            "debit",
            "credit",
            "from_bucket",
            "to_bucket",
            "location",
            "entitlement",
            "amount",
            "unit",
            "kind",
            "on",
            "at",
            "reason",
            "clauses",
            "subject_key",
            "group",
            "reverses",
        )


class PaymentSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Credits of a lot that paid for a service."""

    lot = serializers.IntegerField(source="lot.number")
    credits = serializers.IntegerField()


class MovementSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A line of a statement."""

    transfer = serializers.IntegerField(source="transfer.pk")
    on = serializers.DateField(source="transfer.on")
    at = serializers.DateTimeField(source="transfer.at")
    kind = serializers.CharField(source="transfer.kind")
    amount = serializers.IntegerField(source="transfer.amount")
    from_bucket = serializers.CharField()
    to_bucket = serializers.CharField()
    change = serializers.IntegerField(help_text="Of what is left.")
    left = serializers.IntegerField()
    reason = serializers.CharField(source="transfer.reason")
    clauses = serializers.ListField(source="transfer.clauses", child=serializers.CharField())
    lot = serializers.IntegerField(source="lot.number", default=None, allow_null=True)
    paid_for = serializers.CharField(source="paid_for.code", default=None, allow_null=True)
    paid_with = PaymentSerializer(many=True)


class PurchaseSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What was granted at once, and what became of it by the statement's last day."""

    number = serializers.IntegerField()
    entitlement = serializers.IntegerField(source="entitlement.pk")
    granted_on = serializers.DateField()
    came_by = serializers.CharField()
    line = serializers.IntegerField(source="line.pk", default=None, allow_null=True)
    granted = serializers.IntegerField()
    booked = serializers.IntegerField()
    gone = serializers.IntegerField()
    left = serializers.IntegerField()


class SectionSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One holding of a statement: balances of the whole period, movements of the page.

    Of what is usable: opening + `added` − `taken` = closing. The page's movements lead from
    the balances `brought` to it to those `carried` on.
    """

    order = serializers.IntegerField(source="order.pk")
    holding = serializers.CharField()
    offering = serializers.CharField(source="offering.code", default=None, allow_null=True)
    location = LocationRef(allow_null=True)
    flex_year = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField()
    opening = serializers.DictField(child=serializers.IntegerField())
    count = serializers.IntegerField(help_text="Movements of the period, on all pages.")
    added = serializers.IntegerField()
    taken = serializers.IntegerField()
    brought = serializers.DictField(child=serializers.IntegerField())
    movements = MovementSerializer(many=True)
    carried = serializers.DictField(child=serializers.IntegerField())
    lots = PurchaseSerializer(many=True)
    closing = serializers.DictField(child=serializers.IntegerField())


class StatementSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What stood there, what moved and why, what stands there on a day.

    Without an order: all orders of the customer. Movements come in pages, by day; each
    page tells the balances of the whole.
    """

    next = serializers.SerializerMethodField()
    previous = serializers.SerializerMethodField()

    customer = serializers.IntegerField(source="customer.pk")
    order = serializers.IntegerField(source="order.pk", default=None, allow_null=True)
    location = LocationRef(allow_null=True)
    since = serializers.DateField()
    as_of = serializers.DateField()
    sections = SectionSerializer(many=True)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_next(self, _statement: Statement) -> str | None:
        """The page of later movements."""
        return self.context["pages"]["next"]  # type: ignore[no-any-return]

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_previous(self, _statement: Statement) -> str | None:
        """The page of earlier movements."""
        return self.context["pages"]["previous"]  # type: ignore[no-any-return]


class LotSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Credits of one grant."""

    entitlement = serializers.IntegerField(source="entitlement.pk")
    left = serializers.IntegerField()
    funding = serializers.CharField(source="entitlement.funding")
    flex_year = serializers.IntegerField(source="entitlement.flex_year", allow_null=True)
    usable_from = serializers.DateField(source="entitlement.usable_from")
    usable_until = serializers.DateField(source="entitlement.usable_until")
    value_left = MoneyField()


class CreditBalanceSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The credits of a location; `usable` counts the lots usable today."""

    location = LocationRef()
    usable = serializers.IntegerField()
    lots = LotSerializer(many=True)


class RedemptionSerializer(serializers.ModelSerializer[Redemption]):
    """Credits turned into a service."""

    offering = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    value = MoneyField(minor="value_minor")

    class Meta:
        model = Redemption
        fields = (
            "id",
            "order",
            "location",
            "offering",
            "entitlement",
            "value",
            "credits",
            "explained",
            "approved_on",
            "at",
        )


class TransferQuoteSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What moving credits would do if it were approved on that day."""

    source = LocationRef()  # type: ignore[assignment]
    target = LocationRef()
    approved_on = serializers.DateField()
    balance = serializers.IntegerField()
    debited = serializers.IntegerField()
    received = serializers.IntegerField()
    tax_payer = serializers.CharField(source="transfer.result.tax_payer")
    rate = ExplainedField()
    transfer = ExplainedField()


class CreditMoveSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Credits that were moved."""

    group = serializers.UUIDField()
    debited = serializers.IntegerField()
    received = serializers.IntegerField()


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    """A contractual date with its proof; `status` follows from facts and the clock."""

    status = serializers.SerializerMethodField()
    explained = ExplainedField()

    class Meta:
        model = Deadline
        fields = (
            "id",
            "customer",
            "order",
            "location",
            "kind",
            "subject_key",
            "subject_label",
            "owner",
            "due_on",
            "due_at",
            "zone",
            "status",
            "explained",
            "clauses",
            "met_at",
            "waived_at",
            "waived_reason",
            "snoozed_until",
            "snoozed_reason",
        )

    @extend_schema_field(
        serializers.ChoiceField(["open", "met", "missed", "waived", "passed", "replaced"])
    )
    def get_status(self, deadline: Deadline) -> str:
        """By the clock that the view handed over."""
        return status_of(deadline, self.context["now"])


# --- what is taken --------------------------------------------------------------------------


class _OfOrder(serializers.Serializer):  # type: ignore[type-arg]
    """Input that names locations of an order."""

    places: tuple[str, ...] = ()

    def get_fields(self) -> dict[str, Any]:
        """Locations of the order's customer alone."""
        fields: Any = super().get_fields()
        for name in self.places:
            fields[name].queryset = locations_for(self)
        return dict(fields)


class RedemptionLineInput(serializers.Serializer):  # type: ignore[type-arg]
    """A service and its value in the currency of the location's credits."""

    offering = serializers.SlugRelatedField(slug_field="code", queryset=Offering.objects.none())
    value = AmountField()
    currency = serializers.RegexField(r"^[A-Z]{3}$")

    def get_fields(self) -> dict[str, Any]:
        """Offerings of the order's edition alone."""
        fields: Any = super().get_fields()
        order = self.context.get("order")
        if order is not None:
            offerings = Offering.objects.filter(edition=order.edition_id)
            fields["offering"].queryset = offerings.prefetch_related("limits")
        return dict(fields)


class RedeemInput(_OfOrder):
    """Services to be paid with the credits of a location."""

    places = ("location",)
    location = serializers.PrimaryKeyRelatedField(queryset=Location.objects.none())
    approved_on = serializers.DateField(required=False, help_text="By default today.")
    lines = RedemptionLineInput(many=True, min_length=1, max_length=50)  # type: ignore[call-arg]


class MoveInput(_OfOrder):
    """Credits to be moved."""

    places = ("source", "target")
    source = serializers.PrimaryKeyRelatedField(  # type: ignore[assignment]
        queryset=Location.objects.none()
    )
    target = serializers.PrimaryKeyRelatedField(queryset=Location.objects.none())
    credits = serializers.DecimalField(max_digits=15, decimal_places=6)
    approved_on = serializers.DateField(required=False, help_text="By default today.")


class AllocateInput(_OfOrder):
    """Hours for another listed location."""

    places = ("target",)
    target = serializers.PrimaryKeyRelatedField(queryset=Location.objects.none())
    minutes = serializers.IntegerField(min_value=1, max_value=10**9)


class WaiveInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why a deadline is given up."""

    reason = serializers.CharField(max_length=300)


class SnoozeInput(serializers.Serializer):  # type: ignore[type-arg]
    """Until when a deadline leaves the attention queue, and why."""

    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200)
