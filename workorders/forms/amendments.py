"""The form of a new amendment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.forms.base import DressedForm
from workorders.forms.filters import DateField


class AmendmentForm(DressedForm):
    """From when the amendment applies, and what it is for."""

    starts_on = DateField(
        label=_("First day"), help_text=_("The last day is that of the work order.")
    )
    title = forms.CharField(label=_("Title"), max_length=160, required=False)
