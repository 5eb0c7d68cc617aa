"""Executing a draft: what it grants, makes due and gives up, then the step itself."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest, refusal_status
from accounts.http.keys import key_for, once
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from workorders.actions.orders import execute_order
from workorders.forms.orders import ExecuteForm
from workorders.models import Deadline, WorkOrder
from workorders.queries.execution import ExecutionPlan, execution_preview
from workorders.views.access import clock_of, managed_order
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
            _execute(request, order, form, now)
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
        "key": key_for(request),
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


def _executed_already(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """A second click finds the work done and says so."""
    messages.info(request, refusal_words(Refused("already_executed")).sentence)
    return redirect("workorders:order-detail", order.pk)


def _execute(request: SignedInRequest, order: WorkOrder, form: ExecuteForm, now: datetime) -> None:
    def act() -> int:
        version = form.cleaned_data["version"]
        return execute_order(order=order, by=request.user, now=now, version=version).pk

    once(request, "execute", act, now=now)


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
