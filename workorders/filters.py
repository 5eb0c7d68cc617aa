"""Filters of the API's lists of agreements."""

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from workorders.models import Account, Deadline, Entitlement, Transfer, WorkOrder, WorkOrderLine
from workorders.models.deadlines import DeadlineQuerySet
from workorders.models.orders import WorkOrderQuerySet
from workorders.queries.deadlines import STATUS_WORDS, with_status
from workorders.queries.portfolio import in_state, with_zone

STATES = (
    "draft", "in_review", "executed", "in_force", "expired", "terminated", "superseded",
)  # fmt: skip


class OrderFilters(filters.FilterSet):  # type: ignore[misc]
    """Customer, state, words in number or title, days in force."""

    customer = filters.NumberFilter(field_name="customer")
    state = filters.ChoiceFilter(choices=[(state, state) for state in STATES], method="by_state")
    q = filters.CharFilter(method="search", label="Part of the number or the title")
    in_force_on = filters.DateFilter(method="covering", label="Executed and in force on a day")

    class Meta:
        model = WorkOrder
        fields: tuple[str, ...] = ()

    def by_state(self, rows: WorkOrderQuerySet, name: str, value: str) -> WorkOrderQuerySet:
        """As the state is derived: at each host location."""
        return in_state(with_zone(rows), value, now=self.request.now)

    def search(self, rows: QuerySet[WorkOrder], name: str, value: str) -> QuerySet[WorkOrder]:
        """Without regard to case."""
        return rows.filter(Q(number__icontains=value) | Q(title__icontains=value))

    def covering(self, rows: WorkOrderQuerySet, name: str, value: Any) -> WorkOrderQuerySet:
        """Both ends of the term are in force."""
        ended = Q(terminated_on__isnull=False, terminated_on__lt=value)
        return rows.executed().filter(starts_on__lte=value, ends_on__gte=value).exclude(ended)


class LineFilters(filters.FilterSet):  # type: ignore[misc]
    """Order, offering, funding."""

    order = filters.NumberFilter(field_name="order")
    offering = filters.CharFilter(field_name="offering__code")

    class Meta:
        model = WorkOrderLine
        fields = ("funding",)


class EntitlementFilters(filters.FilterSet):  # type: ignore[misc]
    """Order, customer, location, offering, days of use, and whether something is left."""

    order = filters.NumberFilter(field_name="order")
    customer = filters.NumberFilter(field_name="order__customer")
    location = filters.NumberFilter(field_name="location")
    offering = filters.CharFilter(field_name="offering__code")
    usable_on = filters.DateFilter(method="usable", label="Usable on a day")
    usable_until_before = filters.DateFilter(field_name="usable_until", lookup_expr="lt")
    left = filters.BooleanFilter(method="with_something", label="Something is left")

    class Meta:
        model = Entitlement
        fields = ("unit", "funding", "flex_year")

    def usable(self, rows: QuerySet[Entitlement], name: str, value: Any) -> QuerySet[Entitlement]:
        """Both days of use included."""
        return rows.filter(usable_from__lte=value, usable_until__gte=value)

    def with_something(
        self, rows: QuerySet[Entitlement], name: str, value: Any
    ) -> QuerySet[Entitlement]:
        """By the balance of what is available."""
        some = Account.objects.filter(bucket=Account.Bucket.AVAILABLE, balance__gt=0)
        held = Q(pk__in=some.filter(entitlement__isnull=False).values("entitlement"))
        return rows.filter(held if value else ~held)


class AccountFilters(filters.FilterSet):  # type: ignore[misc]
    """Order, location, entitlement, holding, bucket, unit."""

    order = filters.NumberFilter(field_name="order")
    location = filters.NumberFilter(field_name="location")
    entitlement = filters.NumberFilter(field_name="entitlement")

    class Meta:
        model = Account
        fields = ("holding", "bucket", "unit", "flex_year")


class TransferFilters(filters.FilterSet):  # type: ignore[misc]
    """Order, account on either side, kind, days, subject, act."""

    order = filters.NumberFilter(field_name="order")
    account = filters.NumberFilter(method="on_either_side", label="Debited or credited account")
    entitlement = filters.NumberFilter(field_name="debit__entitlement")
    on_from = filters.DateFilter(field_name="on", lookup_expr="gte")
    on_until = filters.DateFilter(field_name="on", lookup_expr="lte")
    subject_key = filters.CharFilter()
    group = filters.UUIDFilter()

    class Meta:
        model = Transfer
        fields = ("kind",)

    def on_either_side(self, rows: QuerySet[Transfer], name: str, value: Any) -> QuerySet[Transfer]:
        """As debit or as credit."""
        return rows.filter(Q(debit=value) | Q(credit=value))


class DeadlineFilters(filters.FilterSet):  # type: ignore[misc]
    """Customer, order, location, kind, owner, status, days; replaced ones only when asked for."""

    customer = filters.NumberFilter(field_name="customer")
    order = filters.NumberFilter(field_name="order")
    location = filters.NumberFilter(field_name="location")
    status = filters.ChoiceFilter(
        choices=[(status, status) for status in STATUS_WORDS], method="by_status"
    )
    due_from = filters.DateFilter(field_name="due_on", lookup_expr="gte")
    due_until = filters.DateFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Deadline
        fields = ("kind", "owner")

    def by_status(self, rows: DeadlineQuerySet, name: str, value: str) -> DeadlineQuerySet:
        """As the status is derived from facts and clock."""
        return with_status(rows, value, self.request.now)
