"""Renewals: an order copied into a new draft on the newest published edition."""

from datetime import datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager
from accounts.models import User
from workorders.actions.orders.amendments import hold_order
from workorders.actions.orders.copies import copy_details
from workorders.actions.orders.drafts import draft_order
from workorders.actions.orders.signing import refresh_draft_dates
from workorders.models import (
    FlexYear,
    OrderLocation,
    WorkOrder,
    WorkOrderLine,
)
from workorders.models.orders import Funding
from workorders.queries.renewal import RenewalPlan, renewal_of, renewal_plan
from workorders.queries.terms import state_of, years_of
from workorders.rules.renewal import check_renewable

# What a line says again. Own days, a floor price paid and an intake belong to the past.
KEPT = (
    "unit", "price_minor", "flex_year", "sold_as", "sold_onsite", "agreed_time_zone",
    "exhibit_reference", "assessed_spend_usd_minor", "platform_price_minor",
    "floor_price_minor", "plus_noted", "note",
)  # fmt: skip


@transaction.atomic
def draft_renewal(*, order: WorkOrder, by: User, now: datetime) -> WorkOrder:
    """A draft that renews an executed order, from the day after its end, as long as it was.

    It takes over locations, allowance, prices and services as amended, as far as the
    newest published edition still has them; unused value isn't carried over, it lapses.
    A line paid with exchange value is to be paid with money. Once: an order has one
    renewal.
    """
    require_account_manager(by)
    renewed = hold_order(order)
    earlier = renewal_of(renewed)
    check_renewable(
        state=state_of(renewed, now=now),
        is_amendment=renewed.amends_id is not None,
        renewal=earlier.number if earlier else "",
    )
    plan = renewal_plan(renewed)
    draft = draft_order(
        customer=renewed.customer,
        by=by,
        now=now,
        edition=plan.edition,
        copied_from=renewed,
        renews=renewed,
        title=renewed.title,
        currency=renewed.currency,
        units_per_usd=renewed.units_per_usd,
        starts_on=plan.term.result.first,
        ends_on=plan.term.result.last,
        multi_country=renewed.multi_country,
        base_price_minor=renewed.base_price_minor,
        note=renewed.note,
        purchasable=plan.purchasable,
    )
    _copy_places(plan, draft)
    _copy_allowance(renewed, draft)
    _copy_lines(plan, draft)
    refresh_draft_dates(draft, now=now)
    return draft


def _copy_places(plan: RenewalPlan, draft: WorkOrder) -> None:
    """The locations of the order, then those that its amendments added."""
    sources = [plan.order.pk, *dict.fromkeys(one.line.order_id for one in plan.lines)]
    rows: dict[int, OrderLocation] = {}
    for row in OrderLocation.objects.filter(order__in=sources).order_by("order", "pk"):
        rows.setdefault(row.location_id, row)
    OrderLocation.objects.filter(order=draft).delete()
    OrderLocation.objects.bulk_create(
        OrderLocation(order=draft, location_id=row.location_id, units_per_usd=row.units_per_usd)
        for row in rows.values()
    )


def _copy_allowance(renewed: WorkOrder, draft: WorkOrder) -> None:
    years = len(years_of(draft))
    FlexYear.objects.bulk_create(
        FlexYear(order=draft, number=row.number, allotment_minor=row.allotment_minor)
        for row in FlexYear.objects.filter(order=renewed, number__lte=years)
    )


def _copy_lines(plan: RenewalPlan, draft: WorkOrder) -> None:
    copies = WorkOrderLine.objects.bulk_create(
        WorkOrderLine(
            order=draft,
            position=position,
            offering=one.offering,
            funding=Funding.MONEY if one.line.funding == Funding.VALUE else one.line.funding,
            **{name: getattr(one.line, name) for name in KEPT},
        )
        for position, one in enumerate(plan.lines)
    )
    pairs = [(one.line, copy) for one, copy in zip(plan.lines, copies, strict=True)]
    copy_details(pairs)
