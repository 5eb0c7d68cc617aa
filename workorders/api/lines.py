"""Lines of orders: added, changed and removed on drafts; intake and overrides."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules.money import Money
from workorders.actions import orders as actions
from workorders.api.base import IDEMPOTENCY_KEY, VERSION, Agreements
from workorders.filters import LineFilters
from workorders.models import WorkOrder, WorkOrderLine
from workorders.rules.fees import Tier
from workorders.serializers.order_inputs import IntakeInput, LineChange, LineCreate, OverrideInput
from workorders.serializers.orders import LineSerializer
from workorders.serializers.values import read_money


class LineViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Lines of the orders that the person may see."""

    queryset = WorkOrderLine.objects.none()
    serializer_class = LineSerializer
    filterset_class = LineFilters

    def get_queryset(self) -> QuerySet[WorkOrderLine]:
        """Through the order."""
        orders = WorkOrder.objects.visible_to(self.person)
        return (
            WorkOrderLine.objects.filter(order__in=orders.order_by().values("pk"))
            .select_related("order__customer", "order__edition", "offering")
            .prefetch_related("allocations__location", "scopes", "tiers")
        )

    @extend_schema(
        request=LineCreate, responses={201: LineSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        """Add a service to a draft. What stands against it is told by the order's findings."""
        order = self._order(request.data)
        fields = _read(self.take(LineCreate, order=order), order)
        fields.pop("order")
        return self.once(
            lambda: self._told(
                actions.add_line(order=order, by=self.person, now=self.now, **fields)
            ),
            status=201,
        )

    @extend_schema(request=LineChange, responses=LineSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a line of a draft; shares and scopes are replaced when they are given."""
        line = self.get_object()
        fields = _read(self.take(LineChange, order=line.order), line.order)
        changed = actions.change_line(line=line, by=self.person, now=self.now, **fields)
        return Response(self._told(changed))

    @extend_schema(parameters=[VERSION], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Take a line off a draft."""
        actions.remove_line(
            line=self.get_object(), by=self.person, now=self.now, version=self.version
        )
        return Response(status=204)

    @extend_schema(request=IntakeInput, responses=LineSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def intake(self, request: Request, pk: str) -> Response:
        """Record when the MCSAP intake document was complete."""
        line = self.get_object()
        at = self.take(IntakeInput)["at"]
        return self.once(
            lambda: self._told(
                actions.record_intake(line=line, at=at, by=self.person, now=self.now)
            )
        )

    @extend_schema(
        request=OverrideInput, responses={201: OverrideInput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"], url_path="overrides")
    def override(self, request: Request, pk: str) -> Response:
        """Override a refusal of the line with a written reason (closed list of 0-C17)."""
        line = self.get_object()
        fields = self.take(OverrideInput)

        def act() -> Any:
            made = actions.override_refusal(
                customer=line.order.customer,
                subject_key=f"line:{line.pk}",
                by=self.person,
                now=self.now,
                **fields,
            )
            return OverrideInput(made).data

        return self.once(act, status=201)

    def _order(self, data: Any) -> WorkOrder:
        """The order named in the request, if the person may see it."""
        orders = WorkOrder.objects.visible_to(self.person).select_related("customer", "edition")
        number = data.get("order") if isinstance(data, dict) else None
        known = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63
        return get_object_or_404(orders, pk=number if known else 0)

    def _told(self, line: WorkOrderLine) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=line.pk)).data


def _read(fields: dict[str, Any], order: WorkOrder) -> dict[str, Any]:
    """Validated input as the actions take it."""
    if "price" in fields:
        fields["price_minor"] = read_money(fields.pop("price"), order.currency, "price").minor
    for name in ("platform_price", "floor_price"):
        if name in fields:
            text = fields.pop(name)
            amount = None if text is None else read_money(text, order.currency, name).minor
            fields[f"{name}_minor"] = amount
    if "tiers" in fields:
        fields["tiers"] = [_tier(row) for row in fields["tiers"]]
    if "allocations" in fields:
        fields["allocations"] = [
            (row["location"], row["quantity"]) for row in fields["allocations"]
        ]
    if "scopes" in fields:
        fields["scopes"] = [actions.Scope(**row) for row in fields["scopes"]]
    return fields


def _tier(row: dict[str, Any]) -> Tier:
    limit = row.get("up_to_usd_minor")
    return Tier(None if limit is None else Money(limit, "USD"), row["percent"])
