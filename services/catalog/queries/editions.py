"""Editions: the one in force and its terms."""

from datetime import datetime
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from services.catalog.models import CancellationTier, Edition, ReadingChoice, Term
from services.catalog.rules import terms as rules
from services.catalog.rules.readings import Readings, readings_from


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
