"""Filters of the API's lists: bookings, requests, onboardings."""

from typing import Any

from django.db.models import Q
from django_filters import rest_framework as filters

from services.scheduling.models import (
    Attendee,
    Booking,
    BookingQuerySet,
    Guest,
    ImprovementPlan,
    MonitoringScenario,
    OnboardingTask,
    ServiceRequest,
    ServiceRequestQuerySet,
)
from services.scheduling.models.onboarding import (
    ImprovementPlanQuerySet,
    MonitoringScenarioQuerySet,
    OnboardingTaskQuerySet,
)
from services.scheduling.queries.schedule import FILTERED_STATES, in_state


class BookingFilters(filters.FilterSet):  # type: ignore[misc]
    """Customer, location, order, service, engineer, series, state, period, words."""

    customer = filters.NumberFilter(field_name="customer")
    location = filters.NumberFilter(field_name="location")
    order = filters.NumberFilter(field_name="order")
    entitlement = filters.NumberFilter(field_name="entitlement")
    offering = filters.CharFilter(field_name="entitlement__offering__code")
    engineer = filters.NumberFilter(field_name="engineer_assignments__engineer")
    series = filters.NumberFilter(field_name="series")
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


class GuestFilters(filters.FilterSet):  # type: ignore[misc]
    """Booking, the guests' location, whether they still take part."""

    booking = filters.NumberFilter(field_name="booking")
    location = filters.NumberFilter(field_name="location")
    withdrawn = filters.BooleanFilter(
        field_name="withdrawn_at", lookup_expr="isnull", exclude=True, label="Taken back"
    )

    class Meta:
        model = Guest
        fields: tuple[str, ...] = ()


class LineFilters(filters.FilterSet):  # type: ignore[misc]
    """Customer, order, line."""

    customer = filters.NumberFilter(field_name="customer")
    order = filters.NumberFilter(field_name="line__order")
    line = filters.NumberFilter(field_name="line")


class TaskFilters(LineFilters):
    """Tasks: part, owner, whether they are open."""

    open = filters.BooleanFilter(method="by_open", label="Neither done nor dropped")

    class Meta:
        model = OnboardingTask
        fields = ("part", "owner")

    def by_open(self, rows: OnboardingTaskQuerySet, name: str, value: bool) -> Any:
        """Open, or over."""
        return rows.open() if value else rows.exclude(pk__in=rows.open().values("pk"))


class ScenarioFilters(LineFilters):
    """Scenarios: what they watch, whether they stand."""

    standing = filters.BooleanFilter(method="by_standing", label="Not retired")

    class Meta:
        model = MonitoringScenario
        fields = ("watches",)

    def by_standing(self, rows: MonitoringScenarioQuerySet, name: str, value: bool) -> Any:
        """Standing, or retired."""
        return rows.filter(retired_at__isnull=value)


class PlanFilters(LineFilters):
    """Improvement plans: focus, whether they count."""

    counting = filters.BooleanFilter(method="by_counting", label="Neither declined nor withdrawn")

    class Meta:
        model = ImprovementPlan
        fields = ("focus",)

    def by_counting(self, rows: ImprovementPlanQuerySet, name: str, value: bool) -> Any:
        """Counting, or not."""
        return rows.counting() if value else rows.exclude(pk__in=rows.counting().values("pk"))


class AttendeeFilters(filters.FilterSet):  # type: ignore[misc]
    """Attendees: which workshop, where they stand."""

    workshop = filters.NumberFilter(field_name="workshop")

    class Meta:
        model = Attendee
        fields = ("state",)
