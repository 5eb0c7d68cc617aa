"""The shipped edition as the values that the rules take."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from services.catalog import editions
from services.catalog.rules.offering import OfferingFacts
from services.catalog.rules.terms import CancellationTier, Terms, terms_from

CO_TERMINATION = MappingProxyType({True: "same_day", False: "with_base", "effective": "suspended"})


@dataclass(frozen=True, slots=True)
class Edition:
    """The numbers and offerings of an edition, and its file as it stands."""

    terms: Terms
    offerings: Mapping[str, OfferingFacts]
    content: Mapping[str, Any]

    def included_in(self, offering: OfferingFacts) -> list[OfferingFacts]:
        """The offerings that come with `offering`."""
        return [self.offerings[code] for code in offering.includes]


@cache
def shipped_edition() -> Edition:
    """The edition in the repository, read once."""
    return edition_from(editions.read(editions.SHIPPED).data)


def edition_from(content: Mapping[str, Any]) -> Edition:
    """The values of an edition from the content of its file."""
    return Edition(
        terms=terms_from(
            {term["code"]: term["value"] for term in content["terms"]},
            [
                CancellationTier(tier["min_lead_days"], tier["percent"], ", ".join(tier["clauses"]))
                for tier in content["cancellation_tiers"]
            ],
        ),
        offerings={entry["code"]: facts_from(entry) for entry in content["offerings"]},
        content=content,
    )


def facts_from(entry: Mapping[str, Any]) -> OfferingFacts:
    """The facts of one entry of the file."""
    limits = {limit["code"]: limit["value"] for limit in entry["limits"]}
    barred = {limits.get("cleared_staff"), limits.get("restricted_citizenship_access")}
    return OfferingFacts(
        code=entry["code"],
        category=entry["category"],
        mark=entry["mark"],
        flex=entry["flex"],
        subcategory=entry["subcategory"] or "",
        unit_of_sale=entry["unit_of_sale"] or "",
        delivery_modes=tuple(entry["delivery_modes"]),
        onsite=limits.get("onsite"),
        languages=tuple(entry["languages"]),
        business_hours=entry["business_hours"] or "",
        location_constraint=entry["location_constraint"],
        co_termination=CO_TERMINATION[entry["co_termination"]],  # type: ignore[arg-type]
        request_deadline=entry["request_deadline"] or "",
        is_group=entry.get("is_group", False),
        includes=tuple(entry.get("includes", ())),
        exhibit=entry.get("exhibit") or "",
        restricted_staff=False if False in barred else None,
        clauses=tuple(entry["clauses"]),
    )
