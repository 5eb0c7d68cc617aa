"""People of an incident: who takes a role and when, who joins on request, the engineer's hours."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Sum

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import User
from accounts.queries.calendars import business_hours
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Named, Refused
from incidents.actions.checks import key_of, moment, take, written_under
from incidents.actions.misses import note_missed_role
from incidents.actions.news import tell_account_managers, tell_people
from incidents.models import EngineerTime, Incident, IncidentAssignment, IncidentUpdate
from incidents.queries.engineers import designated_hours, role_facts
from incidents.queries.names import names_of
from incidents.queries.recipients import customers_people
from incidents.rules.roles import Requested, check_engineer_day, check_role_request
from incidents.wording.people import role_words
from workorders.actions.holdings import deliver_units, reserve_units
from workorders.models import Entitlement, Transfer

Kind = IncidentUpdate.Kind
DAY = 24 * 60


@transaction.atomic
def assign_person(
    *,
    incident: Incident,
    role: str,
    person: str,
    by: User,
    now: datetime,
    at: datetime | None = None,
) -> IncidentAssignment:
    """Name who takes a role. The first time counts for its target; a successor changes none."""
    require_account_manager(by)
    current = take(incident)
    name = written(person, field="person", limit=120, required=True)
    assigned_at = moment(at, incident=current, now=now)
    row = _assignment_of(current, role)
    first = IncidentAssignment.objects.filter(pk=row.pk, assigned_at=None).update(
        assigned_at=assigned_at, person=name, warn_at=None
    )
    if first:
        note_missed_role(current, row, until=assigned_at, now=now)
    else:
        IncidentAssignment.objects.filter(pk=row.pk).update(person=name)
    IncidentUpdate.objects.create(
        incident=current,
        at=assigned_at,
        kind=Kind.ASSIGNED,
        by=by,
        author=name,
        data={"role": row.role, "successor": not first},
        clauses=row.clauses,
    )
    tell_people(
        current,
        "assigned",
        customers_people(current),
        now=now,
        offset=f"{row.role}:{name}",
        role=row.role,
        name=name,
    )
    return _assignment_of(current, role)


@transaction.atomic
def request_role(
    *,
    incident: Incident,
    role: Requested,
    reason: str,
    by: User,
    now: datetime,
    asked_by_engineer: bool = False,
) -> IncidentAssignment:
    """Ask for somebody to join whom no chart assigns by itself; once."""
    require_acting_person(by)
    current = take(incident)
    words = written(reason, field="reason", limit=2_000, required=True)
    facts = role_facts(current, asked_by_engineer=asked_by_engineer and by.manages_agreements)
    clauses = check_role_request(role, facts)
    row, is_new = IncidentAssignment.objects.get_or_create(
        incident=current,
        role=role,
        defaults={"chart_code": "", "automatic": False, "clauses": list(clauses)},
    )
    if not is_new:
        raise Refused("already_requested", clause=", ".join(clauses), at=current.submitted_at)
    IncidentUpdate.objects.create(
        incident=current,
        at=now,
        kind=Kind.ROLE_ASKED,
        by=by,
        author=by.name,
        text=words,
        data={"role": role},
        clauses=list(clauses),
    )
    tell_account_managers(current, "role_asked", by=by, now=now, offset=role, role=role, text=words)
    return row


@transaction.atomic
def log_engineer_time(
    *,
    incident: Incident,
    minutes: int,
    by: User,
    now: datetime,
    on: date | None = None,
    note: str = "",
    idempotency_key: str = "",
) -> EngineerTime:
    """Deduct the designated engineer's time from the hours bought; more than is left is refused.

    Only where the engineer takes part. An incident may be closed by then. The same
    `idempotency_key` again answers with the entry of that time.
    """
    require_account_manager(by)
    key = key_of(by, idempotency_key)
    earlier = written_under(key, EngineerTime)
    if earlier is not None:
        return earlier
    if not 1 <= minutes <= DAY:
        raise Refused("not_a_day_of_work", clause="2.5-RD3", field="minutes", most=DAY)
    if not incident.assignments.filter(role="rede_engineer").exists():
        raise Refused("engineer_not_taking_part", clause="2.5-RD5, 2.5-RD6", field="minutes")
    day = _day_of_work(incident, on, now)
    list(Incident.objects.select_for_update(of=("self",)).filter(pk=incident.pk).values_list("pk"))
    recorded = incident.engineer_time.filter(on=day).aggregate(total=Sum("minutes"))["total"]
    check_engineer_day(
        business_hours(incident.location), day, minutes=minutes, recorded=recorded or 0
    )
    entitlement = _hours_for(incident, minutes=minutes, on=day)
    transfer = _deduct(entitlement, minutes, incident, by=by, on=day, now=now)
    entry = EngineerTime.objects.create(
        incident=incident,
        transfer=transfer,
        minutes=minutes,
        on=day,
        by=by,
        note=written(note, field="note", limit=300),
        submission_key=key,
    )
    Incident.objects.filter(pk=incident.pk).update(version=F("version") + 1)
    IncidentUpdate.objects.create(
        incident=incident,
        at=now,
        kind=Kind.ENGINEER_TIME,
        by=by,
        author=by.name,
        text=entry.note,
        data={"minutes": minutes, "on": day.isoformat()},
        clauses=["2.5-RD3"],
    )
    return entry


def _day_of_work(incident: Incident, on: date | None, now: datetime) -> date:
    """The day named, else today: from the submission on, at the location."""
    zone = incident.location.time_zone
    first, today = local_date(incident.submitted_at, zone), local_date(now, zone)
    day = on or today
    if not first <= day <= today:
        raise Refused("outside_the_incident", field="on", first=first, last=today)
    return day


def _deduct(
    entitlement: Entitlement,
    minutes: int,
    incident: Incident,
    *,
    by: User,
    on: date,
    now: datetime,
) -> Transfer:
    """Set the minutes aside and deliver them, in one go."""
    group = uuid.uuid4()
    transfers = [
        move(
            entitlement=entitlement,
            quantity=minutes,
            subject_key=f"incident:{incident.pk}",
            by=by,
            on=on,
            now=now,
            clauses=("2.5-RD3",),
            group=group,
        )
        for move in (reserve_units, deliver_units)
    ]
    return transfers[-1]


def _hours_for(incident: Incident, *, minutes: int, on: date) -> Entitlement:
    """The entitlement that has them; of several the one that lapses first."""
    held = designated_hours(incident, on=on)
    for one in held:
        if one.left >= minutes:
            return one.entitlement
    left = max((one.left for one in held), default=0)
    raise Refused(
        "insufficient_hours",
        clause="2.5-RD3",
        field="minutes",
        asked=minutes,
        left=left,
        unit="minute",
    )


def _assignment_of(incident: Incident, role: str) -> IncidentAssignment:
    row = IncidentAssignment.objects.filter(incident=incident, role=role).first()
    if row is None:
        words = role_words(role, names_of(incident.order.edition))
        raise Refused("no_such_role", field="role", role=Named(role, words))
    return row
