"""The forecast and the plan of a customer in the API."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Customer
from accounts.rules.calendar_days import local_date
from services.scheduling.models import Booking
from services.scheduling.queries.forecast import forecast
from services.scheduling.queries.forecast_sums import by_month, sums_of
from services.scheduling.queries.planner import read_plan
from services.scheduling.queries.wishes import (
    LEAD_DAYS,
    MOST_LEAD_DAYS,
    MOST_PER_WEEK,
    PER_WEEK,
    Wishes,
    read_lengths,
    read_pins,
)
from services.scheduling.serializers.forecast import (
    ForecastQuery,
    ForecastSerializer,
    PlannerQuery,
    PlanSerializer,
)
from workorders.api.base import Agreements
from workorders.models import WorkOrder


class ForecastViewSet(Agreements, viewsets.ViewSet):
    """What will lapse at the pace seen so far."""

    queryset = WorkOrder.objects.none()  # names the model; nothing is listed from it
    serializer_class = ForecastSerializer
    pagination_class: Any = None

    @extend_schema(
        responses=ForecastSerializer,
        parameters=[
            OpenApiParameter("customer", OpenApiTypes.INT, description="One customer alone."),
            OpenApiParameter("order", OpenApiTypes.INT, description="One order alone."),
        ],
    )
    def list(self, request: Request) -> Response:
        """Everything that is left with its forecast, the first to lapse first."""
        asked = ForecastQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        customer, order = asked.validated_data.get("customer"), asked.validated_data.get("order")
        customers = Customer.objects.visible_to(self.person)
        orders = WorkOrder.objects.visible_to(self.person)
        items = forecast(
            self.person,
            now=self.now,
            customer=get_object_or_404(customers, pk=customer) if customer else None,
            order=get_object_or_404(orders, pk=order) if order else None,
        )
        told = {
            "as_of": self.now,
            "sums": sums_of(items),
            "months": by_month(items, today=local_date(self.now, self.person.time_zone)),
            "items": items,
        }
        return Response(ForecastSerializer(told).data)


class PlannerViewSet(Agreements, viewsets.ViewSet):
    """In which order to book what a customer, named by its id, has left."""

    queryset = Booking.objects.none()
    serializer_class = PlanSerializer
    pagination_class: Any = None
    lookup_url_kwarg = "customer"

    @extend_schema(
        responses=PlanSerializer,
        parameters=[
            OpenApiParameter(
                "lead_days",
                {"type": "integer", "minimum": 0, "maximum": MOST_LEAD_DAYS, "default": LEAD_DAYS},
                description="Days from booking to delivery.",
            ),
            OpenApiParameter(
                "per_week",
                {"type": "integer", "minimum": 1, "maximum": MOST_PER_WEEK, "default": PER_WEEK},
                description="Sessions a week at a location.",
            ),
            OpenApiParameter(
                "fix",
                OpenApiTypes.STR,
                many=True,
                description="A delivery that keeps its day: `ENTITLEMENT:YYYY-MM-DD`.",
            ),
            OpenApiParameter(
                "days",
                OpenApiTypes.STR,
                many=True,
                description="Business days of one delivery: `ENTITLEMENT:DAYS`, 20 at most.",
            ),
        ],
    )
    def list(self, request: Request, customer: str) -> Response:
        """The plan; nothing is booked by asking."""
        if not self.person.may_act_for_customer:
            raise Http404
        one = get_object_or_404(Customer.objects.visible_to(self.person), pk=customer)
        asked = PlannerQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        fields = asked.validated_data
        wishes = Wishes(
            lead_days=fields["lead_days"],
            per_week=fields["per_week"],
            pins=read_pins(fields["fix"]),
            days=read_lengths(fields["days"]),
        )
        return Response(PlanSerializer(read_plan(self.person, one, wishes, now=self.now)).data)
