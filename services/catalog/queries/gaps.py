"""What a draft edition still lacks."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    Edition,
    Limit,
    Offering,
    Pillar,
    PillarActivity,
    Term,
)
from services.catalog.queries.editions import terms_of
from services.catalog.rules.terms import BadTerms
from services.catalog.wording import (
    bad_terms_in_words,
    unknown_clause_in_words,
    untranslated_in_words,
)


def gaps_of(edition: Edition) -> list[str]:
    """What keeps a draft from being published, a sentence each."""
    return list(_gaps(edition))


def cell_gaps(
    edition: Edition, tables: Iterable[tuple[QuerySet[Any], *tuple[str, ...]]]
) -> Iterator[str]:
    """Rows without a text in a language, and clauses that the register doesn't have.

    A table is given as its rows, then its texts without the language; each costs one query.
    """
    known = {*Clause.objects.filter(edition=edition).values_list("code", flat=True)}
    for found, *texts in tables:
        table, rows = found.model, list(found)
        for name in (f"{text}_{suffix}" for text in texts for suffix in ("en", "zh_hans")):
            if missing := sum(not getattr(row, name) for row in rows):
                yield untranslated_in_words(table, table._meta.get_field(name), missing)
        names = [one.name for one in table._meta.concrete_fields if one.name.endswith("clauses")]
        cited = {clause for row in rows for name in names for clause in getattr(row, name)}
        for clause in sorted(cited - known):
            yield unknown_clause_in_words(table, clause)


def _gaps(edition: Edition) -> Iterator[str]:
    offerings = Offering.objects.filter(edition=edition)
    if not offerings.exists():
        yield _("There are no offerings")
    try:
        terms_of(edition)
    except BadTerms as problem:
        yield bad_terms_in_words(problem)
    yield from cell_gaps(
        edition,
        (
            (Edition.objects.filter(pk=edition.pk), "title"),
            (Term.objects.filter(edition=edition), "name"),
            (CancellationTier.objects.filter(edition=edition),),
            (offerings, "name", "summary"),
            (Condition.objects.filter(offering__edition=edition), "text"),
            (Limit.objects.filter(offering__edition=edition),),
            (Clause.objects.filter(edition=edition), "title", "rule"),
            (Pillar.objects.filter(edition=edition), "name", "summary"),
            (PillarActivity.objects.filter(pillar__edition=edition), "name", "summary"),
        ),
    )
