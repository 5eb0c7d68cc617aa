"""Filters of the API's lists, the same as those of the pages."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from services.catalog import queries
from services.catalog.models import Clause, DeliveryMode, Language, Offering
from services.catalog.rules.readings import READING_SPECS


class OfferingFilters(filters.FilterSet):  # type: ignore[misc]
    """Search, mark, family, flex, language, delivery."""

    q = filters.CharFilter(method="search", label="Every word in a name, summary or code")
    mark = filters.ChoiceFilter(choices=Offering.Mark.choices)
    category = filters.ChoiceFilter(choices=Offering.Category.choices)
    flex = filters.ChoiceFilter(choices=Offering.Flex.choices)
    language = filters.ChoiceFilter(choices=Language.choices, method="listed")
    delivery = filters.ChoiceFilter(choices=DeliveryMode.choices, method="listed")

    class Meta:
        model = Offering
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Offering], name: str, value: str) -> QuerySet[Offering]:
        """As on the page."""
        return queries.search(rows, value)

    def listed(self, rows: QuerySet[Offering], name: str, value: str) -> QuerySet[Offering]:
        """A code among a list of codes."""
        return queries.filtered(rows, {name: value})


class ReadingFilters(filters.FilterSet):  # type: ignore[misc]
    """Search, and what an edition can choose alone."""

    q = filters.CharFilter(method="search", label="Every word in an id, title or rule")
    configurable = filters.BooleanFilter(
        method="only_configurable", label="What an edition chooses, or the rest"
    )

    class Meta:
        model = Clause
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Clause], name: str, value: str) -> QuerySet[Clause]:
        """As on the page."""
        return queries.search_clauses(rows, value)

    def only_configurable(self, rows: QuerySet[Clause], name: str, value: Any) -> QuerySet[Clause]:
        """Those of which there is another reading to choose."""
        chosen = [spec.code for spec in READING_SPECS]
        return rows.filter(code__in=chosen) if value else rows.exclude(code__in=chosen)


class ClauseFilters(filters.FilterSet):  # type: ignore[misc]
    """Search, and readings alone."""

    q = filters.CharFilter(method="search", label="Every word in an id, title or rule")
    readings = filters.BooleanFilter(method="only_readings", label="Readings of ours alone")

    class Meta:
        model = Clause
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Clause], name: str, value: str) -> QuerySet[Clause]:
        """As on the page."""
        return queries.search_clauses(rows, value)

    def only_readings(self, rows: QuerySet[Clause], name: str, value: Any) -> QuerySet[Clause]:
        """Conventions and contradictions, or the document's clauses."""
        readings = queries.readings_in(rows)
        return readings if value else rows.exclude(pk__in=readings.values("pk"))
