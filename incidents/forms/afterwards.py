"""Forms about people, analyses, and what is learnt afterwards."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Location
from accounts.rules.money import Money
from incidents.forms.acts import ActForm
from incidents.forms.fields import LocalInstantField
from incidents.models import Incident, Problem
from incidents.queries.analyses import AS_ENGINEERS
from incidents.wording.people import track_words
from services.scheduling.models import SuccessActivity
from workorders.forms.base import DressedForm

LONG = {"rows": 3}


class PlainForm(DressedForm):
    """It has been done; nothing to write."""


class DayField(forms.DateField):
    """A day, picked or typed."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**options)


def long_text(label: Any, *, limit: int, required: bool = True) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        widget=forms.Textarea(attrs=LONG),
    )


class AssignForm(ActForm):
    """Who takes a role."""

    person = forms.CharField(label=_("Name"), max_length=120)
    at = LocalInstantField(label=_("When"))


class RoleForm(ActForm):
    """Who is asked to join, and why."""

    role = forms.ChoiceField(label=_("Who"))
    reason = long_text(_("Reason"), limit=2_000)
    asked_by_engineer = forms.BooleanField(label=_("An MCSAP engineer escalates"), required=False)

    def __init__(self, *args: Any, roles: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = list(roles.items())  # type: ignore[attr-defined]
        if not self.by.manages_agreements or "mcsap_crisis_team" not in roles:
            del self.fields["asked_by_engineer"]


class TimeForm(ActForm):
    """Time of the designated engineer."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=24 * 60)
    on = DayField(label=_("Day"), required=False, help_text=_("Empty: today."))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)


class AnalysisForm(ActForm):
    """A request for an analysis; staff say in whose name."""

    requester = forms.ChoiceField(
        label=_("Asked by"),
        choices=[
            ("csam", _("Account manager")),
            ("customer", _("Customer")),
            ("designated_mcsap_engineer", _("Designated MCSAP engineer")),
            ("incident_management_team", _("Incident management team")),
        ],
        required=False,
    )
    track = forms.ChoiceField(label=_("Kind"), required=False)
    problem = forms.ModelChoiceField(
        label=_("Of the series"),
        queryset=Problem.objects.none(),
        required=False,
        empty_label=_("This incident alone"),
    )
    text = long_text(_("Note"), limit=8_000, required=False)

    def __init__(self, *args: Any, tracks: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer_tracks(tracks)
        if not self.by.manages_agreements:
            del self.fields["requester"]
        series = Problem.objects.visible_to(self.by).filter(incidents=self.incident)
        if series.exists():
            self.fields["problem"].queryset = series  # type: ignore[attr-defined]
        else:
            del self.fields["problem"]

    def _offer_tracks(self, tracks: list[tuple[str, str]]) -> None:
        """What can be asked for now; what another page still offered is refused by its reason."""
        field = self.fields["track"]
        field.choices = [(one, track_words(one)) for one in ("", *AS_ENGINEERS)]  # type: ignore[attr-defined]
        if len(tracks) > 1:
            field.widget.choices = tracks
        else:
            field.widget = forms.HiddenInput()


class QuoteForm(ActForm):
    """What an analysis costs."""

    fee = forms.DecimalField(label=_("Fee"), min_value=0, max_digits=12)

    def clean_fee(self) -> Money:
        """In the currency of the order, with no more places than it has."""
        currency = self.incident.order.currency
        try:
            return Money.of(self.cleaned_data["fee"], currency)
        except ValueError:
            raise forms.ValidationError(
                _("Not an amount in %(currency)s.") % {"currency": currency}, code="invalid"
            ) from None


class FindingsForm(ActForm):
    """What the analysis found."""

    findings = long_text(_("Findings and recommendations"), limit=20_000)


class AvailabilityForm(ActForm):
    """Whether there is an analysis for this technology."""

    available = forms.TypedChoiceField(
        label=_("For this technology"),
        choices=[("yes", _("An analysis is available")), ("no", _("No analysis is available"))],
        coerce=lambda value: value == "yes",
    )
    text = long_text(_("Note"), limit=2_000, required=False)


class MaterialForm(ActForm):
    """Where what was handed in can be found."""

    note = forms.CharField(label=_("Where it is"), max_length=300, required=False)


class PlanForm(ActForm):
    """The day of a review."""

    planned_on = DayField(label=_("Planned for"), required=False)


class ReviewForm(ActForm):
    """How a review went."""

    held_on = DayField(label=_("Held on"))
    attendees = long_text(_("Who was there"), limit=8_000)
    went_well = long_text(_("What went well"), limit=8_000)
    to_improve = long_text(_("What to improve"), limit=8_000)


class FollowUpForm(DressedForm):
    """An action: what, who, until when."""

    text = forms.CharField(label=_("Action"), max_length=300)
    owner = forms.CharField(label=_("Who does it"), max_length=120)
    due_on = DayField(label=_("Until"), required=False)
    activity = forms.ModelChoiceField(
        label=_("In the success plan"),
        queryset=SuccessActivity.objects.none(),
        required=False,
        empty_label=_("Not tracked there"),
    )

    def __init__(self, *args: Any, activities: QuerySet[SuccessActivity], **options: Any) -> None:
        super().__init__(*args, **options)
        if activities.exists():
            self.fields["activity"].queryset = activities  # type: ignore[attr-defined]
        else:
            del self.fields["activity"]


class ProblemForm(ActForm):
    """Incidents with the same cause."""

    title = forms.CharField(label=_("Title"), max_length=160)
    others = forms.ModelMultipleChoiceField(
        label=_("Incidents that recur"),
        queryset=Incident.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    cause = long_text(_("Cause, as far as known"), limit=8_000, required=False)

    def __init__(self, *args: Any, others: QuerySet[Incident], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["others"]
        field.queryset = others  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.number} {one.title}"  # type: ignore[attr-defined]


class AddToProblemForm(ActForm):
    """The problem that an incident belongs to."""

    problem = forms.ModelChoiceField(label=_("Problem"), queryset=Problem.objects.none())

    def __init__(self, *args: Any, problems: QuerySet[Problem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["problem"].queryset = problems  # type: ignore[attr-defined]


class SolveForm(DressedForm):
    """The cause, found and removed."""

    cause = long_text(_("Cause, and how it was removed"), limit=8_000)


class SummaryForm(DressedForm):
    """The summary of an event."""

    text = long_text(_("Summary for the customer"), limit=20_000)


class EmergencyForm(DressedForm):
    """An early start: what happens, who authorised it, three consequences one by one."""

    location = forms.ModelChoiceField(label=_("Location"), queryset=Location.objects.none())
    emergency = long_text(_("What happens"), limit=8_000)
    authorised_by = forms.CharField(label=_("Authorised by"), max_length=120)
    scope = long_text(_("Scope, as far as agreed"), limit=8_000, required=False)
    signs_promptly = forms.BooleanField(
        label=_("The customer does what is reasonable to execute the MSCIR contract soon."),
        required=False,
    )
    pays_before_signature = forms.BooleanField(
        label=_("The customer pays the invoices for work done before execution."), required=False
    )
    bears_risk = forms.BooleanField(
        label=_(
            "The customer bears all risk of authorised work before signature; Microsoft isn't "
            "liable for it."
        ),
        required=False,
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, locations: QuerySet[Location], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["location"].queryset = locations  # type: ignore[attr-defined]
        self.initial.setdefault("key", uuid.uuid4().hex)


class ScopeForm(DressedForm):
    """The scope that both sides define."""

    scope = long_text(_("Scope"), limit=8_000)


class ContractForm(DressedForm):
    """When the contract was executed."""

    signed_on = DayField(label=_("Contract executed on"))
