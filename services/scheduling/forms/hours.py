"""Hours that were delivered: when, how many, what for, by whom."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.scheduling.models import Engineer
from workorders.forms.base import KeyedForm, dress
from workorders.forms.fields import QuantityField
from workorders.forms.filters import DateField
from workorders.models.orders import Unit


class HoursForm(forms.Form):
    """One entry of the log."""

    worked_on = DateField(label=_("Worked on"))
    minutes = QuantityField(label=_("Hours delivered"), least=1)
    note = forms.CharField(label=_("What was done"), max_length=300)
    engineer = forms.ModelChoiceField(
        label=_("Engineer"),
        queryset=Engineer.objects.none(),
        required=False,
        empty_label=_("Not named"),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, engineers: Sequence[Engineer], **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.fields["minutes"].unit = Unit.MINUTE  # type: ignore[attr-defined]
        chosen = [engineer.pk for engineer in engineers]
        self.fields["engineer"].queryset = Engineer.objects.filter(pk__in=chosen)  # type: ignore[attr-defined]
        dress(self)


class TakeBackForm(KeyedForm):
    """Why logged hours are taken back."""

    reason = forms.CharField(label=_("Why they are taken back"), max_length=300)
    field_order = ("reason",)
