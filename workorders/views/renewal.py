"""The renewal of an order: what goes along and what changed, then the new draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest, refusal_status
from accounts.rules.refusal import Refused
from services.catalog.queries import Change
from services.catalog.wording import compared
from workorders.actions.orders.renewal import draft_renewal
from workorders.models import WorkOrder
from workorders.queries.renewal import renewal_of, renewal_plan
from workorders.queries.terms import last_day_of
from workorders.views.access import clock_of, managed_order
from workorders.views.order_page import trail_of


def order_renew(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a renewal takes over; posted, the draft of it. Once drafted, what changed since."""
    order = managed_order(request, pk)
    if order.is_draft or order.amends_id is not None:
        return redirect("workorders:order-detail", pk)
    refusal = None
    if request.method == "POST":
        now, _today, _zone = clock_of(order)
        try:
            draft = draft_renewal(order=order, by=request.user, now=now)
        except Refused as refused:
            refusal = refused
        else:
            words = _("Draft %(number)s renews %(old)s; check what changed since.")
            told = {"number": draft.number, "old": order.number}
            messages.success(request, words % told)
            return redirect("workorders:order-edit", draft.pk)
    status = refusal_status(refusal) if refusal else 200
    context = _context(request, order) | {"refusal": refusal}
    return render(request, "workorders/order_renew.html", context, status=status)


def _context(request: SignedInRequest, order: WorkOrder) -> dict[str, Any]:
    renewal = renewal_of(order)
    page = reverse("workorders:order-detail", args=[order.pk])
    context = {
        "order": order,
        "renewal": renewal,
        "last": last_day_of(order),
        "trail": [*trail_of(request, order)[:-1], (page, order.number), ("", _("Renew"))],
    }
    try:
        plan = renewal_plan(order, edition=renewal.edition if renewal else None)
    except Refused as refused:
        return context | {"stopped": refused}
    comparison = plan.comparison
    sections = (
        (_("Services of this order"), plan.concerned),
        (_("Numbers of the contract"), comparison.terms if comparison else ()),
        (_("Clauses and readings"), comparison.clauses if comparison else ()),
        (_("Other services of the catalogue"), plan.others),
    )
    return context | {
        "plan": plan,
        "sections": [(title, _rows(changes)) for title, changes in sections if changes],
    }


def _rows(changes: tuple[Change, ...]) -> list[tuple[Change, list[Any]]]:
    """Each change with its columns: label, lines before, lines after."""
    return [
        (one, [(row.label, compared(row.old), compared(row.new)) for row in one.differences])
        for one in changes
    ]
