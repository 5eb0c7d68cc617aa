"""Cases about delivery: cancellation, sessions, workshops, Azure events."""

from datetime import date

from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import choose_mode
from services.scheduling.rules import booking, events
from services.scheduling.rules.cancellation import Party, cancellation_charge, units_kept
from ussd_portal.conformance.calendars import hours_of, zone_of
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import (
    Words,
    a_date,
    an_amount,
    an_instant,
    currency_of,
    maybe_date,
    works_for_customer,
)


@adapter("cancellation", "cancel")
def cancel(given: Words, when: Words) -> Answer:
    """What stays due of a fee, and what is kept of credits."""
    terms = shipped_edition().terms.cancellation
    starts_on = _local_day(given, "scheduled", given)
    cancelled_on = _local_day(when, "cancelled", given)
    by: Party = "customer" if works_for_customer(when.get("by", "customer")) else "microsoft"
    answer: Answer = {}
    if given.get("fee") is not None:
        fee = an_amount(given["fee"], currency_of(given))
        charge = cancellation_charge(
            terms, fee=fee, starts_on=starts_on, cancelled_on=cancelled_on, by=by
        )
        steps = dict(charge.steps)
        answer |= {"charge": charge.result.decimal_text, "refund": _text(steps["given_back"])}
        answer |= {"lead_days": steps["lead_days"], "fee_percent": steps["charged_percent"]}
    if given.get("credits") is not None:
        kept = units_kept(
            terms,
            units=int(given["credits"]),
            starts_on=starts_on,
            cancelled_on=cancelled_on,
            by=by,
        )
        steps = dict(kept.steps)
        answer |= {"credits_kept": kept.result, "credits_returned": steps["given_back"]}
        answer |= {"lead_days": steps["lead_days"], "fee_percent": steps["charged_percent"]}
    return answer


@adapter("schedule", "book_session")
def book_session(given: Words, when: Words) -> Answer:
    """Whether a session lies in the hours that bind its service."""
    offering = shipped_edition().offerings[given["service"]]
    zone = booking.session_zone(
        offering.business_hours,
        location_zone=zone_of(given, "tz", "delivery_tz", "customer_tz", "host_tz"),
        agreed_zone=given.get("agreed_tz"),
    )
    if zone is not None:
        booking.check_session(
            hours_of(given, zone),
            starts_at=an_instant(when["from"]),
            ends_at=an_instant(when["to"]),
        )
    return {"accepted": True, "reason": None}


@adapter("schedule", "choose_mode")
def mode_of_delivery(given: Words, when: Words) -> Answer:
    """Whether a service can be delivered like this, and who pays the travel."""
    prepaid = given.get("visit_prepaid")
    chosen = choose_mode(
        shipped_edition().offerings[given["service"]],
        when["mode"],
        written_agreement=bool(given.get("written_agreement", True)),
        fee_recorded=bool(given.get("fee_recorded", True)),
        sold_as_onsite=bool(given.get("sold_as_onsite", False)),
        visit_prepaid=None if prepaid is None else bool(prepaid),
    )
    return {"accepted": True, "reason": None, "travel_billed": chosen.travel_billed}


@adapter("workshop", "register_attendee")
def register_attendee(given: Words, _when: Words) -> Answer:
    """Whether a seat is left."""
    booking.check_seats(
        given["sold_as"], seats=given.get("seats"), registered=int(given["registered"])
    )
    return {"accepted": True, "reason": None}


@adapter("workshop", "start_recording")
def start_recording(given: Words, _when: Words) -> Answer:
    """Whether nothing is missing for a recording."""
    missing = booking.missing_for_recording(
        notice_given=bool(given.get("notice_given", True)),
        attendees=int(given.get("attendees") or 0),
        consents_given=int(given.get("consents_given") or 0),
        region_needs_written_permission=bool(given.get("region_needs_written_permission")),
        written_permission=bool(given.get("written_permission")),
    )
    return {"permitted": not missing}


@adapter("workshop", "check_enrolment")
def check_enrolment(given: Words, _when: Words) -> Answer:
    """Whether too few people are registered, and what follows by itself."""
    state = booking.enrolment(
        minimum=given.get("minimum_enrolment"), registered=int(given["registered"])
    )
    return {
        "below_minimum": state.below_minimum,
        "cancelled_automatically": state.cancelled_automatically,
    }


@adapter("event_notice", "check_event_notice")
def check_event_notice(given: Words, when: Words) -> Answer:
    """The last day for the written confirmation, and whether it came in time."""
    terms = shipped_edition().terms.event
    start = a_date(given["activity_start"])
    answer: Answer = {"last_day": events.event_notice_last_day(terms, activity_start=start).result}
    try:
        notice = events.check_event_notice(
            terms,
            activity_start=start,
            confirmed_on=maybe_date(when, "confirmed_in_writing_on"),
            short_notice_agreed=bool(given.get("microsoft_agrees_short_notice")),
        )
    except Refused as refused:
        return answer | {"accepted": False, "reason": refused.code}
    return answer | {
        "accepted": True,
        "reason": None,
        "assessment_may_be_reduced": notice.assessment_may_be_reduced,
    }


@adapter("event_count", "count_events")
def count_events(given: Words, when: Words) -> Answer:
    """The windows of an activity, and the events that it takes."""
    terms = shipped_edition().terms.event
    first, last = a_date(when["first_day"]), a_date(when["last_day"])
    needed = events.events_needed(
        terms, first_day=first, last_day=last, solutions=int(given.get("solutions", 1))
    )
    windows = events.event_windows(terms, first_day=first, last_day=last)
    return {
        "days": dict(needed.steps)["days"],
        "events": needed.result,
        "windows": [[window.first_day, window.last_day] for window in windows],
    }


@adapter("event_eligibility", "check_event_eligibility")
def check_event_eligibility(given: Words, _when: Words) -> Answer:
    """Whether an event is possible for this solution."""
    try:
        events.check_event_eligibility(
            cloud=str(given.get("cloud", events.PUBLIC_CLOUD)),
            restricted_staff_required=bool(given.get("restricted_staff_required")),
        )
    except Refused as refused:
        return {"eligible": False, "reason": refused.code}
    return {"eligible": True, "reason": None}


@adapter("event_aftermath", "event_summary")
def event_summary(given: Words, _when: Words) -> Answer:
    """What the summary after an event covers, and whether it can be closed."""
    first, last = (a_date(day) for day in given["window"])
    summary = events.event_summary(
        events.EventWindow(first, last),
        [
            events.EventIncident(a_date(incident["opened_on"]), bool(incident["closed"]))
            for incident in given.get("incidents") or ()
        ],
    )
    return {
        "incidents_in_summary": summary.incidents,
        "ready_to_close": summary.ready_to_close,
    }


def _local_day(words: Words, stem: str, given: Words) -> date:
    """The date `stem`_on, or that of the instant `stem`_at at the delivery location."""
    if words.get(f"{stem}_at") is None:
        return a_date(words[f"{stem}_on"])
    instant = an_instant(words[f"{stem}_at"])
    zone = given.get("delivery_tz")
    return local_date(instant, str(zone)) if zone else instant.date()


def _text(amount: object) -> str:
    if not isinstance(amount, Money):
        raise TypeError(f"no amount of money: {amount!r}")
    return amount.decimal_text
