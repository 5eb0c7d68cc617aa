"""Money, explained values, and things named by id or code."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Location
from accounts.rules.explained import Explained
from accounts.rules.money import Money


class MoneySchema(serializers.Serializer):  # type: ignore[type-arg]
    """An amount in major units as a decimal string, with its currency."""

    amount = serializers.CharField()
    currency = serializers.CharField(max_length=3)


@extend_schema_field(MoneySchema)
class MoneyField(serializers.Field):  # type: ignore[type-arg]
    """A `Money`; or minor units of a column together with the row's currency.

    `currency` names where the currency stands, seen from the row.
    """

    def __init__(self, *, minor: str = "", currency: str = "currency", **options: Any) -> None:
        if minor:
            options["source"] = "*"
        super().__init__(read_only=True, **options)
        self.minor, self.currency = minor, currency

    def to_representation(self, value: Any) -> dict[str, str]:
        """``{"amount": "1250.00", "currency": "EUR"}``."""
        if not isinstance(value, Money):
            currency = value
            for name in self.currency.split("."):
                currency = getattr(currency, name)
            value = Money(getattr(value, self.minor), currency)
        return {"amount": value.decimal_text, "currency": value.currency}


@extend_schema_field(MoneySchema(allow_null=True))
class OptionalMoneyField(MoneyField):
    """An amount that may not have been agreed: then nothing."""

    def to_representation(self, value: Any) -> Any:
        """As money, or null."""
        if getattr(value, self.minor) is None:
            return None
        return super().to_representation(value)


class OtherReadingSchema(serializers.Serializer):  # type: ignore[type-arg]
    """What a reading that was not chosen would give."""

    reading = serializers.CharField()
    chosen = serializers.CharField()
    other = serializers.CharField()
    result = serializers.JSONField()


class ExplainedSchema(serializers.Serializer):  # type: ignore[type-arg]
    """A computed value with its inputs, arithmetic, clauses and readings."""

    result = serializers.JSONField()
    inputs = serializers.ListField(child=serializers.ListField(child=serializers.JSONField()))
    steps = serializers.ListField(child=serializers.ListField(child=serializers.JSONField()))
    clauses = serializers.ListField(child=serializers.CharField())
    readings = serializers.ListField(child=serializers.CharField())
    zone = serializers.CharField()
    others = OtherReadingSchema(many=True, required=False)


@extend_schema_field(ExplainedSchema)
class ExplainedField(serializers.Field):  # type: ignore[type-arg]
    """An `Explained`, or the data that a row keeps of one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> Any:
        """As data."""
        return value.as_data() if isinstance(value, Explained) else value


class LocationRef(serializers.ModelSerializer[Location]):
    """A location by id and name."""

    class Meta:
        model = Location
        fields = ("id", "name", "role", "country")


class AmountField(serializers.CharField):
    """An amount that is taken as a decimal string; its currency is known by the request."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def to_internal_value(self, data: Any) -> str:
        """The text; whether it is an amount is known with the currency."""
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Amounts are decimal strings."), code="invalid")
        return str(super().to_internal_value(data))


def read_money(text: str, currency: str, field: str) -> Money:
    """`text` as money; a validation error of `field` for anything else."""
    try:
        amount = Money.of(text, currency)
    except ValueError:
        raise serializers.ValidationError(
            {
                field: _("Not an amount of %(currency)s: %(text)s")
                % {"currency": currency, "text": text[:40]}
            },
            code="invalid",
        ) from None
    if abs(amount.minor) >= 10**17:
        raise serializers.ValidationError({field: _("Too large.")}, code="max_value")
    return amount
