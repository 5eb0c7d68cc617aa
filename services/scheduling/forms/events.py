"""The window builder of Azure events, and what is written about one."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from services.scheduling.forms.bookings import CLOUDS, REFIT, grouped
from services.scheduling.models import EventBrief, EventRisk
from services.scheduling.queries.choices import Bookable
from services.scheduling.rules.events import EventPlan
from workorders.forms.base import KeyedForm, PatientForm, dress
from workorders.forms.filters import DateField
from workorders.models import Deadline

# The form's names for what the rules call a field.
FIELD_OF = {
    "starts_at": "first_day",
    "ends_at": "last_day",
    "ends_on": "last_day",
    "date": "first_day",
    "quantity": "entitlement",
    "event_confirmed_on": "confirmed_on",
    "cloud": "cloud",
    "restricted_staff_required": "restricted_staff",
}
REFITTING = frozenset({"customer", "entitlement"})
MOST_SOLUTIONS = 20


class EventForm(PatientForm):
    """An activity: from which events, which whole days, which solutions, what it is about."""

    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        empty_label=_("Choose a customer"),
    )
    entitlement = forms.ChoiceField(label=_("From"))
    first_day = DateField(label=_("First day of the activity"))
    last_day = DateField(label=_("Last day"), help_text=_("Weekends and holidays count."))
    solutions = forms.CharField(
        label=_("Azure solutions"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line: subscriptions that serve one goal together."),
    )
    kind = forms.ChoiceField(label=_("What kind of event"), choices=EventBrief.Kind.choices)
    goal = forms.CharField(label=_("What it is for"), max_length=300)
    scope = forms.CharField(label=_("Subscriptions"), max_length=500, required=False)
    cloud = forms.ChoiceField(label=_("Cloud"), choices=CLOUDS)
    restricted_staff = forms.BooleanField(
        label=_("Only citizens of certain countries may support it"), required=False
    )
    confirmed_on = DateField(
        label=_("Confirmed in writing on"),
        required=False,
        help_text=_("Empty: still to be confirmed."),
    )
    short_notice_agreed = forms.BooleanField(
        label=_("Microsoft agrees to the short notice"), required=False
    )
    events = forms.IntegerField(
        label=_("Events for each solution"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Empty: as the windows ask for. Microsoft may settle for fewer."),
    )
    fewer_reason = forms.CharField(label=_("Why fewer are enough"), max_length=300, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(
        self,
        *args: Any,
        customers: QuerySet[Customer],
        bookables: Sequence[Bookable],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.bookables = {str(one.entitlement.pk): one for one in bookables}
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        self.fields["entitlement"].choices = grouped(bookables)  # type: ignore[attr-defined]
        given = self.data if self.is_bound else self.initial
        self.chosen = self.bookables.get(str(given.get("entitlement") or ""))
        dress(self)
        for name, bound in self.fields.items():
            if name in REFITTING:
                bound.widget.attrs.update(REFIT)

    @property
    def named(self) -> list[str]:
        """The solutions as typed, one a line."""
        lines = str(self.cleaned_data.get("solutions") or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def clean_solutions(self) -> str:
        """No more solutions than a person would read."""
        text = str(self.cleaned_data["solutions"])
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_SOLUTIONS:
            raise forms.ValidationError(
                _("At most %(most)s solutions at a time."), params={"most": MOST_SOLUTIONS}
            )
        if any(len(line.strip()) > 160 for line in lines):
            raise forms.ValidationError(_("A solution's name has at most 160 characters."))
        return text

    @property
    def days(self) -> tuple[Any, Any] | None:
        """First and last day, once both are there and in order."""
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        return (first, last) if first and last and first <= last else None

    @property
    def plan(self) -> EventPlan:
        """What a valid form says."""
        data = self.cleaned_data
        return EventPlan(
            first_day=data["first_day"],
            last_day=data["last_day"],
            solutions=self.named,
            kind=data["kind"],
            goal=data["goal"],
            scope=data["scope"],
            cloud=data["cloud"],
            restricted_staff=data["restricted_staff"],
            confirmed_on=data["confirmed_on"],
            short_notice_agreed=data["short_notice_agreed"],
            events=data["events"],
            fewer_reason=data["fewer_reason"],
        )


class RiskForm(KeyedForm):
    """A risk that was found."""

    title = forms.CharField(label=_("Risk"), max_length=160)
    area = forms.ChoiceField(label=_("Area"), choices=EventRisk.Area.choices)
    advice = forms.CharField(label=_("What to do about it"), max_length=500, required=False)
    owner = forms.ChoiceField(
        label=_("Whose turn"), choices=Deadline.Owner.choices, initial=Deadline.Owner.CUSTOMER
    )
    owner_name = forms.CharField(label=_("Who"), max_length=120, required=False)


class SettleForm(KeyedForm):
    """How a risk ended."""

    settled_as = forms.ChoiceField(
        label=_("Outcome"), choices=EventRisk.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("What was done"), max_length=300)


class WithoutResourcesForm(KeyedForm):
    """Cancelled for want of the customer's resources, and what becomes of the value."""

    reason = forms.CharField(label=_("Reason, shown to the customer"), max_length=300)
    keeps_charge = forms.TypedChoiceField(
        label=_("What becomes of the events"),
        choices=(
            (0, _("Everything goes back")),
            (1, _("Keep what the customer's own cancellation would cost")),
        ),
        coerce=lambda value: value == "1",
        initial=0,
        widget=forms.RadioSelect,
    )
