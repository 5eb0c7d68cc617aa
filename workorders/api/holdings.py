"""Entitlements, the ledger, deadlines."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http.pages import CursorPages
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from workorders.actions import deadlines
from workorders.actions.holdings import allocate_hours
from workorders.api.base import IDEMPOTENCY_KEY, Agreements
from workorders.filters import (
    AccountFilters,
    DeadlineFilters,
    EntitlementFilters,
    TransferFilters,
)
from workorders.models import Account, Deadline, Entitlement, Transfer
from workorders.queries.locations import zone_of
from workorders.serializers.holdings import (
    AccountSerializer,
    AllocateInput,
    DeadlineSerializer,
    EntitlementSerializer,
    SnoozeInput,
    TransferSerializer,
    WaiveInput,
)


class ByDate(CursorPages):
    """The next first."""

    ordering = ("due_at", "pk")  # type: ignore[assignment]


class ReadOnly(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Lists and single rows."""


class EntitlementViewSet(ReadOnly):
    """What may be used where, until when, and where its units stand."""

    queryset = Entitlement.objects.none()
    serializer_class = EntitlementSerializer
    filterset_class = EntitlementFilters

    def get_queryset(self) -> QuerySet[Entitlement]:
        """What the person may see."""
        rows = Entitlement.objects.visible_to(self.person)
        return rows.select_related("offering", "location").prefetch_related("accounts")

    @extend_schema(
        request=AllocateInput, responses={201: EntitlementSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def allocate(self, request: Request, pk: str) -> Response:
        """Give hours that come with UER to another listed location; the host distributes."""
        entitlement = self.get_object()
        fields = self.take(AllocateInput, order=entitlement.order)
        today = local_date(self.now, zone_of(entitlement.order.customer))

        def act() -> Any:
            given = allocate_hours(
                entitlement=entitlement, by=self.person, on=today, now=self.now, **fields
            )
            return self.get_serializer(given).data

        return self.once(act, status=201)


class AccountViewSet(ReadOnly):
    """Accounts of the ledger with their balances."""

    queryset = Account.objects.none()
    serializer_class = AccountSerializer
    filterset_class = AccountFilters

    def get_queryset(self) -> QuerySet[Account]:
        """What the person may see."""
        return Account.objects.visible_to(self.person)


class TransferViewSet(ReadOnly):
    """Transfers of the ledger, the newest first; never changed, never removed."""

    queryset = Transfer.objects.none()
    serializer_class = TransferSerializer
    filterset_class = TransferFilters

    def get_queryset(self) -> QuerySet[Transfer]:
        """What the person may see."""
        return Transfer.objects.visible_to(self.person).select_related("debit", "credit")


class DeadlineViewSet(ReadOnly):
    """Contractual dates with their proof, the next first."""

    queryset = Deadline.objects.none()
    serializer_class = DeadlineSerializer
    filterset_class = DeadlineFilters
    pagination_class: Any = ByDate

    def get_queryset(self) -> QuerySet[Deadline]:
        """What the person may see; replaced ones when they are asked for."""
        rows = Deadline.objects.visible_to(self.person)
        wants_replaced = self.request.query_params.get("status") == "replaced"
        return rows if wants_replaced or self.action != "list" else rows.current()

    @extend_schema(request=None, responses=DeadlineSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def meet(self, request: Request, pk: str) -> Response:
        """Record that what was due has been done."""
        deadline = self.get_object()
        if not self.person.may_act_for_customer:
            raise Refused("not_allowed", role=self.person.role)
        return self._changed(
            lambda: deadlines.meet_deadline(deadline=deadline, by=self.person, now=self.now)
        )

    @extend_schema(request=WaiveInput, responses=DeadlineSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        """Give up a deadline with a written reason."""
        deadline, fields = self.get_object(), self.take(WaiveInput)
        return self._changed(
            lambda: deadlines.waive_deadline(
                deadline=deadline, by=self.person, now=self.now, **fields
            )
        )

    @extend_schema(request=SnoozeInput, responses=DeadlineSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str) -> Response:
        """Take a deadline off the attention queue for a while, with a reason."""
        deadline, fields = self.get_object(), self.take(SnoozeInput)
        return self._changed(
            lambda: deadlines.snooze_deadline(
                deadline=deadline, by=self.person, now=self.now, **fields
            )
        )

    def _changed(self, act: Any) -> Response:
        return self.once(lambda: self.get_serializer(act()).data)
