"""Requests: the list of those that wait, one of them, and the form to ask."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import idempotent, refusal_status
from accounts.http.access import acting, manager, viewer
from accounts.http.addresses import marked_page
from accounts.models import Customer, User
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from services.scheduling import actions
from services.scheduling.forms.requests import FIELD_OF, DataForm, DeclineForm, RequestForm
from services.scheduling.models import RequestDatum, ServiceRequest
from services.scheduling.queries.choices import Bookable, bookables, services_for_credits
from services.scheduling.queries.request_data import data_of, wanted_of
from services.scheduling.queries.requests import (
    cutoff_of,
    cutoff_of_order,
    open_requests,
    request_objections,
    requests_of,
)
from services.scheduling.views.access import customer_named, request_of
from services.scheduling.views.rows import answered, rows_of
from services.scheduling.wording.losses import Amount
from services.scheduling.wording.states import language_name, request_state
from workorders.queries.locations import zone_of

# What the planner fills in.
PREFILLED = ("wanted_from", "wanted_until")


def request_list(request: HttpRequest) -> HttpResponse:
    """Requests that wait, the oldest first, or those that are answered."""
    person, now = viewer(request), timezone.now()
    is_waiting = request.GET.get("state") != "answered"
    page = marked_page(
        request,
        requests_of(person, waiting=is_waiting),
        ("requested_at", "pk") if is_waiting else ("-requested_at", "-pk"),
    )
    data = data_of(page.rows)
    context = {
        "page": page,
        "is_waiting": is_waiting,
        "rows": [
            (row, request_state(row.request), _quantity(row.request), data[row.request.pk])
            for row in open_requests(page.rows, now=now)
        ],
        "may_request": person.may_act_for_customer,
        "may_decide": person.manages_agreements,
    }
    fragment = "#results" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/request_list.html{fragment}", context)


def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, with what can be done about it."""
    return _page(request, request_of(request, pk), DeclineForm())


@require_POST
def request_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no with a reason that the customer sees."""
    person, asked = manager(request), request_of(request, pk)
    form, refusal = DeclineForm(request.POST), None
    if form.is_valid():
        try:
            actions.decide_request(
                service_request=asked,
                accept=False,
                reason=form.cleaned_data["reason"],
                by=person,
                now=timezone.now(),
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The request is declined."))
            return redirect("scheduling:request-detail", pk)
    return _page(request, asked, form, refusal)


@require_POST
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the request back."""
    person, asked = acting(request), request_of(request, pk)
    try:
        actions.withdraw_request(service_request=asked, by=person, now=timezone.now())
    except Refused as refusal:
        return _page(request, asked, DeclineForm(), refusal)
    messages.success(request, _("The request is withdrawn."))
    return redirect("scheduling:request-detail", pk)


@require_POST
def request_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """All data that the service needs is in."""
    person, asked = acting(request), request_of(request, pk)
    try:
        actions.complete_request(service_request=asked, by=person, now=timezone.now())
    except Refused as refusal:
        return _page(request, asked, DeclineForm(), refusal)
    messages.success(request, _("The data is recorded as complete."))
    return redirect("scheduling:request-detail", pk)


@require_POST
def request_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Supply what the service needs; with the last piece the data is complete."""
    person, asked = acting(request), request_of(request, pk)
    form = DataForm(request.POST, data=data_of([asked])[asked.pk])
    if not form.is_valid():
        return _page(request, asked, DeclineForm(), data_form=form)
    try:
        told = actions.supply_data(
            service_request=asked, data=form.supplied, by=person, now=timezone.now()
        )
    except Refused as refusal:
        return _page(request, asked, DeclineForm(), refusal, data_form=form)
    said = _("The data is complete.") if told.data_completed_at else _("The data is recorded.")
    messages.success(request, said)
    return redirect("scheduling:request-detail", pk)


def _page(
    request: HttpRequest,
    asked: ServiceRequest,
    form: DeclineForm,
    refusal: Refused | None = None,
    *,
    data_form: DataForm | None = None,
) -> HttpResponse:
    person, now = viewer(request), timezone.now()
    zone = zone_of(asked.customer)
    cutoff = cutoff_of(asked, zone=zone)
    data = data_of([asked])[asked.pk]
    wrong = form.errors or (data_form is not None and data_form.errors)
    context = {
        "data": data,
        "data_form": data_form or DataForm(data=data),
        "asked": asked,
        "state": request_state(asked),
        "quantity": _quantity(asked),
        "language": language_name(asked.language),
        "cutoff": cutoff.as_data() if cutoff else None,
        "row": open_requests([asked], now=now)[0],
        "zone": zone,
        "form": form,
        "refusal": refusal,
        "is_open": asked.decided_at is None,
        "may_decide": person.manages_agreements and asked.decided_at is None,
        "may_withdraw": person.may_act_for_customer and asked.decided_at is None,
    }
    status = refusal_status(refusal) if refusal else 422 if wrong else 200
    return render(request, "scheduling/request_detail.html", context, status=status)


def request_create(request: HttpRequest) -> HttpResponse:
    """What, when and how, on one page; with `_check` it comes back with its answers."""
    person, now = acting(request), timezone.now()
    customer = customer_named(request)
    choices = bookables(person, customer=customer, now=now)
    form = _form(request, person, customer, choices)
    is_check = "_check" in request.POST
    refusals: list[Refused] = []
    if request.method == "POST":
        form.is_valid()
        refusals = _objections(form, now)
        if is_check:
            form.forgive_blanks()
        elif not form.errors and not refusals:
            try:
                made = _ask(form, person, now)
            except Refused as refused:
                refusals = [refused]
            else:
                messages.success(request, _("The request is sent."))
                return redirect("scheduling:request-detail", made)
    rows, others = rows_of(form, refusals, FIELD_OF, aside=is_check)
    order = form.chosen.entitlement.order if form.chosen else None
    context = {
        "form": form,
        "rows": rows,
        "answered": answered([*(name for name in rows if name != "key"), "form"]),
        "refusals": others,
        "cutoff": cutoff_of_order(order).as_data() if order else None,
        "wanted": _wanted(form),
        "chosen": form.chosen,
        "has_choices": bool(choices),
        "customer": customer,
    }
    status = 200
    if request.method == "POST" and not is_check:
        status = refusal_status(refusals[0]) if refusals else 422
    fragment = "#asking" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"scheduling/request_form.html{fragment}", context, status=status)


def _form(
    request: HttpRequest, person: User, customer: Customer | None, choices: list[Bookable]
) -> RequestForm:
    initial = {
        "customer": customer.pk if customer else None,
        "entitlement": request.GET.get("entitlement", ""),
        "language": person.language.partition("-")[0],
        "mode": "remote",
        "data_complete": True,
        **{name: request.GET[name] for name in PREFILLED if name in request.GET},
    }
    given = request.POST if request.method == "POST" else None
    wanted = str((given or initial).get("entitlement") or "")
    lot = next((one for one in choices if str(one.entitlement.pk) == wanted), None)
    return RequestForm(
        given,
        customers=Customer.objects.visible_to(person).order_by("name"),
        bookables=choices,
        for_credits=services_for_credits(lot.entitlement.order) if lot and lot.is_credits else [],
        initial=initial,
    )


def _objections(form: RequestForm, now: datetime) -> list[Refused]:
    """What stands against the request as far as it can be told; dates may be open yet."""
    data = form.cleaned_data
    first, last = data.get("wanted_from"), data.get("wanted_until")
    if form.chosen is None or first is None or last is None:
        return []
    if form.chosen.is_credits and data.get("offering") is None:
        return []
    return request_objections(
        form.chosen.entitlement,
        location=form.chosen.entitlement.location,
        offering=data.get("offering"),
        quantity=form.units,
        wanted=(first, last),
        now=now,
    )


def _wanted(form: RequestForm) -> list[tuple[str, tuple[str, ...]]]:
    """What the chosen service will need, in words, with its clauses."""
    given = form.data if form.is_bound else form.initial
    if form.chosen is None:
        return []
    service: Offering | None = form.chosen.entitlement.offering
    if form.chosen.is_credits:
        service = getattr(form, "cleaned_data", {}).get("offering")
    if service is None:
        return []
    mode = str(given.get("mode") or "")
    return [
        (str(RequestDatum.Code(one.code).label), one.clauses) for one in wanted_of(service, mode)
    ]


def _ask(form: RequestForm, person: User, now: datetime) -> int:
    data = form.cleaned_data
    if form.chosen is None:
        raise ValueError("a valid form says what")
    entitlement = form.chosen.entitlement

    def act() -> tuple[int, Any]:
        made = actions.request_service(
            entitlement=entitlement,
            location=entitlement.location,
            offering=data.get("offering"),
            quantity=form.units,
            wanted_from=data["wanted_from"],
            wanted_until=data["wanted_until"],
            mode=data["mode"],
            language=data["language"],
            note=data["note"],
            data_complete=data["data_complete"],
            by=person,
            now=now,
        )
        return 201, {"request": made.pk}

    body = {"act": "request", "typed": {name: str(form.data.get(name)) for name in form.fields}}
    _status, answer = idempotent(user=person, key=data["key"], body=body, now=now, act=act)
    return int(answer["request"])


def _quantity(asked: ServiceRequest) -> Amount | None:
    """How many are asked for; nothing where credits buy a service."""
    if asked.offering_id != asked.entitlement.offering_id:
        return None
    return Amount(asked.quantity, asked.entitlement.unit, is_money=False)
