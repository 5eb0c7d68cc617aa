"""Loads the severity charts of an edition; frozen with it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from accounts.rules.refusal import Refused
from incidents.actions.chart_rows import SECTION, ChartRows, chart_rows
from incidents.models import (
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    ChartSet,
    Component,
    CustomerDuty,
    Escalation,
    ResponseTarget,
    SupportRole,
)
from services.catalog.actions import hold_draft
from services.catalog.models import Edition


@transaction.atomic
def load_charts(data: Mapping[str, Any], *, edition: Edition) -> ChartSet:
    """Charts, roles and components of `edition` from its file; the same again changes nothing.

    Other content replaces that of a draft; for a published or superseded edition it is
    refused with `edition_frozen`. Raises `Refused` with the path of the first wrong field.
    """
    content_hash = _hash_of(data)
    state = Edition.objects.select_for_update().get(pk=edition.pk).state
    loaded = ChartSet.objects.filter(edition=edition).first()
    if loaded is not None and loaded.content_hash == content_hash:
        return loaded
    if state != Edition.State.DRAFT:
        raise Refused("edition_frozen", clause="1-A1", field=SECTION, edition=edition.code)
    rows = chart_rows(edition, data)
    rows.shared.content_hash = content_hash
    _replace(edition, rows)
    return rows.shared


@transaction.atomic
def copy_charts(*, based_on: Edition, draft: Edition) -> None:
    """The charts, roles and components of one edition as those of a draft made from it."""
    if draft.state != Edition.State.DRAFT:
        raise Refused("edition_frozen", clause="1-A1", edition=draft.code)
    for table in (ChartSet, SupportRole, Component):
        _copied(table, table.objects.filter(edition=based_on), edition=draft)
    charts = _copied(Chart, Chart.objects.filter(edition=based_on), edition=draft)
    rows = _copied_below(ChartRow, "chart", charts)
    for words in (ChartNote, ChartExclusion):
        _copied_below(words, "chart", charts)
    for promise in (ResponseTarget, Escalation, CustomerDuty):
        _copied_below(promise, "row", rows)


@transaction.atomic
def name_earlier(*, chart: Chart) -> Chart:
    """Let a chart of a draft be named before the one that stands ahead of it on a tie (0-C14).

    The first stays the first. Refuses `edition_frozen` for a chart of anything but a draft.
    """
    hold_draft(edition=chart.edition)
    charts = list(Chart.objects.filter(edition=chart.edition_id).order_by("tie_rank"))
    place = next(number for number, one in enumerate(charts) if one.pk == chart.pk)
    if place > 0:
        own, ahead = charts[place], charts[place - 1]
        free = charts[-1].tie_rank + 1
        for row, rank in ((own, free), (ahead, own.tie_rank), (own, ahead.tie_rank)):
            Chart.objects.filter(pk=row.pk).update(tie_rank=rank)
    return Chart.objects.get(pk=chart.pk)


def _hash_of(data: Mapping[str, Any]) -> str:
    own = {key: data.get(key) for key in (SECTION, "components")}
    text = json.dumps(own, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _replace(edition: Edition, rows: ChartRows) -> None:
    try:
        for table in (Chart, SupportRole, Component, ChartSet):
            table.objects.filter(edition=edition).delete()
    except ProtectedError:
        raise Refused("edition_in_use", field=SECTION, edition=edition.code) from None
    rows.shared.save()
    Component.objects.bulk_create(rows.components)
    SupportRole.objects.bulk_create(rows.roles)
    Chart.objects.bulk_create(rows.charts)
    ChartRow.objects.bulk_create(rows.rows)
    ChartNote.objects.bulk_create(rows.notes)
    ChartExclusion.objects.bulk_create(rows.exclusions)
    ResponseTarget.objects.bulk_create(rows.targets)
    Escalation.objects.bulk_create(rows.escalations)
    CustomerDuty.objects.bulk_create(rows.duties)


def _copied(model: Any, rows: Any, **changes: Any) -> dict[int, Any]:
    """Copies of `rows` by the key of what they were made from."""
    copies = {row.pk: _copy(row, **changes) for row in rows}
    model.objects.bulk_create(list(copies.values()))
    return copies


def _copied_below(model: Any, parent: str, parents: dict[int, Any]) -> dict[int, Any]:
    """Copies of the children of `parents`, under the copies of these."""
    rows = model.objects.filter(**{f"{parent}__in": list(parents)})
    copies = {row.pk: _copy(row, **{parent: parents[getattr(row, f"{parent}_id")]}) for row in rows}
    model.objects.bulk_create(list(copies.values()))
    return copies


def _copy(row: Any, /, **changes: Any) -> Any:
    """A new row with the columns of `row`, in every language."""
    columns = [
        column
        for column in row._meta.concrete_fields
        if not column.primary_key and column.name not in changes
    ]
    values = {
        column.attname: getattr(row, column.attname)
        for column in columns
        if not hasattr(row, f"{column.name}_en")
    }
    return type(row)(**values, **changes)
