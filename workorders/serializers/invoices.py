"""Invoices and charges in the API."""

from typing import Any

from rest_framework import serializers

from accounts.models import Location
from services.catalog.models import Offering
from workorders.actions.charges import AGREED
from workorders.models import Charge
from workorders.queries.invoices import SPLITS
from workorders.serializers.order_inputs import locations_for
from workorders.serializers.values import AmountField, ExplainedField, LocationRef, MoneyField


class ChargeSerializer(serializers.ModelSerializer[Charge]):
    """A charge; a negative amount takes back what `reverses` names."""

    offering = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    location = LocationRef()
    amount = MoneyField(minor="amount_minor")

    class Meta:
        model = Charge
        fields = (
            "id",
            "order",
            "location",
            "offering",
            "kind",
            "amount",
            "billable_on",
            "text",
            "clauses",
            "subject_key",
            "at",
            "reverses",
        )


class ItemSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Something to be billed: the base package (neither line nor charge), a line, a charge."""

    line = serializers.IntegerField(source="line.pk", default=None, allow_null=True)
    charge = serializers.IntegerField(source="charge.pk", default=None, allow_null=True)
    offering = serializers.CharField(source="offering.code", default=None, allow_null=True)
    amount = MoneyField()
    billable = ExplainedField()
    clauses = serializers.ListField(child=serializers.CharField())


class ItemPartSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What of an item stands on one invoice."""

    item = ItemSerializer()
    amount = MoneyField()


class InvoiceSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One invoice: a family, a month (2026-03), a location's id; empty for what has none."""

    key = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    parts = ItemPartSerializer(many=True)
    total = MoneyField()


class BillSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """All invoices of an order; their totals add up to `total`."""

    order = serializers.IntegerField(source="order.pk")
    by = serializers.ChoiceField(source="split", choices=SPLITS)
    until = serializers.DateField(allow_null=True)
    invoices = InvoiceSerializer(many=True)
    total = MoneyField()


class BillQuery(serializers.Serializer):  # type: ignore[type-arg]
    """Which split, up to which day."""

    by = serializers.ChoiceField(choices=SPLITS, default="family")
    until = serializers.DateField(required=False, allow_null=True, default=None)


class ChargeInput(serializers.Serializer):  # type: ignore[type-arg]
    """A charge that both sides agreed, in the currency of the order."""

    kind = serializers.ChoiceField(choices=sorted(AGREED))
    location = serializers.PrimaryKeyRelatedField(queryset=Location.objects.none())
    offering = serializers.SlugRelatedField(
        slug_field="code", queryset=Offering.objects.none(), required=False, allow_null=True
    )
    amount = AmountField()
    currency = serializers.RegexField(
        r"^[A-Z]{3}$", required=False, help_text="That of the order, which it is without one."
    )
    on = serializers.DateField(help_text="The day of the visit, or of what is billed.")
    agreed_on = serializers.DateField(required=False, allow_null=True)
    prepaid = serializers.BooleanField(default=False)
    billable_on = serializers.DateField(required=False, allow_null=True)
    text = serializers.CharField(max_length=200)

    def get_fields(self) -> dict[str, Any]:
        """Locations of the order's customer and services of its edition alone."""
        fields: Any = super().get_fields()
        fields["location"].queryset = locations_for(self)
        order = self.context.get("order")
        if order is not None:
            fields["offering"].queryset = Offering.objects.filter(edition=order.edition_id)
        return dict(fields)


class TakeBackInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why a charge is taken back."""

    reason = serializers.CharField(max_length=200)
