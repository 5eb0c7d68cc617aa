"""An edition's rows as the sections of its file: what the loader reads back unchanged.

Credit values aren't part of an edition, and what rows don't keep (the sections of other
packages, remarks) isn't told.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    CoTermination,
    Edition,
    Limit,
    Offering,
    Pillar,
    PillarActivity,
    ReadingChoice,
    Term,
)

# How the file says what the end of the base agreement does (0-C16).
CO_TERMINATION: Mapping[bool | str, CoTermination] = {
    True: CoTermination.SAME_DAY,
    False: CoTermination.WITH_BASE,
    "effective": CoTermination.SUSPENDED,
}
_WORD_OF = {code.value: word for word, code in CO_TERMINATION.items()}
_READING = Q(code__startswith="0-") | Q(code__startswith="X-")


def content_of(edition: Edition) -> dict[str, Any]:
    """Head, numbers, scale, offerings and register of `edition`, in the order of its file."""
    clauses = Clause.objects.filter(edition=edition)
    tiers = CancellationTier.objects.filter(edition=edition)
    offerings = Offering.objects.filter(edition=edition).select_related("parent")
    return {
        "edition": {
            "code": edition.code,
            **texts_of(edition, "title"),
            "effective_on": edition.effective_on,
        },
        "terms": [_term(row) for row in Term.objects.filter(edition=edition).order_by("pk")],
        "cancellation_tiers": [
            {
                "min_lead_days": row.min_lead_days,
                "percent": row.percent,
                "clauses": list(row.clauses),
            }
            for row in tiers
        ],
        "reading_choices": [
            {"reading": row.reading, "option": row.option}
            for row in ReadingChoice.objects.filter(edition=edition)
        ],
        "offerings": [_offering(row) for row in offerings.prefetch_related("conditions", "limits")],
        **_pillars(edition),
        "clauses": [_clause(row, "rule") for row in clauses.exclude(_READING)],
        "readings": [_clause(row, "reading") for row in clauses.filter(_READING)],
    }


def texts_of(row: Any, column: str, key: str = "") -> dict[str, str]:
    """A text in the languages of the file: ``name_en``, ``name_zh``."""
    return {
        f"{key or column}_en": getattr(row, f"{column}_en") or "",
        f"{key or column}_zh": getattr(row, f"{column}_zh_hans") or "",
    }


def given(entry: Mapping[str, Any]) -> dict[str, Any]:
    """`entry` without what the loader takes for granted: empty texts and lists, None, false."""
    return {key: value for key, value in entry.items() if value not in ("", [], {}, None, False)}


def bars_onsite(limits: Iterable[Limit]) -> bool:
    """Whether a limit says that the service is never given onsite."""
    return any(limit.code == "onsite" and limit.value is False for limit in limits)


def _term(row: Term) -> dict[str, Any]:
    return {
        "code": row.code,
        "value": row.value,
        "unit": row.unit,
        "clauses": list(row.clauses),
        **texts_of(row, "name"),
    }


def _clause(row: Clause, key: str) -> dict[str, Any]:
    texts = {"id": row.code, **texts_of(row, "title"), **texts_of(row, "rule", key)}
    return {**texts, "cases": list(row.cases)} if row.cases else texts


def _offering(row: Offering) -> dict[str, Any]:
    limits = list(row.limits.all())
    entry = given(
        {
            "code": row.code,
            **texts_of(row, "name"),
            **texts_of(row, "former_name"),
            "abbreviation": row.abbreviation,
            **texts_of(row, "summary"),
            "category": row.category,
            "subcategory": row.subcategory,
            "mark": row.mark,
            "flex": row.flex,
            "delivery_modes": list(row.delivery_modes),
            "unit_of_sale": row.unit_of_sale,
            "languages": list(row.languages),
            "business_hours": row.business_hours,
            "location_constraint": row.location_constraint,
            "request_deadline": row.request_deadline,
            "exhibit": row.exhibit,
            "provider": row.provider,
            "is_group": row.is_group,
            "parent": row.parent.code if row.parent else "",
            "includes": list(row.includes),
            "clauses": list(row.clauses),
            "conditions": [_condition(one) for one in row.conditions.all()],
        }
    )
    entry |= {"table": row.table, "co_termination": _WORD_OF[row.co_termination]}
    if row.onsite_barred != bars_onsite(limits):
        entry["onsite_barred"] = row.onsite_barred
    if limits:
        entry["limits"] = [_limit(one) for one in limits]
    return entry


def _pillars(edition: Edition) -> dict[str, Any]:
    """The section of the pillars; nothing for an edition without them."""
    pillars = Pillar.objects.filter(edition=edition).prefetch_related("activities")
    told = [
        {**_heading(row), "activities": [_heading(one) for one in row.activities.all()]}
        for row in pillars
    ]
    return {"success_pillars": {"pillars": told}} if told else {}


def _heading(row: Pillar | PillarActivity) -> dict[str, Any]:
    return {
        "code": row.code,
        **texts_of(row, "name"),
        **texts_of(row, "summary"),
        "clauses": list(row.clauses),
    }


def _condition(row: Condition) -> dict[str, Any]:
    return {"kind": row.kind, **texts_of(row, "text"), "clauses": list(row.clauses)}


def _limit(row: Limit) -> dict[str, Any]:
    entry = {"code": row.code, "value": row.value, "clauses": list(row.clauses)}
    return {**entry, "unit": row.unit} if row.unit else entry
