"""The amendments of an order: listed on its page, drafted from there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest
from accounts.http.access import viewer
from accounts.rules.refusal import Refused
from workorders.actions.orders import draft_amendment
from workorders.forms.amendments import AmendmentForm
from workorders.forms.refusals import refuse
from workorders.models import WorkOrder
from workorders.queries.amendments import amendments_of, as_amended
from workorders.queries.fees import sees_totals
from workorders.queries.terms import last_day_of
from workorders.views.order_page import of_executed, order_page
from workorders.wording.states import ORDER_STATES


@of_executed
def order_amendments(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """The amendments with their states; for those who may, the form of the next one."""
    person = viewer(request)
    if request.method == "POST" and not person.manages_agreements:
        raise Http404
    page = order_page(request, order)
    context = page.context(request, "amendments")
    if order.amends_id is not None:
        raise Http404
    initial = {"starts_on": max(page.today, order.starts_on)}
    form = AmendmentForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            draft = draft_amendment(order=order, by=person, now=page.now, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            words = _("Amendment %(number)s is drafted; add its services.")
            messages.success(request, words % {"number": draft.number})
            return redirect("workorders:order-edit", draft.pk)
    context |= _amendments(request, order, page.now) | {
        "form": form,
        "may_amend": context["may_edit"] and context["is_open"],
        "last": last_day_of(order),
    }
    fragment = "#tab" if request.htmx else ""
    status = 422 if form.is_bound else 200
    return render(request, f"workorders/order_amendments.html{fragment}", context, status=status)


def _amendments(request: SignedInRequest, order: WorkOrder, now: Any) -> dict[str, Any]:
    person = viewer(request)
    return {
        "amendments": [
            (one, ORDER_STATES[one.state]) for one in amendments_of(order, viewer=person, now=now)
        ],
        "agreed": as_amended(order) if sees_totals(person) else None,
    }
