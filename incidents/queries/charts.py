"""The charts and components of an edition as the rules take them."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from incidents.models import (
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    ChartSet,
    CustomerDuty,
)
from incidents.models import Component as ComponentRow
from incidents.rules.charts import (
    Assigned,
    ChartFacts,
    Clauses,
    DowngradeFacts,
    Duty,
    Escalation,
    Exclusions,
    FirstResponseTerms,
    RowFacts,
    Target,
)
from incidents.rules.components import OTHER, Component, ComponentCatalogue
from services.catalog.models import Edition


def charts_of(edition: Edition) -> tuple[ChartFacts, ...]:
    """The charts of `edition`, the most specific first; kept in the process once published."""
    if edition.published_at is None:
        return _read_charts(edition.pk)
    return _frozen_charts(edition.pk, edition.published_at, edition.content_hash)


def components_of(edition: Edition) -> ComponentCatalogue:
    """The components of `edition` by their names; kept in the process once published."""
    if edition.published_at is None:
        return _read_components(edition.pk)
    return _frozen_components(edition.pk, edition.published_at, edition.content_hash)


def response_terms_of(edition: Edition) -> FirstResponseTerms:
    """Which contacts are a first response; raises `ValueError` without charts."""
    shared = ChartSet.objects.filter(edition=edition).first()
    if shared is None:
        raise ValueError(f"edition {edition.code} has no charts")
    return FirstResponseTerms(
        frozenset(shared.response_channels), shared.human_only, tuple(shared.clauses)
    )


def has_charts(edition: Edition) -> bool:
    """Whether incidents can be opened under `edition`: by charts with rows, and what they share."""
    return ChartRow.objects.filter(
        chart__edition=edition, chart__edition__chartset__isnull=False
    ).exists()


@lru_cache(maxsize=32)
def _frozen_charts(
    edition_id: int, _published_at: datetime, _content: str
) -> tuple[ChartFacts, ...]:
    return _read_charts(edition_id)


@lru_cache(maxsize=32)
def _frozen_components(
    edition_id: int, _published_at: datetime, _content: str
) -> ComponentCatalogue:
    return _read_components(edition_id)


def _read_components(edition_id: int) -> ComponentCatalogue:
    rows = ComponentRow.objects.filter(edition=edition_id).order_by("pk")
    return ComponentCatalogue(
        Component(
            name=row.name,
            product_class=cast(Any, row.product_class),
            kinds=frozenset(row.kinds),
            aliases=tuple(row.aliases),
            online_service=row.online_service,
            supported=row.supported,
            part_of=(row.family,) if row.family and row.family != row.name else (),
        )
        for row in rows
    )


def _read_charts(edition_id: int) -> tuple[ChartFacts, ...]:
    charts = Chart.objects.filter(edition=edition_id).prefetch_related(
        "exclusions", "notes", "rows__targets", "rows__escalations", "rows__duties"
    )
    return tuple(_facts(chart) for chart in charts.order_by("tie_rank"))


def _facts(chart: Chart) -> ChartFacts:
    notes = {note.kind: note for note in reversed(chart.notes.all())}
    gate, routing = notes.get(ChartNote.Kind.GATE), notes.get(ChartNote.Kind.ROUTING)
    return ChartFacts(
        code=chart.code,
        programmes=tuple(chart.programmes),
        tie_rank=chart.tie_rank,
        product_classes=tuple(chart.product_classes),
        rows={row.severity: _row(row) for row in chart.rows.all()},
        channels=frozenset(chart.channels),
        languages=tuple(chart.languages),
        products=frozenset(chart.products),
        keyword=chart.keyword,
        gate=gate.code if gate else "",
        exclusions=_exclusions(chart),
        downgrade=_downgrade(chart, notes.get(ChartNote.Kind.DOWNGRADE)),
        routing_clauses=_ids(routing),
        clauses=tuple(chart.clauses),
    )


def _row(row: ChartRow) -> RowFacts:
    assigned = None
    if row.assigned_role:
        assigned = Assigned(
            row.assigned_role,
            row.assigned_automatically,
            row.assigned_within_minutes,
            tuple(row.assigned_clauses),
        )
    return RowFacts(
        severity=row.severity,
        targets={
            target.product_class: Target(target.minutes, tuple(target.clauses))
            for target in row.targets.all()
        },
        clock=cast(Any, row.clock),
        effort=row.effort,
        attention_minutes=row.attention_minutes,
        attention_clock=cast(Any, row.attention_clock),
        assigned=assigned,
        escalations=tuple(
            Escalation(one.code, tuple(one.clauses)) for one in row.escalations.all()
        ),
        executives_on_request=row.executives_on_request,
        duties=tuple(_duty(duty) for duty in row.duties.all()),
        review_clauses=tuple(row.review_clauses),
        clauses=tuple(row.clauses),
    )


def _duty(duty: CustomerDuty) -> Duty:
    return Duty(duty.code, duty.minutes, cast(Any, duty.clock), tuple(duty.clauses))


def _exclusions(chart: Chart) -> Exclusions:
    if not chart.exclusion_effect:
        return Exclusions()
    what = ChartExclusion.What
    labels = {one: _labels(chart.exclusions.all(), one) for one in what}
    return Exclusions(
        effect=cast(Any, chart.exclusion_effect),
        components=labels[what.COMPONENT],
        kinds=labels[what.KIND],
        clouds=labels[what.CLOUD],
        fallback_class=chart.fallback_class or OTHER,
        open_list=chart.open_list,
        clauses=tuple(chart.exclusion_clauses),
        kind_clauses=tuple(chart.exclusion_kind_clauses) or tuple(chart.exclusion_clauses),
    )


def _labels(rows: Iterable[ChartExclusion], what: str) -> frozenset[str]:
    return frozenset(row.label for row in rows if row.what == what)


def _downgrade(chart: Chart, note: ChartNote | None) -> DowngradeFacts | None:
    if not chart.downgrade:
        return None
    severities = frozenset(chart.downgrade_severities)
    return DowngradeFacts(cast(Any, chart.downgrade), severities, _ids(note))


def _ids(note: ChartNote | None) -> Clauses:
    return tuple(note.clauses) if note else ()
