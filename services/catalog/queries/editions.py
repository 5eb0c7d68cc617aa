"""Editions: the one in force, its terms, and what a draft still lacks."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    Edition,
    Limit,
    Offering,
    Pillar,
    PillarActivity,
    ReadingChoice,
    Term,
)
from services.catalog.rules import terms as rules
from services.catalog.rules.readings import Readings, readings_from
from services.catalog.wording import (
    bad_terms_in_words,
    unknown_clause_in_words,
    untranslated_in_words,
)


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
    return rules.terms_from(values, tiers, _read_readings(edition_id))


def _read_readings(edition_id: int) -> Readings:
    choices = ReadingChoice.objects.filter(edition=edition_id)
    return readings_from(dict(choices.values_list("reading", "option")))


def gaps_of(edition: Edition) -> list[str]:
    """What keeps a draft from being published, a sentence each."""
    return list(_gaps(edition))


def _gaps(edition: Edition) -> Iterator[str]:
    offerings = Offering.objects.filter(edition=edition)
    conditions = Condition.objects.filter(offering__edition=edition)
    clauses = Clause.objects.filter(edition=edition)
    pillars = Pillar.objects.filter(edition=edition)
    activities = PillarActivity.objects.filter(pillar__edition=edition)
    if not offerings.exists():
        yield _("There are no offerings")
    try:
        terms_of(edition)
    except rules.BadTerms as problem:
        yield bad_terms_in_words(problem)
    for texts, column in (
        (Edition.objects.filter(pk=edition.pk), "title"),
        (Term.objects.filter(edition=edition), "name"),
        (offerings, "name"),
        (offerings, "summary"),
        (conditions, "text"),
        (clauses, "title"),
        (clauses, "rule"),
        (pillars, "name"),
        (pillars, "summary"),
        (activities, "name"),
        (activities, "summary"),
    ):
        yield from _untranslated(texts, column)
    yield from _unknown_clauses(edition)


def _unknown_clauses(edition: Edition) -> Iterator[str]:
    known = set(Clause.objects.filter(edition=edition).values_list("code", flat=True))
    citing: tuple[QuerySet[Any], ...] = (
        Term.objects.filter(edition=edition),
        CancellationTier.objects.filter(edition=edition),
        Offering.objects.filter(edition=edition),
        Condition.objects.filter(offering__edition=edition),
        Limit.objects.filter(offering__edition=edition),
        Pillar.objects.filter(edition=edition),
        PillarActivity.objects.filter(pillar__edition=edition),
    )
    for rows in citing:
        cited = {clause for ids in rows.values_list("clauses", flat=True) for clause in ids}
        for clause in sorted(cited - known):
            yield unknown_clause_in_words(rows.model, clause)


def _untranslated(rows: QuerySet[Any], column: str) -> Iterator[str]:
    for suffix in ("en", "zh_hans"):
        name = f"{column}_{suffix}"
        missing = rows.filter(Q(**{name: ""}) | Q(**{name: None})).count()
        if missing:
            yield untranslated_in_words(rows.model, rows.model._meta.get_field(name), missing)
