"""What may follow when the customer doesn't do its part: offered, never done by itself."""

from collections.abc import Collection
from typing import Literal, TypeAlias

from accounts.rules.refusal import Refused
from incidents.rules.charts import SEVERITIES, ChartFacts, Clauses, Downgrade
from incidents.rules.opening import downgrade_option

Step: TypeAlias = Literal["lower_severity", "lose_24x7"]


def offered_step(
    chart: ChartFacts, severity: str, *, missed: Collection[str], stepped_down: bool
) -> tuple[Downgrade, Clauses] | None:
    """The one transition that the chart allows once a duty was missed, with its clauses.

    `missed` are the codes of duties that were missed or couldn't be met. None without one,
    where the chart names nothing for the severity, and once the service has stepped down.

    Clause: A-BS20, A-AP5, A-AE7, A-SE5, A-AR5, A-UE9, X-36
    """
    option = downgrade_option(chart, severity)
    if option is None or chart.downgrade is None or not missed or stepped_down:
        return None
    return option, chart.downgrade.clauses


def check_step(
    wanted: Step,
    chart: ChartFacts,
    severity: str,
    *,
    missed: Collection[str],
    stepped_down: bool,
    to: str = "",
) -> Clauses:
    """The clauses that allow a transition; refused where the chart doesn't.

    `no_duty_missed`: the customer did its part so far. `already_stepped_down`.
    `step_not_allowed`: the chart names another transition, or none, for this severity.
    `not_lower`: severity is lowered to one that is less grave than the present one.

    Clause: A-BS20, A-AP5, A-AE7, A-SE5, A-AR5, A-UE9, X-36
    """
    if not missed:
        raise Refused("no_duty_missed", clause="X-36")
    if stepped_down:
        raise Refused("already_stepped_down", clause="X-36")
    offer = offered_step(chart, severity, missed=missed, stepped_down=stepped_down)
    if offer is None or offer[0] != wanted:
        raise Refused("step_not_allowed", clause="X-36", chart=chart.code, severity=severity)
    if wanted == "lower_severity" and (
        to not in SEVERITIES or SEVERITIES.index(to) <= SEVERITIES.index(severity)
    ):
        raise Refused("not_lower", clause=", ".join(offer[1]), field="severity", severity=severity)
    return offer[1]


def next_lower(severity: str) -> str:
    """The severity below, which a lowering proposes; the lowest has none.

    Clause: 2.3-RE10
    """
    return "".join(SEVERITIES[SEVERITIES.index(severity) + 1 :][:1])


def check_cannot_supply(*, is_timed: bool, is_met: bool, has_failed: bool) -> None:
    """Refuse to record that the customer can't meet a duty.

    `duty_has_a_clock`: with minutes of its own the clock says so. `already_recorded`: it
    was met, or this stands on record.

    Clause: A-BS5, A-BS8, A-BS20
    """
    if is_timed:
        raise Refused("duty_has_a_clock", clause="A-BS13, A-BS16")
    if is_met or has_failed:
        raise Refused("already_recorded", clause="A-BS20")
