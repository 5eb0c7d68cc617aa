"""Words that the cases about agreements share."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.rules.calendar_days import ContractYear, local_date
from services.catalog.rules.offering import OfferingFacts
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.words import Words, a_date, an_instant, maybe_date
from workorders.rules.flex import flex_period
from workorders.rules.locations import LocationRole, SupportLocation
from workorders.rules.term import Period, lapse_day, last_day_in_force

ACCEPTED = {"accepted": True, "reason": None}


def offering(code: object) -> OfferingFacts | None:
    """The offering of the shipped edition, or None for a line outside the catalogue."""
    return shipped_edition().offerings.get(str(code))


def known_offering(code: object) -> OfferingFacts:
    """The offering, where the case can be about nothing else."""
    found = offering(code)
    if found is None:
        raise ValueError(f"not in the catalogue: {code}")
    return found


def order_last_day(words: Words) -> date:
    """The last day in force of the order that a case describes."""
    return last_day_in_force(a_date(words["order_end"]), maybe_date(words, "terminated_on")).result


def funded_period(words: Words, funding: Words) -> ContractYear | None:
    """The annual period whose flex allowance paid for something; None: paid otherwise."""
    paid_with = funding.get("funding") or funding.get("paid_with")
    if paid_with != "flex" or words.get("order_start") is None:
        return None
    return flex_period(
        shipped_edition().terms.flex,
        order_start=a_date(words["order_start"]),
        order_end=order_last_day(words),
        funded_year=int(funding["funded_year"]),
    ).result


def usable_until(words: Words, funding: Words) -> date:
    """The last usable day of something that was bought in this way."""
    year = funded_period(words, funding)
    return lapse_day(
        order_last_day=order_last_day(words),
        funded_period=None if year is None else Period(year.first_day, year.last_day),
    ).result


def executed_on(words: Words) -> date:
    """The date of execution at the host location."""
    if words.get("executed_on") is not None:
        return a_date(words["executed_on"])
    return local_date(an_instant(words["executed_at"]), host_zone(words))


def host_zone(words: Words) -> str:
    """The host location's zone; UTC where a case names none."""
    return str(words.get("host_tz") or "UTC")


def base_agreement(words: Words) -> Period | None:
    """The base agreement's days; in force at all times where a case doesn't mention it."""
    if "base_agreement" not in words:
        return Period()
    base = words["base_agreement"]
    if base is None:
        return None
    end, terminated = maybe_date(base, "end"), maybe_date(base, "terminated_on")
    last = last_day_in_force(end, terminated).result if end else terminated
    return Period(maybe_date(base, "start"), last)


def location(words: Words, code: object) -> SupportLocation:
    """A location as the case describes it; one it doesn't describe is no location of ours."""
    known: Mapping[str, Any] = words.get("locations") or {}
    facts = known.get(str(code))
    if facts is None:
        return SupportLocation(str(code))
    role: LocationRole = facts.get("role") or "none"
    return SupportLocation(
        code=str(code),
        role=role,
        listed=facts.get("listed", role != "none"),
        tax_exception=bool(facts.get("tax_exception")),
        own_work_order=bool(facts.get("own_work_order")),
        has_administrator=facts.get("administrator", "somebody") is not None,
    )
