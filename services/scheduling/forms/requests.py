"""The request form of three steps on one page, and the answer to it."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from services.catalog.models import Offering
from services.scheduling.forms.bookings import REFIT, grouped
from services.scheduling.models import Mode
from services.scheduling.queries.choices import Bookable
from services.scheduling.queries.request_data import RequestData
from services.scheduling.wording.states import LANGUAGES, language_name
from workorders.forms.base import DressedForm, PatientForm, dress
from workorders.forms.fields import QuantityField
from workorders.forms.filters import DateField
from workorders.models.orders import Unit

FIELD_OF = {"date": "wanted_from"}
# Choices that change which fields there are.
REFITTING = frozenset({"customer", "entitlement"})


class RequestForm(PatientForm):
    """What, when, how: a wish that a CSAM answers."""

    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        empty_label=_("Choose a customer"),
    )
    entitlement = forms.ChoiceField(label=_("What you would like"))
    offering = forms.ModelChoiceField(
        label=_("Service that the credits buy"),
        queryset=Offering.objects.none(),
        empty_label=_("Choose a service"),
    )
    quantity = QuantityField(label=_("How many"), least=1, initial=1)
    wanted_from = DateField(label=_("Between"))
    wanted_until = DateField(label=_("and"))
    mode = forms.ChoiceField(label=_("Delivery"), choices=Mode.choices)
    language = forms.ChoiceField(label=_("Language"))
    note = forms.CharField(
        label=_("What it is for"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Subject, participants, systems concerned."),
    )
    data_complete = forms.BooleanField(
        label=_("All data that the service needs is supplied"),
        required=False,
        help_text=_("It can follow, by the last day for requests."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(
        self,
        *args: Any,
        customers: QuerySet[Customer],
        bookables: Sequence[Bookable],
        for_credits: Sequence[Offering],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.bookables = {str(one.entitlement.pk): one for one in bookables}
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        self.fields["entitlement"].choices = grouped(bookables)  # type: ignore[attr-defined]
        self.fields["language"].choices = [(c, language_name(c)) for c in LANGUAGES]  # type: ignore[attr-defined]
        given = self.data if self.is_bound else self.initial
        self.chosen = self.bookables.get(str(given.get("entitlement") or ""))
        self._fit(for_credits)
        dress(self)
        for name, bound in self.fields.items():
            if name in REFITTING:
                bound.widget.attrs.update(REFIT)

    def _fit(self, for_credits: Sequence[Offering]) -> None:
        if self.chosen is None or not self.chosen.is_credits:
            del self.fields["offering"]
        else:
            del self.fields["quantity"]
            self.fields["offering"].queryset = Offering.objects.filter(  # type: ignore[attr-defined]
                pk__in=[offering.pk for offering in for_credits]
            )
        if self.chosen and not self.chosen.is_credits:
            self.fields["quantity"].unit = self.chosen.entitlement.unit  # type: ignore[attr-defined]
            if self.chosen.entitlement.unit == Unit.MINUTE:
                self.fields["quantity"].label = _("Hours")

    @property
    def units(self) -> int:
        """Whole units; one service where credits pay."""
        return int(self.cleaned_data.get("quantity") or 1)


class DataForm(forms.Form):
    """What a request needs, a field for each piece."""

    def __init__(self, *args: Any, data: RequestData, **options: Any) -> None:
        super().__init__(*args, **options)
        for row in data.rows:
            self.fields[row.wanted.code] = forms.CharField(
                label=row.label[:1].upper() + row.label[1:],
                max_length=500,
                required=False,
                initial=row.datum.text if row.datum else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        dress(self)

    @property
    def supplied(self) -> dict[str, str]:
        """What was written, by code."""
        return {code: text for code, text in self.cleaned_data.items() if text}


class DeclineForm(DressedForm):
    """Why a request can't be met."""

    reason = forms.CharField(label=_("Reason, shown to the customer"), max_length=300)
