"""Cases about the flex allowance and about requests before the order ends."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import request_deadline_binds
from ussd_portal.conformance.agreements.common import (
    ACCEPTED,
    host_zone,
    offering,
    order_last_day,
)
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import (
    Words,
    a_date,
    a_decimal,
    an_amount,
    an_instant,
    currency_of,
    maybe_instant,
    text_of,
)
from workorders.rules.flex import (
    FlexUse,
    check_allocation,
    flex_ceiling,
    flex_ceilings,
    flex_may_fund,
    flex_period,
    forfeited_at_execution,
)
from workorders.rules.milestones import request_cutoff
from workorders.rules.requests import request_is_in_time


def _rate(given: Words) -> Decimal | None:
    rate = given.get("units_per_usd")
    return None if rate is None else a_decimal(rate)


def _by_year(given: Words, key: str) -> dict[int, Money]:
    amounts: Mapping[Any, Any] = given.get(key) or {}
    return {
        int(year): an_amount(amount or 0, currency_of(given)) for year, amount in amounts.items()
    }


@adapter("flex_cap", "flex_cap")
def flex_cap(given: Words, when: Words) -> Answer:
    """The ceiling of one year."""
    allotment = an_amount(given.get("annual_allotment") or 0, currency_of(given))
    try:
        ceiling = flex_ceiling(
            shipped_edition().terms.flex, allotment=allotment, units_per_usd=_rate(given)
        )
    except Refused as refused:
        return {"error": refused.code}
    return {"cap": text_of(ceiling.result)}


@adapter("flex_cap", "flex_cap_by_year")
def flex_cap_by_year(given: Words, when: Words) -> Answer:
    """The ceiling of each year."""
    try:
        ceilings = flex_ceilings(
            shipped_edition().terms.flex,
            allotments=_by_year(given, "annual_allotments"),
            units_per_usd=_rate(given),
        )
    except Refused as refused:
        return {"error": refused.code}
    return {"caps": {str(year): text_of(one.result) for year, one in ceilings.items()}}


@adapter("flex_allocate", "flex_allocate")
def flex_allocate(given: Words, when: Words) -> Answer:
    """One more allocation of a year's allowance."""
    currency = currency_of(given)
    check_allocation(
        shipped_edition().terms.flex,
        FlexUse(offering(when["service"]), an_amount(when["amount"], currency)),
        allocated=[
            FlexUse(offering(one["service"]), an_amount(one["amount"], currency))
            for one in given.get("allocated") or ()
        ],
        allotment=an_amount(given.get("annual_allotment") or 0, currency),
        units_per_usd=_rate(given),
        executed_at=maybe_instant(given, "executed_at"),
        at=maybe_instant(when, "at"),
    )
    return ACCEPTED


@adapter("flex_execute", "flex_execute")
def flex_execute(given: Words, when: Words) -> Answer:
    """What execution takes back."""
    forfeited = forfeited_at_execution(
        allotments=_by_year(given, "annual_allotments"), allocated=_by_year(given, "allocated")
    )
    return {"forfeited": {str(year): text_of(one.result) for year, one in forfeited.items()}}


@adapter("flex_use", "flex_use")
def flex_use(given: Words, when: Words) -> Answer:
    """A delivery paid from a year's allowance."""
    period = flex_period(
        shipped_edition().terms.flex,
        order_start=a_date(given["order_start"]),
        order_end=order_last_day(given),
        funded_year=int(given["funded_year"]),
    ).result
    return {
        "allowed": flex_may_fund(period, a_date(when["delivered_on"])),
        "last_day": period.last_day,
    }


@adapter("request_deadline", "check_request")
def check_request(given: Words, when: Words) -> Answer:
    """A request and its data before the work order expires."""
    if not request_deadline_binds(offering(given.get("service") or when.get("service"))):
        return {"applies": False, "last_day": None, "in_time": None}
    zone = host_zone(given)
    last_day = request_cutoff(
        shipped_edition().terms.request, order_end=order_last_day(given), zone=zone
    ).result
    requested = _moment(when, "request")
    # A request without a word about data is one that needs none.
    told_of_data = "data_on" in when or "data_at" in when
    data = _moment(when, "data") if told_of_data else requested
    in_time = request_is_in_time(last_day, requested=requested, data=data, zone=zone)
    return {"applies": True, "last_day": last_day, "in_time": in_time}


def _moment(words: Words, stem: str) -> date | datetime | None:
    if words.get(f"{stem}_at") is not None:
        return an_instant(words[f"{stem}_at"])
    day = words.get(f"{stem}_on")
    return None if day is None else a_date(day)
