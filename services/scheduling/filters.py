"""Filters of the API's lists of bookings and requests."""

from django.db.models import Q
from django_filters import rest_framework as filters

from services.scheduling.models import (
    Booking,
    BookingQuerySet,
    ServiceRequest,
    ServiceRequestQuerySet,
)
from services.scheduling.queries.schedule import FILTERED_STATES, in_state


class BookingFilters(filters.FilterSet):  # type: ignore[misc]
    """Customer, location, order, service, state, period, words."""

    customer = filters.NumberFilter(field_name="customer")
    location = filters.NumberFilter(field_name="location")
    order = filters.NumberFilter(field_name="order")
    entitlement = filters.NumberFilter(field_name="entitlement")
    offering = filters.CharFilter(field_name="entitlement__offering__code")
    state = filters.ChoiceFilter(
        choices=[(state, state) for state in FILTERED_STATES], method="by_state"
    )
    since = filters.IsoDateTimeFilter(
        field_name="ends_at", lookup_expr="gt", label="Ends after this instant"
    )
    until = filters.IsoDateTimeFilter(
        field_name="starts_at", lookup_expr="lt", label="Begins before this instant"
    )
    q = filters.CharFilter(method="search", label="Part of the reference or the title")

    class Meta:
        model = Booking
        fields: tuple[str, ...] = ()

    def by_state(self, rows: BookingQuerySet, name: str, value: str) -> BookingQuerySet:
        """As the state is derived from the facts and the clock."""
        return in_state(rows, value, now=self.request.now)

    def search(self, rows: BookingQuerySet, name: str, value: str) -> BookingQuerySet:
        """Without regard to case."""
        return rows.filter(Q(reference__icontains=value) | Q(title__icontains=value))


class RequestFilters(filters.FilterSet):  # type: ignore[misc]
    """Customer, location, order, service, whether it waits."""

    customer = filters.NumberFilter(field_name="customer")
    location = filters.NumberFilter(field_name="location")
    order = filters.NumberFilter(field_name="order")
    offering = filters.CharFilter(field_name="offering__code")
    waiting = filters.BooleanFilter(method="by_waiting", label="Not answered yet")

    class Meta:
        model = ServiceRequest
        fields = ("decision",)

    def by_waiting(
        self, rows: ServiceRequestQuerySet, name: str, value: bool
    ) -> ServiceRequestQuerySet:
        """Answered or not."""
        return rows.filter(decided_at__isnull=value)
