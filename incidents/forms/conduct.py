"""Forms about the customer's side: pauses, what it can't supply, transitions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.acts import ActForm
from incidents.forms.fields import LocalInstantField
from incidents.rules.charts import SEVERITIES


class ReasonForm(ActForm):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PauseForm(ActForm):
    """What Microsoft owes first, and since when."""

    reason = forms.CharField(
        label=_("What the customer waits for"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    at = LocalInstantField(label=_("When"))


class StepForm(ReasonForm):
    """A transition of the incident as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("version", self.incident.version)


class LowerForm(StepForm):
    """The severity that what the customer can supply is enough for."""

    to = forms.ChoiceField(label=_("New severity"))

    field_order = ("to", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lower = SEVERITIES[SEVERITIES.index(self.incident.severity) + 1 :]
        self.fields["to"].choices = [(one, one) for one in lower]  # type: ignore[attr-defined]
