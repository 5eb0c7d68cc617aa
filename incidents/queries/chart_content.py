"""The charts, roles and components of an edition as the sections of its file."""

from typing import Any

from incidents.models import (
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    ChartSet,
    Component,
    CustomerDuty,
    ResponseTarget,
    SupportRole,
)
from services.catalog.models import Edition
from services.catalog.queries.content import given, texts_of

What, Kind = ChartExclusion.What, ChartNote.Kind
# Notes that a chart has once, and where its entry keeps them.
SINGLE_NOTES = {
    Kind.GATE: "gate",
    Kind.WINDOW: "window",
    Kind.ROUTING: "b_and_c",
    Kind.AFTER: "after",
}
EXCLUDED = {What.COMPONENT: "components", What.KIND: "kinds", What.CLOUD: "clouds"}


def chart_content_of(edition: Edition) -> dict[str, Any]:
    """Sections `severity_matrices` and `components`; nothing for an edition without charts."""
    shared = ChartSet.objects.filter(edition=edition).first()
    if shared is None:
        return {}
    charts = (
        Chart.objects.filter(edition=edition)
        .order_by("tie_rank")
        .prefetch_related(
            "exclusions", "notes", "rows__targets", "rows__escalations", "rows__duties"
        )
    )
    roles = SupportRole.objects.filter(edition=edition)
    components = Component.objects.filter(edition=edition).order_by("pk")
    return {
        "severity_matrices": {
            "first_response": {
                "counts": list(shared.response_channels),
                "human_only": shared.human_only,
                "clauses": list(shared.clauses),
            },
            "roles": {
                role.code: {**texts_of(role, "name"), "clauses": list(role.clauses)}
                for role in roles
            },
            "precedence": {"tie_order": [chart.code for chart in charts]},
            "matrices": {chart.code: _chart(chart) for chart in charts},
        },
        "components": [_component(row) for row in components],
    }


def _component(row: Component) -> dict[str, Any]:
    labels = texts_of(row, "label", "name")
    entry = given(
        {
            "name": row.name,
            **{key: label for key, label in labels.items() if label != row.name},
            "product_class": row.product_class,
            "family": row.family,
            "kinds": list(row.kinds),
            "aliases": list(row.aliases),
            "online_service": row.online_service,
        }
    )
    return entry if row.supported else {**entry, "supported": False}


def _chart(chart: Chart) -> dict[str, Any]:
    notes = list(chart.notes.all())
    entry: dict[str, Any] = {
        "programmes": list(chart.programmes),
        **texts_of(chart, "name"),
        "name_clauses": list(chart.clauses),
        "channels": list(chart.channels),
        "channel_clauses": list(chart.channel_clauses),
        "languages": list(chart.languages),
        "language_clauses": list(chart.language_clauses),
        "product_classes": list(chart.product_classes),
        "product_clauses": list(chart.product_clauses),
    }
    entry |= given({"products": list(chart.products), "keyword_in_description": chart.keyword})
    entry["severities"] = {row.severity: _row(row) for row in chart.rows.all()}
    if chart.exclusion_effect:
        entry["exclusions"] = _exclusions(chart, notes)
    if chart.downgrade:
        entry["downgrade"] = {
            "effect": chart.downgrade,
            "applies_to": list(chart.downgrade_severities),
            **_first(notes, Kind.DOWNGRADE, "trigger"),
        }
    for kind, key in SINGLE_NOTES.items():
        if found := _first(notes, kind, "text"):
            entry[key] = found
    footnotes = [note for note in notes if note.kind == Kind.FOOTNOTE]
    if footnotes:
        entry["footnotes"] = [_note(note, "text", code="number") for note in footnotes]
    return entry


def _first(notes: list[ChartNote], kind: ChartNote.Kind, text: str) -> dict[str, Any]:
    return next((_note(note, text) for note in notes if note.kind == kind), {})


def _note(note: ChartNote, text: str, *, code: str = "code") -> dict[str, Any]:
    named = {code: note.code} if note.code else {}
    return {**named, **texts_of(note, "text", text), "clauses": list(note.clauses)}


def _exclusions(chart: Chart, notes: list[ChartNote]) -> dict[str, Any]:
    excluded = list(chart.exclusions.all())
    note = next((note for note in notes if note.kind == Kind.EXCLUSION), None)
    entry = {"effect": chart.exclusion_effect} | given(
        {
            "fallback_class": chart.fallback_class,
            "open_list": chart.open_list,
            **{
                key: [one.label for one in excluded if one.what == what]
                for what, key in EXCLUDED.items()
            },
            "kind_clauses": list(chart.exclusion_kind_clauses),
            **(texts_of(note, "text", "note") if note else {}),
        }
    )
    if note and note.clauses != chart.exclusion_clauses:
        entry["note_clauses"] = list(note.clauses)
    return {**entry, "clauses": list(chart.exclusion_clauses)}


def _row(row: ChartRow) -> dict[str, Any]:
    targets = list(row.targets.all())
    return {
        **texts_of(row, "situation"),
        "situation_clauses": list(row.situation_clauses),
        **_attention(row),
        "initial_response_minutes": {one.product_class: one.minutes for one in targets},
        "response_clauses": {one.product_class: _cited(one) for one in targets if one.clauses},
        "clock": row.clock,
        "effort": {
            "code": row.effort,
            **texts_of(row, "effort_text", "text"),
            "clauses": list(row.effort_clauses),
        },
        **_assigned(row),
        "escalation": [
            {"code": one.code, **texts_of(one, "text"), "clauses": list(one.clauses)}
            for one in row.escalations.all()
        ],
        **({"microsoft_executives": "on_request"} if row.executives_on_request else {}),
        **given({"executive_clauses": list(row.executive_clauses)}),
        "customer_duties": [_duty(one) for one in row.duties.all()],
        **_review(row),
        "clauses": list(row.clauses),
    }


def _attention(row: ChartRow) -> dict[str, Any]:
    clock = {"attention_clock": row.attention_clock} if row.attention_clock else {}
    if row.attention_minutes is None:
        return clock
    if row.attention_minutes == 0:
        return {"attention": "immediate", **clock}
    return {"attention_minutes": row.attention_minutes, **clock}


def _cited(target: ResponseTarget) -> Any:
    return target.clauses[0] if len(target.clauses) == 1 else list(target.clauses)


def _assigned(row: ChartRow) -> dict[str, Any]:
    if not row.assigned_role:
        return {}
    return {
        "assigned": {
            "role": row.assigned_role,
            "automatic": row.assigned_automatically,
            "within_minutes": row.assigned_within_minutes,
            "clauses": list(row.assigned_clauses),
        }
    }


def _review(row: ChartRow) -> dict[str, Any]:
    if not row.review_clauses:
        return {}
    return {"after": {"incident_process_review": True, "clauses": list(row.review_clauses)}}


def _duty(duty: CustomerDuty) -> dict[str, Any]:
    entry = {"code": duty.code, **texts_of(duty, "text")}
    timed = given({"minutes": duty.minutes, "clock": duty.clock})
    return {**entry, **timed, "clauses": list(duty.clauses)}
