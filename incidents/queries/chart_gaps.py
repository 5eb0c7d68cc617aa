"""What the charts of a draft lack before its edition can be published."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import (
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    ChartSet,
    Component,
    CustomerDuty,
    Escalation,
    ProductClass,
    ResponseTarget,
    Severity,
    SupportRole,
)
from incidents.rules.charts import BASE_PROGRAMME
from incidents.rules.components import spelling_of
from services.catalog.models import Clause, Edition, Offering
from services.catalog.wording import unknown_clause_in_words, untranslated_in_words


def chart_gaps_of(edition: Edition) -> list[str]:
    """What keeps the charts of `edition` from being published, a sentence each.

    Clause: 0-C14, 1-A1
    """
    charts = list(
        Chart.objects.filter(edition=edition).prefetch_related("rows__targets", "exclusions")
    )
    return [
        *_base(charts),
        *_rows(charts),
        *_references(edition, charts),
        *_cells(edition),
    ]


def _base(charts: list[Chart]) -> Iterator[str]:
    bases = [chart for chart in charts if BASE_PROGRAMME in chart.programmes]
    if len(bases) != 1:
        yield _("Exactly one severity chart is that of the base package")
    for chart in bases:
        missing = set(Severity.values) - {row.severity for row in chart.rows.all()}
        for severity in sorted(missing):
            yield _("The base chart has no row for severity %(severity)s") % {"severity": severity}


def _rows(charts: list[Chart]) -> Iterator[str]:
    for chart in charts:
        if not chart.rows.all():
            yield _("%(chart)s has no rows") % {"chart": chart.name}
        for row in chart.rows.all():
            classes = {target.product_class for target in row.targets.all()}
            where = {"chart": chart.name, "severity": row.severity}
            if not classes:
                yield _("%(chart)s, severity %(severity)s: a target is missing") % where
            elif len(classes) > 1 and ProductClass.OTHER not in classes:
                yield (
                    _(
                        "%(chart)s, severity %(severity)s: the target of all other products is missing"
                    )
                    % where
                )


def _references(edition: Edition, charts: list[Chart]) -> Iterator[str]:
    """What charts and components name has to be there."""
    rows = list(Component.objects.filter(edition=edition))
    products = {spelling_of(name) for row in rows for name in (row.name, *row.aliases)}
    sold = {*Offering.objects.filter(edition=edition).values_list("code", flat=True)}
    roles = {*SupportRole.objects.filter(edition=edition).values_list("code", flat=True)}
    component = ChartExclusion.What.COMPONENT
    for chart in charts:
        left_out = [one.label for one in chart.exclusions.all() if one.what == component]
        named = [name for name in (*chart.products, *left_out) if spelling_of(name) not in products]
        yield from _unknown(chart.name, named)
        yield from _unknown(chart.name, {*chart.programmes} - {BASE_PROGRAMME} - sold)
        assigned = {row.assigned_role for row in chart.rows.all() if row.assigned_role}
        yield from _unknown(chart.name, assigned - roles)
    for row in rows:
        if row.family and spelling_of(row.family) not in products:
            yield from _unknown(row.label, [row.family])


def _unknown(where: str, names: Iterable[str]) -> Iterator[str]:
    for name in sorted(names):
        yield _("%(where)s names what the edition doesn't have: %(name)s") % {
            "where": where,
            "name": name,
        }


def _cells(edition: Edition) -> Iterator[str]:
    """Texts are there in every language, clauses in the register; a query for each table."""
    known = {*Clause.objects.filter(edition=edition).values_list("code", flat=True)}
    of_row, of_chart = {"row__chart__edition": edition}, {"chart__edition": edition}
    tables: tuple[tuple[Any, dict[str, Any], tuple[str, ...]], ...] = (
        (ChartSet, {"edition": edition}, ()),
        (Chart, {"edition": edition}, ("name",)),
        (ChartRow, of_chart, ("situation", "effort_text")),
        (ChartNote, of_chart, ("text",)),
        (ResponseTarget, of_row, ()),
        (Escalation, of_row, ("text",)),
        (CustomerDuty, of_row, ("text",)),
        (SupportRole, {"edition": edition}, ("name",)),
        (Component, {"edition": edition}, ("label",)),
    )
    for table, where, texts in tables:
        rows = list(table.objects.filter(**where))
        for name in (f"{text}_{suffix}" for text in texts for suffix in ("en", "zh_hans")):
            missing = sum(not getattr(row, name) for row in rows)
            if missing:
                yield untranslated_in_words(table, table._meta.get_field(name), missing)
        names = [one.name for one in table._meta.concrete_fields if one.name.endswith("clauses")]
        cited = {clause for row in rows for name in names for clause in getattr(row, name)}
        for clause in sorted(cited - known):
            yield unknown_clause_in_words(table, clause)
