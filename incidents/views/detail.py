"""The page of an incident: both sides' clocks, why this target, what happened, who and what."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http.access import viewer
from accounts.models import User
from incidents.models import Incident, IncidentDuty, IncidentUpdate
from incidents.queries.analyses import AS_ENGINEERS, Analysis, analysis_of, tracks_of
from incidents.queries.clocks import clocks_of
from incidents.queries.conduct import Offer, is_missed, offer_of, running_pause
from incidents.queries.names import Names, names_of
from incidents.rules.charts import BUSINESS_HOURS
from incidents.rules.conduct import next_lower
from incidents.views.access import incident_of
from incidents.views.cards import (
    AskedAnalysis,
    afterwards_of,
    asked_analyses,
    engineer_card,
    may_ask_to_join,
    people_of,
)
from incidents.views.clock_card import clock_card
from incidents.views.comparison import comparison_of
from incidents.wording.analyses import (
    REGIME_CLAUSES,
    Check,
    analysis_checks,
    analysis_state,
    due_in_words,
    until_words,
)
from incidents.wording.people import role_words
from incidents.wording.states import Shown
from incidents.wording.timeline import entry_of, listed
from workorders.models import Override


@dataclass(frozen=True, slots=True)
class AnalysisCard:
    """Whether an analysis may be asked for, until when, and what it takes."""

    analysis: Analysis
    may_ask: bool
    state: Shown
    until: str
    due: str
    clauses: tuple[str, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A duty of the customer in words."""

    duty: IncidentDuty
    words: str
    is_missed: bool
    is_paused: bool
    may_pause: bool


@dataclass(frozen=True, slots=True)
class OfferCard:
    """A transition that may follow, with the duties and the chart by name."""

    offer: Offer
    duties: str
    chart: str
    may_lower_to: str


@require_safe
def incident_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one incident."""
    now, person = timezone.now(), viewer(request)
    incident = incident_of(
        request, pk, "assignments", "duties__pauses", "missed_targets", "location__own_holidays"
    )
    names = names_of(incident.order.edition)
    updates = list(incident.updates.select_related("by"))
    changed, asked = _change_of(updates), asked_analyses(incident)
    request.edition_code = incident.order.edition.code  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "incident": incident,
        "now": now,
        "card": clock_card(clocks_of(incident, now), updates, names, now),
        "lines": comparison_of(
            incident.resolution,
            names,
            component=incident.component.label,
            severity=incident.severity,
        ),
        "entries": [
            entry_of(
                one,
                zone=incident.location.time_zone,
                duty=names.duty,
                role=partial(role_words, names=names),
            )
            for one in updates
        ],
        "changed": changed,
        "asked": _asked_of(incident, updates),
        "people": people_of(incident, names, now),
        "engineer": engineer_card(incident, now),
        "analyses": asked,
        "afterwards": afterwards_of(incident, names, seen_by=person),
        "may_ask_to_join": person.may_act_for_customer and may_ask_to_join(incident),
        "tracks": tracks_of(incident),
        "duties": [_duty(duty, names, now) for duty in incident.duties.all()],
        "offer": _offer(incident, names, now),
        "escalations": [
            (names.escalations.get(one["code"], one["code"]), one["clauses"])
            for one in incident.resolution.get("escalations", ())
        ],
        "overrides": Override.objects.filter(subject_key=f"incident:{incident.pk}").select_related(
            "by"
        ),
        "analysis": _analysis_card(incident, asked, person, now),
        "is_open": incident.closed_at is None,
        "may_act": person.may_act_for_customer,
        "may_manage": person.manages_agreements,
        "trail": [
            (reverse("incidents:incident-list"), _("Incidents")),
            (
                f"{reverse('incidents:incident-list')}?customer={incident.customer_id}&state=all",
                incident.customer.name,
            ),
            ("", incident.number),
        ],
    }
    return render(request, "incidents/incident_detail.html", context)


def _analysis_card(
    incident: Incident, asked: tuple[AskedAnalysis, ...], person: User, now: datetime
) -> AnalysisCard | None:
    analysis = analysis_of(incident, by=person, now=now)
    if analysis is None:
        return None
    own = next((one for one in asked if one.row.track not in AS_ENGINEERS), None)
    may_be_asked = analysis.in_time and own is None
    due = analysis.due if may_be_asked else None
    by_others = person.manages_agreements and analysis.refused_as_requester
    return AnalysisCard(
        analysis=analysis,
        may_ask=own is None and (analysis.refusal is None or by_others),
        state=analysis_state(
            analysis.refusal,
            is_asked=own is not None,
            by_others=analysis.refused_as_requester,
        ),
        until=until_words(analysis.regime, analysis.last_day, analysis.request_days),
        due=due_in_words(analysis.regime, due, analysis.due_business_days),
        clauses=REGIME_CLAUSES[analysis.regime],
        checks=analysis_checks(
            analysis.regime,
            None if own else analysis.refusal,
            in_time=own is not None or analysis.in_time,
            handed_in=own.handed_in if own else None,
            short_name=incident.customer.short_name,
        ),
    )


def _duty(duty: IncidentDuty, names: Names, now: datetime) -> Asked:
    paused = running_pause(duty) is not None
    running = duty.due_at is not None and duty.met_at is None
    return Asked(
        duty,
        names.duty(duty.code),
        is_missed=is_missed(duty, now),
        is_paused=paused,
        may_pause=running
        and not paused
        and duty.clock == BUSINESS_HOURS
        and duty.due_at is not None
        and now <= duty.due_at,
    )


def _offer(incident: Incident, names: Names, now: datetime) -> OfferCard | None:
    """What the chart allows because of what the customer missed, for people to decide."""
    offer = offer_of(incident, now)
    if offer is None:
        return None
    return OfferCard(
        offer,
        duties=listed(names.duty(duty.code) for duty in offer.duties),
        chart=names.chart(incident.resolution["chart"]),
        may_lower_to=next_lower(incident.severity),
    )


def _change_of(updates: list[IncidentUpdate]) -> IncidentUpdate | None:
    """The latest change of severity; updates run from the latest back."""
    return next((one for one in updates if one.kind == IncidentUpdate.Kind.SEVERITY), None)


def _asked_of(incident: Incident, updates: list[IncidentUpdate]) -> IncidentUpdate | None:
    """A change that the customer asked for and Microsoft hasn't answered."""
    for one in updates:
        if one.kind == IncidentUpdate.Kind.SEVERITY:
            return None
        if one.kind == IncidentUpdate.Kind.SEVERITY_ASKED and incident.closed_at is None:
            return one
    return None
