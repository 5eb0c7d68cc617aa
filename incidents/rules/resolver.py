"""Which severity chart sets the target of an incident, and why the others don't (0-C14)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeAlias

from accounts.rules.explained import plain
from incidents.rules.candidacy import Failure, Situation, class_in, exclusion, failed_tests
from incidents.rules.charts import (
    ChartFacts,
    Clauses,
    Clock,
    Duty,
    Escalation,
    RowFacts,
    Target,
    base_chart,
    target_in,
)
from incidents.rules.components import OTHER
from services.catalog.rules.readings import ChartChoice

Outcome: TypeAlias = Literal[
    "wins", "slower", "faster", "less_specific", "no_row", "not_a_candidate"
]


@dataclass(frozen=True, slots=True)
class ChartOutcome:
    """A line of the comparison: what became of a chart, and why.

    `reason` is empty for a candidate, whose place follows from its figures. `minutes`,
    `clock` and `product_class` are those of the row that it would apply.
    """

    chart: str
    outcome: Outcome
    reason: str = ""
    minutes: int | None = None
    clock: Clock | None = None
    product_class: str = ""
    clauses: Clauses = ()
    figures: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssignedRole:
    """A role that a candidate chart assigns; the tightest of several charts counts."""

    role: str
    chart: str
    automatic: bool
    within_minutes: int | None
    clauses: Clauses


@dataclass(frozen=True, slots=True)
class OtherChart:
    """The chart that the reading of 0-C14 which was not chosen names, and its target."""

    reading: ChartChoice
    chart: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """The chart that applies, the comparison of all, and what all candidates add up to.

    `routed_to` names the chart whose engineers take the incident at base times (B, C).
    `other` is what the other reading gives, the same chart included.
    """

    chart: str
    row: RowFacts
    target: Target
    product_class: str
    routed_to: str | None
    table: tuple[ChartOutcome, ...]
    assigned: tuple[AssignedRole, ...]
    escalations: tuple[Escalation, ...]
    duties: tuple[Duty, ...]
    executives_on_request: bool
    clauses: Clauses
    reading: ChartChoice = "lowest_minutes"
    other: OtherChart | None = None

    @property
    def minutes(self) -> int:
        """The target."""
        return self.target.minutes

    @property
    def clock(self) -> Clock:
        """The clock on which the target runs."""
        return self.row.clock

    @property
    def candidates(self) -> tuple[str, ...]:
        """The charts that passed every test, the winner among them."""
        return tuple(line.chart for line in self.table if not line.reason)

    def as_data(self) -> dict[str, Any]:
        """JSON-ready, for the incident that keeps the comparison."""
        return {
            "chart": self.chart,
            "severity": self.row.severity,
            "minutes": self.minutes,
            "clock": self.clock,
            "product_class": self.product_class,
            "routed_to": self.routed_to,
            "table": [plain(asdict(line)) for line in self.table],
            "assigned": [plain(asdict(one)) for one in self.assigned],
            "escalations": [plain(asdict(one)) for one in self.escalations],
            "duties": [plain(asdict(one)) for one in self.duties],
            "executives_on_request": self.executives_on_request,
            "clauses": list(self.clauses),
            "reading": self.reading,
            "other": plain(asdict(self.other)) if self.other else None,
        }


def resolve(
    charts: Sequence[ChartFacts],
    situation: Situation,
    reading: ChartChoice = "lowest_minutes",
) -> Resolution:
    """The target of an incident: the lowest minutes among all candidate charts.

    Where the edition chose `most_specific`, the chart of the most specific programme
    among them, even if another is faster.

    A chart is a candidate if its programme and the base agreement are in force, it
    covers the product, its gate, window, keyword and channel are met, and it prints a
    row for the severity; the base chart always is. On a tie the most specific is named.
    A component excluded from one row alone falls to another row of the same chart. No
    programme prints B or C, so these take the base numbers, routed to a programme's
    engineers where it says so. People, escalations and duties of all candidates add up.

    Raises `ValueError` if the edition has no base chart or that has no such row.

    Clause: 0-C14, 2.4-AP16, 2.4-AP18, 2.5-AR4, 2.5-RD14
    """
    base = base_chart(charts)
    judged = [_judged(chart, base, situation) for chart in charts]
    candidates = sorted(
        (one for one in judged if isinstance(one, _Candidate)), key=_PRECEDENCE[reading]
    )
    if base.code not in {one.chart.code for one in candidates}:
        raise ValueError(f"the base chart has no row for severity {situation.severity}")
    winner = candidates[0]
    unread: ChartChoice = "most_specific" if reading == "lowest_minutes" else "lowest_minutes"
    second = min(candidates, key=_PRECEDENCE[unread])
    rows = [one.row for one in candidates]
    return Resolution(
        chart=winner.chart.code,
        row=winner.row,
        target=winner.target,
        product_class=winner.product_class,
        routed_to=next((one.chart.code for one in judged if one.takes_routing), None),
        table=tuple(one.line(winner) for one in judged),
        assigned=_roles(candidates),
        escalations=tuple({one.code: one for row in rows for one in row.escalations}.values()),
        duties=_duties(rows),
        executives_on_request=any(row.executives_on_request for row in rows),
        clauses=_joined(winner.target.clauses, winner.exclusion_clauses, winner.chart.clauses),
        reading=reading,
        other=OtherChart(unread, second.chart.code, second.target.minutes),
    )


def covers(chart: ChartFacts, charts: Sequence[ChartFacts], situation: Situation) -> bool:
    """Whether a programme applies to an incident apart from its severity and channel.

    That is what decides on rights beside the response, such as a root cause analysis.

    Clause: 0-C14, X-07
    """
    unchannelled = replace(situation, channel=None)
    judged = _judged(chart, base_chart(charts), unchannelled)
    return isinstance(judged, _Candidate) or judged.reason == "no_row"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A chart that passed every test, and the row and target that it would apply."""

    chart: ChartFacts
    row: RowFacts
    target: Target
    product_class: str
    exclusion_clauses: Clauses

    takes_routing = False

    def line(self, winner: "_Candidate") -> ChartOutcome:
        outcome: Outcome = "less_specific"
        if self is winner:
            outcome = "wins"
        elif self.target.minutes > winner.target.minutes:
            outcome = "slower"
        elif self.target.minutes < winner.target.minutes:
            outcome = "faster"
        return ChartOutcome(
            self.chart.code,
            outcome,
            minutes=self.target.minutes,
            clock=self.row.clock,
            product_class=self.product_class,
            clauses=_joined(self.target.clauses, self.exclusion_clauses),
        )


@dataclass(frozen=True, slots=True)
class _Rejected:
    """A chart that failed a test; the first failure is its reason."""

    chart: ChartFacts
    reason: str
    clauses: Clauses
    figures: Mapping[str, object]

    @property
    def takes_routing(self) -> bool:
        """It passed every other test, and its engineers take what it prints no time for."""
        return self.reason == "no_row" and bool(self.chart.routing_clauses)

    def line(self, _winner: _Candidate) -> ChartOutcome:
        return ChartOutcome(
            self.chart.code,
            "no_row" if self.reason == "no_row" else "not_a_candidate",
            self.reason,
            clauses=self.clauses,
            figures=self.figures,
        )


def _judged(chart: ChartFacts, base: ChartFacts, situation: Situation) -> _Candidate | _Rejected:
    """A chart against all tests."""
    failure = None if chart is base else _failure(chart, base, situation)
    if failure is not None:
        return _Rejected(chart, *failure)
    row = chart.rows.get(situation.severity)
    if row is None:
        clauses = chart.routing_clauses or ("0-C14",)
        return _Rejected(chart, "no_row", clauses, {"severity": situation.severity})
    return _candidate(chart, row, situation)


def _failure(chart: ChartFacts, base: ChartFacts, situation: Situation) -> Failure | None:
    """The first test that a chart fails; one of several programmes that passes is enough."""
    held = [situation.programmes[code] for code in chart.programmes if code in situation.programmes]
    if not held:
        return "not_held", ("0-C14",), {}
    firsts = [next(failed_tests(chart, base, facts, situation), None) for facts in held]
    return None if None in firsts else firsts[0]


def _candidate(chart: ChartFacts, row: RowFacts, situation: Situation) -> _Candidate:
    product_class = class_in(chart, situation) or OTHER
    fallback = chart.exclusions.fallback_class
    clauses: Clauses = ()
    if chart.exclusions.effect == "row_only" and product_class != fallback:
        clauses = exclusion(chart, situation, frozenset())
    chosen = fallback if clauses else product_class
    return _Candidate(chart, row, target_in(row, chosen), chosen, clauses)


def _by_minutes(candidate: _Candidate) -> tuple[int, int]:
    return candidate.target.minutes, candidate.chart.tie_rank


def _by_programme(candidate: _Candidate) -> tuple[int, int]:
    return candidate.chart.tie_rank, candidate.target.minutes


_PRECEDENCE: Mapping[ChartChoice, Callable[[_Candidate], tuple[int, int]]] = {
    "lowest_minutes": _by_minutes,
    "most_specific": _by_programme,
}


def _roles(candidates: Iterable[_Candidate]) -> tuple[AssignedRole, ...]:
    """One entry for a role, from the chart that wants it soonest."""
    roles: dict[str, AssignedRole] = {}
    for one in candidates:
        wanted = one.row.assigned
        if wanted is None:
            continue
        new = AssignedRole(
            wanted.role, one.chart.code, wanted.automatic, wanted.within_minutes, wanted.clauses
        )
        old = roles.get(wanted.role, new)
        first, second = sorted((old, new), key=lambda role: _soonest(role.within_minutes))
        roles[wanted.role] = replace(
            first,
            automatic=first.automatic or second.automatic,
            clauses=_joined(first.clauses, second.clauses),
        )
    return tuple(roles.values())


def _duties(rows: Iterable[RowFacts]) -> tuple[Duty, ...]:
    """One entry for a duty, with the tightest time."""
    duties: dict[str, Duty] = {}
    for row in rows:
        for new in row.duties:
            old = duties.get(new.code, new)
            first, second = sorted((old, new), key=lambda duty: _soonest(duty.minutes))
            duties[new.code] = replace(first, clauses=_joined(first.clauses, second.clauses))
    return tuple(duties.values())


def _soonest(minutes: int | None) -> tuple[bool, int]:
    return minutes is None, minutes or 0


def _joined(*lists: Clauses) -> Clauses:
    return tuple(dict.fromkeys(clause for clauses in lists for clause in clauses))
