"""Azure events: the list, the window builder, one event with its risks, its acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as g

from accounts.http import idempotent, refusal_status
from accounts.http.access import acting, viewer
from accounts.http.addresses import marked_page
from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms import events as forms
from services.scheduling.models import Booking, EventRisk
from services.scheduling.queries.cancellations import quote
from services.scheduling.queries.events import (
    days_of,
    event_view,
    events_of,
    is_ahead,
    other_solutions,
)
from services.scheduling.queries.schedule import state_of
from services.scheduling.queries.terms import zone_of
from services.scheduling.wording.events import RISK_STATES, notice_state
from services.scheduling.wording.states import BOOKING_STATES
from workorders.forms.base import KeyedForm
from workorders.models import Deadline, Override
from workorders.wording.units import quantity_words


def event_list(request: HttpRequest) -> HttpResponse:
    """Events ahead, the next first; or those that are over, the latest first."""
    person, now = viewer(request), timezone.now()
    is_past = request.GET.get("period") == "past"
    found = events_of(person)
    found = found.filter(ends_at__lte=now) if is_past else found.filter(ends_at__gt=now)
    if not is_past:
        found = found.filter(cancelled_at=None)
    page = marked_page(
        request,
        found,
        ("-starts_at", "-pk") if is_past else ("starts_at", "pk"),
    )
    context = {
        "page": page,
        "is_past": is_past,
        "rows": [
            {
                "booking": one,
                "days": days_of(one),
                "zone": zone_of(one),
                "quantity": quantity_words(one.quantity, one.entitlement.unit),
                "state": BOOKING_STATES[state_of(one, now)],
            }
            for one in page.rows
        ],
        "may_manage": person.manages_agreements,
    }
    fragment = "#results" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/event_list.html{fragment}", context)


def event_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One event: windows, notice, risks, and what came of it."""
    return _answer(request, _event_of(request, pk))


def _event_of(request: HttpRequest, pk: int) -> Booking:
    return get_object_or_404(events_of(viewer(request)), pk=pk)


def _answer(
    request: HttpRequest, booking: Booking, *, refusal: Refused | None = None
) -> HttpResponse:
    person, now = viewer(request), timezone.now()
    view = event_view(booking, viewer=person)
    stands = booking.cancelled_at is None and booking.delivered_at is None
    subject = f"booking:{booking.pk}"
    context = {
        "booking": booking,
        "view": view,
        "days": days_of(booking),
        "zone": zone_of(booking),
        "state": BOOKING_STATES[state_of(booking, now)],
        "notice": notice_state(
            booking.event_confirmed_on,
            last_day=view.confirm_by.result,
            today=local_date(now, zone_of(booking)),
        ),
        "quantity": quantity_words(booking.quantity, booking.entitlement.unit),
        "confirm_by": view.confirm_by.as_data(),
        "needed": view.needed.as_data(),
        "risks": [_risk(one, person, stands=stands) for one in view.risks],
        "others": other_solutions(booking, viewer=person),
        "overrides": Override.objects.visible_to(person).filter(subject_key=subject),
        "stands": stands,
        "is_ahead": is_ahead(booking, now),
        "is_over": now >= booking.ends_at,
        "may_manage": person.manages_agreements,
        "may_act": person.may_act_for_customer,
        "refusal": refusal,
    }
    status = refusal_status(refusal) if refusal else 200
    return render(request, "scheduling/event_plan.html", context, status=status)


def _risk(risk: EventRisk, person: User, *, stands: bool) -> dict[str, Any]:
    is_own = person.manages_agreements or risk.owner == Deadline.Owner.CUSTOMER
    return {
        "risk": risk,
        "shown": RISK_STATES[risk.settled_as or "open"],
        "may_settle": stands and risk.settled_on is None and is_own,
    }


# --- acts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done about an event or a risk of it."""

    title: Any
    button: Any
    said: Any
    form: type[KeyedForm]
    run: Callable[..., Any]
    clauses: tuple[str, ...]
    is_of_risk: bool = False
    is_staffs: bool = True
    at_once: bool = False


ACTS: Mapping[str, Act] = {
    "risk": Act(
        g("Record a risk"), g("Record the risk"), g("The risk is recorded."),
        forms.RiskForm, actions.record_risk, ("2.4-AE2",),
    ),
    "tell": Act(
        g("Tell the customer"), g("Tell the customer"), g("The customer is told in writing."),
        KeyedForm, actions.tell_risks, ("2.4-AE3",), at_once=True,
    ),
    "settle": Act(
        g("Settle a risk"), g("Settle the risk"), g("The risk is settled."),
        forms.SettleForm, actions.settle_risk, ("2.4-AE3",), is_of_risk=True, is_staffs=False,
    ),
    "without-resources": Act(
        g("Cancel for lack of customer resources"), g("Cancel the event"),
        g("The event is cancelled."),
        forms.WithoutResourcesForm, actions.cancel_event, ("2.4-AE15",),
    ),
}  # fmt: skip


def event_act(request: HttpRequest, act: str, pk: int) -> HttpResponse:
    """The form of an act, a dialog or a page; on POST the act itself."""
    person, what, now = acting(request), ACTS.get(act), timezone.now()
    if what is None or (what.is_staffs and not person.manages_agreements):
        raise Http404
    if what.at_once and request.method != "POST":
        raise Http404
    subject, booking = _subject(request, what, pk)
    form = what.form(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _refused(what, act, subject, form, person, now)
        if refusal is None:
            messages.success(request, str(what.said))
            return redirect("scheduling:event-plan", booking.pk)
    if what.at_once:
        return _answer(request, booking, refusal=refusal)
    context = {
        "act": what,
        "code": act,
        "subject": subject,
        "booking": booking,
        "form": form,
        "refusal": refusal,
        "quoted": _would_keep(booking, now) if act == "without-resources" else None,
    }
    status = 200
    if request.method == "POST":
        status = refusal_status(refusal) if refusal else 422
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/event_act.html{fragment}", context, status=status)


def _subject(request: HttpRequest, what: Act, pk: int) -> tuple[Any, Booking]:
    if not what.is_of_risk:
        booking = _event_of(request, pk)
        return booking, booking
    risks = EventRisk.objects.visible_to(viewer(request))
    risk = get_object_or_404(risks.select_related("booking", "customer"), pk=pk)
    return risk, risk.booking


def _would_keep(booking: Booking, now: datetime) -> Any:
    """What the customer's own cancellation would cost at this moment."""
    if booking.cancelled_at is not None or booking.delivered_at is not None:
        return None
    return quote(booking, now=now).loss


def _refused(
    what: Act, act: str, subject: Any, form: KeyedForm, person: User, now: datetime
) -> Refused | None:
    """Do it once for the form's key; the refusal, if there is one."""
    named = {"risk" if what.is_of_risk else "booking": subject}

    def run() -> tuple[int, Any]:
        what.run(**named, by=person, now=now, **form.answers)
        return 200, {}

    typed = {name: str(value) for name, value in form.answers.items()}
    body = {"act": act, "subject": subject.pk, "typed": typed}
    try:
        idempotent(user=person, key=form.cleaned_data["key"], body=body, now=now, act=run)
    except Refused as refusal:
        return refusal
    return None
