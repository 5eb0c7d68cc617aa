"""A work order's page, one address a tab; the tab alone for HTMX."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.http import SignedInRequest
from accounts.http.access import viewer
from services.catalog.models import Offering
from workorders.models import Deadline, Redemption, Transfer, WorkOrder
from workorders.queries.agreement import purchasable_under, with_base
from workorders.queries.credits import credit_balances
from workorders.queries.deadlines import status_of
from workorders.queries.entitlements import standings
from workorders.queries.fees import order_totals, sees_totals
from workorders.queries.flex import flex_gauges
from workorders.views.allowance import YearCard, current_card, year_cards
from workorders.views.deadline_rows import deadline_rows
from workorders.views.matrix import lapsed_years, page_matrix
from workorders.views.order_page import OrderPage, of_executed, order_page, sees_allowance
from workorders.views.story import story_of

NEXT = 4


@of_executed
def order_detail(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """The entitlements with the allowance and the next deadlines: the order at a glance."""
    page = order_page(request, order)
    owned = standings(order, viewer=viewer(request))
    year = _chosen_year(request, page)
    context = page.context(request, "entitlements")
    cards = _cards(page, request)
    context |= {
        "matrix": page_matrix(order, owned, page.locations, year=year),
        "year": year,
        "years": page.years,
        "lapsed": lapsed_years(owned, page.year),
        "included": _included(order),
        "purchasable": _purchasable(order, page.today),
        "card": current_card(cards),
        "cards": cards,
        "cutoff": _cutoff(page),
        "totals": order_totals(order) if sees_totals(viewer(request)) else None,
        **_next_deadlines(request, page),
    }
    if request.htmx.target == "next-deadlines":
        return render(request, "workorders/order_detail.html#next-deadlines", context)
    return _show(request, "order_detail", context)


@of_executed
def order_flex(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """The allowance of every contract year, with its ceiling explained."""
    page = order_page(request, order)
    if not sees_allowance(viewer(request)):
        raise Http404
    cards = _cards(page, request)
    context = page.context(request, "flex") | {"cards": cards, "card": current_card(cards)}
    return _show(request, "order_flex", context)


@of_executed
def order_credits(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """Credits by location with their lots, what they were used for, and what one can do."""
    page = order_page(request, order)
    person = viewer(request)
    redemptions = Redemption.objects.visible_to(person).filter(order=page.order)
    balances = credit_balances(page.order, on=page.today, viewer=person)
    owned = {one.entitlement.pk: one.standing for one in standings(order, viewer=person)}
    context = page.context(request, "credits") | {
        "places": [
            (balance, [(lot, owned[lot.entitlement.pk]) for lot in balance.lots])
            for balance in balances
        ],
        "total": sum(balance.usable for balance in balances),
        "redemptions": redemptions.select_related("offering", "location", "by", "entitlement"),
        "moves": _moves(page.order, person),
        "may_redeem": person.manages_agreements,
        "may_move": person.manages_agreements or person.role == person.Role.CUSTOMER_ADMINISTRATOR,
    }
    return _show(request, "order_credits", context)


@of_executed
def order_deadlines(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """Every date of this order with its proof."""
    page = order_page(request, order)
    context = page.context(request, "deadlines")
    rows = deadline_rows(request, page.deadlines, page.now, place="order")
    context["rows"] = [row for row in rows if row.is_waiting]
    context["over"] = [row for row in rows if not row.is_waiting]
    return _show(request, "order_deadlines", context)


@of_executed
def order_history(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """Who did what when, newest first."""
    page = order_page(request, order)
    context = page.context(request, "history")
    context["story"] = story_of(page.order, viewer=viewer(request), zone=page.zone)
    return _show(request, "order_history", context)


def _show(request: SignedInRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    fragment = "#tab" if request.htmx else ""
    return render(request, f"workorders/{name}.html{fragment}", context)


def _cards(page: OrderPage, request: SignedInRequest) -> list[YearCard]:
    person = viewer(request)
    if not sees_allowance(person):
        return []
    return year_cards(flex_gauges(page.order, viewer=person), today=page.today)


def _chosen_year(request: SignedInRequest, page: OrderPage) -> int | None:
    """The contract year to show: today's unless another, or all, is asked for."""
    asked = request.GET.get("year", "")
    if asked == "all":
        return None
    known = {str(year.number): year.number for year in page.years}
    return known.get(asked, page.year)


def _included(order: WorkOrder) -> list[Offering]:
    """What the base package brings without limit; nothing where it stands on another order."""
    if not with_base(WorkOrder.objects.filter(pk=order.pk)).exists():
        return []
    included = Offering.objects.filter(edition=order.edition, mark=Offering.Mark.INCLUDED)
    return list(included.order_by("position"))


def _purchasable(order: WorkOrder, on: date) -> list[Offering]:
    """What alone may be bought under it, where it lists that (2.1-B7)."""
    if not order.purchasable:
        return []
    codes = order.purchasable if order.amends_id else purchasable_under(order, on)
    rows = Offering.objects.filter(edition=order.edition, code__in=codes)
    return list(rows.order_by("position"))


def _cutoff(page: OrderPage) -> Deadline | None:
    kind = Deadline.Kind.REQUEST_CUTOFF
    return next((one for one in page.deadlines if one.kind == kind), None)


def _next_deadlines(request: SignedInRequest, page: OrderPage) -> dict[str, Any]:
    """The next deadline of each kind; one shows its proof: the cut-off unless another is asked."""
    ahead = [one for one in page.deadlines if status_of(one, page.now) == "open"]
    first_of_kind = {one.kind: one for one in reversed(ahead)}
    shown = sorted(first_of_kind.values(), key=lambda one: (one.due_at, one.pk))[:NEXT]
    asked = request.GET.get("proof", "")
    opened = next((one.pk for one in shown if str(one.pk) == asked), None)
    if opened is None and asked != "none" and shown:
        cutoff = next((one for one in shown if one.kind == Deadline.Kind.REQUEST_CUTOFF), shown[0])
        opened = cutoff.pk
    missed = [one for one in page.deadlines if status_of(one, page.now) == "missed"]
    return {
        "upcoming": shown,
        "opened": opened,
        "missed": sum(not one.met_at for one in missed),
    }


def _moves(order: WorkOrder, person: Any) -> list[dict[str, Any]]:
    """Moves of credits between locations: one line a move, what left and what arrived."""
    rows = (
        Transfer.objects.visible_to(person)
        .filter(
            order=order,
            kind__in=(Transfer.Kind.TRANSFER_OUT, Transfer.Kind.TRANSFER_IN),
        )
        .select_related("debit__location", "credit__location", "by")
        .order_by("at", "pk")
    )
    moves: dict[Any, dict[str, Any]] = {}
    for row in rows:
        move = moves.setdefault(
            row.group,
            {"on": row.on, "by": row.by, "out": 0, "into": 0, "source": None, "target": None},
        )
        if row.kind == Transfer.Kind.TRANSFER_OUT:
            move["out"] += row.amount
            move["source"] = row.debit.location
        else:
            move["into"] += row.amount
            move["target"] = row.credit.location
    return list(reversed(moves.values()))
