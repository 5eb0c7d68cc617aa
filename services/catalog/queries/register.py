"""The register: clauses found by word, and where one is used in an edition."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    Edition,
    Limit,
    Offering,
    ReadingChoice,
    Term,
)
from services.catalog.rules.readings import spec_of
from services.catalog.rules.search import words_of

# Texts in which a search looks; ids are found by their end, as people cite them.
_SOUGHT = ("code", "title_en", "title_zh_hans", "rule_en", "rule_zh_hans")


@dataclass(frozen=True, slots=True)
class Usage:
    """What rests on a clause."""

    offerings: list[Offering]
    terms: list[Term]
    tiers: list[CancellationTier]

    def __bool__(self) -> bool:
        return bool(self.offerings or self.terms or self.tiers)


def usage_of(clause: Clause) -> Usage:
    """The offerings, terms and tiers of the clause's edition that cite it."""
    offerings = Offering.objects.filter(edition=clause.edition_id).prefetch_related(
        "conditions", "limits"
    )
    terms = Term.objects.filter(edition=clause.edition_id)
    tiers = CancellationTier.objects.filter(edition=clause.edition_id)
    return Usage(
        offerings=[row for row in offerings if clause.code in clauses_of(row)],
        terms=[row for row in terms if clause.code in row.clauses],
        tiers=[row for row in tiers if clause.code in row.clauses],
    )


def clauses_of(offering: Offering) -> set[str]:
    """All clauses that an offering, its conditions and its limits cite."""
    parts: list[Offering | Condition | Limit] = [
        offering,
        *offering.conditions.all(),
        *offering.limits.all(),
    ]
    return {clause for part in parts for clause in part.clauses}


def readings_in(clauses: QuerySet[Clause]) -> QuerySet[Clause]:
    """Readings of ours: conventions (0-C..) and contradictions (X-..)."""
    return clauses.filter(Q(code__startswith="0-") | Q(code__startswith="X-"))


@dataclass(frozen=True, slots=True)
class Choice:
    """How an edition reads a text that can be read in two ways; codes of both options."""

    option: str
    other: str
    recommended: str


def choices_of(edition: Edition) -> dict[str, Choice]:
    """The readings that the edition chose, by their ids."""
    rows = ReadingChoice.objects.filter(edition=edition).values_list("reading", "option")
    found = {}
    for reading, option in rows:
        spec = spec_of(reading)
        if spec is not None:
            found[reading] = Choice(option, spec.other_than(option), spec.recommended)
    return found


def search_clauses(clauses: QuerySet[Clause], question: str) -> QuerySet[Clause]:
    """Those in whose id, title or rule every word of `question` occurs, in either language."""
    for word in words_of(question):
        found = Q()
        for column in _SOUGHT:
            found |= Q(**{f"{column}__icontains": word})
        clauses = clauses.filter(found)
    return clauses
