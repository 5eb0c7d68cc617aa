"""Proactive credits of an order: balances, quotes, redemption, moves."""

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from workorders.actions import holdings
from workorders.api.base import IDEMPOTENCY_KEY, Agreements
from workorders.models import Redemption, WorkOrder
from workorders.queries.credits import credit_balances, transfer_quote
from workorders.queries.locations import zone_of
from workorders.serializers.holdings import (
    CreditBalanceSerializer,
    CreditMoveSerializer,
    MoveInput,
    RedeemInput,
    RedemptionSerializer,
    TransferQuoteSerializer,
)
from workorders.serializers.values import read_money


class CreditViewSet(Agreements, viewsets.ViewSet):
    """Credits of one order, named by its id."""

    queryset = Redemption.objects.none()  # names the model; nothing is listed from it
    serializer_class = CreditBalanceSerializer
    pagination_class: Any = None
    lookup_url_kwarg = "order"

    @extend_schema(responses=CreditBalanceSerializer(many=True))
    def list(self, request: Request, order: str) -> Response:
        """The credits of each location with their lots, the first to lapse first."""
        one = self._order(order)
        balances = credit_balances(one, on=self._today(one), viewer=self.person)
        return Response(CreditBalanceSerializer(balances, many=True).data)

    @extend_schema(
        responses=TransferQuoteSerializer,
        parameters=[
            OpenApiParameter("source", OpenApiTypes.INT, required=True),
            OpenApiParameter("target", OpenApiTypes.INT, required=True),
            OpenApiParameter("credits", OpenApiTypes.DECIMAL, required=True),
            OpenApiParameter("approved_on", OpenApiTypes.DATE, description="By default today."),
        ],
    )
    @action(detail=False)
    def quote(self, request: Request, order: str) -> Response:
        """What moving credits would debit and credit, both rates included; moves nothing."""
        one = self._order(order)
        asked = MoveInput(
            data=request.query_params, context={**self.get_serializer_context(), "order": one}
        )
        asked.is_valid(raise_exception=True)
        fields = asked.validated_data
        made = transfer_quote(
            one,
            source=fields["source"],
            target=fields["target"],
            credits_moved=fields["credits"],
            on=fields.get("approved_on") or self._today(one),
        )
        return Response(TransferQuoteSerializer(made).data)

    @extend_schema(
        request=RedeemInput,
        responses={201: RedemptionSerializer(many=True)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=False, methods=["post"])
    def redeem(self, request: Request, order: str) -> Response:
        """Turn credits of a location into services, all of them or none."""
        one = self._order(order)
        fields = self.take(RedeemInput, order=one)
        lines = [
            (row["offering"], read_money(row["value"], row["currency"], "value"))
            for row in fields["lines"]
        ]

        def act() -> Any:
            made = holdings.redeem_credits(
                order=one,
                location=fields["location"],
                lines=lines,
                approved_on=fields.get("approved_on") or self._today(one),
                by=self.person,
                now=self.now,
            )
            return RedemptionSerializer(made, many=True).data

        return self.once(act, status=201)

    @extend_schema(
        request=MoveInput, responses={201: CreditMoveSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=False, methods=["post"])
    def transfer(self, request: Request, order: str) -> Response:
        """Move credits to another listed location at the rate of the day of approval."""
        one = self._order(order)
        fields = self.take(MoveInput, order=one)

        def act() -> Any:
            moved = holdings.transfer_credits(
                order=one,
                source=fields["source"],
                target=fields["target"],
                credits_moved=_whole(fields["credits"]),
                by=self.person,
                on=fields.get("approved_on") or self._today(one),
                now=self.now,
            )
            return CreditMoveSerializer(moved).data

        return self.once(act, status=201)

    def _order(self, pk: str) -> WorkOrder:
        orders = WorkOrder.objects.visible_to(self.person).executed()
        return get_object_or_404(orders.select_related("customer", "edition"), pk=pk)

    def _today(self, order: WorkOrder) -> Any:
        return local_date(self.now, zone_of(order.customer))


def _whole(number: Decimal) -> int:
    """Whole credits; the rule refuses anything else."""
    if number != int(number):
        raise Refused("whole_credits_only", clause="2.6-M16", field="credits")
    return int(number)
