"""Forms of an exchange: what is given up for what; made with consent, or declined."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Location
from accounts.rules.money import Money
from services.catalog.models import Offering
from workorders.forms.base import dress, dress_control
from workorders.forms.fields import AmountField, QuantityField
from workorders.forms.holdings import LocationField
from workorders.models import Account
from workorders.models.orders import Unit
from workorders.queries.exchange_sides import unit_of
from workorders.queries.lapsing import last_day_of_use
from workorders.wording.exchanges import source_words


class ExchangeForm(forms.Form):
    """What is given up, and what is wanted instead at which price."""

    def __init__(
        self,
        *args: Any,
        sources: Sequence[Account],
        offerings: Sequence[Offering],
        locations: Sequence[Location],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.sources = {str(account.pk): account for account in sources}
        self.offerings = {str(offering.pk): offering for offering in offerings}
        source, offering = (
            self._chosen("source", self.sources),
            self._chosen("offering", self.offerings),
        )
        is_value = source is not None and source.entitlement is None
        self.currency = _currency_of(source) if source else "USD"
        self.fields["source"] = forms.ChoiceField(
            label=_("Give up"),
            choices=[("", _("Choose what to give up"))]
            + [
                (key, source_words(account, last_day_of_use(account)))
                for key, account in self.sources.items()
            ],
        )
        self.fields["quantity"] = (
            AmountField(label=_("How much"), currency=self.currency, required=False, least=1)
            if is_value
            else QuantityField(
                label=_("How many"),
                unit=source.unit if source else Unit.EACH,
                required=False,
                least=1,
            )
        )
        self.fields["quantity"].help_text = _("All that is left where this is empty.")
        self.fields["offering"] = forms.ChoiceField(
            label=_("For"),
            choices=[("", _("Choose a service"))]
            + [(key, str(one)) for key, one in self.offerings.items()],
        )
        self.fields["wanted_quantity"] = QuantityField(
            label=_("How many"), unit=unit_of(offering) if offering else Unit.EACH, least=1
        )
        self.fields["location"] = LocationField(label=_("At"), locations=locations)
        self.fields["price"] = AmountField(
            label=_("Current price of all"),
            currency=self.currency,
            required=False,
            least=1,
            help_text=_("Worth as much as what is given up where this is empty."),
        )
        self.fields["note"] = forms.CharField(
            label=_("Note"), required=False, max_length=300, strip=True
        )
        dress(self)

    def _chosen(self, name: str, among: dict[str, Any]) -> Any:
        data = self.data if self.is_bound else self.initial
        return among.get(str(data.get(name, "")))

    def asked(self) -> dict[str, Any]:
        """As `ask_exchange` takes it."""
        data = self.cleaned_data
        source, price = self.sources[data["source"]], data["price"]
        return {
            "entitlement": source.entitlement,
            "flex_year": source.flex_year,
            "quantity": data["quantity"],
            "offering": self.offerings[data["offering"]],
            "location": data["location"],
            "wanted_quantity": data["wanted_quantity"],
            "price": None if price is None else Money(price, self.currency),
            "note": data["note"],
        }


class MakeForm(forms.Form):
    """Who agreed, on which paper, at which price."""

    consent_of = forms.CharField(
        label=_("Consent of the delivery resource"),
        max_length=120,
        help_text=_("The name of who agrees to deliver the new service."),
    )

    def __init__(
        self, *args: Any, currency: str, price_minor: int, asks_for_writing: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.currency = currency
        if asks_for_writing:
            self.fields["written_agreement"] = forms.CharField(
                label=_("Written agreement"),
                max_length=120,
                required=False,
                help_text=_("Its date or number."),
            )
            self.fields["waiver"] = forms.CharField(
                label=_("Or the reason to do without one"), max_length=300, required=False
            )
        self.fields["price"] = AmountField(
            label=_("Current price of all"),
            currency=currency,
            required=False,
            least=1,
            initial=price_minor,
        )
        dress(self)

    def decided(self) -> dict[str, Any]:
        """As `make_exchange` takes it."""
        data = dict(self.cleaned_data)
        price = data.pop("price")
        return {**data, "price": None if price is None else Money(price, self.currency)}


class DeclineForm(forms.Form):
    """Why an exchange isn't made."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        dress_control(self.fields["reason"].widget)


def _currency_of(source: Account) -> str:
    return source.entitlement.currency if source.entitlement else source.unit
