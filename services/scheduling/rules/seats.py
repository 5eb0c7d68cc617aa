"""Seats of a workshop: whether one is free, by when to decide, what the decision needs."""

from datetime import date, timedelta

from accounts.rules.calendar_days import refuse_before
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.scheduling.rules.booking import Missing, Sale, check_seats, enrolment

DAY = timedelta(days=1)
LACKING: dict[Missing, str] = {
    "notice": "notice_missing",
    "consent": "consent_missing",
    "written_permission": "permission_missing",
}


def check_place(sold_as: Sale, *, capacity: int | None, taken: int) -> None:
    """Refuse one more attendee where all seats are taken.

    By attendee the seats bought are the limit (`seats_full`); a dedicated delivery has one
    only where a capacity was planned for it (`workshop_full`).

    Clause: 2.3-TR8
    """
    check_seats(sold_as, seats=capacity, registered=taken)
    if capacity is not None and taken >= capacity:
        raise Refused("workshop_full", clause="2.3-TR8", field="people", capacity=capacity)


def check_sizes(*, capacity: int | None, minimum: int | None) -> None:
    """Refuse a minimum that the capacity can't hold (`minimum_above_capacity`); equal is fine.

    Clause: 2.7-T12
    """
    if capacity is not None and minimum is not None and minimum > capacity:
        raise Refused(
            "minimum_above_capacity",
            clause="2.7-T12",
            field="minimum_attendees",
            capacity=capacity,
            minimum=minimum,
        )


def decision_day(
    *,
    starts_on: date,
    free_until: date | None,
    today: date,
    minimum: int,
    chosen: date | None = None,
    zone: str = "",
) -> Explained[date]:
    """The last day on which to decide whether a workshop takes place.

    The text names no day. The one that was chosen counts, from today to the eve of the
    workshop (`in_the_past`, `decision_too_late`); without one the last free day to cancel,
    once that is past the eve, and never a day that is over. Days of the delivery location.

    Clause: 2.7-T12
    """
    eve = starts_on - DAY
    if chosen is not None:
        refuse_before(today, chosen, field="decide_on", clause="2.7-T12")
        if chosen > eve:
            raise Refused("decision_too_late", clause="2.7-T12", field="decide_on", last_day=eve)
        day, step = chosen, "decision_chosen"
    elif free_until is not None and free_until >= today:
        day, step = free_until, "free_cancellation"
    else:
        day, step = max(eve, today), "eve"
    return Explained(
        day,
        inputs=(("starts_on", starts_on), ("minimum_enrolment", minimum)),
        steps=((step, day),),
        clauses=("2.7-T12",),
        zone=zone,
    )


def check_shortfall(*, minimum: int | None, registered: int) -> None:
    """Refuse to cancel for low enrolment where the minimum is reached (`enrolment_reached`).

    Exactly the minimum is enough; without a minimum enrolment can't fall short.

    Clause: 2.7-T12
    """
    if not enrolment(minimum=minimum, registered=registered).below_minimum:
        raise Refused(
            "enrolment_reached", clause="2.7-T12", minimum=minimum or 0, registered=registered
        )


def recording_refusal(missing: tuple[Missing, ...]) -> Refused | None:
    """Why a recording can't start, the first thing that is missing; None when nothing is.

    Clause: 2.3-TR9
    """
    if not missing:
        return None
    return Refused(LACKING[missing[0]], clause="2.3-TR9")
