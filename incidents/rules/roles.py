"""Who may be brought into an incident on request, beyond those whom charts assign."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from accounts.rules.business_time import BusinessHours, is_business_day, next_opening
from accounts.rules.refusal import Refused
from incidents.rules.charts import CRITICAL, Clauses

Requested: TypeAlias = Literal[
    "reactive_support_manager", "rede_engineer", "microsoft_executives", "mcsap_crisis_team"
]

CLAUSES: dict[Requested, Clauses] = {
    "reactive_support_manager": ("2.3-RE17",),
    "rede_engineer": ("2.5-RD6",),
    "microsoft_executives": ("A-BS4",),
    "mcsap_crisis_team": ("2.4-AP20",),
}


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What decides on a request: the severity, and what the programmes in force offer."""

    severity: str
    rede_covers: bool = False
    executives_on_request: bool = False
    mcsap_covers: bool = False
    asked_by_engineer: bool = False


def engineer_takes_part_from(hours: BusinessHours, joined_at: datetime) -> datetime:
    """When the designated engineer begins: assigned at once, at work in business hours.

    The closing instant is outside; in UTC.

    Clause: 2.5-RD5, 2.5-RD15
    """
    return next_opening(hours, joined_at)


def check_engineer_day(hours: BusinessHours, day: date, *, minutes: int, recorded: int) -> None:
    """Refuse time that a designated engineer can't have given on a day.

    There is none on weekends and holidays (`engineer_not_at_work`), and no more on a business
    day than it has from opening to closing, together with what is `recorded` for that day
    already (`engineer_day_full`).

    Clause: 2.5-RD15
    """
    if not is_business_day(hours, day):
        raise Refused("engineer_not_at_work", clause="2.5-RD15", field="on", day=day)
    opening = datetime.combine(day, hours.opens)
    most = (datetime.combine(day, hours.closes) - opening) // timedelta(minutes=1)
    if recorded + minutes > most:
        left = max(most - recorded, 0)
        raise Refused("engineer_day_full", clause="2.5-RD15", field="minutes", most=most, left=left)


def check_role_request(role: Requested, facts: RoleFacts) -> Clauses:
    """The clauses by which somebody joins on request; refused where none says so.

    Oversight at B and C is for the asking, in business hours (at 1 and A it comes by
    itself: `joins_by_itself`). The designated engineer joins at B and C on products that
    are listed for it, at 1 and A by itself. Microsoft's executives are told where the
    chart of the severity says so. The engineers' crisis management of MCSAP is opened by
    an escalation of an MCSAP engineer (`engineer_escalates`). Whatever the agreement
    doesn't give is `role_not_offered`.

    Clause: 2.3-RE17, 2.3-RE18, 2.5-RD5, 2.5-RD6, 2.4-AP20, A-BS4
    """
    clauses = CLAUSES[role]
    critical = facts.severity in CRITICAL
    offered = {
        "reactive_support_manager": True,
        "rede_engineer": facts.rede_covers,
        "microsoft_executives": facts.executives_on_request,
        "mcsap_crisis_team": facts.mcsap_covers and critical,
    }[role]
    if not offered:
        raise Refused(
            "role_not_offered",
            clause=", ".join(clauses),
            field="role",
            severity=facts.severity,
        )
    if role in {"reactive_support_manager", "rede_engineer"} and critical:
        clause = "2.3-RE18" if role == "reactive_support_manager" else "2.5-RD5"
        raise Refused("joins_by_itself", clause=clause, field="role", severity=facts.severity)
    if role == "mcsap_crisis_team" and not facts.asked_by_engineer:
        raise Refused("engineer_escalates", clause="2.4-AP20", field="role")
    return clauses
