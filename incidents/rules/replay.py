"""What an incident's target would have been, had the work order held another programme."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from incidents.rules.candidacy import ProgrammeFacts, Situation
from incidents.rules.charts import BASE_PROGRAMME, ChartFacts
from incidents.rules.resolver import ChartOutcome, resolve


@dataclass(frozen=True, slots=True)
class Replayed:
    """A target under another programme.

    `minutes` is the lower of what held and what the programme would give, `saved` the
    difference. `reason` says why the programme gives nothing. `by_portal` is the target
    that the portal alone would have brought, where only the channel stood against it.
    """

    chart: str
    minutes: int
    saved: int
    reason: str = ""
    by_portal: int | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the target would have been another."""
        return self.saved > 0


def replay(
    charts: Sequence[ChartFacts], situation: Situation, *, chart: str, baseline: int
) -> Replayed:
    """The incident as it was submitted, with the programme of `chart` in force as well.

    `baseline` is the target in minutes that held. The programme's conditions count as met
    (intake complete, subscription enrolled, tenant listed); product, exclusions, severity
    and channel are those of the incident. Another programme never lengthens a target,
    since the lowest minutes count.

    Raises `ValueError` for a chart that the edition doesn't have.

    Clause: 0-C14, 2.4-AP16, 2.4-AP18, 2.5-AR2, 2.5-AR4
    """
    outcome = _outcome(charts, situation, chart)
    if outcome.minutes is not None:
        minutes = min(baseline, outcome.minutes)
        return Replayed(chart, minutes, baseline - minutes)
    if outcome.reason != "channel":
        return Replayed(chart, baseline, 0, outcome.reason)
    by_portal = _outcome(charts, replace(situation, channel="portal"), chart).minutes
    faster = by_portal if by_portal is not None and by_portal < baseline else None
    return Replayed(chart, baseline, 0, outcome.reason, faster)


def _outcome(charts: Sequence[ChartFacts], situation: Situation, code: str) -> ChartOutcome:
    """What becomes of one chart when nothing but it and the base package is held."""
    programmes = next((chart.programmes for chart in charts if chart.code == code), None)
    if programmes is None:
        raise ValueError(f"no such chart: {code}")
    held = dict.fromkeys((BASE_PROGRAMME, *programmes), ProgrammeFacts())
    found = resolve(charts, replace(situation, programmes=held, submitted_on=None))
    return next(line for line in found.table if line.chart == code)
