"""The comparison of the charts as a table shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Clock
from incidents.queries.names import Names
from incidents.wording.reasons import outcome_words, reason_words


@dataclass(frozen=True, slots=True)
class Compared:
    """A chart: what became of it, its target, and why."""

    chart: str
    name: str
    product_class: str
    severity: str
    outcome: str
    wins: bool
    minutes: int | None
    clock: str
    due_at: datetime | None
    reason: str
    clauses: tuple[str, ...]


def comparison_of(
    resolution: Mapping[str, Any], names: Names, *, component: str, severity: str
) -> tuple[Compared, ...]:
    """The lines as kept with an incident: what applies first, those that lost, the rest.

    After a raise of severity the row that still sets the target stands above the one
    that governs people and duties (0-C15).
    """
    setter = resolution.get("set_by")
    winner = names.chart(resolution["chart"])
    lines = sorted(resolution["table"], key=_place)
    compared = tuple(
        _compared(
            {**line, "reading": resolution.get("reading", "")},
            names,
            winner,
            component=component,
            severity=severity,
            kept=bool(setter),
        )
        for line in lines
    )
    if not setter:
        return compared
    return (_kept(setter, names), *compared)


def _place(line: Mapping[str, Any]) -> tuple[int, int]:
    order = ("wins", "faster", "less_specific", "slower", "no_row", "not_a_candidate")
    return order.index(line["outcome"]), line["minutes"] or 0


def _compared(
    line: Mapping[str, Any],
    names: Names,
    winner: str,
    *,
    component: str,
    severity: str,
    kept: bool,
) -> Compared:
    wins = line["outcome"] == "wins"
    return Compared(
        chart=line["chart"],
        name=names.chart(line["chart"]),
        product_class=line.get("product_class") or "",
        severity=severity,
        outcome=_("Governs people and duties") if wins and kept else outcome_words(line["outcome"]),
        wins=wins,
        minutes=line["minutes"],
        clock=str(Clock(line["clock"]).label) if line["clock"] else "",
        due_at=_instant(line.get("due_at")),
        reason=reason_words(line, component=component, winner=winner, reading=line["reading"]),
        clauses=tuple(line["clauses"]),
    )


def _kept(setter: Mapping[str, Any], names: Names) -> Compared:
    return Compared(
        chart=setter["chart"],
        name=names.chart(setter["chart"]),
        product_class=setter.get("product_class") or "",
        severity=setter["severity"],
        outcome=_("Sets the target"),
        wins=True,
        minutes=setter["minutes"],
        clock=str(Clock(setter["clock"]).label),
        due_at=_instant(setter["due_at"]),
        reason=_("The severity was changed: the target that was set before stands"),
        clauses=("0-C15",),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
