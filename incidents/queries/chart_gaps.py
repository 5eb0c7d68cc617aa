"""What the charts of a draft lack before its edition can be published."""

from collections.abc import Iterable, Iterator

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
from services.catalog.models import Edition, Offering
from services.catalog.queries import cell_gaps


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
    """Texts are there in every language, clauses in the register."""
    of_row, of_chart = {"row__chart__edition": edition}, {"chart__edition": edition}
    return cell_gaps(
        edition,
        (
            (ChartSet.objects.filter(edition=edition),),
            (Chart.objects.filter(edition=edition), "name"),
            (ChartRow.objects.filter(**of_chart), "situation", "effort_text"),
            (ChartNote.objects.filter(**of_chart), "text"),
            (ResponseTarget.objects.filter(**of_row),),
            (Escalation.objects.filter(**of_row), "text"),
            (CustomerDuty.objects.filter(**of_row), "text"),
            (SupportRole.objects.filter(edition=edition), "name"),
            (Component.objects.filter(edition=edition), "label"),
        ),
    )
