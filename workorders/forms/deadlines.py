"""What people write when they meet, waive or put off a deadline."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.forms.filters import DateField
from workorders.forms.orders import dress


class ActForm(forms.Form):
    """Dressed like every form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for bound in self.fields.values():
            dress(bound.widget)


class MeetForm(ActForm):
    """It has been done; nothing to write."""


class IntakeForm(ActForm):
    """When the MCSAP intake document was complete."""

    at = forms.DateTimeField(
        label=_("Complete since"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class WaiveForm(ActForm):
    """Why a deadline is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class SnoozeForm(ActForm):
    """Until when it leaves the queue, and why."""

    until = DateField(label=_("Until"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
