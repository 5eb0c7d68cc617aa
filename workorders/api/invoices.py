"""Invoices and charges of an order; the statement of a customer."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Customer
from workorders.actions.charges import record_charge, take_back_charge
from workorders.api.base import IDEMPOTENCY_KEY, Agreements
from workorders.api.statements import STATEMENT_QUERY, answer_statement
from workorders.models import Charge, WorkOrder
from workorders.queries.invoices import SPLITS, bill_of
from workorders.serializers.holdings import StatementSerializer
from workorders.serializers.invoices import (
    BillQuery,
    BillSerializer,
    ChargeInput,
    ChargeSerializer,
    TakeBackInput,
)
from workorders.serializers.values import read_money


class InvoiceViewSet(Agreements, viewsets.ViewSet):
    """Invoices of one order, named by its id."""

    queryset = Charge.objects.none()  # names the model; nothing is listed from it
    serializer_class = BillSerializer
    pagination_class: Any = None
    lookup_url_kwarg = "order"

    @extend_schema(
        responses=BillSerializer,
        parameters=[
            OpenApiParameter("by", OpenApiTypes.STR, enum=SPLITS, description="By default family."),
            OpenApiParameter("until", OpenApiTypes.DATE, description="Billable by that day."),
        ],
    )
    def list(self, request: Request, order: str) -> Response:
        """What is billed and when, split into invoices that add up to the whole."""
        one = _order(self, order)
        if self.person.role == self.person.Role.LOCATION_CONTACT:
            raise Http404
        asked = BillQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        bill = bill_of(
            one,
            viewer=self.person,
            split=asked.validated_data["by"],
            until=asked.validated_data["until"],
        )
        return Response(BillSerializer(bill).data)


class ChargeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Charges billed besides the lines; never changed, never removed."""

    queryset = Charge.objects.none()
    serializer_class = ChargeSerializer

    def get_queryset(self) -> QuerySet[Charge]:
        """What the person may see of the order."""
        rows = Charge.objects.visible_to(self.person).filter(order=self.kwargs.get("order", 0))
        return rows.select_related("order__customer", "location", "offering")

    @extend_schema(
        request=ChargeInput, responses={201: ChargeSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request, order: str) -> Response:
        """Record travel agreed in advance, or another agreed charge."""
        one = _order(self, order)
        fields = self.take(ChargeInput, order=one)
        currency = fields.pop("currency", one.currency)
        amount = read_money(fields.pop("amount"), currency, "amount")

        def act() -> Any:
            made = record_charge(order=one, amount=amount, by=self.person, now=self.now, **fields)
            return ChargeSerializer(made).data

        return self.once(act, status=201)

    @extend_schema(
        request=TakeBackInput, responses={201: ChargeSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, order: str, pk: str) -> Response:
        """Take a charge back: the same amount below zero."""
        charge, fields = self.get_object(), self.take(TakeBackInput)

        def act() -> Any:
            made = take_back_charge(charge=charge, by=self.person, now=self.now, **fields)
            return ChargeSerializer(made).data

        return self.once(act, status=201)


class CustomerStatementViewSet(Agreements, viewsets.ViewSet):
    """The statement over all orders of a customer, named by its id."""

    queryset = WorkOrder.objects.none()  # names the model; nothing is listed from it
    serializer_class = StatementSerializer
    pagination_class: Any = None
    lookup_url_kwarg = "customer"

    @extend_schema(responses=StatementSerializer, parameters=STATEMENT_QUERY)
    def list(self, request: Request, customer: str) -> Response:
        """Opening and closing balances and the movements between, for any past date."""
        one = get_object_or_404(Customer.objects.visible_to(self.person), pk=customer)
        return answer_statement(self, request, one)


def _order(view: Agreements, pk: str) -> WorkOrder:
    orders = WorkOrder.objects.visible_to(view.person).executed()
    return get_object_or_404(orders.select_related("customer", "edition"), pk=pk)
