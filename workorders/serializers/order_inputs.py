"""What is taken for orders and their lines."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Customer, Location
from accounts.wording.choices import CURRENCIES
from services.catalog.models import Offering
from workorders.models import LineScope
from workorders.models.orders import Funding, Unit
from workorders.serializers.values import AmountField


class _Limited(serializers.Serializer):  # type: ignore[type-arg]
    """Input that refers to what the person may see."""

    def user(self) -> Any:
        """Who asks."""
        return self.context["request"].user


class OrderChange(_Limited):
    """What can be written on a draft; `version` is the one that was read."""

    version = serializers.IntegerField(required=False, min_value=1)
    number = serializers.CharField(required=False, max_length=30)
    title = serializers.CharField(required=False, max_length=160, allow_blank=True)
    currency = serializers.ChoiceField(
        choices=[(code, code) for code in CURRENCIES], required=False
    )
    units_per_usd = serializers.DecimalField(
        max_digits=18, decimal_places=8, required=False, allow_null=True
    )
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    multi_country = serializers.BooleanField(required=False)
    base_price = AmountField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    purchasable = serializers.ListField(
        child=serializers.SlugField(max_length=80),
        required=False,
        max_length=500,
        help_text="Codes of what may be bought under it (2.1-B7); empty: the whole catalogue.",
    )


class OrderCreate(OrderChange):
    """A new draft on the published edition."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.none())
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        """Customers of the person alone; a new draft has no version yet."""
        fields: Any = super().get_fields()
        fields.pop("version")
        fields["customer"].queryset = Customer.objects.visible_to(self.user())
        return dict(fields)


class ListedLocationInput(_Limited):
    """A location to be listed."""

    location = serializers.PrimaryKeyRelatedField(queryset=Location.objects.none())
    units_per_usd = serializers.DecimalField(
        max_digits=18, decimal_places=8, required=False, allow_null=True
    )

    def get_fields(self) -> dict[str, Any]:
        """Locations of the order's customer alone."""
        fields: Any = super().get_fields()
        fields["location"].queryset = locations_for(self)
        return dict(fields)


class LocationsInput(serializers.Serializer):  # type: ignore[type-arg]
    """The whole list of locations."""

    version = serializers.IntegerField(required=False, min_value=1)
    locations = ListedLocationInput(many=True)

    def validate_locations(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each location once: of two rates neither is the right one."""
        if len({row["location"] for row in rows}) < len(rows):
            raise serializers.ValidationError(_("A location is named twice."))
        return rows


class FlexYearInput(serializers.Serializer):  # type: ignore[type-arg]
    """The allowance of a contract year."""

    number = serializers.IntegerField(min_value=1, max_value=100)
    allotment = AmountField()


class FlexYearsInput(serializers.Serializer):  # type: ignore[type-arg]
    """The whole allowance."""

    version = serializers.IntegerField(required=False, min_value=1)
    flex_years = FlexYearInput(many=True)

    def validate_flex_years(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each contract year once: of two allotments neither is the right one."""
        if len({row["number"] for row in rows}) < len(rows):
            raise serializers.ValidationError(_("A contract year is named twice."))
        return rows


class AllocationInput(_Limited):
    """A share of a line."""

    location = serializers.PrimaryKeyRelatedField(queryset=Location.objects.none())
    quantity = serializers.IntegerField(max_value=10**15)

    def get_fields(self) -> dict[str, Any]:
        """Locations of the order's customer alone."""
        fields: Any = super().get_fields()
        fields["location"].queryset = locations_for(self)
        return dict(fields)


class ScopeInput(serializers.Serializer):  # type: ignore[type-arg]
    """What a line covers."""

    kind = serializers.ChoiceField(LineScope.Kind.choices)
    identifier = serializers.CharField(max_length=160)
    affiliate = serializers.BooleanField(required=False, default=True)


class TierInput(serializers.Serializer):  # type: ignore[type-arg]
    """A tier of a mission-critical fee; without a limit it is the last one."""

    up_to_usd_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=10**15
    )
    percent = serializers.DecimalField(max_digits=7, decimal_places=4, min_value=0, max_value=100)


class LineChange(serializers.Serializer):  # type: ignore[type-arg]
    """What can be written on a line of a draft."""

    version = serializers.IntegerField(required=False, min_value=1)
    offering = serializers.SlugRelatedField(
        slug_field="code", queryset=Offering.objects.none(), required=False
    )
    unit = serializers.ChoiceField(Unit.choices, required=False)
    price = AmountField(required=False)
    funding = serializers.ChoiceField(Funding.choices, required=False)
    flex_year = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=100
    )
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    sold_as = serializers.CharField(required=False, allow_blank=True, max_length=12)
    sold_onsite = serializers.BooleanField(required=False)
    agreed_time_zone = serializers.CharField(required=False, allow_blank=True, max_length=64)
    exhibit_reference = serializers.CharField(required=False, allow_blank=True, max_length=80)
    assessed_spend_usd_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=10**15
    )
    platform_price = AmountField(required=False, allow_null=True)
    floor_price = AmountField(required=False, allow_null=True)
    floor_price_paid = serializers.BooleanField(required=False)
    plus_noted = serializers.BooleanField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    allocations = AllocationInput(many=True, required=False)
    scopes = ScopeInput(many=True, required=False)
    tiers = TierInput(many=True, required=False)

    def get_fields(self) -> dict[str, Any]:
        """Offerings of the order's edition alone."""
        fields: Any = super().get_fields()
        order = self.context.get("order")
        if order is not None:
            offerings = Offering.objects.filter(edition=order.edition_id)
            fields["offering"].queryset = offerings.prefetch_related("limits")
        return dict(fields)


class LineCreate(LineChange):
    """A new line of a draft."""

    order = serializers.IntegerField()
    offering = serializers.SlugRelatedField(slug_field="code", queryset=Offering.objects.none())
    unit = serializers.ChoiceField(Unit.choices)
    funding = serializers.ChoiceField(Funding.choices)


class VersionInput(serializers.Serializer):  # type: ignore[type-arg]
    """The version that was read; without it the latest counts."""

    version = serializers.IntegerField(required=False, min_value=1)


class AmendmentInput(serializers.Serializer):  # type: ignore[type-arg]
    """From when the amendment applies; by default from today, or with the order."""

    starts_on = serializers.DateField(required=False)
    title = serializers.CharField(required=False, max_length=160, allow_blank=True)


class ReturnInput(VersionInput):
    """Why a draft is returned from review."""

    reason = serializers.CharField(max_length=300)


class ScenarioInput(VersionInput):
    """What a scenario is called; `version` is that of the order it is cloned from."""

    title = serializers.CharField(max_length=160)


class AdoptInput(VersionInput):
    """The versions that were compared: of the draft, and of the scenario."""

    scenario_version = serializers.IntegerField(required=False, min_value=1)


class ImportInput(VersionInput):
    """A file of lines, CSV in UTF-8 or XLSX; without `confirm` its rows are only judged."""

    file = serializers.FileField(allow_empty_file=True)
    confirm = serializers.BooleanField(required=False, default=False)


class TerminationInput(serializers.Serializer):  # type: ignore[type-arg]
    """When an order ends early (with the end of that day), and why."""

    on = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class IntakeInput(serializers.Serializer):  # type: ignore[type-arg]
    """When the MCSAP intake document was complete."""

    at = serializers.DateTimeField()


class OverrideInput(serializers.Serializer):  # type: ignore[type-arg]
    """A refusal of a line that staff override, with the written reason."""

    code = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=5_000)


def locations_for(serializer: Any) -> Any:
    """The locations that the order in question can list; none without an order."""
    order = serializer.context.get("order")
    if order is None:
        return Location.objects.none()
    return Location.objects.filter(customer=order.customer_id)
