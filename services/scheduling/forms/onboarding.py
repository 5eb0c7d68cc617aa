"""What people write about onboardings, monitors and improvement plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.scheduling.models import ImprovementPlan, MonitoringScenario, OnboardingTask
from workorders.forms.base import KeyedForm
from workorders.forms.filters import DateField
from workorders.models import Deadline


def moment_field(label: Any) -> forms.DateTimeField:
    """A moment in the reader's zone, with the browser's calendar."""
    return forms.DateTimeField(
        label=label,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In your own time zone."),
    )


class NothingForm(KeyedForm):
    """It has been done; nothing to write."""


class TaskForm(KeyedForm):
    """Something that the onboarding waits for."""

    part = forms.ChoiceField(label=_("Belongs to"), choices=OnboardingTask.Part.choices)
    title = forms.CharField(label=_("What is needed"), max_length=160)
    owner = forms.ChoiceField(
        label=_("Whose turn"),
        choices=Deadline.Owner.choices,
        initial=Deadline.Owner.CUSTOMER,
    )


class TaskDoneForm(KeyedForm):
    """What was supplied."""

    note = forms.CharField(
        label=_("What was supplied"),
        max_length=300,
        required=False,
        help_text=_("For example a document's name, or where it lies."),
    )


class IntakeDoneForm(KeyedForm):
    """Since when the intake document is complete."""

    at = moment_field(_("Complete since"))


class EarlyEndForm(KeyedForm):
    """An earlier last day of onboarding that both sides agreed on."""

    on = DateField(label=_("Last day of the onboarding"))
    agreed = forms.CharField(
        label=_("Who agreed for the customer, and where"),
        max_length=300,
        help_text=_("Such as a name and the minutes that say so."),
    )


class MeetingForm(KeyedForm):
    """When a quarterly meeting is to be, with whom."""

    on = DateField(label=_("Day"))
    attendees = forms.CharField(label=_("Attendees"), max_length=500)


class MeetingHeldForm(MeetingForm):
    """A quarterly meeting that was held, with its minutes."""

    minutes = forms.CharField(
        label=_("Minutes"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )


class ScenarioForm(KeyedForm):
    """A monitoring scenario that both sides agreed on."""

    name = forms.CharField(label=_("Name"), max_length=120)
    resources = forms.CharField(
        label=_("Azure resources"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    watches = forms.ChoiceField(label=_("Watches"), choices=MonitoringScenario.Watches.choices)
    response = forms.CharField(label=_("What a trigger sets off"), max_length=300)
    agreed_by = forms.CharField(
        label=_("Agreed for the customer by"),
        max_length=120,
        required=False,
        help_text=_("Who agreed on the customer's side; without it the scenario is refused."),
    )
    thresholds = forms.CharField(
        label=_("Thresholds, for Microsoft's people only"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    override_reason = forms.CharField(
        label=_("Why it is added after the onboarding days"),
        max_length=300,
        required=False,
        help_text=_("Only then needed; kept and shown with the scenario."),
    )


class ThresholdsForm(KeyedForm):
    """Thresholds, hidden from the customer."""

    thresholds = forms.CharField(
        label=_("Thresholds, for Microsoft's people only"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(KeyedForm):
    """Why."""

    reason = forms.CharField(label=_("Reason, shown to the customer"), max_length=300)


class OptionalReasonForm(KeyedForm):
    """Why, if there is something to say."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class TriggerForm(KeyedForm):
    """When a monitor triggered."""

    at = moment_field(_("Triggered at"))
    case_number = forms.CharField(
        label=_("Support case"),
        max_length=40,
        required=False,
        help_text=_("Empty: there is none yet, and the customer is asked to open one."),
    )
    signal = forms.CharField(
        label=_("Signal, for Microsoft's people only"), max_length=300, required=False
    )


class CaseForm(KeyedForm):
    """The support case of a trigger."""

    case_number = forms.CharField(label=_("Support case"), max_length=40)


class PlanForm(KeyedForm):
    """An improvement plan that is asked for."""

    title = forms.CharField(label=_("What is to improve"), max_length=160)
    focus = forms.ChoiceField(label=_("Focus"), choices=ImprovementPlan.Focus.choices)
    wanted_from = DateField(label=_("Wanted from"))


class PlanDayForm(KeyedForm):
    """The day on which a plan begins."""

    on = DateField(label=_("Starts on"))


class PlanDeliveredForm(KeyedForm):
    """When a plan was delivered, and what came of it."""

    on = DateField(label=_("Delivered on"))
    outcome = forms.CharField(
        label=_("Outcome"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
