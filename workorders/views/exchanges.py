"""Exchanges: the tab of an order, the quote with the request, the decision."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest, refusal_status
from accounts.http.access import viewer
from accounts.http.keys import key_for, key_of, once
from accounts.models import Location, User
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from workorders.actions.holdings import ask_exchange, decline_exchange, make_exchange
from workorders.actions.holdings.exchanges import quote_of
from workorders.forms.exchanges import DeclineForm, ExchangeForm, MakeForm
from workorders.models import Charge, Exchange, Override, Transfer, WorkOrder
from workorders.queries.exchange_sides import (
    Wish,
    account_of,
    give_up,
    holdings_to_give,
    wanted_offerings,
)
from workorders.queries.exchanges import ExchangeQuote, exchange_quote
from workorders.queries.lapsing import exchange_value, last_day_of_use
from workorders.queries.locations import listed_locations
from workorders.queries.rescue import Choice, Rescuable, rescue_of
from workorders.views.access import clock_of, order_of
from workorders.views.order_page import of_executed, order_page, trail_of
from workorders.wording.exchanges import barred_words


@of_executed
def order_exchanges(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """What waits, what was exchanged, exchange value, and what could still be rescued."""
    page, person = order_page(request, order), viewer(request)
    mine = Exchange.objects.visible_to(person).filter(order=order)
    related = ("entitlement__offering", "offering", "location", "requested_by", "decided_by")
    rows = list(mine.select_related(*related, "received"))
    context = page.context(request, "exchanges") | {
        "waiting": [one for one in rows if one.decided_at is None],
        "decided": [one for one in rows if one.decided_at is not None],
        "value": [(one, last_day_of_use(one)) for one in exchange_value(order, viewer=person)],
        "rescue": [
            (one, *_best_and_more(order, one), barred_words(one.barred))
            for one in rescue_of(order, viewer=person, now=page.now)
        ],
        "may_ask": person.may_act_for_customer,
    }
    fragment = "#tab" if request.htmx else ""
    return render(request, f"workorders/order_exchanges.html{fragment}", context)


Linked = tuple[Choice, str]


def _best_and_more(order: WorkOrder, one: Rescuable) -> tuple[Linked | None, list[Linked]]:
    """The best choice and the next, each with the address that starts its exchange filled in."""
    ask = reverse("workorders:exchange-ask", args=[order.pk])
    linked = [(choice, f"{ask}?{urlencode(_filled(one, choice))}") for choice in one.choices]
    return (linked[0] if linked else None), linked[1:]


def _filled(one: Rescuable, choice: Choice) -> dict[str, str]:
    proposal = choice.proposal
    return {
        "source": str(one.account.pk),
        "offering": str(choice.offering.pk),
        "location": str(choice.location.pk),
        "wanted_quantity": str(proposal.quantity),
        "price": proposal.price.decimal_text if proposal.price else "",
    }


# --- asking ---------------------------------------------------------------------------------


def exchange_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """A quote for what is typed; a POST asks for it, once for each quote shown."""
    person, order = viewer(request), order_of(request, pk)
    if order.is_draft or not person.may_act_for_customer:
        raise Http404
    now, today, _zone = clock_of(order)
    is_post = request.method == "POST"
    form = _ask_form(person, order, request.POST if is_post else request.GET, today)
    quote = refusal = None
    if form.is_bound and form.is_valid():
        try:
            if is_post:
                return _ask(request, order, form, now)
            quote = _quote(order, form.asked(), today)
        except Refused as refused:
            refusal = refused
    context = {
        "order": order,
        "edition_code": order.edition.code,
        "form": form,
        "quote": quote,
        "explained": _explained(quote),
        "refusal": refusal,
        "key": key_for(request),
        "now": now,
        "today": today,
        "trail": [
            *trail_of(request, order)[:-1],
            (reverse("workorders:order-exchanges", args=[order.pk]), order.number),
            ("", _("Exchange")),
        ],
    }
    status = (refusal_status(refusal) if refusal else 422) if is_post else 200
    fragment = "#quote" if request.htmx else ""
    return render(request, f"workorders/exchange_ask.html{fragment}", context, status=status)


def _ask_form(person: User, order: WorkOrder, data: Any, today: Any) -> ExchangeForm:
    """Bound once everything that a quote needs is named; filled in with what is known before."""
    visible = set(Location.objects.visible_to(person).values_list("pk", flat=True))
    chosen = dict(data.items())
    complete = all(chosen.get(name) for name in ("source", "offering", "location"))
    names = {"wanted_quantity": "1", **{name: text for name, text in chosen.items() if text}}
    sources = holdings_to_give(order, viewer=person, on=today)
    if not names.get("source") and (asked := chosen.get("entitlement")):
        found = [str(one.pk) for one in sources if str(one.entitlement_id) == asked]
        names |= {"source": found[0]} if found else {}
    return ExchangeForm(
        names if complete else None,
        initial=None if complete else names,
        sources=sources,
        offerings=wanted_offerings(order, today),
        locations=[place for place in listed_locations(order) if place.pk in visible],
    )


def _quote(order: WorkOrder, asked: dict[str, Any], today: Any) -> ExchangeQuote:
    price: Money | None = asked["price"]
    account = account_of(
        order,
        entitlement=asked["entitlement"],
        location=asked["location"],
        flex_year=asked["flex_year"],
        currency=price.currency if price else order.currency,
    )
    given = give_up(account, asked["quantity"], price=price, on=today)
    wish = Wish(
        asked["offering"], asked["location"], asked["wanted_quantity"], price or given.value
    )
    return exchange_quote(order, given=given, wish=wish, on=today)


def _ask(
    request: SignedInRequest, order: WorkOrder, form: ExchangeForm, now: datetime
) -> HttpResponse:
    def act() -> int:
        return ask_exchange(order=order, by=viewer(request), now=now, **form.asked()).pk

    made = once(request, "exchange", act, now=now)
    messages.success(request, _("The exchange is asked for. Nothing has moved yet."))
    return redirect("workorders:exchange-detail", made)


# --- deciding -------------------------------------------------------------------------------


def exchange_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is asked for with the figures of today; once decided, what moved."""
    return _detail(request, _exchange_of(request, pk))


@require_POST
def exchange_decide(request: SignedInRequest, pk: int, act: str) -> HttpResponse:
    """Make the exchange with the figures that were shown, or decline it."""
    asked, person = _exchange_of(request, pk), viewer(request)
    if act not in DECISIONS or not (
        person.manages_agreements or (act == "decline" and asked.requested_by_id == person.pk)
    ):
        raise Http404
    form = DECISIONS[act](request, asked)
    refusal = None
    if form.is_valid():
        try:
            messages.success(request, _decide(request, asked, act, form))
            return redirect("workorders:exchange-detail", asked.pk)
        except Refused as refused:
            refusal = refused
    return _detail(request, asked, **{f"{act}_form": form}, refusal=refusal)


def _decide(request: SignedInRequest, asked: Exchange, act: str, form: Any) -> str:
    person, now = viewer(request), timezone.now()
    if act == "decline":
        decline_exchange(exchange=asked, by=person, now=now, **form.cleaned_data)
        return _("Declined. Nothing has moved.")
    fields = form.decided()
    price = fields["price"]
    if price is not None and price.minor != _figure(request, "price_seen"):
        raise Refused("quote_changed", clause="2.7-T22", field="price")  # its figures come first
    made = make_exchange(
        exchange=asked,
        by=person,
        now=now,
        extra_seen=_figure(request, "extra"),
        remainder_seen=_figure(request, "remainder"),
        idempotency_key=key_of(request),
        **fields,
    )
    return _("Exchanged: %(service)s can be booked now.") % {"service": made.offering}


def _figure(request: SignedInRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _make_form(request: SignedInRequest, asked: Exchange) -> MakeForm:
    return MakeForm(
        request.POST,
        currency=asked.currency,
        price_minor=asked.wanted_minor,
        asks_for_writing=True,
    )


def _decline_form(request: SignedInRequest, asked: Exchange) -> DeclineForm:
    return DeclineForm(request.POST)


DECISIONS: dict[str, Any] = {"make": _make_form, "decline": _decline_form}


def _detail(request: SignedInRequest, asked: Exchange, **given: Any) -> HttpResponse:
    person, order = viewer(request), asked.order
    now, today, zone = clock_of(order)
    quote, refusal = None, given.pop("refusal", None)
    make_form: forms.Form | None = given.get("make_form")
    price = _price_of(make_form, asked)
    if asked.decided_at is None:
        try:
            quote = quote_of(asked, price=price, now=now)
        except Refused as refused:
            refusal = refusal or refused
    context = {
        "exchange": asked,
        "order": order,
        "edition_code": order.edition.code,
        "quote": quote,
        "explained": _explained(quote) or asked.explained,
        "refusal": refusal,
        "make_form": make_form
        or MakeForm(
            currency=asked.currency,
            price_minor=asked.wanted_minor,
            asks_for_writing=quote is not None and quote.asks_for_writing,
        ),
        "decline_form": given.get("decline_form") or DeclineForm(),
        "may_make": person.manages_agreements,
        "may_decline": person.manages_agreements or asked.requested_by_id == person.pk,
        "movements": Transfer.objects.visible_to(person)
        .filter(order=order, subject_key=f"exchange:{asked.pk}")
        .select_related("debit__entitlement__offering", "credit__entitlement__offering"),
        "charge": Charge.objects.visible_to(person)
        .filter(order=order, subject_key=f"exchange:{asked.pk}")
        .first(),
        "override": Override.objects.visible_to(person)
        .filter(customer=order.customer_id, subject_key=f"exchange:{asked.pk}")
        .first(),
        "key": key_for(request),
        "now": now,
        "today": today,
        "zone": zone,
        "trail": [
            *trail_of(request, order)[:-1],
            (reverse("workorders:order-exchanges", args=[order.pk]), order.number),
            ("", _("Exchange")),
        ],
    }
    status = 200
    if request.method == "POST":
        status = refusal_status(refusal) if refusal else 422
    return render(request, "workorders/exchange_detail.html", context, status=status)


def _price_of(form: Any, asked: Exchange) -> Money | None:
    """The price typed into a form that comes back, so that its figures can be confirmed."""
    price = form.cleaned_data.get("price") if form is not None and form.is_bound else None
    return None if price is None else Money(price, asked.currency)


def _exchange_of(request: SignedInRequest, pk: int) -> Exchange:
    return get_object_or_404(Exchange.objects.visible_to(viewer(request)).in_full(), pk=pk)


def _explained(quote: ExchangeQuote | None) -> dict[str, Any] | None:
    return quote.exchanged.map(lambda made: made.equal_part).as_data() if quote else None
