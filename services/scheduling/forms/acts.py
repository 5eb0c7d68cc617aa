"""Small forms beside a booking: cancel it, record its delivery, confirm an event."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.forms.base import DressedForm, dress
from workorders.forms.fields import QuantityField
from workorders.forms.filters import DateField
from workorders.models.orders import Unit


class CancelForm(forms.Form):
    """Why, on whose side, and the consent to what is lost."""

    party = forms.ChoiceField(
        label=_("Who cancels"),
        choices=(("customer", _("The customer")), ("microsoft", _("Microsoft"))),
        widget=forms.RadioSelect,
        initial="customer",
    )
    reason = forms.CharField(label=_("Reason, shown to the customer"), max_length=300)
    agreed = forms.BooleanField(required=False)
    agreed_loss = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, for_microsoft: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        if not for_microsoft:
            del self.fields["party"]
        dress(self)

    @property
    def side(self) -> str:
        """The side that cancels."""
        return str(self.cleaned_data.get("party") or "customer")

    def clean(self) -> dict[str, Any]:
        """A loss is agreed to before it is made; without one there is nothing to agree to."""
        data = super().clean() or {}
        costs = bool(data.get("agreed_loss")) and data.get("party") != "microsoft"
        if costs and not data.get("agreed"):
            self.add_error("agreed", _("Confirm that this is given up."))
        return data


class DeliverForm(forms.Form):
    """How much took place."""

    quantity = QuantityField(label=_("Delivered"), least=1)
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, unit: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.fields["quantity"].unit = unit  # type: ignore[attr-defined]
        if unit == Unit.MINUTE:
            self.fields["quantity"].label = _("Hours delivered")
        dress(self)


class ConfirmForm(DressedForm):
    """When an event was confirmed in writing."""

    event_confirmed_on = DateField(label=_("Confirmed in writing on"))
    short_notice_agreed = forms.BooleanField(
        label=_("Microsoft agrees to the short notice"), required=False
    )
