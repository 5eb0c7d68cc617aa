"""Cases about the term: hours, what is forfeited at its end, who ends with whom."""

from datetime import date, timedelta
from fractions import Fraction

from accounts.rules.explained import fraction_text
from accounts.rules.refusal import Refused
from ussd_portal.conformance.agreements.common import (
    ACCEPTED,
    funded_period,
    known_offering,
    order_last_day,
    usable_until,
)
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import Words, a_date, a_decimal, maybe_date
from workorders.rules.flex import check_flex_use
from workorders.rules.term import (
    Balance,
    Holding,
    Period,
    check_day_in_term,
    effective_end,
    hour_balance,
    lapsed,
    last_day_in_force,
    record_delivery,
    service_state,
)

# Hours come with decimals; a second is fine enough for them.
SECONDS = 3600


def _seconds(words: Words, key: str) -> int:
    seconds = Fraction(a_decimal(words.get(key) or 0)) * SECONDS
    if seconds.denominator != 1:
        raise ValueError(f"not a whole number of seconds: {words[key]} hours")
    return int(seconds)


def _hours(seconds: int) -> str:
    return fraction_text(Fraction(seconds, SECONDS))


def _balance(given: Words) -> Balance:
    return hour_balance(
        bought=_seconds(given, "hours_bought"),
        delivered=_seconds(given, "hours_delivered"),
        reserved=_seconds(given, "hours_reserved"),
    )


@adapter("hours", "hour_balance")
def balance(given: Words, when: Words) -> Answer:
    """Hours left and hours free to book."""
    hours = _balance(given)
    return {"balance": _hours(hours.left), "free_to_book": _hours(hours.free_to_book)}


@adapter("hours", "record_delivery")
def delivery(given: Words, when: Words) -> Answer:
    """Hours delivered."""
    before = _balance(given)
    try:
        after = record_delivery(before, _seconds(when, "hours"))
    except Refused as refused:
        return {
            "accepted": False,
            "reason": refused.code,
            "balance": _hours(before.left),
            "free_to_book": _hours(before.free_to_book),
        }
    return ACCEPTED | {
        "balance": _hours(after.left),
        "free_to_book": _hours(after.free_to_book),
    }


@adapter("forfeiture", "close_order", "sweep")
def forfeiture(given: Words, when: Words) -> Answer:
    """What lapses by a day."""
    # An order is closed on the day after its last one.
    as_of = maybe_date(when, "as_of") or order_last_day(given) + timedelta(days=1)
    hours = lapsed(
        [Holding(_balance(given).left, usable_until(given, given))],
        as_of=as_of,
        bookings=[a_date(booking["date"]) for booking in given.get("booked") or ()],
    ).result
    credit_lots = lapsed(
        [
            Holding(int(lot["balance"]), usable_until(given, lot))
            for lot in given.get("credits") or ()
        ],
        as_of=as_of,
    ).result
    return {
        "forfeited_hours": _hours(hours.forfeited),
        "remaining_hours": _hours(hours.remaining),
        "bookings_cancelled": hours.bookings_cancelled,
        "forfeited_credits": credit_lots.forfeited,
        "remaining_credits": credit_lots.remaining,
    }


@adapter("forfeiture", "schedule")
def schedule(given: Words, when: Words) -> Answer:
    """A delivery on a day of the term, or not."""
    day = a_date(when["date"])
    check_day_in_term(
        day, last_day=order_last_day(given), first_day=maybe_date(given, "order_start")
    )
    period = funded_period(given, given)
    if period is not None:
        check_flex_use(period, day)
    return ACCEPTED


def _base_end(given: Words) -> date | None:
    end, terminated = (
        maybe_date(given, "agreement_end"),
        maybe_date(given, "agreement_terminated_on"),
    )
    return last_day_in_force(end, terminated).result if end else terminated


@adapter("co_termination", "effective_end")
def service_end(given: Words, when: Words) -> Answer:
    """The last day on which a service can exist."""
    base_end = _base_end(given)
    if base_end is None:
        return {"effective_end": None}
    end = effective_end(
        known_offering(given["service"]), own_end=maybe_date(given, "own_end"), base_end=base_end
    )
    return {"effective_end": end.result}


@adapter("co_termination", "service_state")
def state(given: Words, when: Words) -> Answer:
    """Active, suspended or ended on a day."""
    base_end, renewed = _base_end(given), maybe_date(given, "renewed_from")
    renewals = [] if renewed is None else [Period(renewed, maybe_date(given, "renewed_until"))]
    return {
        "state": service_state(
            known_offering(given["service"]),
            on=a_date(when["date"]),
            own=Period(maybe_date(given, "own_start"), maybe_date(given, "own_end")),
            base=Period(maybe_date(given, "agreement_start"), base_end) if base_end else None,
            renewals=renewals,
        )
    }
