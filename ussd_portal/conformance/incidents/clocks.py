"""Cases about targets, duties, the first response and changes of severity."""

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.rules.refusal import Refused
from incidents.rules import clock, opening
from incidents.rules.charts import chart_row, target_in
from incidents.rules.components import OTHER
from incidents.rules.response import Contact, first_response
from ussd_portal.conformance.calendars import hours_of, zone_of
from ussd_portal.conformance.incidents.situations import BASE_CHART, charts, response_terms
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import Words, an_instant, maybe_instant, works_for_customer


@adapter("response_due", "response_due")
def response_due(given: Words, when: Words) -> Answer:
    """When the first response is due, and when somebody has to be assigned."""
    zone = zone_of(given, "tz", "host_tz")
    words = {**given, **when}
    submitted_at = an_instant(words["submitted_at"])
    row = chart_row(charts(), _chart(words), str(words["severity"]))
    answer = _due_in(_response_due(words, zone), zone)
    if row.assigned is not None:
        resource = clock.resource_due(row.assigned, submitted_at=submitted_at)
        answer["resource_assigned_due_utc"] = resource.result if resource else None
    return answer


@adapter("customer_duty", "customer_duty_due")
def customer_duty_due(given: Words, when: Words) -> Answer:
    """When the customer has to have done something."""
    zone = zone_of(given, "tz", "host_tz")
    words = {**given, **when}
    row = chart_row(charts(), _chart(words), str(words["severity"]))
    duty = next(one for one in row.duties if one.code == words["duty"])
    due = clock.duty_due(duty, asked_at=an_instant(words["asked_at"]), hours=hours_of(given, zone))
    return _due_in(due.result if due else None, zone)


@adapter("first_response", "first_response")
def first_response_of(given: Words, when: Words) -> Answer:
    """The first response, and whether it came in time."""
    zone = zone_of(given, "tz", "host_tz")
    found = first_response(
        response_terms(),
        [
            Contact(an_instant(one["at"]), str(one["channel"]), bool(one.get("automated")))
            for one in given.get("contacts") or ()
        ],
        submitted_at=an_instant(given["submitted_at"]),
        due_at=maybe_instant(given, "due_at") or _response_due({**given, **when}, zone),
        now=maybe_instant({**given, **when}, "now"),
    )
    return {"first_response_at": found.at, "met": found.met}


@adapter("severity_change", "change_severity")
def change_severity(given: Words, when: Words) -> Answer:
    """Whether a change takes effect at once, and the target from then on."""
    is_open = given.get("state", "open") != "closed" and given.get("closed_at") is None
    by_customer = works_for_customer(when.get("by", "microsoft"))
    try:
        applies = opening.severity_change_applies(
            "customer" if by_customer else "microsoft", is_open=is_open
        )
    except Refused as refused:
        return {"applied": False, "pending_microsoft": False, "reason": refused.code}
    answer: Answer = {"applied": applies, "pending_microsoft": not applies, "reason": None}
    if given.get("submitted_at") is None or when.get("at") is None:
        return answer
    # While Microsoft hasn't decided the severity is what it was.
    new_severity = str(when["to"] if applies else given["severity"])
    return answer | _new_target(given, when, new_severity)


def _chart(words: Words) -> str:
    """The chart that a case names, the base chart where it names none."""
    return str(words.get("matrix") or BASE_CHART)


def _response_due(words: Words, zone: str) -> datetime:
    row = chart_row(charts(), _chart(words), str(words["severity"]))
    due = clock.response_due(
        target_in(row, str(words.get("product_class") or OTHER)),
        row.clock,
        counted_from=an_instant(words["submitted_at"]),
        hours=hours_of(words, zone),
    )
    return due.result


def _new_target(given: Words, when: Words, new_severity: str) -> Answer:
    zone = zone_of(given, "tz", "host_tz")
    hours = hours_of(given, zone)
    product_class = str(given.get("product_class") or OTHER)
    old_severity = str(given["severity"])
    old, new = (
        chart_row(charts(), _chart(given), severity) for severity in (old_severity, new_severity)
    )
    old_due = clock.response_due(
        target_in(old, product_class),
        old.clock,
        counted_from=an_instant(given["submitted_at"]),
        hours=hours,
    )
    due = clock.target_after_change(
        old_due.result,
        target_in(new, product_class),
        new.clock,
        old_severity=old_severity,
        new_severity=new_severity,
        changed_at=an_instant(when["at"]),
        first_response_at=maybe_instant(given, "first_response_at"),
        hours=hours,
    )
    return _due_in(due.result if due else None, zone)


def _due_in(due: datetime | None, zone: str) -> Answer:
    """An instant as both clocks show it."""
    local = None if due is None else due.astimezone(ZoneInfo(zone)).isoformat()
    return {"due_local": local, "due_utc": due}
