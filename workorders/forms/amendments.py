"""The form of a new amendment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.forms.filters import DateField
from workorders.forms.orders import dress


class AmendmentForm(forms.Form):
    """From when the amendment applies, and what it is for."""

    starts_on = DateField(
        label=_("First day"), help_text=_("The last day is that of the work order.")
    )
    title = forms.CharField(label=_("Title"), max_length=160, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for bound in self.fields.values():
            dress(bound.widget)
