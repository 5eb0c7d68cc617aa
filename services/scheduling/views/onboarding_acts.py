"""The acts of an onboarding: a form of their own each, or a button on the tab."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as g

from accounts.http import idempotent, refusal_status
from accounts.http.access import acting
from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms import onboarding as forms
from services.scheduling.models import (
    ImprovementPlan,
    MonitoringScenario,
    MonitorTrigger,
    OnboardingTask,
)
from services.scheduling.queries.meetings import Quarter, quarter_of
from services.scheduling.queries.onboarding import line_of, onboarding_last_day, parts_of
from services.scheduling.views.onboarding import onboarding_answer
from services.scheduling.wording.plans import usual_tasks
from workorders.forms.base import KeyedForm
from workorders.models import WorkOrder, WorkOrderLine

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done: on what, with which form, by which action, told how."""

    title: Any
    button: Any
    said: Any
    fetch: Callable[[User, int], Any]
    form: type[KeyedForm]
    run: Run
    clauses: tuple[str, ...] = ()
    is_staffs: bool = True
    # Done by a button on the tab; without one the form is a dialog of its own.
    at_once: bool = False


def _line(person: User, pk: int) -> WorkOrderLine:
    line = line_of(person, pk)
    if line is None:
        raise Http404
    return line


def _row(model: Any, *related: str) -> Callable[[User, int], Any]:
    def fetch(person: User, pk: int) -> Any:
        rows: models.QuerySet[Any] = model.objects.visible_to(person)
        return get_object_or_404(rows.select_related(*related), pk=pk)

    return fetch


def _quarter(person: User, pk: int) -> Quarter:
    quarter = quarter_of(person, pk)
    if quarter is None:
        raise Http404
    return quarter


def _of_quarter(action: Callable[..., Any]) -> Run:
    return lambda quarter, **given: action(line=quarter.line, quarter=quarter.number, **given)


TO_LINE = ("line__order__customer", "line__order__edition", "line__offering")
_task = _row(OnboardingTask, *TO_LINE)
_scenario = _row(MonitoringScenario, *TO_LINE)
_plan = _row(ImprovementPlan, *TO_LINE)
_trigger = _row(MonitorTrigger, *(f"scenario__{name}" for name in TO_LINE))


def _step(to: str) -> Run:
    return lambda scenario, **given: actions.advance_scenario(scenario=scenario, to=to, **given)


def _part(part: str) -> Run:
    return lambda line, **given: actions.complete_part(line=line, part=part, **given)


def _named(name: str, action: Callable[..., Any]) -> Run:
    return lambda subject, **given: action(**{name: subject}, **given)


Part = OnboardingTask.Part

ACTS: Mapping[str, Act] = {
    "begin": Act(
        g("Begin with the usual tasks"), g("Begin with the usual tasks"), g("The tasks are listed."),
        _line, forms.NothingForm,
        lambda line, **given: actions.begin_onboarding(
            line=line, tasks=usual_tasks(parts_of(line)), **given
        ),
        at_once=True,
    ),
    "task": Act(
        g("Add a task"), g("Add the task"), g("The task is added."),
        _line, forms.TaskForm, _named("line", actions.ask_task), ("2.4-AP45",),
    ),
    "done": Act(
        g("Task done"), g("Record it as done"), g("The task is done."),
        _task, forms.TaskDoneForm, _named("task", actions.complete_task), ("2.4-AP13",),
        is_staffs=False,
    ),
    "drop": Act(
        g("Task not needed"), g("Take it off the list"), g("The task is off the list."),
        _task, forms.NothingForm, _named("task", actions.drop_task), at_once=True,
    ),
    "intake": Act(
        g("Intake document complete"), g("Record the complete intake"),
        g("The intake is complete: both reactive features are open."),
        _line, forms.IntakeDoneForm, _part(Part.INTAKE), ("2.4-AP10", "2.4-AP11"),
    ),
    "material": Act(
        g("Material complete"), g("Material complete"), g("The material is complete."),
        _line, forms.NothingForm, _part(Part.MATERIAL), ("2.4-AP38",), at_once=True,
    ),
    "onboarding": Act(
        g("Onboarding complete"), g("Onboarding complete"), g("The onboarding is complete."),
        _line, forms.NothingForm, _part(Part.ONBOARDING), ("2.4-AP13",), at_once=True,
    ),
    "early-end": Act(
        g("Earlier end of the onboarding"), g("Record the earlier end"),
        g("The onboarding ends earlier; its dates have moved."),
        _line, forms.EarlyEndForm, _named("line", actions.end_onboarding_early),
        ("2.4-AP39", "2.4-AP12"),
    ),
    "meeting": Act(
        g("Plan the quarterly meeting"), g("Plan the meeting"), g("The meeting is planned."),
        _quarter, forms.MeetingForm, _of_quarter(actions.plan_meeting), ("2.5-UE20",),
    ),
    "meeting-held": Act(
        g("Minutes of the quarterly meeting"), g("Record the meeting"),
        g("The meeting is recorded."),
        _quarter, forms.MeetingHeldForm, _of_quarter(actions.hold_meeting), ("2.5-UE20",),
    ),
    "scenario": Act(
        g("Define a monitoring scenario"), g("Define the scenario"), g("The scenario is defined."),
        _line, forms.ScenarioForm, _named("line", actions.define_scenario),
        ("2.4-AP35", "2.4-AP37"),
    ),
    "ready": Act(
        g("Ready for testing"), g("Ready for testing"), g("The monitor is ready for testing."),
        _scenario, forms.NothingForm, _step("ready"), ("2.4-AP39",), at_once=True,
    ),
    "tested": Act(
        g("Tests complete"), g("Tests complete"), g("The tests are complete."),
        _scenario, forms.NothingForm, _step("tested"), ("2.4-AP40",), at_once=True,
    ),
    "active": Act(
        g("Monitor active"), g("Tell the customer: active"),
        g("The monitor is active; the customer is told."),
        _scenario, forms.NothingForm, _step("active"), ("2.4-AP40",), at_once=True,
    ),
    "thresholds": Act(
        g("Thresholds of the monitor"), g("Save the thresholds"), g("The thresholds are saved."),
        _scenario, forms.ThresholdsForm, _named("scenario", actions.change_thresholds),
        ("2.4-AP36",),
    ),
    "retire": Act(
        g("Retire a scenario"), g("Retire the scenario"), g("The scenario is retired."),
        _scenario, forms.ReasonForm, _named("scenario", actions.retire_scenario), ("2.4-AP35",),
    ),
    "trigger": Act(
        g("Record a trigger"), g("Record the trigger"), g("The trigger is recorded."),
        _scenario, forms.TriggerForm, _named("scenario", actions.record_trigger),
        ("2.4-AP40", "2.4-AP41"),
    ),
    "case": Act(
        g("Support case of a trigger"), g("Add the case"), g("The case is added."),
        _trigger, forms.CaseForm, _named("trigger", actions.name_case), ("2.4-AP41",),
    ),
    "plan": Act(
        g("Ask for an improvement plan"), g("Ask for the plan"), g("The plan is asked for."),
        _line, forms.PlanForm, _named("line", actions.request_plan), ("2.4-AP29", "2.4-AP12"),
        is_staffs=False,
    ),
    "plan-day": Act(
        g("Put the plan on a day"), g("Put it on this day"), g("The plan has a day."),
        _plan, forms.PlanDayForm, _named("plan", actions.schedule_plan), ("2.4-AP12",),
    ),
    "plan-delivered": Act(
        g("Plan delivered"), g("Record the delivery"), g("The delivery is recorded."),
        _plan, forms.PlanDeliveredForm, _named("plan", actions.deliver_plan), ("2.4-AP28",),
    ),
    "plan-decline": Act(
        g("Decline the plan"), g("Decline the plan"), g("The plan is declined."),
        _plan, forms.ReasonForm, _named("plan", actions.decline_plan), ("2.4-AP29",),
    ),
    "plan-withdraw": Act(
        g("Withdraw the plan"), g("Withdraw the plan"), g("The plan is withdrawn."),
        _plan, forms.OptionalReasonForm, _named("plan", actions.withdraw_plan), ("2.4-AP29",),
        is_staffs=False,
    ),
}  # fmt: skip


def onboarding_act(request: HttpRequest, act: str, pk: int) -> HttpResponse:
    """The form of an act, a dialog or a page; on POST the act itself."""
    person, what = acting(request), ACTS.get(act)
    if what is None or (what.is_staffs and not person.manages_agreements):
        raise Http404
    if what.at_once and request.method != "POST":
        raise Http404
    subject, now = what.fetch(person, pk), timezone.now()
    form = _form(what, subject, request, now)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _refused(what, act, subject, form, person, now)
        if refusal is None:
            return _done(request, what, subject)
    if what.at_once:
        return _not_done(request, subject, refusal)
    context = {
        "act": what,
        "code": act,
        "subject": subject,
        "line": line_behind(subject),
        "order": order_behind(subject),
        "form": form,
        "refusal": refusal,
    }
    status = 200
    if request.method == "POST":
        status = refusal_status(refusal) if refusal else 422
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/onboarding_act.html{fragment}", context, status=status)


def line_behind(subject: Any) -> WorkOrderLine:
    """The line that an act is about."""
    if isinstance(subject, WorkOrderLine):
        return subject
    if isinstance(subject, MonitorTrigger):
        return subject.scenario.line
    line: WorkOrderLine = subject.line
    return line


def order_behind(subject: Any) -> WorkOrder:
    """The order that an act is about."""
    return line_behind(subject).order


def _form(what: Act, subject: Any, request: HttpRequest, now: datetime) -> KeyedForm:
    given = request.POST if request.method == "POST" else None
    form = what.form(given, initial=_initial(subject, now))
    if isinstance(form, forms.TaskForm) and isinstance(subject, WorkOrderLine):
        parts = [(part, Part(part).label) for part in parts_of(subject)]
        form.fields["part"].choices = parts  # type: ignore[attr-defined]
    return form


def _initial(subject: Any, now: datetime) -> dict[str, Any]:
    """What a form begins with."""
    moment = now.replace(second=0, microsecond=0)
    initial: dict[str, Any] = {"at": timezone.localtime(moment)}
    today = timezone.localdate(now)
    if isinstance(subject, WorkOrderLine):
        initial["wanted_from"] = max(today, onboarding_last_day(subject) + timedelta(days=1))
    if isinstance(subject, Quarter):
        planned = subject.meeting
        initial["on"] = planned.planned_on if planned else today
        initial["attendees"] = planned.attendees if planned else ""
    if isinstance(subject, ImprovementPlan):
        initial["on"] = subject.starts_on or max(today, subject.wanted_from)
    if isinstance(subject, MonitoringScenario):
        initial["thresholds"] = subject.thresholds
    return initial


def _refused(
    what: Act, act: str, subject: Any, form: KeyedForm, person: User, now: datetime
) -> Refused | None:
    """Do it once for the form's key; the refusal, if there is one."""

    def run() -> tuple[int, Any]:
        what.run(subject, by=person, now=now, **form.answers)
        return 200, {}

    typed = {name: str(value) for name, value in form.answers.items()}
    body = {"act": act, "subject": subject.pk, "typed": typed}
    try:
        idempotent(user=person, key=form.cleaned_data["key"], body=body, now=now, act=run)
    except Refused as refusal:
        return refusal
    return None


def _done(request: HttpRequest, what: Act, subject: Any) -> HttpResponse:
    order = order_behind(subject)
    if what.at_once and request.htmx:  # type: ignore[attr-defined]
        return onboarding_answer(request, order, said=str(what.said))
    messages.success(request, str(what.said))
    return redirect("scheduling:order-onboarding", order.pk)


def _not_done(request: HttpRequest, subject: Any, refusal: Refused | None) -> HttpResponse:
    """The tab with the reason why not."""
    return onboarding_answer(request, order_behind(subject), refusal=refusal)
