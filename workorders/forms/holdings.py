"""Forms that spend or move credits. What they read is quoted before it is done."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Location
from accounts.rules.money import Money
from services.catalog.models import Offering
from workorders.forms.base import dress
from workorders.forms.fields import AmountField, QuantityField
from workorders.models.orders import Unit

ROWS = 5


class LocationField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic when run
    """A choice among given locations."""

    def __init__(self, *, locations: Sequence[Location], **options: Any) -> None:
        keys = [place.pk for place in locations]
        super().__init__(queryset=Location.objects.filter(pk__in=keys), **options)


class MoveForm(forms.Form):
    """How many credits from where to where."""

    def __init__(self, *args: Any, locations: Sequence[Location], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"] = LocationField(label=_("From"), locations=locations)
        self.fields["target"] = LocationField(label=_("To"), locations=locations)
        self.fields["credits"] = QuantityField(label=_("Credits"), unit=Unit.CREDIT, least=1)
        dress(self)


class AllocateForm(forms.Form):
    """How many of the host's hours for which location."""

    def __init__(self, *args: Any, locations: Sequence[Location], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["target"] = LocationField(label=_("Location"), locations=locations)
        self.fields["minutes"] = QuantityField(label=_("Hours"), unit=Unit.MINUTE, least=1)
        dress(self)


class RedeemForm(forms.Form):
    """Which services, each worth how much, from the credits of which location."""

    def __init__(
        self,
        *args: Any,
        locations: Sequence[Location],
        offerings: Sequence[Offering],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["location"] = LocationField(label=_("Credits of"), locations=locations)
        currency = self._currency(locations)
        choices = [("", _("Choose a service")), *((o.pk, str(o)) for o in offerings)]
        self.offerings = {str(offering.pk): offering for offering in offerings}
        for number in range(ROWS):
            self.fields[f"offering_{number}"] = forms.ChoiceField(
                label=_("Service"), choices=choices, required=False
            )
            self.fields[f"value_{number}"] = AmountField(
                label=_("Worth"), currency=currency, required=False, least=1
            )
        dress(self)
        self.currency = currency

    def _currency(self, locations: Sequence[Location]) -> str:
        chosen = str(self.data.get("location", "")) if self.is_bound else ""
        found = [place.currency for place in locations if str(place.pk) == chosen]
        return next(iter(found or [place.currency for place in locations]), "USD")

    def clean(self) -> dict[str, Any]:
        """A service has a value and a value its service; at least one row is filled."""
        data = super().clean() or {}
        for number in range(ROWS):
            offering, value = data.get(f"offering_{number}"), data.get(f"value_{number}")
            if offering and value is None and f"value_{number}" not in self.errors:
                self.add_error(f"value_{number}", _("What is it worth?"))
            if value is not None and not offering:
                self.add_error(f"offering_{number}", _("Choose the service."))
        if not self.errors and not any(data.get(f"offering_{n}") for n in range(ROWS)):
            self.add_error("offering_0", _("Choose at least one service."))
        return data

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Service and value, for the template."""
        return [(self[f"offering_{n}"], self[f"value_{n}"]) for n in range(ROWS)]

    def lines(self) -> list[tuple[Offering, Money]]:
        """As `redeem_credits` takes them."""
        data = self.cleaned_data
        return [
            (
                self.offerings[data[f"offering_{n}"]],
                Money(data[f"value_{n}"], self.currency),
            )
            for n in range(ROWS)
            if data.get(f"offering_{n}")
        ]
