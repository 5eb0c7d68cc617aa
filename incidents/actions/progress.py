"""What happens to an open incident: contacts, the first response, the customer's duties, closure."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import User
from accounts.queries.calendars import business_hours
from accounts.rules.refusal import Named, Refused
from incidents.actions.aftermath import open_review
from incidents.actions.analyses import set_analysis_deadline, set_delivery_deadline
from incidents.actions.checks import duty_again, key_of, moment, take, written_under
from incidents.actions.conduct import end_pause
from incidents.actions.misses import note_missed_duty, note_missed_response
from incidents.actions.news import tell_account_managers, tell_people
from incidents.actions.warnings import duty_warning_after
from incidents.models import Channel, Incident, IncidentDuty, IncidentUpdate
from incidents.queries.charts import charts_of, response_terms_of
from incidents.queries.recipients import customers_people
from incidents.queries.situations import agreement_of, submission_of
from incidents.rules.charts import Duty
from incidents.rules.clock import duty_due
from incidents.rules.opening import closing_review
from incidents.rules.response import Contact, counts_as_response

Kind = IncidentUpdate.Kind
TEXT = 8_000


@transaction.atomic
def add_update(
    *,
    incident: Incident,
    channel: str,
    text: str,
    by: User,
    now: datetime,
    at: datetime | None = None,
    automated: bool = False,
    author: str = "",
    idempotency_key: str = "",
) -> IncidentUpdate:
    """Record a contact by Microsoft, or what the customer says.

    The first contact of a person by phone or e-mail sets the first response, once; an
    automatic one, a chat and a note in the portal change no clock (2.3-RE14). The
    customer's own words never do. The same `idempotency_key` again answers with the update
    of that time.
    """
    require_acting_person(by)
    current = take(incident)
    key = key_of(by, idempotency_key)
    earlier = written_under(key, IncidentUpdate)
    if earlier is not None:
        return earlier
    by_microsoft = by.manages_agreements
    update = IncidentUpdate.objects.create(
        incident=current,
        at=moment(at, incident=current, now=now),
        kind=Kind.CONTACT if by_microsoft else Kind.NOTE,
        channel=Channel(channel),
        automated=automated and by_microsoft,
        by=by,
        author=written(author, field="author", limit=120) or by.name,
        text=written(text, field="text", limit=TEXT),
        clauses=["2.3-RE14"] if by_microsoft else [],
        submission_key=key,
    )
    if by_microsoft:
        _count_response(current, update, now=now)
    return update


@transaction.atomic
def record_first_response(
    *,
    incident: Incident,
    channel: str,
    by: User,
    now: datetime,
    at: datetime | None = None,
    author: str = "",
    text: str = "",
) -> IncidentUpdate:
    """Record the contact that is the first response; refused when it isn't one.

    `no_response` for a channel that doesn't count, `already_answered` for a second one.
    """
    require_account_manager(by)
    current = take(incident)
    contact = Contact(moment(at, incident=current, now=now), channel)
    terms = response_terms_of(current.order.edition)
    if not counts_as_response(terms, contact):
        raise Refused(
            "no_response",
            clause="2.3-RE14",
            field="channel",
            channels=tuple(Named(one, Channel(one).label) for one in sorted(terms.channels)),
        )
    if current.first_response_at is not None:
        raise Refused("already_answered", clause="2.3-RE14", at=current.first_response_at)
    update = add_update(
        incident=current, channel=channel, text=text, by=by, now=now, at=at, author=author
    )
    if not update.data.get("first_response"):
        raise Refused("already_answered", clause="2.3-RE14")
    return update


def _count_response(incident: Incident, update: IncidentUpdate, *, now: datetime) -> None:
    """Stop Microsoft's clock if this contact does; one conditional write, so it counts once."""
    terms = response_terms_of(incident.order.edition)
    if not counts_as_response(terms, Contact(update.at, update.channel, update.automated)):
        return
    stopped = (
        Incident.objects.unanswered()
        .filter(pk=incident.pk)
        .update(first_response_at=update.at, version=F("version") + 1)
    )
    if stopped:
        update.data = {"first_response": True, "met": update.at <= incident.due_at}
        update.save(update_fields=["data"])
        note_missed_response(incident, until=update.at, now=now)


@transaction.atomic
def ask_customer(
    *,
    incident: Incident,
    duty: IncidentDuty,
    text: str,
    by: User,
    now: datetime,
    at: datetime | None = None,
) -> IncidentDuty:
    """Record Microsoft's request; a timed duty runs from it, in the contact's hours."""
    require_account_manager(by)
    current = take(incident)
    asked_at = moment(at, incident=current, now=now)
    row = duty_again(current, duty)
    rule = Duty(row.code, row.minutes, row.clock or "24x7", tuple(row.clauses))  # type: ignore[arg-type]
    due = duty_due(rule, asked_at=asked_at, hours=business_hours(current.location))
    asked = IncidentDuty.objects.filter(pk=row.pk, asked_at=None, met_at=None).update(
        asked_at=asked_at,
        due_at=due.result if due else None,
        explained=due.as_data() if due else None,
    )
    if not asked:
        raise Refused("already_asked", clause=", ".join(row.clauses), at=row.asked_at)
    row = duty_again(current, row)
    IncidentDuty.objects.filter(pk=row.pk).update(warn_at=duty_warning_after(current, row))
    IncidentUpdate.objects.create(
        incident=current,
        at=asked_at,
        kind=Kind.ASKED,
        by=by,
        text=written(text, field="text", limit=TEXT),
        data={"duty": row.code},
        clauses=row.clauses,
    )
    tell_people(
        current,
        "duty_asked",
        customers_people(current),
        by=by,
        now=now,
        offset=row.code,
        duty=row.code,
        due_at=row.due_at,
        text=text.strip(),
    )
    return duty_again(current, row)


@transaction.atomic
def meet_duty(
    *,
    incident: Incident,
    duty: IncidentDuty,
    by: User,
    now: datetime,
    at: datetime | None = None,
    text: str = "",
) -> IncidentDuty:
    """Record that the customer did what it was asked for; once."""
    require_acting_person(by)
    current = take(incident)
    row = duty_again(current, duty)
    met_at = moment(at, incident=current, now=now)
    if row.asked_at is not None and met_at < row.asked_at:
        raise Refused("before_request", field="at", asked_at=row.asked_at)
    # What is answered while the clock stands still has the time that was left then.
    end_pause(current, row, by=by, at=met_at)
    row = duty_again(current, row)
    met = IncidentDuty.objects.filter(pk=row.pk, met_at=None).update(met_at=met_at, warn_at=None)
    if not met:
        raise Refused("already_recorded", at=row.met_at)
    note_missed_duty(current, row, until=met_at, now=now)
    IncidentUpdate.objects.create(
        incident=current,
        at=met_at,
        kind=Kind.DUTY_MET,
        by=by,
        text=written(text, field="text", limit=TEXT),
        data={"duty": row.code},
        clauses=row.clauses,
    )
    return duty_again(current, row)


@transaction.atomic
def mark_mitigated(
    *, incident: Incident, by: User, now: datetime, at: datetime | None = None, text: str = ""
) -> Incident:
    """Record when the effect was removed, once; an analysis under MCSAP is due from then on."""
    require_account_manager(by)
    current = take(incident)
    mitigated_at = moment(at, incident=current, now=now)
    changed = Incident.objects.filter(pk=current.pk, mitigated_at=None).update(
        mitigated_at=mitigated_at, version=F("version") + 1
    )
    if not changed:
        raise Refused("already_recorded", at=current.mitigated_at)
    IncidentUpdate.objects.create(
        incident=current,
        at=mitigated_at,
        kind=Kind.MITIGATED,
        by=by,
        text=written(text, field="text", limit=TEXT),
        clauses=["2.4-AP27"],
    )
    current.refresh_from_db()
    set_delivery_deadline(current, now=now)
    return current


@transaction.atomic
def close_incident(
    *,
    incident: Incident,
    by: User,
    now: datetime,
    at: datetime | None = None,
    text: str = "",
) -> Incident:
    """Close it: clocks stop, what was met or missed stays so. A second time is refused.

    After severity 1 under UER a review follows, without a date (2.5-UE8); under MCSAP the
    last day to ask for an analysis becomes a deadline (2.4-AP23).
    """
    require_acting_person(by)
    current = take(incident)
    closed_at = moment(at, incident=current, now=now)
    _refuse_before_last(current, closed_at)
    if current.first_response_at is None:
        note_missed_response(current, until=closed_at, now=now)
    for duty in current.duties.filter(met_at=None):
        end_pause(current, duty, by=by, at=closed_at)
        note_missed_duty(current, duty_again(current, duty), until=closed_at, now=now)
    closed = (
        Incident.objects.open()
        .filter(pk=current.pk)
        .update(closed_at=closed_at, version=F("version") + 1)
    )
    if not closed:
        raise Refused("incident_closed", clause="2.3-RE12")
    IncidentUpdate.objects.create(
        incident=current,
        at=closed_at,
        kind=Kind.CLOSED,
        by=by,
        text=written(text, field="text", limit=TEXT),
    )
    _note_review(current, at=closed_at)
    tell_account_managers(current, "closed", by=by, now=now)
    current.refresh_from_db()
    set_analysis_deadline(current, by=by, now=now)
    return current


def _refuse_before_last(incident: Incident, closed_at: datetime) -> None:
    """An incident can't have been closed before what happened in it."""
    for happened in (incident.first_response_at, incident.mitigated_at):
        if happened is not None and closed_at < happened:
            raise Refused("before_last_event", field="at", at=happened)


def _note_review(incident: Incident, *, at: datetime) -> None:
    agreement = agreement_of(submission_of(incident))
    if agreement is None:
        return
    held = agreement.in_force()
    charts = [one for one in charts_of(agreement.edition) if held & set(one.programmes)]
    review = closing_review(charts, severity=incident.severity)
    if review is not None:
        open_review(incident, participants=review.participants, clauses=review.clauses, now=at)
        IncidentUpdate.objects.create(
            incident=incident,
            at=at,
            kind=Kind.REVIEW,
            data={"participants": sorted(review.participants)},
            clauses=list(review.clauses),
        )
