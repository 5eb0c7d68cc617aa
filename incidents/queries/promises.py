"""How soon an agreement promises an answer, severity by severity, by the services it sells."""

from collections.abc import Collection
from dataclasses import dataclass

from incidents.queries.charts import charts_of, has_charts
from incidents.rules.charts import SEVERITIES, ChartFacts, Clauses, base_chart
from services.catalog.models import Edition


@dataclass(frozen=True, slots=True)
class Promise:
    """The soonest first answer for one severity, and the chart that gives it."""

    severity: str
    minutes: int
    clock: str
    chart: str
    clauses: Clauses


def promises(edition: Edition, programmes: Collection[str]) -> tuple[Promise, ...]:
    """The soonest that the base package and these programmes promise, where they apply.

    Which incident they apply to (product, channel, window, intake) is decided when it is
    opened; a severity that no programme prints keeps the base times (0-C14, 2.4-AP16).
    Nothing for an edition without charts.
    """
    if not has_charts(edition):
        return ()
    charts = charts_of(edition)
    base = base_chart(charts)
    sold = [one for one in charts if one.is_base or set(one.programmes) & set(programmes)]
    return tuple(
        min(
            (_promise(chart, severity) for chart in sold if severity in chart.rows),
            key=lambda one: one.minutes,
        )
        for severity in SEVERITIES
        if severity in base.rows
    )


def _promise(chart: ChartFacts, severity: str) -> Promise:
    row = chart.rows[severity]
    target = min(row.targets.values(), key=lambda one: one.minutes)
    return Promise(severity, target.minutes, row.clock, chart.code, target.clauses)
