"""Acts on problems, summaries of events and emergency starts, each in a dialog."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.http.access import acting
from accounts.models import Location
from incidents.actions import aftermath, emergencies
from incidents.forms import afterwards as forms
from incidents.views.afterwards import follow_up_add, follow_up_done
from incidents.views.dialog import Act, Case, Subject, keyed, timeless
from incidents.views.lessons import problem_of, start_of, summary_of_event

PROBLEM = Subject(
    key="problem",
    find=problem_of,
    about=lambda problem: f"{problem.customer.name} · {problem.title}",
    name=lambda problem: str(problem.title),
    page="incidents:problem-detail",
)

EVENT = Subject(
    key="summary",
    find=summary_of_event,
    about=lambda summary: f"{summary.booking.reference} {summary.customer.name}",
    name=lambda summary: str(summary.booking.reference),
    page="incidents:event-detail",
)

START = Subject(
    key="start",
    find=start_of,
    about=lambda start: str(start.customer.name),
    name=lambda _start: str(_("Emergency start")),
    page="incidents:emergency-detail",
)


def _none_yet(_request: HttpRequest, _pk: int) -> None:
    """A start is made before there is one."""


STARTS = Subject(
    key="",
    find=_none_yet,
    about=lambda _none: str(_("Cyberattack work before its contract (MSCIR)")),
    name=lambda _none: str(_("Emergency starts")),
    page="incidents:emergency-list",
)

problem_solve = Act(
    of=PROBLEM,
    does=aftermath.solve_problem,
    form=forms.SolveForm,
    options=lambda case: {"initial": {"cause": case.thing.cause}},
    title=_("Solve the problem"),
    button=_("Record as solved"),
    said=_("The problem is solved."),
    clauses=("2.4-AP22",),
)

# As at an incident; that UER asks for actions is told there alone (2.5-UE9).
problem_action = replace(follow_up_add, of=PROBLEM, clauses=())
problem_action_done = replace(follow_up_done, of=PROBLEM)

event_close = Act(
    of=EVENT,
    does=aftermath.close_event_summary,
    form=forms.SummaryForm,
    title=_("Give the summary"),
    button=_("Give summary"),
    said=_("The summary is given."),
    note=_("It closes once every incident opened in the window is closed."),
    clauses=("A-AE9",),
)


def _places(case: Case) -> dict[str, Any]:
    by = case.by
    return {
        "locations": Location.objects.visible_to(by).select_related("customer"),
        "initial": {"authorised_by": "" if by.manages_agreements else by.name},
    }


emergency_start = Act(
    of=STARTS,
    does=emergencies.start_emergency,
    form=forms.EmergencyForm,
    who=acting,
    given=keyed,
    options=_places,
    title=_("Emergency start"),
    button=_("Authorise and start"),
    said=_("The authorisation is recorded; work can begin."),
    note=_(
        "In an emergency work may begin before MSCIR is bought. Each of the three "
        "consequences is acknowledged by itself and kept on record."
    ),
    clauses=("2.4-IR4", "2.4-IR5"),
)


emergency_scope = Act(
    of=START,
    does=timeless(emergencies.agree_scope),
    form=forms.ScopeForm,
    options=lambda case: {"initial": {"scope": case.thing.scope}},
    title=_("Define the scope"),
    button=_("Record scope"),
    said=_("The scope is recorded."),
    clauses=("2.4-IR3",),
)

emergency_contract = Act(
    of=START,
    does=emergencies.record_contract,
    form=forms.ContractForm,
    title=_("Record the contract"),
    button=_("Record contract"),
    said=_("The contract is recorded."),
    clauses=("2.4-IR5",),
)
