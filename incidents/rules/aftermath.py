"""What has to be there before a review, a summary or a problem can be closed."""

from datetime import date

from accounts.rules.calendar_days import refuse_after
from accounts.rules.refusal import Refused

OUTCOME = ("attendees", "went_well", "to_improve")


def check_review_held(
    *, closed_on: date | None, held_on: date, today: date, outcome: dict[str, str]
) -> None:
    """Refuse a review that can't have been held like this.

    `incident_open`: it follows the closure, on that day at the earliest. `in_the_future`;
    `before_closure`. Who was there, what went well and what to improve are all said
    (`outcome_required`, with the field).

    Clause: 2.5-UE8, 2.5-UE9
    """
    if closed_on is None:
        raise Refused("incident_open", clause="2.5-UE8")
    refuse_after(today, held_on, field="held_on", clause="2.5-UE8")
    if held_on < closed_on:
        raise Refused("before_closure", clause="2.5-UE8", field="held_on", closed_on=closed_on)
    for field in OUTCOME:
        if not outcome.get(field, "").strip():
            raise Refused("outcome_required", clause="2.5-UE8", field=field)


def check_summary_closes(*, last_day: date, today: date, still_open: int) -> None:
    """Refuse to close the summary of an Azure event too early.

    `event_not_over`: the window hasn't ended. `incidents_open`: Microsoft sees that every
    incident opened in it is resolved first.

    Clause: A-AE9
    """
    if today <= last_day:
        raise Refused("event_not_over", clause="A-AE9", last_day=last_day)
    if still_open:
        raise Refused("incidents_open", clause="A-AE9", count=still_open)


def check_problem(*, incidents: int, customers: int) -> None:
    """Refuse a problem that groups nothing: it takes two incidents of one customer.

    Clause: 2.4-AP22, 2.5-ED6
    """
    if incidents < 2:
        raise Refused("problem_needs_two", clause="2.4-AP22", field="incidents")
    if customers != 1:
        raise Refused("one_customer", clause="2.4-AP22", field="incidents")


def check_acknowledged(acknowledged: dict[str, bool]) -> None:
    """Refuse an early start of cyberattack work while a consequence isn't acknowledged.

    The customer executes the contract soon, pays for work done before, and bears the risk
    of what it authorised: each is acknowledged by itself (`acknowledgement_required`).

    Clause: 2.4-IR5
    """
    for field, yes in acknowledged.items():
        if not yes:
            raise Refused("acknowledgement_required", clause="2.4-IR5", field=field)
