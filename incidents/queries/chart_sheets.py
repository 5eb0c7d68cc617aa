"""The charts of an edition with all that their pages show, and how each treats a product."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from incidents.models import Chart, Component, SupportRole
from incidents.queries.charts import charts_of, components_of
from incidents.rules.candidacy import Situation, class_in, exclusion
from incidents.rules.charts import SEVERITIES, ChartFacts, Clauses, Clock, RowFacts, target_in
from incidents.rules.components import Component as Product
from services.catalog.models import Edition, Offering
from services.catalog.rules.search import words_of

# Texts of a chart in which a search looks.
_SOUGHT = (
    "code", "name_en", "name_zh_hans", "rows__situation_en", "rows__situation_zh_hans",
    "notes__text_en", "notes__text_zh_hans",
)  # fmt: skip


def charts_in(edition: Edition) -> QuerySet[Chart]:
    """The charts with their rows and words, the most specific first; a fixed number of queries."""
    return (
        Chart.objects.filter(edition=edition)
        .order_by("tie_rank")
        .prefetch_related(
            "rows__targets", "rows__escalations", "rows__duties", "exclusions", "notes"
        )
    )


def search_charts(edition: Edition, question: str) -> QuerySet[Chart]:
    """Charts in whose name, situations or notes every word of `question` occurs."""
    found = Chart.objects.filter(edition=edition)
    for word in words_of(question):
        anywhere = Q()
        for column in _SOUGHT:
            anywhere |= Q(**{f"{column}__icontains": word})
        found = found.filter(pk__in=Chart.objects.filter(anywhere).values("pk"))
    return found.order_by("tie_rank")


def role_names(edition: Edition) -> dict[str, str]:
    """Roles by code, in the reader's language."""
    return {role.code: role.name for role in SupportRole.objects.filter(edition=edition)}


def product_names(edition: Edition) -> dict[str, str]:
    """Products by name and by every other name, in the reader's language."""
    names: dict[str, str] = {}
    for row in Component.objects.filter(edition=edition).order_by("pk"):
        for name in (row.name, *row.aliases):
            names.setdefault(name, row.label)
    return names


def offerings_of(chart: Chart) -> QuerySet[Offering]:
    """The services that bring the chart."""
    return Offering.objects.filter(edition=chart.edition_id, code__in=chart.programmes)


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a chart treats a product, were every other test passed.

    `minutes` by severity, empty where the chart doesn't cover it. `moved` says that an
    exclusion takes it out of its own row.
    """

    chart: str
    product_class: str
    minutes: dict[str, tuple[int, Clock]]
    clauses: Clauses
    covered: bool
    moved: bool = False


def treatments(edition: Edition, name: str) -> tuple[Treatment, ...]:
    """What each chart of `edition` makes of the product of that name."""
    product = components_of(edition).find(name)
    return tuple(_treatments(charts_of(edition), product))


def _treatments(charts: tuple[ChartFacts, ...], product: Product) -> Iterator[Treatment]:
    for chart in charts:
        situation = Situation(severity=SEVERITIES[0], component=product, programmes={})
        product_class = class_in(chart, situation)
        excluded = exclusion(chart, situation, frozenset())
        if product_class is None:
            yield Treatment(chart.code, "", {}, chart.exclusions.clauses, covered=False)
        elif excluded and chart.exclusions.effect == "out_of_programme":
            yield Treatment(chart.code, "", {}, excluded, covered=False)
        else:
            fallback = chart.exclusions.fallback_class
            moved = bool(excluded) and product_class != fallback
            chosen = fallback if moved else product_class
            yield Treatment(
                chart.code,
                chosen,
                {row.severity: _time(row, chosen) for row in _rows(chart)},
                excluded if moved else (),
                covered=True,
                moved=moved,
            )


def _rows(chart: ChartFacts) -> list[RowFacts]:
    return [chart.rows[severity] for severity in SEVERITIES if severity in chart.rows]


def _time(row: RowFacts, product_class: str) -> tuple[int, Clock]:
    return target_in(row, product_class).minutes, row.clock
