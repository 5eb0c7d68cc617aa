"""The charts of two editions side by side, severity by severity."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.wording.columns import in_language
from incidents.models import Chart, ChartExclusion, ChartRow, ChartSet, Component, SupportRole
from services.catalog.models import Edition
from services.catalog.queries.comparison import ASIDE, Change, Rows, changes, columns_of

OWNERS = ASIDE | {"chart", "row"}
LANGUAGES = (("en", "text_en"), ("zh-hans", "text_zh_hans"))


def compare_charts(old: Edition, new: Edition) -> tuple[Change, ...]:
    """Charts, their severities, roles and products that differ; a fixed number of queries."""
    return changes(_entries(old), _entries(new))


def _entries(edition: Edition) -> Rows:
    entries: dict[str, tuple[str, dict[str, Any]]] = {}
    for shared in ChartSet.objects.filter(edition=edition):
        entries["shared"] = (_("All severity charts"), columns_of(shared, aside=OWNERS))
    charts = Chart.objects.filter(edition=edition).order_by("tie_rank")
    for chart in charts.prefetch_related(
        "exclusions", "notes", "rows__targets", "rows__escalations", "rows__duties"
    ):
        entries[f"chart {chart.code}"] = (chart.name, _chart(chart))
        for row in chart.rows.all():
            name = _("%(chart)s, severity %(severity)s")
            figures = {"chart": chart.name, "severity": row.severity}
            entries[f"row {chart.code} {row.severity}"] = (name % figures, _row(row))
    for role in SupportRole.objects.filter(edition=edition):
        entries[f"role {role.code}"] = (role.name, columns_of(role, aside=OWNERS))
    for one in Component.objects.filter(edition=edition):
        entries[f"component {one.name}"] = (one.label, columns_of(one, aside=OWNERS))
    return entries


def _chart(chart: Chart) -> dict[str, Any]:
    excluded = list(chart.exclusions.all())
    return {
        **columns_of(chart, aside=OWNERS),
        **{
            str(what.label): [one.label for one in excluded if one.what == what]
            for what in ChartExclusion.What
        },
        **_texts(_("notes"), chart.notes.all()),
    }


def _row(row: ChartRow) -> dict[str, Any]:
    """Durations in minutes."""
    minutes = _("first response in minutes, %(what)s")
    return {
        **{
            minutes % {"what": one.get_product_class_display()}: one.minutes
            for one in row.targets.all()
        },
        **columns_of(row, aside=OWNERS),
        **_texts(_("escalations"), row.escalations.all()),
        **_texts(_("customer's duties"), row.duties.all()),
    }


def _texts(name: str, rows: Any) -> dict[str, list[str]]:
    """The texts of some rows, by language, with their minutes where they have any."""
    return {
        in_language(name, language): [_timed(row, getattr(row, column) or "") for row in rows]
        for language, column in LANGUAGES
    }


def _timed(row: Any, text: str) -> str:
    minutes = getattr(row, "minutes", None)
    if minutes is None:
        return text
    return _("%(text)s [%(minutes)s min, %(clock)s]") % {
        "text": text,
        "minutes": minutes,
        "clock": row.get_clock_display(),
    }
