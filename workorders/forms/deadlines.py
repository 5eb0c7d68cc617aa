"""What people write when they meet, waive or put off a deadline."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workorders.forms.base import DressedForm
from workorders.forms.filters import DateField


class MeetForm(DressedForm):
    """It has been done; nothing to write."""


class IntakeForm(DressedForm):
    """When the MCSAP intake document was complete."""

    at = forms.DateTimeField(
        label=_("Complete since"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class WaiveForm(DressedForm):
    """Why a deadline is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class SnoozeForm(DressedForm):
    """Until when it leaves the queue, and why."""

    until = DateField(label=_("Until"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
