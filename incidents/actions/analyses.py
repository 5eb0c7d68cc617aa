"""Root cause analyses: asked for, quoted, fed with material, delivered; dates follow."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import User
from accounts.queries.calendars import business_hours
from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from incidents.actions.checks import reread, take
from incidents.actions.news import tell_account_managers, tell_people
from incidents.models import AnalysisMaterial, Incident, IncidentUpdate, Problem, RootCauseAnalysis
from incidents.queries.analyses import AS_ENGINEERS, analysis_of, engineers_facts, requester_of
from incidents.queries.recipients import customers_people
from incidents.rules.analyses import (
    Track,
    analysis_charge,
    analysis_material,
    check_engineers_analysis,
)
from incidents.rules.rca import check_series, rca_due
from services.catalog.queries import terms_of
from workorders.actions.deadlines import Due, Subject, meet_deadlines, refresh_deadlines
from workorders.models import Deadline
from workorders.queries.locations import host_of

Kind = IncidentUpdate.Kind
CLAUSES: dict[str, list[str]] = {
    "base": ["2.3-RE20", "2.3-RE21"],
    "uer": ["2.5-UE13", "2.5-UE14"],
    "mcsap": ["2.4-AP23", "2.4-AP25"],
    "rede": ["2.5-RD9"],
    "ede": ["2.5-ED6"],
}


@transaction.atomic
def request_analysis(
    *,
    incident: Incident,
    by: User,
    now: datetime,
    text: str,
    requester: str = "",
    track: str = "",
    problem: Problem | None = None,
) -> RootCauseAnalysis:
    """Record the request, once; refused where the regime doesn't allow it (any more).

    Staff may record it for a `requester` other than themselves: the customer, the
    designated MCSAP engineer, the incident managers. With `track` rede or ede it is the
    engineer's own analysis, which has neither window nor date. With `problem` it covers the
    series of incidents that this groups.
    """
    require_acting_person(by)
    list(Incident.objects.select_for_update(of=("self",)).filter(pk=incident.pk).values_list("pk"))
    current = reread(incident)
    who = requester_of(by, requester)
    if track in AS_ENGINEERS:
        _check_series(current, problem, track)
        return _asked(current, track, None, who, text, by=by, now=now, problem=problem)
    analysis = analysis_of(current, by=by, now=now, requester=who)
    if analysis is None:
        raise Refused("base_required", clause="2.1-B1")
    if analysis.refusal is not None:
        raise analysis.refusal
    _check_series(current, problem, analysis.regime)
    return _asked(
        current, analysis.regime, analysis.due, who, text, by=by, now=now, problem=problem
    )


def _check_series(incident: Incident, problem: Problem | None, track: str) -> None:
    if problem is None:
        return
    latest = problem.incidents.order_by("submitted_at", "pk").last()
    check_series(
        track=track,
        belongs=problem.incidents.filter(pk=incident.pk).exists(),
        is_latest=latest is not None and latest.pk == incident.pk,
    )


def _asked(
    incident: Incident,
    track: Track,
    due: Explained[date] | None,
    requester: str,
    text: str,
    *,
    by: User,
    now: datetime,
    problem: Problem | None = None,
) -> RootCauseAnalysis:
    if track in AS_ENGINEERS:
        check_engineers_analysis(track, **engineers_facts(incident, track))
        earlier = incident.analyses.filter(track=track).first()
    else:
        earlier = incident.analyses.exclude(track__in=AS_ENGINEERS).first()
    if earlier is not None:
        raise Refused("already_requested", clause=CLAUSES[track][0], at=earlier.asked_at)
    analysis = RootCauseAnalysis.objects.create(
        incident=incident,
        problem=problem,
        track=track,
        charge=analysis_charge(track),
        requester=requester,
        asked_by=by,
        asked_at=now,
        text=written(text, field="text", limit=8_000),
        due_on=due.result if due else None,
        explained=due.as_data() if due else None,
    )
    AnalysisMaterial.objects.bulk_create(
        AnalysisMaterial(analysis=analysis, code=code) for code in analysis_material(track)
    )
    IncidentUpdate.objects.create(
        incident=incident,
        at=now,
        kind=Kind.ANALYSIS,
        by=by,
        author=by.name,
        text=analysis.text,
        data={"regime": track, "requester": requester, "due": str(analysis.due_on or "")},
        clauses=CLAUSES[track],
    )
    if track not in AS_ENGINEERS:
        meet_deadlines(subject_key=_key(incident), kind=Deadline.Kind.RCA_REQUEST, by=by, now=now)
        set_delivery_deadline(incident, now=now)
    tell_account_managers(incident, "analysis", by=by, now=now, offset=track, text=analysis.text)
    return analysis


@transaction.atomic
def quote_fee(
    *, analysis: RootCauseAnalysis, fee_minor: int, by: User, now: datetime
) -> RootCauseAnalysis:
    """Say what an analysis that isn't included costs, before it is begun (2.3-RE22)."""
    require_account_manager(by)
    current = _held(analysis)
    if current.charge != RootCauseAnalysis.Charge.QUOTE:
        raise Refused("nothing_to_quote", clause=CLAUSES[current.track][0])
    if current.agreed_at is not None:
        raise Refused("already_recorded", at=current.agreed_at)
    current.quote_minor, current.quoted_at = fee_minor, now
    current.save(update_fields=["quote_minor", "quoted_at"])
    tell_people(
        current.incident,
        "analysis_quoted",
        customers_people(current.incident),
        now=now,
        offset=f"{current.pk}:{fee_minor}",
        fee=fee_minor,
        currency=current.incident.order.currency,
    )
    return current


@transaction.atomic
def agree_fee(*, analysis: RootCauseAnalysis, by: User, now: datetime) -> RootCauseAnalysis:
    """The customer takes the quoted fee; once."""
    require_acting_person(by)
    current = _held(analysis)
    if current.quote_minor is None:
        raise Refused("not_quoted", clause="2.3-RE22")
    agreed = RootCauseAnalysis.objects.filter(pk=current.pk, agreed_at=None).update(agreed_at=now)
    if not agreed:
        raise Refused("already_recorded", at=current.agreed_at)
    return _held(analysis)


@transaction.atomic
def hand_in(
    *, material: AnalysisMaterial, by: User, now: datetime, note: str = ""
) -> AnalysisMaterial:
    """Record that the customer handed in a piece of what the analysis needs; once."""
    require_acting_person(by)
    where = written(note, field="note", limit=300)
    handed = AnalysisMaterial.objects.filter(pk=material.pk, handed_in_at=None).update(
        handed_in_at=now, handed_in_by=by, note=where
    )
    current = AnalysisMaterial.objects.select_related("analysis").get(pk=material.pk)
    if not handed:
        raise Refused("already_recorded", clause="2.3-RE21", at=current.handed_in_at)
    return current


@transaction.atomic
def deliver_analysis(
    *, analysis: RootCauseAnalysis, findings: str, by: User, now: datetime
) -> RootCauseAnalysis:
    """Record that the customer has the analysis; once. A quoted fee is agreed before."""
    require_account_manager(by)
    current = _held(analysis)
    words = written(findings, field="findings", limit=20_000, required=True)
    if current.quote_minor and current.agreed_at is None:
        raise Refused("fee_not_agreed", clause="2.3-RE22")
    delivered = RootCauseAnalysis.objects.filter(pk=current.pk, delivered_at=None).update(
        delivered_at=now, findings=words
    )
    if not delivered:
        raise Refused("already_recorded", at=current.delivered_at)
    incident = current.incident
    meet_deadlines(subject_key=_key(incident), kind=Deadline.Kind.RCA_DELIVERY, by=by, now=now)
    IncidentUpdate.objects.create(
        incident=incident,
        at=now,
        kind=Kind.ANALYSIS_DELIVERED,
        by=by,
        author=by.name,
        data={"regime": current.track},
        clauses=CLAUSES[current.track],
    )
    tell_people(
        incident,
        "analysis_delivered",
        customers_people(incident),
        now=now,
        offset=str(current.pk),
    )
    return _held(analysis)


@transaction.atomic
def tell_availability(
    *, incident: Incident, available: bool, by: User, now: datetime, text: str = ""
) -> Incident:
    """During the incident: whether an analysis exists for the technology at all (2.5-UE12)."""
    require_account_manager(by)
    current = take(incident)
    Incident.objects.filter(pk=current.pk).update(
        analysis_available=available, version=F("version") + 1
    )
    words = written(text, field="text", limit=2_000)
    IncidentUpdate.objects.create(
        incident=current,
        at=now,
        kind=Kind.ANALYSIS_INFO,
        by=by,
        author=by.name,
        text=words,
        data={"available": available},
        clauses=["2.3-RE22", "2.5-UE12"],
    )
    tell_people(
        current,
        "analysis_info",
        customers_people(current),
        now=now,
        offset=now.isoformat(),
        available=available,
        text=words,
    )
    return reread(current)


def set_analysis_deadline(incident: Incident, *, by: User, now: datetime) -> None:
    """Once a case of MCSAP is closed, the last day to ask for its analysis is a deadline."""
    analysis = analysis_of(incident, by=by, now=now)
    asked = incident.analyses.exclude(track__in=AS_ENGINEERS).exists()
    if analysis is None or analysis.last_day is None or asked:
        return
    due = Due(Deadline.Kind.RCA_REQUEST, Deadline.Owner.CUSTOMER, analysis.last_day)
    _refresh(incident, [due], Deadline.Kind.RCA_REQUEST, now=now)


def set_delivery_deadline(incident: Incident, *, now: datetime) -> None:
    """Mitigation sets the date of an analysis that was asked for before it (2.4-AP27)."""
    analysis = incident.analyses.filter(track="mcsap", delivered_at=None).first()
    host = host_of(incident.customer)
    if analysis is None or host is None or incident.mitigated_at is None:
        return
    due = rca_due(
        terms_of(incident.order.edition).mcsap,
        "mcsap",
        requested_on=local_date(analysis.asked_at, host.time_zone),
        mitigated_on=local_date(incident.mitigated_at, host.time_zone),
        hours=business_hours(host),
    )
    if due is None:
        return
    RootCauseAnalysis.objects.filter(pk=analysis.pk).update(
        due_on=due.result, explained=due.as_data()
    )
    dates = [Due(Deadline.Kind.RCA_DELIVERY, Deadline.Owner.MICROSOFT, due)]
    _refresh(incident, dates, Deadline.Kind.RCA_DELIVERY, now=now)


def _refresh(incident: Incident, dates: list[Due], kind: str, *, now: datetime) -> None:
    subject = Subject(
        _key(incident),
        f"{incident.number} {incident.title}",
        incident.customer,
        order=incident.order,
        location=incident.location,
    )
    refresh_deadlines(subject=subject, dates=dates, kinds=[kind], now=now)


def refresh_analysis_deadlines(incident: Incident, *, now: datetime) -> None:
    """The open dates of its analysis as they follow from the calendar of today."""
    set_analysis_deadline(incident, by=incident.opened_by, now=now)
    set_delivery_deadline(incident, now=now)


def _held(analysis: RootCauseAnalysis) -> RootCauseAnalysis:
    """The analysis as it stands, kept until the transaction ends."""
    rows = RootCauseAnalysis.objects.select_for_update(of=("self",))
    return rows.select_related(
        "incident__customer", "incident__location", "incident__order__edition"
    ).get(pk=analysis.pk)


def _key(incident: Incident) -> str:
    return f"incident:{incident.pk}"
