"""Forms of the scenarios of a draft."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.forms.orders import BuilderForm


class ScenarioForm(BuilderForm):
    """What a scenario is called."""

    title = forms.CharField(
        label=_("Title of the scenario"),
        max_length=160,
        help_text=_("For instance: with MCSAP, or two years."),
    )


class AdoptForm(forms.Form):
    """The versions of draft and scenario that were compared."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    scenario_version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1
    )
