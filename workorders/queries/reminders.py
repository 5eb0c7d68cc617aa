"""Who is reminded of which deadline when: the policies by kind, readers, what was announced."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from accounts.models import Location, Message, User
from accounts.queries.calendars import business_hours
from accounts.rules.business_time import BusinessHours
from accounts.rules.calendar_days import local_date
from workorders.models import Deadline
from workorders.queries.locations import host_of
from workorders.queries.recipients import (
    account_managers_of,
    administrators_of,
    contacts_of,
    leads_of,
)
from workorders.rules.reminding import Policy, offset_reached, reminder_moment

Kind = Deadline.Kind

QUIET_UNTIL, QUIET_FROM = time(8), time(18)
LONG = (90, 60, 30, 14, 7, 3, 1, 0)

POLICIES: Mapping[str, Policy] = {
    Kind.REQUEST_CUTOFF: Policy((90, 75, 60, 30, 14, 7, 3, 1, 0), escalate_at=7),
    Kind.EXPIRY: Policy((90, 60, 30, 14, 7, 1, 0), escalate_at=7),
    Kind.CONTRACT_YEAR_END: Policy(LONG, escalate_at=7),
    Kind.ALLOCATION: Policy((30, 14, 7, 3, 1, 0), escalate_at=3, for_staff=True),
    Kind.MCSAP_INTAKE: Policy((7, 3, 1, 0), escalate_at=1),
    Kind.MCSAP_MATERIAL: Policy((14, 7, 3, 1, 0), escalate_at=1),
    Kind.MCSAP_ONBOARDING: Policy((30, 14, 7, 1, 0), escalate_at=1),
    Kind.MCSAP_MONITORS: Policy((14, 7, 1, 0), escalate_at=1, for_staff=True),
    Kind.UER_ONBOARDING: Policy((30, 14, 7, 1, 0), escalate_at=1),
    Kind.FREE_CANCELLATION: Policy((3, 1, 0)),
    Kind.EVENT_CONFIRMATION: Policy((14, 7, 3, 1, 0), escalate_at=3),
    Kind.DELIVERY: Policy((7, 1)),
    Kind.RCA_REQUEST: Policy((3, 1, 0)),
    Kind.RCA_DELIVERY: Policy((5, 2, 1, 0), escalate_at=1),
    Kind.SIP_WINDOW: Policy((0,)),
    Kind.QUARTERLY_REVIEW: Policy((30, 14, 7, 1, 0), escalate_at=1),
    Kind.MINIMUM_ENROLMENT: Policy((14, 7, 3, 1, 0), escalate_at=1, for_staff=True),
    Kind.SUCCESS_ACTIVITY: Policy((7, 1, 0)),
    Kind.RENEWAL_START: Policy(LONG, escalate_at=14, for_staff=True),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is reminded, with the hours in which mail may reach them."""

    person: User
    hours: BusinessHours
    location: Location | None = None
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Announced:
    """What one person was told of a deadline, and when the next word is due."""

    person: User
    told: tuple[Message, ...]
    following: datetime | None


def office_hours(person: User) -> BusinessHours:
    """The hours in which mail may reach an account manager: weekdays in their own zone."""
    return BusinessHours(person.time_zone, QUIET_UNTIL, QUIET_FROM)


def readers_of(deadline: Deadline, *, on: date) -> Iterator[Reader]:
    """Account managers on a day, the customer's administrators, the location's contacts."""
    for person in account_managers_of(deadline.customer, on):
        yield Reader(person, office_hours(person))
    if POLICIES[deadline.kind].for_staff:
        return
    host = host_of(deadline.customer)
    for person in administrators_of(deadline.customer):
        yield Reader(person, _hours(person, host))
    if deadline.location is not None:
        for person in contacts_of(deadline.location):
            yield Reader(person, _hours(person, deadline.location), deadline.location)


def leads_to_tell(deadline: Deadline) -> Iterator[Reader]:
    """The leads of the customer's team, where the policy escalates."""
    if POLICIES[deadline.kind].escalate_at is not None:
        for person in leads_of(deadline.customer):
            yield Reader(person, office_hours(person), is_lead=True)


def announced(deadline: Deadline, *, viewer: User, now: datetime) -> list[Announced]:
    """By person: the messages about this date and the earlier ones, and the next moment.

    Whoever manages agreements sees it of everybody, all others of themselves.
    """
    same = {"kind": deadline.kind, "subject_key": deadline.subject_key}
    keys = [f"deadline:{pk}" for pk in Deadline.objects.filter(**same).values_list("pk", flat=True)]
    rows = Message.objects.filter(subject_key__in=keys).defer("text", "html", "calendar")
    told: dict[int, list[Message]] = {}
    people: dict[int, User] = {}
    for row in rows.select_related("recipient").order_by("created_at", "pk"):
        if row.recipient is not None:
            told.setdefault(row.recipient.pk, []).append(row)
            people[row.recipient.pk] = row.recipient
    following = _following(deadline, now)
    people |= {reader.person.pk: reader.person for reader, _moment in following.values()}
    return [
        Announced(
            person,
            tuple(told.get(pk, ())),
            following[pk][1] if pk in following else None,
        )
        for pk, person in sorted(people.items(), key=lambda pair: (pair[1].name, pair[0]))
        if viewer.manages_agreements or pk == viewer.pk
    ]


def _following(deadline: Deadline, now: datetime) -> dict[int, tuple[Reader, datetime]]:
    """By person: the next reminder, while the deadline waits for somebody."""
    settled = (deadline.met_at, deadline.waived_at, deadline.superseded_at)
    if any(settled) or now > deadline.due_at:
        return {}
    coming: dict[int, tuple[Reader, datetime]] = {}
    for reader in readers_of(deadline, on=local_date(now, deadline.zone)):
        later = [
            moment
            for offset in POLICIES[deadline.kind].offsets
            if (moment := reminder_moment(reader.hours, deadline.due_on, offset)) > now
        ]
        if later:
            coming[reader.person.pk] = (reader, min(later))
    return coming


def due_offset(deadline: Deadline, reader: Reader, now: datetime) -> int | None:
    """The offset of which `reader` has to be told by now; leads only from where it escalates."""
    policy = POLICIES[deadline.kind]
    offsets = policy.offsets
    if reader.is_lead:
        least = policy.escalate_at or 0
        offsets = tuple(offset for offset in offsets if offset <= least)
    return offset_reached(reader.hours, deadline.due_on, offsets, now)


def _hours(person: User, location: Location | None) -> BusinessHours:
    """The person's own zone and the days on which their location works."""
    if location is None:
        return office_hours(person)
    return replace(
        business_hours(location), zone=person.time_zone, opens=QUIET_UNTIL, closes=QUIET_FROM
    )
