"""Credits redeemed and moved: first the quote, then the act, once for each quote shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.http import SignedInRequest, refusal_status
from accounts.http.access import manager, viewer
from accounts.http.keys import key_for, key_of
from accounts.models import User
from accounts.rules.refusal import Refused
from accounts.wording import formats
from workorders.actions.holdings import redeem_credits, transfer_credits
from workorders.forms.holdings import MoveForm, RedeemForm
from workorders.models import WorkOrder
from workorders.queries.credits import (
    credit_balances,
    redemption_quote,
    transfer_quote,
)
from workorders.queries.locations import listed_locations
from workorders.queries.offered import redeemable
from workorders.views.access import clock_of, order_of
from workorders.views.order_page import trail_of


@dataclass(frozen=True, slots=True)
class Trade:
    """One thing that can be done with credits: its page, form, quote and act."""

    template: str
    title: Any
    make_form: Callable[[WorkOrder, Any, date], forms.Form]
    quote: Callable[[WorkOrder, Any, date], dict[str, Any]]
    act: Callable[[SignedInRequest, WorkOrder, Any, datetime, date], str]


def credits_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move credits to another location: a quote for what is typed, the move for a POST."""
    person, order = viewer(request), order_of(request, pk)
    if not (person.manages_agreements or person.role == User.Role.CUSTOMER_ADMINISTRATOR):
        raise Http404
    return _page(request, order, MOVE)


def credits_redeem(request: SignedInRequest, pk: int) -> HttpResponse:
    """Turn credits into services: a quote line by line, the redemption for a POST."""
    manager(request)
    return _page(request, order_of(request, pk), REDEEM)


def _page(request: SignedInRequest, order: WorkOrder, trade: Trade) -> HttpResponse:
    """A GET quotes what is typed and changes nothing; a POST does what was quoted."""
    if order.is_draft:
        raise Http404
    now, today, _zone = clock_of(order)
    is_post = request.method == "POST"
    form = trade.make_form(order, request.POST if is_post else (request.GET or None), today)
    shown: dict[str, Any] = {"quote": None}
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            if is_post:
                messages.success(request, trade.act(request, order, form, now, today))
                return redirect("workorders:order-credits", order.pk)
            shown = trade.quote(order, form, today)
        except Refused as refused:
            refusal = refused
    if refusal is not None and refusal.code == "quote_changed":
        shown = trade.quote(order, form, today)
    context = {
        **shown,
        "order": order,
        "edition_code": order.edition.code,
        "form": form,
        "refusal": refusal,
        "balances": credit_balances(order, on=today),
        "key": key_for(request),
        "now": now,
        "today": today,
        "trail": [
            *trail_of(request, order)[:-1],
            (reverse("workorders:order-credits", args=[order.pk]), order.number),
            ("", str(trade.title)),
        ],
    }
    status = (refusal_status(refusal) if refusal else 422) if is_post else 200
    fragment = "#quote" if request.htmx else ""
    return render(request, f"{trade.template}{fragment}", context, status=status)


# --- moves ----------------------------------------------------------------------------------


def _move_form(order: WorkOrder, data: Any, today: date) -> MoveForm:
    return MoveForm(data, locations=listed_locations(order))


def _quote_move(order: WorkOrder, form: Any, today: date) -> dict[str, Any]:
    data = form.cleaned_data
    quote = transfer_quote(
        order,
        source=data["source"],
        target=data["target"],
        credits_moved=data["credits"],
        on=today,
    )
    return {
        "quote": quote,
        "explained_move": quote.transfer.map(lambda move: move.received).as_data(),
        "rounding_words": rounding_words(quote.transfer.result.rounding),
        "left_after": quote.balance - quote.debited,
    }


def rounding_words(rounding: Fraction) -> str:
    """What rounding adds or takes, in credits of the target: ``−0.45``, ``none``."""
    if not rounding:
        return _("none")
    exact = Decimal(rounding.numerator) / rounding.denominator
    text = formats.number(exact.quantize(Decimal("0.001")))
    return f"+{text}" if rounding > 0 else text


def _move(request: SignedInRequest, order: WorkOrder, form: Any, now: datetime, today: date) -> str:
    data = form.cleaned_data
    with transaction.atomic():
        move = transfer_credits(
            order=order,
            source=data["source"],
            target=data["target"],
            credits_moved=data["credits"],
            by=viewer(request),
            on=today,
            now=now,
            idempotency_key=key_of(request),
        )
        _same(request, "received", move.received)
    return _("Moved %(out)s credits to %(target)s, which received %(received)s.") % {
        "out": move.debited,
        "target": data["target"],
        "received": move.received,
    }


# --- redemptions ----------------------------------------------------------------------------


def _redeem_form(order: WorkOrder, data: Any, today: date) -> RedeemForm:
    locations = [balance.location for balance in credit_balances(order, on=today)]
    return RedeemForm(data, locations=locations, offerings=redeemable(order, today))


def _quote_redemption(order: WorkOrder, form: Any, today: date) -> dict[str, Any]:
    lines = form.lines()
    quote = redemption_quote(order, location=form.cleaned_data["location"], lines=lines, on=today)
    offerings = [offering for offering, _value in lines]
    return {
        "quote": quote,
        "quoted_lines": [
            (offering, one.result) for offering, one in zip(offerings, quote.lines, strict=True)
        ],
        "explained_lines": [
            (offering, one.as_data()) for offering, one in zip(offerings, quote.lines, strict=True)
        ],
    }


def _redeem(
    request: SignedInRequest, order: WorkOrder, form: Any, now: datetime, today: date
) -> str:
    with transaction.atomic():
        made = redeem_credits(
            order=order,
            location=form.cleaned_data["location"],
            lines=form.lines(),
            approved_on=today,
            by=viewer(request),
            now=now,
            idempotency_key=key_of(request),
        )
        spent = sum(one.credits for one in made)
        _same(request, "deducted", spent)
    words = ngettext(
        "Redeemed %(spent)s credit; the service can be booked now.",
        "Redeemed %(spent)s credits; the services can be booked now.",
        spent,
    )
    return words % {"spent": spent}


def _same(request: SignedInRequest, name: str, figure: int) -> None:
    """Undo what isn't what the person saw: the quote changed between showing and pressing."""
    shown = request.POST.get(name, "")
    if shown and shown != str(figure):
        raise Refused("quote_changed", shown=shown, now=figure)


MOVE = Trade(
    "workorders/credits_move.html",
    gettext_lazy("Move credits"),
    _move_form,
    _quote_move,
    _move,
)
REDEEM = Trade(
    "workorders/credits_redeem.html",
    gettext_lazy("Redeem credits"),
    _redeem_form,
    _quote_redemption,
    _redeem,
)
