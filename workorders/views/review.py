"""The review of a draft: read in full, then executed, returned or taken back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest, refusal_status
from accounts.http.access import viewer
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from workorders.actions.orders import return_draft, submit_draft, take_back
from workorders.forms.orders import ReturnForm, VersionForm
from workorders.forms.refusals import refuse
from workorders.models import WorkOrder
from workorders.queries.terms import is_in_review
from workorders.views.access import managed_order
from workorders.views.builder import Builder, builder_of
from workorders.views.order_page import trail_of
from workorders.wording.states import ORDER_STATES

# What can be done, the words that confirm it, and the page that follows.
ACTS: dict[str, tuple[Any, Any, str]] = {
    "submit": (
        submit_draft,
        gettext_lazy("Draft %(number)s waits for review; nobody edits it until it is returned."),
        "workorders:order-review",
    ),
    "return": (
        return_draft,
        gettext_lazy("Draft %(number)s is returned; whoever submitted it is told why."),
        "workorders:order-list",
    ),
    "take-back": (
        take_back,
        gettext_lazy("Draft %(number)s is a draft again."),
        "workorders:order-edit",
    ),
}


@require_safe
def order_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The draft as a whole, with what can be done about it; once executed, the order."""
    order = managed_order(request, pk)
    if not order.is_draft or order.scenario_of_id is not None:
        return redirect("workorders:order-detail", pk)
    return _show(request, builder_of(request, pk))


@require_POST
def review_act(request: SignedInRequest, pk: int, act: str) -> HttpResponse:
    """Submit, return with a reason, or take back."""
    if act not in ACTS:
        raise Http404
    builder = builder_of(request, pk)
    form = (ReturnForm if act == "return" else VersionForm)(request.POST)
    if not form.is_valid():
        return _show(request, builder, form=form, status=422)
    action, words, following = ACTS[act]
    try:
        order = action(order=builder.order, by=request.user, now=builder.now, **form.cleaned_data)
    except Refused as refused:
        return _refused(request, pk, refused, form)
    messages.success(request, words % {"number": order.number})
    where = [] if following == "workorders:order-list" else [pk]
    return redirect(following, *where)


def _refused(request: SignedInRequest, pk: int, refused: Refused, form: Any) -> HttpResponse:
    """Beside the field where there is one, above the draft as it stands now otherwise."""
    if refused.code == "already_executed":
        messages.info(request, refusal_words(refused).sentence)
        return redirect("workorders:order-detail", pk)
    if refused.field in form.fields:
        refuse(form, refused)
        return _show(request, builder_of(request, pk), form=form, status=422)
    status = refusal_status(refused)
    return _show(request, builder_of(request, pk), refusal=refused, status=status)


def _show(
    request: SignedInRequest,
    builder: Builder,
    *,
    form: Any = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    order, person = builder.order, viewer(request)
    initial = {"version": order.version}
    context = builder.context(request) | {
        "state": ORDER_STATES["in_review" if is_in_review(order) else "draft"],
        "in_review": is_in_review(order),
        "form": form if isinstance(form, ReturnForm) else ReturnForm(initial=initial),
        "version_form": VersionForm(initial=initial),
        "refusal": refusal,
        "may_submit": order.created_by == person or not order.created_by.is_active,
        "may_take_back": order.submitted_by == person,
        "trail": _trail(request, order),
    }
    return render(request, "workorders/order_review.html", context, status=status)


def _trail(request: SignedInRequest, order: WorkOrder) -> list[tuple[str, str]]:
    above = trail_of(request, order)
    if is_in_review(order):
        return above
    return [
        *above[:-1],
        (reverse("workorders:order-edit", args=[order.pk]), order.number),
        ("", _("Review")),
    ]
