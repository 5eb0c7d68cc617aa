"""Filters of the API's list of incidents, the same as those of the page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField

from incidents.models import Component, Incident, Severity
from incidents.models.incidents import IncidentQuerySet
from incidents.queries.components import search_components
from incidents.queries.listing import in_state, in_words

STATES = ("open", "unanswered", "near", "late", "answered", "closed", "all")


class InstantFormField(IsoDateTimeField):  # type: ignore[misc]
    """An instant with its offset: without one nobody could tell when it is."""

    def to_python(self, value: Any) -> Any:
        """Refused without an offset."""
        try:
            parsed = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            parsed = None
        if parsed is not None and parsed.tzinfo is None:
            raise ValidationError(_("State the offset, such as +01:00."), code="offset")
        return super().to_python(value)


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """An instant with its offset."""

    field_class = InstantFormField


class IncidentFilters(filters.FilterSet):  # type: ignore[misc]
    """Customer, location, order, severity, state, chart, period, words."""

    customer = filters.NumberFilter(field_name="customer")
    location = filters.NumberFilter(field_name="location")
    order = filters.NumberFilter(field_name="order")
    severity = filters.ChoiceFilter(choices=Severity.choices)
    chart = filters.CharFilter(field_name="chart__code")
    state = filters.ChoiceFilter(choices=[(one, one) for one in STATES], method="by_state")
    since = InstantFilter(
        field_name="submitted_at", lookup_expr="gte", label="Submitted at or after this instant"
    )
    until = InstantFilter(
        field_name="submitted_at", lookup_expr="lt", label="Submitted before this instant"
    )
    q = filters.CharFilter(
        method="search", label="Words of the number, title, product, customer or location"
    )

    class Meta:
        model = Incident
        fields: tuple[str, ...] = ()

    def by_state(self, rows: IncidentQuerySet, name: str, value: str) -> IncidentQuerySet:
        """As the state is derived from the facts and the clock."""
        return in_state(rows, value, self.request.now)  # type: ignore[arg-type]

    def search(self, rows: IncidentQuerySet, name: str, value: str) -> IncidentQuerySet:
        """As on the page."""
        return in_words(rows, value)


class ComponentFilters(filters.FilterSet):  # type: ignore[misc]
    """Words, class."""

    q = filters.CharFilter(method="search", label="Words of a name, in either language, or alias")

    class Meta:
        model = Component
        fields = ("product_class", "online_service", "supported")

    def search(self, rows: QuerySet[Component], name: str, value: str) -> QuerySet[Component]:
        """As on the page."""
        return search_components(rows, value)
