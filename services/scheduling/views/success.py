"""A customer's success plan, and what is written in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as g

from accounts.http import idempotent, refusal_status
from accounts.http.access import acting, viewer
from accounts.models import Customer, User
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms import success as forms
from services.scheduling.forms.onboarding import NothingForm
from services.scheduling.models import SuccessAction, SuccessActivity, SuccessObjective
from services.scheduling.queries.success import (
    ActivityRow,
    SuccessPlan,
    linkable,
    pillar_activities,
    success_plan,
)
from services.scheduling.rules.success import DUTIES
from services.scheduling.wording.success import STATES, shade
from workorders.forms.base import KeyedForm
from workorders.models import Deadline


def customer_success(request: HttpRequest, pk: int) -> HttpResponse:
    """Objectives, activities, the heat map of the pillars, duties with evidence."""
    person = viewer(request)
    customer = get_object_or_404(Customer.objects.visible_to(person), pk=pk)
    plan = success_plan(customer, viewer=person, now=timezone.now())
    context = {
        "customer": customer,
        "plan": plan,
        "groups": [
            (one.objective, STATES[one.status] if one.status else None,
             [_row(row, person) for row in one.activities])
            for one in plan.objectives
        ],
        "heat": _heat(plan),
        "shown_duties": sum(duty.is_shown for duty in plan.duties),
        "may_manage": person.manages_agreements,
        "may_act": person.may_act_for_customer,
        "standing": STANDING,
    }  # fmt: skip
    return render(request, "scheduling/customer_success.html", context)


STANDING = frozenset({"open", "planned", "under_way", "late"})


def _row(row: ActivityRow, person: User) -> dict[str, Any]:
    own = Deadline.Owner.CUSTOMER
    return {
        "row": row,
        "shown": STATES[row.status],
        "actions": [
            (one, one.done_on is None and (person.manages_agreements or one.owner == own))
            for one in row.actions
        ],
    }


def _heat(plan: SuccessPlan) -> list[tuple[Any, list[Any]]]:
    return [
        (
            one.pillar,
            [
                (activity, [(count, shade(count)) for count in heat.counts], heat.total)
                for activity, heat in one.rows
            ],
        )
        for one in plan.pillars
    ]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is written: on what, with which form, by which action, told how."""

    title: Any
    said: Any
    model: Any
    name: str
    form: type[KeyedForm]
    run: Callable[..., Any]
    clauses: tuple[str, ...] = ("B-S10",)
    is_staffs: bool = True


def _evidence(**given: Any) -> Any:
    return actions.record_evidence(owner=Deadline.Owner.CUSTOMER, **given)


ACTS: Mapping[str, Act] = {
    "objective": Act(
        g("Add an objective"), g("The objective is added."), Customer, "customer",
        forms.ObjectiveForm, actions.add_objective,
    ),
    "achieved": Act(
        g("Objective achieved"), g("The objective is achieved."), SuccessObjective, "objective",
        forms.AchievedForm, actions.achieve_objective,
    ),
    "drop-objective": Act(
        g("Drop the objective"), g("The objective is dropped."), SuccessObjective, "row",
        forms.DroppedForm, actions.drop_from_plan,
    ),
    "activity": Act(
        g("Plan an activity"), g("The activity is planned."), Customer, "customer",
        forms.ActivityForm, actions.plan_activity, ("B-S3", "B-S9", "B-S14"),
    ),
    "done": Act(
        g("Activity done"), g("The activity is done."), SuccessActivity, "activity",
        forms.DoneForm, actions.finish_activity,
    ),
    "drop-activity": Act(
        g("Drop the activity"), g("The activity is dropped."), SuccessActivity, "row",
        forms.DroppedForm, actions.drop_from_plan,
    ),
    "link": Act(
        g("Deliveries for this activity"), g("The deliveries are linked."), SuccessActivity,
        "activity", forms.LinkForm, actions.link_deliveries, ("B-S2",),
    ),
    "action": Act(
        g("Add an action"), g("The action is added."), SuccessActivity, "activity",
        forms.ActionForm, actions.add_action,
    ),
    "action-done": Act(
        g("Action done"), g("The action is done."), SuccessAction, "action",
        NothingForm, actions.finish_action, is_staffs=False,
    ),
    "evidence": Act(
        g("Record evidence"), g("The evidence is recorded."), Customer, "customer",
        forms.EvidenceForm, _evidence, ("2.8-C1",), is_staffs=False,
    ),
}  # fmt: skip


def success_act(request: HttpRequest, act: str, pk: int) -> HttpResponse:
    """The form of an act, a dialog or a page; on POST the act itself."""
    person, what = acting(request), ACTS.get(act)
    if what is None or (what.is_staffs and not person.manages_agreements):
        raise Http404
    row = get_object_or_404(what.model.objects.visible_to(person), pk=pk)
    customer, now = row if isinstance(row, Customer) else row.customer, timezone.now()
    form, refusal = _form(what, row, request, person, now), None
    if request.method == "POST" and form.is_valid():
        refusal = _refused(what, act, row, form, person, now)
        if refusal is None:
            messages.success(request, str(what.said))
            return redirect("scheduling:customer-success", customer.pk)
    typed = form["clause"].value() if "clause" in form.fields else ""
    context = {
        "act": what, "code": act, "row": row, "customer": customer, "form": form,
        "refusal": refusal, "duty": typed if typed in DUTIES else "",
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        status = refusal_status(refusal) if refusal else 422
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/success_act.html{fragment}", context, status=status)


def _form(what: Act, row: Any, request: HttpRequest, person: User, now: datetime) -> KeyedForm:
    today = timezone.localdate(now)
    initial = {
        "on": today,
        "starts_on": today,
        "due_on": today + timedelta(days=90),
        "clause": request.GET.get("clause", "")[:20],
    }
    given = request.POST if request.method == "POST" else None
    if what.form is forms.LinkForm and isinstance(row, SuccessActivity):
        initial["bookings"] = list(row.bookings.values_list("pk", flat=True))
    form = what.form(given, initial=initial)
    if isinstance(form, forms.LinkForm):
        form.offer(linkable(row, person))
    if isinstance(form, forms.ActivityForm):
        standing = SuccessObjective.objects.visible_to(person).filter(
            customer=row, achieved_on=None, dropped_reason=""
        )
        form.offer(pillar_activities(row, on=today), standing)
    return form


def _refused(
    what: Act, act: str, row: Any, form: KeyedForm, person: User, now: datetime
) -> Refused | None:
    """Do it once for the form's key; the refusal, if there is one."""

    def run() -> tuple[int, Any]:
        what.run(**{what.name: row}, by=person, now=now, **form.answers)
        return 200, {}

    typed = {name: str(value) for name, value in form.answers.items()}
    body = {"act": act, "row": row.pk, "typed": typed}
    try:
        idempotent(user=person, key=form.cleaned_data["key"], body=body, now=now, act=run)
    except Refused as refusal:
        return refusal
    return None
