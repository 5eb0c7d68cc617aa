"""Forms of the order builder: terms, places, allowance; execution and termination."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location
from accounts.rules.calendar_days import ContractYear
from accounts.wording.choices import CURRENCIES
from services.catalog.models import Offering
from workorders.forms.base import DressedForm, dress
from workorders.forms.fields import AmountField, DecimalFiguresField, read_number
from workorders.forms.filters import DateField
from workorders.models import FlexYear, OrderLocation, WorkOrder


class RateField(DecimalFiguresField):
    """A rate: units of a currency for one US dollar, up to eight decimal places."""

    default_error_messages = {
        "places": _("At most eight decimal places."),
        "zero": _("A rate is more than zero."),
        "large": _("A rate isn't that large."),
    }

    def to_python(self, value: Any) -> Any:
        """A positive decimal, or None for nothing."""
        text = forms.CharField.to_python(self, value)
        if not text:
            return None
        try:
            rate = read_number(text)
        except ValueError:
            raise self.error("figures") from None
        if rate <= 0:
            raise self.error("zero")
        if rate >= 10**9:
            raise self.error("large")
        if rate != round(rate, 8):
            raise self.error("places")
        return rate


class BuilderForm(DressedForm):
    """A form of the builder, with the version of the order that it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class TermForm(BuilderForm):
    """What is written on the order itself."""

    number = forms.CharField(label=_("Number"), max_length=30, required=False)
    title = forms.CharField(label=_("Title"), max_length=160, required=False)
    starts_on = DateField(label=_("Starts on"))
    ends_on = DateField(label=_("Last day in force"))
    currency = forms.ChoiceField(label=_("Currency"))
    units_per_usd = RateField(
        label=_("Units per US dollar"),
        required=False,
        help_text=_("Frozen at execution; the ceiling's fixed amount is in US dollars."),
    )
    base_price_minor = AmountField(
        label=_("Base package price"),
        required=False,
        help_text=_("0 where the base package stands on another order."),
    )
    multi_country = forms.BooleanField(label=_("Multi-country support"), required=False)
    note = forms.CharField(
        label=_("Note on the allowance"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        codes = CURRENCIES if currency in CURRENCIES else (currency, *CURRENCIES)
        self.fields["currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        typed = self.data.get(self.add_prefix("currency")) if self.is_bound else ""
        price = self.fields["base_price_minor"]
        price.currency = typed if typed in codes else currency  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day isn't before the first."""
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The term ends before it starts."))
        return data

    def written(self) -> dict[str, Any]:
        """As the actions take them."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        fields["base_price_minor"] = fields["base_price_minor"] or 0
        return fields


class DraftForm(TermForm):
    """A new draft: whose, and what is written on it."""

    version = None  # type: ignore[assignment] # a new draft has none yet
    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), empty_label=_("Choose a customer")
    )
    field_order = ["customer"]

    def __init__(self, *args: Any, customers: QuerySet[Customer], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        self.fields["number"].help_text = _("Empty: the next free number of the year.")

    def written(self) -> dict[str, Any]:
        """As `draft_order` takes them."""
        fields = super().written()
        fields.pop("customer")
        return fields


def term_initial(order: WorkOrder) -> dict[str, Any]:
    """What stands on the order, to be changed."""
    names = (
        "number", "title", "starts_on", "ends_on", "currency", "units_per_usd",
        "base_price_minor", "multi_country", "note", "version",
    )  # fmt: skip
    return {name: getattr(order, name) for name in names}


class PlacesForm(BuilderForm):
    """The locations that the order lists, each with its rate where currencies differ."""

    def __init__(
        self,
        *args: Any,
        order: WorkOrder,
        locations: Sequence[Location],
        listed: Sequence[OrderLocation] = (),
        **options: Any,
    ) -> None:
        self.locations = locations
        rows = {row.location_id: row for row in listed}
        initial: dict[str, Any] = {"version": order.version}
        for place in locations:
            initial[f"listed_{place.pk}"] = place.pk in rows
            initial[f"rate_{place.pk}"] = rows[place.pk].units_per_usd if place.pk in rows else None
        super().__init__(*args, initial=initial, **options)
        for place in locations:
            self.fields[f"listed_{place.pk}"] = forms.BooleanField(
                label=str(place), required=False, initial=initial[f"listed_{place.pk}"]
            )
            if place.currency not in ("USD", order.currency):
                self.fields[f"rate_{place.pk}"] = RateField(
                    label=_("%(currency)s for one US dollar") % {"currency": place.currency},
                    required=False,
                )
        dress(self)

    def rows(self) -> list[tuple[Location, Any, Any]]:
        """Each location with its check box and its rate, for the template."""
        return [
            (
                place,
                self[f"listed_{place.pk}"],
                self[f"rate_{place.pk}"] if f"rate_{place.pk}" in self.fields else None,
            )
            for place in self.locations
        ]

    def chosen(self) -> dict[Location, Decimal | None]:
        """As `set_locations` takes them."""
        data = self.cleaned_data
        return {
            place: data.get(f"rate_{place.pk}")
            for place in self.locations
            if data[f"listed_{place.pk}"]
        }


class AllowanceForm(BuilderForm):
    """The allowance allotted to each contract year."""

    def __init__(
        self,
        *args: Any,
        order: WorkOrder,
        years: Sequence[ContractYear],
        allotted: Sequence[FlexYear] = (),
        **options: Any,
    ) -> None:
        self.years = years
        amounts = {row.number: row.allotment_minor for row in allotted}
        initial = {f"year_{year.number}": amounts.get(year.number, 0) for year in years}
        super().__init__(*args, initial={**initial, "version": order.version}, **options)
        for year in years:
            self.fields[f"year_{year.number}"] = AmountField(
                label=_("Allotment of contract year %(number)s") % {"number": year.number},
                currency=order.currency,
                required=False,
            )
        dress(self)

    def rows(self) -> list[tuple[ContractYear, Any]]:
        """Each year with its field, for the template."""
        return [(year, self[f"year_{year.number}"]) for year in self.years]

    def allotments(self) -> dict[int, int]:
        """As `set_flex_years` takes them; a year without an amount has no allotment."""
        amounts = {year.number: self.cleaned_data[f"year_{year.number}"] for year in self.years}
        return {number: amount for number, amount in amounts.items() if amount}


class ListForm(BuilderForm):
    """Which additional services may be bought under the order (2.1-B7)."""

    purchasable = forms.MultipleChoiceField(
        label=_("May be bought under this work order"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: the whole catalogue of the location."),
    )

    def __init__(
        self, *args: Any, order: WorkOrder, offerings: Sequence[Offering], **options: Any
    ) -> None:
        initial = {"purchasable": order.purchasable, "version": order.version}
        super().__init__(*args, initial=initial, **options)
        families: dict[str, list[tuple[str, str]]] = {}
        listed = set(order.amends.purchasable) if order.amends else set()
        if listed:
            self.fields["purchasable"].label = _("May be bought besides what the order lists")
            self.fields["purchasable"].help_text = _("Ticked services join the list of the order.")
        for one in offerings:
            if one.code in listed:
                continue
            families.setdefault(one.get_category_display().capitalize(), []).append(
                (one.code, str(one))
            )
        self.fields["purchasable"].choices = list(families.items())  # type: ignore[attr-defined]


class ExecuteForm(BuilderForm):
    """The confirmation before an order is frozen."""

    confirmed = forms.BooleanField(
        label=_("I have read what is granted, what becomes due and what is given up."),
        error_messages={"required": _("Confirm that you have read it.")},
    )


class VersionForm(BuilderForm):
    """A step of the review: nothing is typed, the version was read."""


class ReturnForm(VersionForm):
    """Why a draft is returned."""

    reason = forms.CharField(
        label=_("What has to be changed"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class TerminateForm(DressedForm):
    """When and why an order ends early."""

    on = DateField(label=_("Last day in force"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class OverrideForm(DressedForm):
    """A refusal that staff override, with the written reason."""

    line = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    code = forms.SlugField(max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Written reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
