"""The booking form: answers while one types, books when one asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import idempotent, refusal_status
from accounts.http.access import acting
from accounts.models import Customer, User
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms.bookings import FIELD_OF, BookingForm
from services.scheduling.models import ServiceRequest
from services.scheduling.queries.choices import bookables, prospective, services_for_credits
from services.scheduling.queries.engineers import assignable, engineer_objections
from services.scheduling.queries.objections import is_late_request, objections
from services.scheduling.queries.proposals import Proposal
from services.scheduling.views.access import customer_named
from services.scheduling.views.outlook import Fact, outlook
from services.scheduling.views.repeating import book_repeated, plan_rows, weigh_series
from services.scheduling.views.rows import InvalidForm, answered, rows_of
from workorders.queries.credits import RedemptionQuote, redemption_quote


def booking_create(request: HttpRequest) -> HttpResponse:
    """Choose, type, see what stands against it and what it means, book.

    With `_check`, and when another choice is made than the fields were shown for, nothing
    is booked: the form comes back with its answers. Customers ask for services instead.
    """
    person, now = acting(request), timezone.now()
    if not person.manages_agreements:
        given = {name: value for name, value in request.GET.items() if name in CARRIED}
        query = f"?{urlencode(given)}" if given else ""
        return redirect(reverse("scheduling:request-create") + query)
    asked_for = _request_named(request, person)
    form = _form(request, person, asked_for, now)
    is_check = form.is_unfinished
    refusals: list[Refused] = []
    if request.method == "POST":
        form.is_valid()
        refusals = [*form.refusals, *_objections(form, asked_for, now)]
        if is_check:
            form.forgive_blanks()
        else:
            try:
                address = _book(form, refusals, asked_for, person, now)
            except InvalidForm:
                pass
            except Refused as refused:
                refusals = [refused]
            else:
                messages.success(request, _("The service is booked."))
                return redirect(address)
    context = _context(form, refusals, asked_for, now, person, is_check=is_check)
    status = 200
    if request.method == "POST" and not is_check:
        status = refusal_status(refusals[0]) if refusals else 422
    fragment = "#booking" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/booking_form.html{fragment}", context, status=status)


# Fields that come and go with an answer, and the places where they do.
LATER = frozenset({"key", "starts_fold", "ends_fold", "late_reason", "skipped"})
SHOWN_LATER = ("folds", "late")
CARRIED = frozenset({"customer", "order", "entitlement"})
# What the planner fills in; the form judges it as if it had been typed.
PREFILLED = ("starts_on", "starts_time", "ends_on", "ends_time")


def blocking(refusals: Iterable[Refused], late_reason: str) -> bool:
    """Whether anything stands against it that no written reason answers."""
    return any(not (is_late_request(refusal) and late_reason.strip()) for refusal in refusals)


def _request_named(request: HttpRequest, person: User) -> ServiceRequest | None:
    given = request.POST.get("request") or request.GET.get("request") or ""
    if not given.isdecimal() or len(given) > 18:
        return None
    waiting = ServiceRequest.objects.visible_to(person).waiting()
    return (
        waiting.select_related(
            "customer", "offering", "location", "entitlement__location", "order__edition"
        )
        .filter(pk=int(given))
        .first()
    )


def _form(
    request: HttpRequest, person: User, asked_for: ServiceRequest | None, now: datetime
) -> BookingForm:
    customer = asked_for.customer if asked_for else customer_named(request)
    choices = bookables(person, customer=customer, now=now)
    initial = _initial(request, customer, asked_for)
    given = request.POST if request.method == "POST" else None
    entitlement = str((given or initial).get("entitlement") or "")
    lot = next((one for one in choices if str(one.entitlement.pk) == entitlement), None)
    offered = services_for_credits(lot.entitlement.order) if lot and lot.is_credits else []
    return BookingForm(
        given,
        customers=Customer.objects.visible_to(person).order_by("name"),
        bookables=choices,
        for_credits=offered,
        engineers=assignable(person, customer),
        initial=initial,
    )


def _initial(
    request: HttpRequest, customer: Customer | None, asked_for: ServiceRequest | None
) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "customer": customer.pk if customer else None,
        "entitlement": request.GET.get("entitlement", ""),
        "mode": "remote",
        "language": "en",
        "event_cloud": "public",
        **{name: request.GET[name] for name in PREFILLED if name in request.GET},
    }
    if asked_for is not None:
        initial |= {
            "entitlement": str(asked_for.entitlement_id),
            "offering": asked_for.offering_id,
            "quantity": asked_for.quantity,
            "location": asked_for.location_id,
            "starts_on": asked_for.wanted_from,
            "mode": asked_for.mode,
            "language": asked_for.language,
        }
    return initial


def _proposal(
    form: BookingForm, asked_for: ServiceRequest | None, now: datetime
) -> Proposal | None:
    """What the form says as far as it can be weighed; None while times or service are open."""
    data = form.cleaned_data
    if form.chosen is None or form.starts_at is None or form.ends_at is None:
        return None
    entitlement = form.chosen.entitlement
    if form.chosen.is_credits:
        if form.service is None or form.price is None:
            return None
        entitlement = prospective(entitlement, offering=form.service, value=form.price, now=now)
    asked: dict[str, Any] = {}
    if asked_for is not None and asked_for.data_completed_at is not None:
        asked = {"requested_at": asked_for.requested_at, "data_at": asked_for.data_completed_at}
    return Proposal(
        entitlement=entitlement,
        location=data.get("location") or form.place or entitlement.location,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        quantity=1 if form.chosen.is_credits else data.get("quantity") or 1,
        **form.wishes(),
        **asked,
    )


def _objections(
    form: BookingForm, asked_for: ServiceRequest | None, now: datetime
) -> list[Refused]:
    proposal = _proposal(form, asked_for, now)
    if proposal is None or form.chosen is None:
        return []
    if form.repeats:
        return weigh_series(form, proposal, now)
    found = objections(proposal, now=now, in_stock=not form.chosen.is_credits)
    people = form.cleaned_data.get("engineers") or ()
    found += engineer_objections(list(people), proposal.starts_at, proposal.ends_at)
    quoted = _quoted(form, proposal) if form.chosen.is_credits else None
    return [*found, quoted] if isinstance(quoted, Refused) else found


def _quoted(form: BookingForm, proposal: Proposal) -> RedemptionQuote | Refused | None:
    """What the service costs in credits, or why credits can't pay for it."""
    if form.price is None or form.service is None:
        return None
    try:
        return redemption_quote(
            proposal.entitlement.order,
            location=proposal.entitlement.location,
            lines=[(form.service, form.price)],
            on=proposal.entitlement.usable_from,
        )
    except Refused as refused:
        return refused


def _book(
    form: BookingForm,
    refusals: list[Refused],
    asked_for: ServiceRequest | None,
    person: User,
    now: datetime,
) -> str:
    """Book once; the address of the booking, or of the series.

    A form that booked before answers with that, though what it booked now stands in its own
    way, answered its request or left nothing to choose.
    """

    def act() -> tuple[int, Any]:
        if form.errors or blocking(refusals, form.cleaned_data.get("late_reason", "")):
            raise InvalidForm
        return 201, _booked(form, asked_for, person, now)

    # As it was sent: which fields there are depends on what is left.
    sent: Any = form.data
    typed = {name: sent.getlist(name) for name in sent if name != "csrfmiddlewaretoken"}
    body = {"act": "book", "typed": typed}
    key = str(sent.get("key") or "")
    _status, answer = idempotent(user=person, key=key, body=body, now=now, act=act)
    if "series" in answer:
        return reverse("scheduling:series-detail", args=[answer["series"]])
    return reverse("scheduling:booking-detail", args=[answer["booking"]])


def _booked(
    form: BookingForm, asked_for: ServiceRequest | None, person: User, now: datetime
) -> dict[str, int]:
    """Book what a valid form says."""
    proposal = _proposal(form, asked_for, now)
    if proposal is None or form.chosen is None:
        raise ValueError("a valid form says what and when")
    data = form.cleaned_data
    if form.repeats:
        if asked_for is not None:
            raise Refused("series_not_possible", clause="2.3-PC4, 2.4-AE10", field="every")
        return {"series": book_repeated(form, proposal, person, now).pk}
    common: dict[str, Any] = {
        "location": proposal.location,
        "starts_at": proposal.starts_at,
        "ends_at": proposal.ends_at,
        "title": data["title"],
        "note": data["note"],
        "late_reason": data["late_reason"],
        "request": asked_for,
        "engineers": list(data.get("engineers") or ()),
        "by": person,
        "now": now,
        **form.wishes(),
    }
    chosen = form.chosen.entitlement
    if form.price is not None and form.service is not None:
        booking = actions.book_with_credits(
            order=chosen.order, offering=form.service, value=form.price, **common
        )
    else:
        booking = actions.book_service(entitlement=chosen, quantity=proposal.quantity, **common)
    return {"booking": booking.pk}


def _context(
    form: BookingForm,
    refusals: list[Refused],
    asked_for: ServiceRequest | None,
    now: datetime,
    person: User,
    *,
    is_check: bool,
) -> dict[str, Any]:
    rows, others = rows_of(form, refusals, FIELD_OF, aside=is_check)
    proposal = _proposal(form, asked_for, now) if hasattr(form, "cleaned_data") else None
    quoted = _quoted(form, proposal) if proposal and form.price else None
    return {
        "form": form,
        "rows": rows,
        "answered": answered(_answered(form)),
        "refusals": others,
        "is_late": any(is_late_request(refusal) for refusal in refusals)
        or bool(form.data.get("late_reason")),
        "asked_for": asked_for,
        "says_refitted": form.is_refitted and "_check" not in form.data,
        "outlook": _outlook(form, proposal, quoted, person),
        "cutoff": _cutoff(form, proposal),
        "order": proposal.entitlement.order if proposal else None,
        "zone": form.zone,
        "service": form.service,
        "plan": plan_rows(form),
    }


def _answered(form: BookingForm) -> list[str]:
    """The places that the shown form has."""
    names = [name for name in form.fields if name not in LATER]
    return [*names, "form", *(SHOWN_LATER if form.chosen else ())]


def _outlook(
    form: BookingForm,
    proposal: Proposal | None,
    quoted: RedemptionQuote | Refused | None,
    person: User,
) -> list[Fact]:
    if proposal is None or form.chosen is None:
        return []
    quote = quoted if isinstance(quoted, RedemptionQuote) else None
    return outlook(proposal, left=form.chosen.left, quote=quote, reader_zone=person.time_zone)


def _cutoff(form: BookingForm, proposal: Proposal | None) -> dict[str, Any] | None:
    """The proof of the last day for requests, as kept explanations are shown."""
    if proposal is None or not proposal.has_cutoff:
        return None
    cutoff: Explained[Any] = proposal.cutoff
    return cutoff.as_data()
