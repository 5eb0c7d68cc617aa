"""Root cause analysis of an incident: under which regime, may it be asked for, until when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from accounts.models import User
from accounts.queries.calendars import business_hours
from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from incidents.models import Incident
from incidents.queries.charts import charts_of, components_of
from incidents.queries.situations import (
    EDE,
    REDE,
    Agreement,
    agreement_of,
    designated_products,
    situation_of,
    submission_of,
)
from incidents.rules.analyses import (
    Charge,
    Track,
    analysis_charge,
    analysis_material,
    check_engineers_analysis,
)
from incidents.rules.rca import (
    DESIGNATED_ENGINEER,
    RcaRequest,
    Regime,
    check_rca_request,
    rca_due,
    rca_last_day,
    rca_regime,
)
from services.catalog.queries import terms_of
from workorders.models import WorkOrder
from workorders.queries.locations import host_of, listed_locations, support_locations
from workorders.rules.locations import SupportLocation, check_rca_location

REQUESTERS = {
    User.Role.CSAM: "csam",
    User.Role.CSAM_LEAD: "csam",
    User.Role.CUSTOMER_ADMINISTRATOR: "customer_administrator",
    User.Role.LOCATION_CONTACT: "customer_contact",
    User.Role.CUSTOMER_VIEWER: "customer",
}


class EngineersFacts(TypedDict):
    """What decides on an analysis by a designated engineer."""

    has_engineer: bool
    severity: str
    recurring: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """What stands for and against asking for an analysis at a moment.

    `last_day` and `due` are known under MCSAP alone: the others print no date. `in_time` says
    whether the moment lies before the closure or, under MCSAP, on the last day or before it.
    """

    regime: Regime
    requester: str
    refusal: Refused | None
    in_time: bool
    last_day: Explained[date] | None
    due: Explained[date] | None
    request_days: int
    due_business_days: int

    @property
    def charge(self) -> Charge:
        """How it is paid for."""
        return analysis_charge(self.regime)

    @property
    def material(self) -> tuple[str, ...]:
        """What the customer hands in, by code."""
        return analysis_material(self.regime)

    @property
    def refused_as_requester(self) -> bool:
        """Whether others may ask for it, in whose name staff can record it."""
        return self.refusal is not None and self.refusal.code == "wrong_requester" and self.in_time


# Whom staff may record a request for.
ON_BEHALF = ("customer", "csam", DESIGNATED_ENGINEER, "incident_management_team")
AS_ENGINEERS: tuple[Track, ...] = ("rede", "ede")


def requester_of(by: User, wanted: str = "") -> str:
    """In whose name somebody asks; only staff ask in another's."""
    own = REQUESTERS.get(User.Role(by.role), by.role)
    return wanted if wanted in ON_BEHALF and by.manages_agreements else own


def engineers_facts(incident: Incident, track: str) -> EngineersFacts:
    """What decides on an analysis by a designated engineer."""
    submission = submission_of(incident)
    agreement = agreement_of(submission)
    code = REDE if track == "rede" else EDE
    held = agreement is not None and _designated(incident, agreement, code)
    return {
        "has_engineer": held,
        "severity": incident.severity,
        "recurring": incident.problems.exists(),
    }


def tracks_of(incident: Incident) -> list[Track]:
    """The engineers' own analyses that can be asked for and haven't been."""
    asked = set(incident.analyses.values_list("track", flat=True))
    found: list[Track] = []
    for track in AS_ENGINEERS:
        if track in asked:
            continue
        try:
            check_engineers_analysis(track, **engineers_facts(incident, track))
        except Refused:
            continue
        found.append(track)
    return found


def _designated(incident: Incident, agreement: Agreement, code: str) -> bool:
    product = components_of(agreement.edition).find(incident.component.name)
    products = designated_products(agreement, code)
    return product.is_among([one.name for one in products])


def analysis_of(
    incident: Incident, *, by: User, now: datetime, requester: str = ""
) -> Analysis | None:
    """Whether `by` may ask for an analysis now; None without an agreement to rest on."""
    submission = submission_of(incident)
    agreement = agreement_of(submission)
    host = host_of(incident.customer)
    if agreement is None or host is None:
        return None
    regime = rca_regime(
        charts_of(agreement.edition),
        situation_of(submission, agreement),
        isolated=incident.isolated,
    )
    terms = terms_of(agreement.edition).mcsap
    today = local_date(now, host.time_zone)
    last_day = last_day_of(incident, agreement, regime, zone=host.time_zone)
    return Analysis(
        regime=regime,
        requester=requester_of(by, requester),
        refusal=_refusal(
            incident,
            agreement,
            regime,
            requester=requester_of(by, requester),
            now=now,
            zone=host.time_zone,
        ),
        in_time=incident.closed_at is None or (last_day is not None and today <= last_day.result),
        last_day=last_day,
        due=rca_due(
            terms,
            regime,
            requested_on=today,
            mitigated_on=local_date(incident.mitigated_at, host.time_zone)
            if incident.mitigated_at
            else None,
            hours=business_hours(host),
        ),
        request_days=terms.rca_request_days,
        due_business_days=terms.rca_due_business_days,
    )


def last_day_of(
    incident: Incident, agreement: Agreement, regime: Regime, *, zone: str
) -> Explained[date] | None:
    """The last day on which MCSAP's analysis can be asked for, once the incident is closed."""
    if regime != "mcsap" or incident.closed_at is None:
        return None
    closed_on = local_date(incident.closed_at, zone)
    return rca_last_day(terms_of(agreement.edition).mcsap, closed_on=closed_on, zone=zone)


def _refusal(
    incident: Incident,
    agreement: Agreement,
    regime: Regime,
    *,
    requester: str,
    now: datetime,
    zone: str,
) -> Refused | None:
    request = RcaRequest(
        requester=requester,
        requested_at=now,
        closed_at=incident.closed_at,
        zone=zone,
        severity=incident.severity,
        production=incident.production,
        isolated=incident.isolated,
        technology_eligible=incident.analysis_available is not False,
    )
    try:
        check_rca_location(_seen(agreement.order, incident))
        check_rca_request(terms_of(agreement.edition).mcsap, regime, request)
    except Refused as refusal:
        return refusal
    return None


def _seen(order: WorkOrder, incident: Incident) -> SupportLocation:
    """The location of the incident's contact, as the agreement's order sees it (2.6-M11)."""
    return support_locations(order, listed_locations(order))[incident.location_id]
