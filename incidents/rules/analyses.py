"""What a root cause analysis costs, what the customer hands in, and the engineers' own ones."""

from typing import Literal, TypeAlias

from accounts.rules.refusal import Refused
from incidents.rules.charts import CRITICAL

Track: TypeAlias = Literal["base", "uer", "mcsap", "rede", "ede"]
Charge: TypeAlias = Literal["included", "quote", "hours"]

MATERIAL = ("log_files", "network_traces", "diagnostics")
DEBUG_MATERIAL = ("debug_logs", "trace_logs")

_CHARGES: dict[Track, Charge] = {
    "base": "quote",
    "uer": "quote",
    "mcsap": "included",
    "rede": "hours",
    "ede": "hours",
}


def analysis_charge(track: Track) -> Charge:
    """How an analysis is paid for: included, quoted first, or in hours of the engineer.

    MCSAP includes it. Base and UER don't: it may cost extra, so a fee is quoted before the
    work. A designated engineer's analysis costs the hours that it takes and nothing else.

    Clause: 2.3-RE22, 2.4-AP23, 2.5-UE10, 2.5-RD3, 2.5-RD9, 2.5-ED3
    """
    return _CHARGES[track]


def analysis_material(track: Track) -> tuple[str, ...]:
    """What the customer hands in, by code.

    Clause: 2.3-RE21, 2.4-AP25, 2.5-UE14, 2.5-RD17
    """
    return DEBUG_MATERIAL if track == "rede" else MATERIAL


def check_engineers_analysis(
    track: Track, *, has_engineer: bool, severity: str, recurring: bool
) -> None:
    """Refuse an analysis by a designated engineer that the text doesn't give.

    `no_designated_engineer`: none was bought for this product. REDE analyses critical
    incidents alone, severity 1 and A (`not_critical`); EDE helps with recurring incidents
    alone (`not_recurring`). Neither has a window nor a date, and neither is the right to
    an analysis of the base package.

    Clause: 2.5-RD9, 2.5-ED6, X-07
    """
    clause = "2.5-RD9" if track == "rede" else "2.5-ED6"
    if not has_engineer:
        raise Refused("no_designated_engineer", clause=clause, field="track")
    if track == "rede" and severity not in CRITICAL:
        raise Refused("not_critical", clause=clause, field="track", severity=severity)
    if track == "ede" and not recurring:
        raise Refused("not_recurring", clause=clause, field="track")
