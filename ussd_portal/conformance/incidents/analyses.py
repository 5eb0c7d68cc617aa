"""Cases about root cause analyses."""

from datetime import UTC, datetime, time

from accounts.rules.refusal import Refused
from incidents.rules import rca
from ussd_portal.conformance.calendars import hours_of, zone_of
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.incidents.situations import charts, situation_of
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import Words, a_date, date_or_instant, maybe_date


@adapter("rca_request", "request_rca")
def request_rca(given: Words, when: Words) -> Answer:
    """Whether an analysis can still be asked for, by this person, and under which regime."""
    isolated = bool(given.get("isolated", True))
    regime = _regime(given, when)
    zone = zone_of(given, "host_tz", "tz")
    dated = regime == "mcsap" and not (given.get("host_tz") or given.get("tz"))
    requested_at, closed_at = (
        _noon_of_its_date(moment) if dated and moment else moment
        for moment in (_asked_at(when, zone), date_or_instant(given, "closed", zone))
    )
    if requested_at is None:
        raise ValueError("a request has its instant or its date")
    request = rca.RcaRequest(
        requester=str(when.get("by") or "customer_contact"),
        requested_at=requested_at,
        closed_at=closed_at,
        zone=zone,
        severity=str(given.get("severity", "B")),
        production=bool(given.get("production_affected", True)),
        isolated=isolated,
        technology_eligible=bool(given.get("technology_eligible", True)),
    )
    try:
        rca.check_rca_request(shipped_edition().terms.mcsap, regime, request)
    except Refused as refused:
        return {"accepted": False, "reason": refused.code, "regime": regime}
    return {"accepted": True, "reason": None, "regime": regime}


@adapter("rca_due", "rca_due")
def rca_due(given: Words, when: Words) -> Answer:
    """When an analysis is due."""
    due = rca.rca_due(
        shipped_edition().terms.mcsap,
        _regime(given, when),
        requested_on=a_date({**given, **when}["requested_on"]),
        mitigated_on=maybe_date(given, "mitigated_on"),
        hours=hours_of(given, zone_of(given, "host_tz", "tz")),
    )
    return {"due_on": due.result if due else None}


def _regime(given: Words, when: Words) -> rca.Regime:
    """The regime that a case names, or that follows from its programmes."""
    named: rca.Regime | None = given.get("regime")
    return named or rca.rca_regime(
        charts(),
        situation_of({"severity": "B", **given}, when),
        isolated=bool(given.get("isolated", True)),
    )


def _asked_at(when: Words, zone: str) -> datetime | None:
    return date_or_instant(
        {"asked_at": when.get("at"), "asked_on": when.get("date")}, "asked", zone
    )


def _noon_of_its_date(moment: datetime) -> datetime:
    """A case that names no zone means dates as they are written."""
    return datetime.combine(moment.date(), time(12), UTC)
