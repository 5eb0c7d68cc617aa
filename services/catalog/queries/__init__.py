"""Reads of the catalogue, for pages, the API and the packages above."""

from services.catalog.queries.comparison import Change, Comparison, Difference, compare
from services.catalog.queries.editions import current_edition, edition_for, terms_of
from services.catalog.queries.gaps import cell_gaps, gaps_of
from services.catalog.queries.offerings import facts_of, filtered, search
from services.catalog.queries.register import (
    choices_of,
    clauses_of,
    readings_in,
    search_clauses,
    usage_of,
)

__all__ = [
    "Change",
    "Comparison",
    "Difference",
    "cell_gaps",
    "choices_of",
    "clauses_of",
    "compare",
    "current_edition",
    "edition_for",
    "facts_of",
    "filtered",
    "gaps_of",
    "readings_in",
    "search",
    "search_clauses",
    "terms_of",
    "usage_of",
]
