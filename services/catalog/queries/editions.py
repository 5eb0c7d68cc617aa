"""Editions: the one in force, its terms, and what a draft still lacks."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    Edition,
    Limit,
    Offering,
    Term,
)
from services.catalog.rules import terms as rules


def current_edition() -> Edition | None:
    """The published edition: what new work orders are drafted on."""
    return Edition.objects.published().first()


def edition_for(user: User | AnonymousUser, code: str = "") -> Edition | None:
    """The edition with `code`, or the published one, if `user` may see it."""
    editions = Edition.objects.visible_to(user)
    if not code:
        return editions.published().first()
    return editions.filter(code=code).first() if code.isprintable() else None


def terms_of(edition: Edition) -> rules.Terms:
    """The numbers of `edition`; raises `ValueError` when a draft lacks some.

    A published edition is frozen, so its terms are kept in the process.
    """
    if edition.published_at is None:
        return _read_terms(edition.pk)
    return _frozen_terms(edition.pk, edition.published_at, edition.content_hash)


@lru_cache(maxsize=64)
def _frozen_terms(edition_id: int, _published_at: datetime, _content: str) -> rules.Terms:
    return _read_terms(edition_id)


def _read_terms(edition_id: int) -> rules.Terms:
    values = dict(Term.objects.filter(edition=edition_id).values_list("code", "value"))
    tiers = [
        rules.CancellationTier(tier.min_lead_days, tier.percent, ", ".join(tier.clauses))
        for tier in CancellationTier.objects.filter(edition=edition_id)
    ]
    return rules.terms_from(values, tiers)


def gaps_of(edition: Edition) -> list[str]:
    """What keeps a draft from being published, as short technical phrases."""
    return list(_gaps(edition))


def _gaps(edition: Edition) -> Iterator[str]:
    offerings = Offering.objects.filter(edition=edition)
    if not offerings.exists():
        yield "offerings: none"
    try:
        terms_of(edition)
    except ValueError as error:
        yield str(error)
    for label, texts, column in (
        ("edition", Edition.objects.filter(pk=edition.pk), "title"),
        ("terms", Term.objects.filter(edition=edition), "name"),
        ("offerings", offerings, "name"),
        ("offerings", offerings, "summary"),
        ("conditions", Condition.objects.filter(offering__edition=edition), "text"),
        ("clauses", Clause.objects.filter(edition=edition), "title"),
        ("clauses", Clause.objects.filter(edition=edition), "rule"),
    ):
        yield from _untranslated(label, texts, column)
    yield from _unknown_clauses(edition)


def _unknown_clauses(edition: Edition) -> Iterator[str]:
    known = set(Clause.objects.filter(edition=edition).values_list("code", flat=True))
    citing: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("terms", Term.objects.filter(edition=edition)),
        ("cancellation_tiers", CancellationTier.objects.filter(edition=edition)),
        ("offerings", Offering.objects.filter(edition=edition)),
        ("conditions", Condition.objects.filter(offering__edition=edition)),
        ("limits", Limit.objects.filter(offering__edition=edition)),
    )
    for label, rows in citing:
        cited = {clause for ids in rows.values_list("clauses", flat=True) for clause in ids}
        for clause in sorted(cited - known):
            yield f"{label}: {clause}"


def _untranslated(label: str, rows: QuerySet[Any], column: str) -> Iterator[str]:
    for suffix in ("en", "zh_hans"):
        name = f"{column}_{suffix}"
        missing = rows.filter(Q(**{name: ""}) | Q(**{name: None})).count()
        if missing:
            yield f"{label}: {name} ({missing})"
