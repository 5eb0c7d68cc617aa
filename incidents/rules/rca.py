"""Root cause analysis: under which regime, who may ask until when, and when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from accounts.rules.business_time import BusinessHours, add_business_days
from accounts.rules.calendar_days import local_date, within_days_after
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from incidents.rules.candidacy import Situation
from incidents.rules.charts import CRITICAL, ChartFacts
from incidents.rules.resolver import covers
from services.catalog.rules.terms import McsapTerms

Regime: TypeAlias = Literal["base", "mcsap", "uer"]

DESIGNATED_ENGINEER = "designated_mcsap_engineer"
CUSTOMERS = frozenset({"customer", "customer_contact", "customer_administrator"})
UER_REQUESTERS = CUSTOMERS | {"csam", "incident_management_team"}


def rca_regime(charts: Sequence[ChartFacts], situation: Situation, *, isolated: bool) -> Regime:
    """The regime under which an analysis of this incident can be asked for.

    MCSAP's where it covers the incident and no other customer is affected, else UER's if
    UER is in force, else the base rule. Severity and channel don't matter.

    Clause: X-07, 2.4-AP14, 2.4-AP23, 2.4-AP24, 2.5-UE11, 2.3-RE20
    """
    covering = {chart.code for chart in charts if covers(chart, charts, situation)}
    if isolated and "mcsap" in covering:
        return "mcsap"
    return "uer" if "uer" in covering else "base"


@dataclass(frozen=True, slots=True)
class RcaRequest:
    """Who asks for an analysis and when, and the incident it concerns.

    A closed incident has its closure; `zone` is that of the host, where dates count.
    """

    requester: str
    requested_at: datetime
    closed_at: datetime | None
    zone: str
    severity: str
    production: bool = True
    isolated: bool = True
    technology_eligible: bool = True


def check_rca_request(terms: McsapTerms, regime: Regime, request: RcaRequest) -> None:
    """Refuse a request for a root cause analysis that can't be granted.

    Base and UER: for certain technologies alone (`technology_not_eligible`), before the
    closure; at its very instant is `too_late`. Under UER the account manager and the
    incident managers may ask as well as the customer (`wrong_requester`).
    MCSAP: only if no other customer was affected (`other_customers_affected`); at severity
    1 and A in production through the designated engineer (`wrong_requester`); up to and
    including the last day, and any time before closure.

    Clause: 2.3-RE20, 2.3-RE22, 2.5-UE10, 2.5-UE11, 2.5-UE13, 2.4-AP23, 2.4-AP24, 2.4-AP26
    """
    if regime == "mcsap":
        _check_mcsap(terms, request)
        return
    if regime == "uer" and request.requester not in UER_REQUESTERS:
        raise Refused("wrong_requester", clause="2.5-UE11", field="requester")
    if not request.technology_eligible:
        clause = "2.5-UE10, 2.3-RE22" if regime == "uer" else "2.3-RE22"
        raise Refused("technology_not_eligible", clause=clause)
    if request.closed_at is not None and request.requested_at >= request.closed_at:
        clause = "2.5-UE13" if regime == "uer" else "2.3-RE20"
        raise Refused("too_late", clause=clause, closed_at=request.closed_at)


def check_series(*, track: str, belongs: bool, is_latest: bool) -> None:
    """Refuse an analysis of a series of related incidents that can't be asked for here.

    The series is that of a problem to which the incident belongs (`not_of_the_series`), and
    it is asked for at the latest of them, whose window counts (`not_the_latest`). An
    engineer's own analysis under REDE is of one critical incident (`no_series`).

    Clause: 2.3-RE20, 2.4-AP23, 2.5-RD9
    """
    if track == "rede":
        raise Refused("no_series", clause="2.5-RD9", field="problem")
    if not belongs:
        raise Refused("not_of_the_series", clause="2.3-RE20", field="problem")
    if not is_latest:
        raise Refused("not_the_latest", clause="2.3-RE20", field="problem")


def rca_last_day(terms: McsapTerms, *, closed_on: date, zone: str = "") -> Explained[date]:
    """The last day on which MCSAP's analysis can be asked for, that day included.

    Clause: 2.4-AP23, 0-C2
    """
    return Explained(
        within_days_after(closed_on, terms.rca_request_days),
        inputs=(("closed_on", closed_on),),
        steps=(("days", terms.rca_request_days),),
        clauses=("2.4-AP23",),
        readings=("0-C2", "0-C13"),
        zone=zone,
    )


def rca_due(
    terms: McsapTerms,
    regime: Regime,
    *,
    requested_on: date,
    mitigated_on: date | None,
    hours: BusinessHours,
) -> Explained[date] | None:
    """When the analysis is due: business days of the host from the later of both dates.

    That date is day 0. None outside MCSAP, where no time is printed, and as long as the
    incident isn't mitigated.

    Clause: 2.4-AP27, 0-C9, 0-C13, 2.3-RE20
    """
    if regime != "mcsap" or mitigated_on is None:
        return None
    start = max(requested_on, mitigated_on)
    return Explained(
        add_business_days(hours, start, terms.rca_due_business_days),
        inputs=(("requested_on", requested_on), ("mitigated_on", mitigated_on)),
        steps=(("counted_from", start), ("business_days", terms.rca_due_business_days)),
        clauses=("2.4-AP27",),
        readings=("0-C9", "0-C13"),
        zone=hours.zone,
    )


def _check_mcsap(terms: McsapTerms, request: RcaRequest) -> None:
    if not request.isolated:
        raise Refused("other_customers_affected", clause="2.4-AP24")
    critical = request.severity in CRITICAL and request.production
    if critical and request.requester != DESIGNATED_ENGINEER:
        raise Refused(
            "wrong_requester", clause="2.4-AP26", field="requester", severity=request.severity
        )
    if request.closed_at is None:
        return
    last_day = rca_last_day(terms, closed_on=local_date(request.closed_at, request.zone)).result
    if local_date(request.requested_at, request.zone) > last_day:
        raise Refused("too_late", clause="2.4-AP23", closed_at=request.closed_at, last_day=last_day)
