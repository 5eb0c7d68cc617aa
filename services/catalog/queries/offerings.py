"""Offerings: searched, filtered, and as the facts that rules take."""

from collections.abc import Mapping

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from services.catalog.models import Offering
from services.catalog.rules.offering import OfferingFacts
from services.catalog.rules.search import words_of

# Filters of a list: name and whether the column holds a list of codes.
FILTERS: Mapping[str, tuple[str, bool]] = {
    "mark": ("mark", False),
    "category": ("category", False),
    "flex": ("flex", False),
    "language": ("languages", True),
    "delivery": ("delivery_modes", True),
}


def search(offerings: QuerySet[Offering], question: str) -> QuerySet[Offering]:
    """Those in which every word of `question` occurs, in English or Chinese."""
    for word in words_of(question):
        offerings = offerings.filter(search_text__contains=word)
    return offerings


def filtered(offerings: QuerySet[Offering], chosen: Mapping[str, str]) -> QuerySet[Offering]:
    """Those that have every chosen code; an empty choice filters nothing."""
    for name, (column, is_list) in FILTERS.items():
        code = chosen.get(name)
        if code and is_list:
            # As text, because SQLite has no containment in JSON; a code has no quotes in it.
            codes = Cast(column, TextField())
            offerings = offerings.alias(**{f"{name}_codes": codes}).filter(
                **{f"{name}_codes__contains": f'"{code}"'}
            )
        elif code:
            offerings = offerings.filter(**{column: code})
    return offerings


def facts_of(offering: Offering) -> OfferingFacts:
    """What the rules need to know of `offering`; prefetch `limits` for many."""
    limits = {limit.code: limit.value for limit in offering.limits.all()}
    unrestricted = False in (
        limits.get("cleared_staff"),
        limits.get("restricted_citizenship_access"),
    )
    return OfferingFacts(
        code=offering.code,
        category=offering.category,
        mark=offering.mark,  # type: ignore[arg-type]
        flex=offering.flex,  # type: ignore[arg-type]
        subcategory=offering.subcategory,
        unit_of_sale=offering.unit_of_sale,
        delivery_modes=tuple(offering.delivery_modes),
        onsite=False if offering.onsite_barred else None,
        languages=tuple(offering.languages),
        business_hours=offering.business_hours,
        location_constraint=offering.location_constraint,
        co_termination=offering.co_termination,  # type: ignore[arg-type]
        request_deadline=offering.request_deadline,
        is_group=offering.is_group,
        includes=tuple(offering.includes),
        exhibit=offering.exhibit,
        restricted_staff=False if unrestricted else None,
        clauses=tuple(offering.clauses),
    )
