"""The two steps that can't be taken back: executing a draft, ending an order early."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest, refusal_status
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from workorders.actions.orders import execute_order, terminate_order
from workorders.forms.orders import ExecuteForm, TerminateForm
from workorders.forms.refusals import refuse
from workorders.models import Deadline, WorkOrder
from workorders.queries.deadlines import order_deadlines
from workorders.queries.entitlements import standings
from workorders.queries.execution import ExecutionPlan, execution_preview
from workorders.queries.terms import last_day_of, state_of
from workorders.views.access import clock_of, managed_order, viewer
from workorders.views.matrix import sums
from workorders.views.order_page import trail_of

Kind = Deadline.Kind
Owner = Deadline.Owner


def order_execute(request: SignedInRequest, pk: int) -> HttpResponse:
    """What execution grants, makes due and gives up; then, confirmed, the execution."""
    order = managed_order(request, pk)
    if not order.is_draft:
        return _executed_already(request, order)
    now, today, zone = clock_of(order)
    form = ExecuteForm(request.POST or None, initial={"version": order.version})
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            execute_order(
                order=order, by=request.user, now=now, version=form.cleaned_data["version"]
            )
        except Refused as refused:
            if refused.code == "already_executed":
                return _executed_already(request, order)
            refusal = refused
            order.refresh_from_db()
            form = ExecuteForm(initial={"version": order.version})
        else:
            words = _("Work order %(number)s is executed and frozen with edition %(edition)s.")
            messages.success(
                request, words % {"number": order.number, "edition": order.edition.code}
            )
            return redirect("workorders:order-detail", pk)
    plan = execution_preview(order, now)
    context = {
        "order": order,
        "edition_code": order.edition.code,
        "form": form,
        "refusal": refusal,
        "plan": plan,
        "deadlines": _planned(plan),
        "warnings": [one for one in plan.findings if one.severity == "warning"],
        "now": now,
        "today": today,
        "zone": zone,
        "trail": [
            *trail_of(request, order)[:-1],
            (_edit_url(order), order.number),
            ("", _("Execute")),
        ],
    }
    status = 200
    if request.method == "POST":
        status = refusal_status(refusal) if refusal else 422
    return render(request, "workorders/order_execute.html", context, status=status)


def order_terminate(request: SignedInRequest, pk: int) -> HttpResponse:
    """When and why an order ends early, and what that costs in value."""
    order = managed_order(request, pk)
    now, today, zone = clock_of(order)
    state = state_of(order, now=now, zone=zone)
    if state not in ("executed", "in_force"):
        return redirect("workorders:order-detail", pk)
    form = TerminateForm(request.POST or None, initial={"on": max(today, order.starts_on)})
    if form.is_bound and form.is_valid():
        try:
            terminate_order(
                order=order,
                on=form.cleaned_data["on"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=now,
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The end of the order is recorded; its deadlines moved."))
            return redirect("workorders:order-detail", pk)
    return _show_termination(request, order, form, {"now": now, "today": today, "zone": zone})


def _show_termination(
    request: SignedInRequest, order: WorkOrder, form: TerminateForm, clock: dict[str, Any]
) -> HttpResponse:
    unused = [one for one in standings(order) if one.standing.left or one.standing.reserved]
    waiting = [one for one in order_deadlines(order, viewer(request)) if one.met_at is None]
    page = reverse("workorders:order-detail", args=[order.pk])
    context = {
        **clock,
        "order": order,
        "edition_code": order.edition.code,
        "form": form,
        "unused": unused,
        "value": sums(one.value_left for one in unused),
        "last": last_day_of(order),
        "waiting": [one for one in waiting if one.waived_at is None],
        "trail": [*trail_of(request, order)[:-1], (page, order.number), ("", _("End early"))],
    }
    status = 422 if form.is_bound else 200
    return render(request, "workorders/order_terminate.html", context, status=status)


def _executed_already(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """A second click finds the work done and says so."""
    messages.info(request, refusal_words(Refused("already_executed")).sentence)
    return redirect("workorders:order-detail", order.pk)


def _edit_url(order: WorkOrder) -> str:
    return reverse("workorders:order-edit", args=[order.pk])


def _planned(plan: ExecutionPlan) -> list[dict[str, Any]]:
    """The dates that become binding, the earliest first, with their proof."""
    return [
        {
            "what": Kind(one.kind).label,
            "whose": Owner(one.owner).label,
            "subject": one.subject_label,
            "day": one.due.result,
            "clauses": one.due.clauses[:1],
            "explained": one.due.as_data(),
        }
        for one in sorted(plan.deadlines, key=lambda one: one.due.result)
    ]
