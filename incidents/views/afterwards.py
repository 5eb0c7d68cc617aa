"""Acts on people, analyses, reviews and problems of an incident, each in a dialog."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.http.access import acting
from accounts.rules.money import Money
from accounts.wording import formats
from incidents.actions import aftermath, analyses, engineers
from incidents.forms import afterwards as forms
from incidents.models import (
    AnalysisMaterial,
    Incident,
    IncidentAssignment,
    IncidentReview,
    RootCauseAnalysis,
)
from incidents.queries.aftermath import plan_activities, problems_for, recurring_with
from incidents.queries.analyses import analysis_of, tracks_of
from incidents.queries.engineers import designated_hours, requestable_roles
from incidents.rules.rca import DESIGNATED_ENGINEER
from incidents.views.dialog import Act, Case, keyed, timeless
from incidents.wording.people import role_words, track_words


def _assignment(incident: Incident, pk: int) -> IncidentAssignment:
    return get_object_or_404(incident.assignments, pk=pk)


def _assigning(case: Case) -> Any:
    return _("Assign: %(role)s") % {"role": role_words(case.row.role, case.names)}


role_assign = Act(
    does=engineers.assign_person,
    form=forms.AssignForm,
    row=_assignment,
    subject=lambda case: {"incident": case.incident, "role": case.row.role},
    options=lambda case: {"initial": {"person": case.row.person}},
    title=_assigning,
    button=_("Assign"),
    said=_("The assignment is recorded."),
    note=_("The first person counts for the target; a successor changes no clock."),
    clauses=lambda case: case.row.clauses,
)


def _roles(case: Case) -> dict[str, Any]:
    roles = requestable_roles(case.incident)
    return {"roles": {role: role_words(role, case.names) for role in roles}}


role_request = Act(
    does=engineers.request_role,
    form=forms.RoleForm,
    who=acting,
    options=_roles,
    title=_("Ask somebody to join"),
    button=_("Ask to join"),
    said=_("The request is recorded."),
    clauses=("2.3-RE17", "2.5-RD6"),
)


def _minutes_left(case: Case) -> Any:
    hours = designated_hours(case.incident, on=case.incident.submitted_at.date())
    left = sum(one.left for one in hours)
    return _("%(left)s minutes are left of the hours bought.") % {"left": left}


engineer_time = Act(
    does=engineers.log_engineer_time,
    form=forms.TimeForm,
    given=keyed,
    title=_("Deduct the engineer's time"),
    button=_("Deduct time"),
    said=_("The engineer's time is deducted."),
    note=_minutes_left,
    clauses=("2.5-RD3", "2.5-RD15"),
)


def _tracks(case: Case) -> dict[str, Any]:
    tracks = [(one, track_words(one)) for one in ("", *tracks_of(case.incident))]
    right = analysis_of(case.incident, by=case.by, now=timezone.now())
    engineers = right is not None and right.regime == "mcsap" and right.refused_as_requester
    return {
        "tracks": tracks,
        "initial": {"requester": DESIGNATED_ENGINEER if engineers else ""},
    }


incident_analyse = Act(
    does=analyses.request_analysis,
    form=forms.AnalysisForm,
    who=acting,
    options=_tracks,
    title=_("Request root cause analysis"),
    button=_("Request analysis"),
    said=_("The root cause analysis is requested."),
    note=_("It may cost extra, and the customer supplies logs and traces."),
    clauses=("2.3-RE21", "2.3-RE22"),
)


def _analysis(incident: Incident, pk: int) -> RootCauseAnalysis:
    return get_object_or_404(incident.analyses, pk=pk)


def _currency(case: Case) -> Any:
    words = _("In %(currency)s, the currency of the work order. Zero: it costs nothing.")
    return words % {"currency": case.incident.order.currency}


analysis_quote = Act(
    does=analyses.quote_fee,
    form=forms.QuoteForm,
    row=_analysis,
    row_key="analysis",
    given=lambda _case, given: {"fee_minor": given["fee"].minor},
    title=_("Quote a fee"),
    button=_("Quote fee"),
    said=_("The fee is quoted."),
    note=_currency,
    clauses=("2.3-RE22",),
)


def _fee(case: Case) -> Any:
    fee = Money(case.row.quote_minor or 0, case.incident.order.currency)
    return _("The analysis costs %(fee)s.") % {"fee": formats.money(fee)}


analysis_agree = Act(
    does=analyses.agree_fee,
    form=forms.PlainForm,
    who=acting,
    row=_analysis,
    row_key="analysis",
    title=_("Agree to the fee"),
    button=_("Agree to the fee"),
    said=_("The fee is agreed."),
    note=_fee,
    clauses=("2.3-RE22",),
)

analysis_deliver = Act(
    does=analyses.deliver_analysis,
    form=forms.FindingsForm,
    row=_analysis,
    row_key="analysis",
    title=_("Deliver the analysis"),
    button=_("Deliver analysis"),
    said=_("The root cause analysis is delivered."),
)

analysis_info = Act(
    does=analyses.tell_availability,
    form=forms.AvailabilityForm,
    title=_("Tell about analyses"),
    button=_("Tell the customer"),
    said=_("The customer is told."),
    note=_("It exists for some technologies only."),
    clauses=("2.3-RE22", "2.5-UE12"),
)


def _material(incident: Incident, pk: int) -> AnalysisMaterial:
    return get_object_or_404(AnalysisMaterial, pk=pk, analysis__incident=incident)


material_hand_in = Act(
    does=analyses.hand_in,
    form=forms.MaterialForm,
    who=acting,
    row=_material,
    row_key="material",
    title=_("Hand in material"),
    button=_("Record it"),
    said=_("It is recorded."),
    clauses=("2.3-RE21",),
)


def _review(incident: Incident) -> IncidentReview:
    return get_object_or_404(IncidentReview, incident=incident)


review_plan = Act(
    does=timeless(aftermath.plan_review),
    form=forms.PlanForm,
    row=_review,
    row_key="review",
    options=lambda case: {"initial": {"planned_on": case.row.planned_on}},
    title=_("Plan the review"),
    button=_("Set the day"),
    said=_("The review is planned."),
    note=_("The text names no date for it."),
    clauses=("2.5-UE8",),
)

review_hold = Act(
    does=aftermath.hold_review,
    form=forms.ReviewForm,
    row=_review,
    row_key="review",
    title=_("Record the review"),
    button=_("Record review"),
    said=_("The review is recorded."),
    note=_("Actions are added on the page of the incident afterwards."),
    clauses=("2.5-UE8", "2.5-UE9"),
)

follow_up_add = Act(
    does=aftermath.add_follow_up,
    form=forms.FollowUpForm,
    options=lambda case: {"activities": plan_activities(case.thing.customer, seen_by=case.by)},
    title=_("Add an action"),
    button=_("Add action"),
    said=_("The action is added."),
    clauses=("2.5-UE9",),
)

follow_up_done = Act(
    does=aftermath.finish_follow_up,
    form=forms.PlainForm,
    row=lambda thing, pk: get_object_or_404(thing.follow_ups, pk=pk),
    row_key="follow_up",
    title=_("Action done"),
    button=_("It is done"),
    said=_("The action is done."),
    note=lambda case: case.row.text,
)


def _recurring(case: Case) -> dict[str, Any]:
    return {
        "others": recurring_with(case.incident, seen_by=case.by),
        "initial": {"title": case.incident.title},
    }


def _grouped(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    return {"incidents": [case.incident, *given.pop("others")], **given}


problem_open = Act(
    does=aftermath.open_problem,
    form=forms.ProblemForm,
    subject=lambda _case: {},
    given=_grouped,
    options=_recurring,
    title=_("Group recurring incidents"),
    button=_("Open problem"),
    said=_("The problem is opened."),
    note=_("Offered are incidents of the same product, the latest first."),
    clauses=("2.4-AP22", "2.5-ED6"),
)


problem_add = Act(
    does=timeless(aftermath.add_to_problem),
    form=forms.AddToProblemForm,
    options=lambda case: {"problems": problems_for(case.incident, seen_by=case.by)},
    title=_("Add to a problem"),
    button=_("Add to problem"),
    said=_("The incident is added to the problem."),
    note=_("Offered are the customer's problems that aren't solved."),
    clauses=("2.4-AP22",),
)
