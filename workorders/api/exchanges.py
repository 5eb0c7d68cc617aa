"""Exchanges of an order: asked for, quoted, made, declined; what could still be rescued."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from workorders.actions import holdings
from workorders.api.base import IDEMPOTENCY_KEY, Agreements
from workorders.models import Exchange, WorkOrder
from workorders.queries.exchange_sides import Wish, account_of, give_up
from workorders.queries.exchanges import exchange_quote
from workorders.queries.locations import zone_of
from workorders.queries.rescue import rescue_of
from workorders.serializers.exchanges import (
    DeclineExchangeInput,
    ExchangeInput,
    ExchangeQuoteSerializer,
    ExchangeSerializer,
    MakeInput,
    RescueSerializer,
)
from workorders.serializers.values import read_money


class ExchangeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Exchanges of one order, the newest first."""

    queryset = Exchange.objects.none()
    serializer_class = ExchangeSerializer

    def get_queryset(self) -> QuerySet[Exchange]:
        """What the person may see of the order."""
        rows = Exchange.objects.visible_to(self.person).filter(order=self.kwargs.get("order"))
        return rows.select_related("order", "offering", "location")

    @extend_schema(
        responses=ExchangeQuoteSerializer,
        parameters=[
            OpenApiParameter("entitlement", OpenApiTypes.INT),
            OpenApiParameter("flex_year", OpenApiTypes.INT),
            OpenApiParameter("quantity", OpenApiTypes.INT),
            OpenApiParameter("offering", OpenApiTypes.STR, required=True),
            OpenApiParameter("location", OpenApiTypes.INT, required=True),
            OpenApiParameter("wanted_quantity", OpenApiTypes.INT),
            OpenApiParameter("price", OpenApiTypes.DECIMAL),
        ],
    )
    @action(detail=False)
    def quote(self, request: Request, order: str) -> Response:
        """What an exchange would do today; writes nothing."""
        one = self._order()
        asked = ExchangeInput(data=request.query_params.dict(), context=self._context(one))
        asked.is_valid(raise_exception=True)
        fields = self._asked(one, dict(asked.validated_data))
        on, price = local_date(self.now, zone_of(one.customer)), fields["price"]
        account = account_of(
            one,
            entitlement=fields["entitlement"],
            location=fields["location"],
            flex_year=fields["flex_year"],
            currency=price.currency if price else one.currency,
        )
        given = give_up(account, fields["quantity"], price=price, on=on)
        wish = Wish(
            fields["offering"],
            fields["location"],
            fields["wanted_quantity"],
            given.value if price is None else price,
        )
        quote = exchange_quote(one, given=given, wish=wish, on=on)
        return Response(ExchangeQuoteSerializer(quote).data)

    @extend_schema(
        request=ExchangeInput, responses={201: ExchangeSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request, order: str) -> Response:
        """Ask for an exchange; nothing moves yet."""
        one = self._order()
        fields = self._asked(one, self.take(ExchangeInput, **self._context(one)))
        return self.once(
            lambda: (
                self.get_serializer(
                    holdings.ask_exchange(order=one, by=self.person, now=self.now, **fields)
                ).data
            ),
            status=201,
        )

    @extend_schema(request=MakeInput, responses=ExchangeSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def make(self, request: Request, order: str, pk: str) -> Response:
        """Make it with the delivery resource's consent; for account managers."""
        exchange, fields = self.get_object(), self.take(MakeInput)
        text = fields.pop("price", None)
        price = None if text is None else read_money(text, exchange.currency, "price")
        return self.once(
            lambda: (
                self.get_serializer(
                    holdings.make_exchange(
                        exchange=exchange, price=price, by=self.person, now=self.now, **fields
                    )
                ).data
            )
        )

    @extend_schema(
        request=DeclineExchangeInput, responses=ExchangeSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, order: str, pk: str) -> Response:
        """Decline it with a reason, or take back what one asked for oneself."""
        exchange, fields = self.get_object(), self.take(DeclineExchangeInput)
        return self.once(
            lambda: (
                self.get_serializer(
                    holdings.decline_exchange(
                        exchange=exchange, by=self.person, now=self.now, **fields
                    )
                ).data
            )
        )

    @extend_schema(responses=RescueSerializer(many=True))
    @action(detail=False, pagination_class=None)
    def rescue(self, request: Request, order: str) -> Response:
        """What lapses within half a year and what it could still become, best first."""
        found = rescue_of(self._order(), viewer=self.person, now=self.now)
        return Response(RescueSerializer(found, many=True).data)

    def _order(self) -> WorkOrder:
        orders = WorkOrder.objects.visible_to(self.person).executed()
        return get_object_or_404(
            orders.select_related("customer", "edition"), pk=self.kwargs["order"]
        )

    def _context(self, order: WorkOrder) -> dict[str, Any]:
        return {**self.get_serializer_context(), "order": order, "person": self.person}

    def _asked(self, order: WorkOrder, fields: dict[str, Any]) -> dict[str, Any]:
        """As the action takes it; the price in the money of what is given up."""
        held = fields.get("entitlement")
        text = fields.pop("price", None)
        price: Money | None = None
        if text is not None:
            price = read_money(text, held.currency if held else order.currency, "price")
        return {
            **fields,
            "entitlement": held,
            "flex_year": fields.get("flex_year"),
            "quantity": fields.get("quantity"),
            "price": price,
        }
