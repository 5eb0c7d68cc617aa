"""Filters of the API's list of incidents, the same as those of the page."""

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from incidents.models import Component, Incident, Severity
from incidents.models.incidents import IncidentQuerySet
from incidents.queries.listing import in_state

STATES = ("open", "unanswered", "near", "late", "answered", "closed")


class IncidentFilters(filters.FilterSet):  # type: ignore[misc]
    """Customer, location, order, severity, state, chart, period, words."""

    customer = filters.NumberFilter(field_name="customer")
    location = filters.NumberFilter(field_name="location")
    order = filters.NumberFilter(field_name="order")
    severity = filters.ChoiceFilter(choices=Severity.choices)
    chart = filters.CharFilter(field_name="chart__code")
    state = filters.ChoiceFilter(choices=[(one, one) for one in STATES], method="by_state")
    since = filters.IsoDateTimeFilter(
        field_name="submitted_at", lookup_expr="gte", label="Submitted at or after this instant"
    )
    until = filters.IsoDateTimeFilter(
        field_name="submitted_at", lookup_expr="lt", label="Submitted before this instant"
    )
    q = filters.CharFilter(method="search", label="Part of the number or the title")

    class Meta:
        model = Incident
        fields: tuple[str, ...] = ()

    def by_state(self, rows: IncidentQuerySet, name: str, value: str) -> IncidentQuerySet:
        """As the state is derived from the facts and the clock."""
        return in_state(rows, value, self.request.now)  # type: ignore[arg-type]

    def search(self, rows: IncidentQuerySet, name: str, value: str) -> IncidentQuerySet:
        """Without regard to case."""
        return rows.filter(Q(number__icontains=value) | Q(title__icontains=value))


class ComponentFilters(filters.FilterSet):  # type: ignore[misc]
    """Part of a name or label, class."""

    q = filters.CharFilter(method="search", label="Part of the name in either language")

    class Meta:
        model = Component
        fields = ("product_class", "online_service", "supported")

    def search(self, rows: QuerySet[Component], name: str, value: str) -> QuerySet[Component]:
        """Without regard to case."""
        return rows.filter(
            Q(name__icontains=value)
            | Q(label_en__icontains=value)
            | Q(label_zh_hans__icontains=value)
        )
