"""Forms of the invoices: how they are split, a charge to record, one to take back."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Location
from accounts.rules.money import Money
from services.catalog.models import Offering
from workorders.actions.charges import AGREED
from workorders.forms.base import dress, dress_control
from workorders.forms.fields import AmountField
from workorders.forms.filters import DateField, FilterForm
from workorders.forms.holdings import LocationField
from workorders.models import Charge, WorkOrder

SPLITS = (
    ("family", _("Product family")),
    ("delivery", _("Month of delivery")),
    ("location", _("Location")),
)


class InvoiceForm(FilterForm):
    """By what the bill is split, and up to which day."""

    q = None  # type: ignore[assignment] # invoices aren't searched
    by = forms.ChoiceField(label=_("Split by"), choices=SPLITS, required=False)
    until = DateField(label=_("Billable until"), required=False)

    @property
    def split(self) -> Any:
        """The split chosen; by family unless another is."""
        return self.value("by") or "family"


class ChargeForm(forms.Form):
    """What is billed besides the lines, why, where and from when."""

    def __init__(
        self, *args: Any, order: WorkOrder, locations: list[Location], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.order = order
        kinds = [(kind.value, capfirst(kind.label)) for kind in Charge.Kind if kind in AGREED]
        bought = Offering.objects.filter(order_lines__order=order).distinct().order_by("position")
        self.fields["kind"] = forms.ChoiceField(label=_("Charge"), choices=kinds)
        self.fields["location"] = LocationField(
            label=_("Location"), locations=locations, empty_label=_("Choose a location")
        )
        self.fields["offering"] = forms.ModelChoiceField(
            label=_("Service"), queryset=bought, required=False, empty_label=_("No single service")
        )
        self.fields["amount"] = AmountField(label=_("Amount"), currency=order.currency, least=1)
        self.fields["on"] = DateField(label=_("Day of the visit or of what is billed"))
        self.fields["agreed_on"] = DateField(
            label=_("Agreed in writing on"),
            required=False,
            help_text=_("Travel: by the day of the visit at the latest."),
        )
        self.fields["billable_on"] = DateField(
            label=_("Billable from"),
            required=False,
            help_text=_("Empty: from the day above."),
        )
        self.fields["prepaid"] = forms.BooleanField(
            label=_("The visit was paid in advance"), required=False
        )
        self.fields["text"] = forms.CharField(label=_("Text on the invoice"), max_length=200)
        dress(self)

    def charge(self) -> dict[str, Any]:
        """As `record_charge` takes it."""
        data = dict(self.cleaned_data)
        return {**data, "amount": Money(data["amount"], self.order.currency)}


class TakeBackForm(forms.Form):
    """Why a charge is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        dress_control(self.fields["reason"].widget)
