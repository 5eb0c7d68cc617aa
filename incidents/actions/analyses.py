"""Ask for a root cause analysis; until when and by when follow from the regime."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.actions.checks import require_acting_person, reread, written
from incidents.actions.news import tell_account_managers
from incidents.models import Incident, IncidentUpdate
from incidents.queries.analyses import analysis_of
from workorders.actions.deadlines import Due, Subject, meet_deadlines, refresh_deadlines
from workorders.models import Deadline

Kind = IncidentUpdate.Kind


@transaction.atomic
def request_analysis(*, incident: Incident, by: User, now: datetime, text: str) -> IncidentUpdate:
    """Record the request, once; refused where the regime doesn't allow it (any more)."""
    require_acting_person(by)
    list(Incident.objects.select_for_update(of=("self",)).filter(pk=incident.pk).values_list("pk"))
    current = reread(incident)
    analysis = analysis_of(current, by=by, now=now)
    if analysis is None:
        raise Refused("base_required", clause="2.1-B1")
    if analysis.refusal is not None:
        raise analysis.refusal
    earlier = current.updates.filter(kind=Kind.ANALYSIS).first()
    if earlier is not None:
        raise Refused("already_requested", clause="2.3-RE20", at=earlier.at)
    update = IncidentUpdate.objects.create(
        incident=current,
        at=now,
        kind=Kind.ANALYSIS,
        by=by,
        author=by.name,
        text=written(text, field="text", limit=8_000),
        data={
            "regime": analysis.regime,
            "due": analysis.due.result.isoformat() if analysis.due else None,
        },
        clauses=["2.4-AP23" if analysis.regime == "mcsap" else "2.3-RE20", "2.3-RE21"],
    )
    meet_deadlines(
        subject_key=_subject(current).key, kind=Deadline.Kind.RCA_REQUEST, by=by, now=now
    )
    set_delivery_deadline(current, by=by, now=now)
    tell_account_managers(current, "analysis", by=by, now=now, text=update.text)
    return update


def set_analysis_deadline(incident: Incident, *, by: User, now: datetime) -> None:
    """Once a case of MCSAP is closed, the last day to ask for its analysis is a deadline."""
    analysis = analysis_of(incident, by=by, now=now)
    asked = incident.updates.filter(kind=Kind.ANALYSIS).exists()
    if analysis is None or analysis.last_day is None or asked:
        return
    refresh_deadlines(
        subject=_subject(incident),
        dates=[Due(Deadline.Kind.RCA_REQUEST, Deadline.Owner.CUSTOMER, analysis.last_day)],
        kinds=[Deadline.Kind.RCA_REQUEST],
        now=now,
    )


def set_delivery_deadline(incident: Incident, *, by: User, now: datetime) -> None:
    """Once asked for and mitigated, MCSAP's analysis has a day by which it is due (2.4-AP27)."""
    asked = incident.updates.filter(kind=Kind.ANALYSIS).order_by("at").first()
    if asked is None:
        return
    analysis = analysis_of(incident, by=by, now=asked.at)
    if analysis is None or analysis.due is None:
        return
    refresh_deadlines(
        subject=_subject(incident),
        dates=[Due(Deadline.Kind.RCA_DELIVERY, Deadline.Owner.MICROSOFT, analysis.due)],
        kinds=[Deadline.Kind.RCA_DELIVERY],
        now=now,
    )


def _subject(incident: Incident) -> Subject:
    return Subject(
        f"incident:{incident.pk}",
        f"{incident.number} {incident.title}",
        incident.customer,
        order=incident.order,
        location=incident.location,
    )
