"""Azure events in the API: the same actions, rights and refusals as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from services.scheduling import actions
from services.scheduling.api.bookings import ByTime
from services.scheduling.models import Booking, EventRisk
from services.scheduling.queries.events import event_view, events_of
from services.scheduling.serializers.bookings import BookingSerializer
from services.scheduling.serializers.events import (
    AzureEventSerializer,
    EventInput,
    EventRiskSerializer,
    RiskInput,
    RiskSettledInput,
    WithoutResourcesInput,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class AzureEventViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Azure events; the id is the booking's. Written confirmations go to the booking."""

    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    pagination_class: Any = ByTime

    def get_queryset(self) -> QuerySet[Booking]:
        """What the person may see."""
        return events_of(self.person).prefetch_related("engineer_assignments__engineer")

    @extend_schema(responses=AzureEventSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Windows, quantity and notice with their proofs, risks."""
        return Response(self._shown(self.get_object()))

    @extend_schema(
        request=EventInput,
        responses={201: AzureEventSerializer(many=True)},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Book an activity: every solution or none."""
        fields = self.take(EventInput)

        def act() -> Any:
            booked = actions.plan_event(by=self.person, now=self.now, **fields)
            found = self.get_queryset().filter(pk__in=[one.pk for one in booked])
            return [self._shown(one) for one in found.order_by("pk")]

        return self.once(act, status=201)

    @extend_schema(
        request=RiskInput, responses={201: AzureEventSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def risks(self, request: Request, pk: str) -> Response:
        """Record a risk before the window begins."""
        return self._acted(actions.record_risk, RiskInput, status=201)

    @extend_schema(request=None, responses=AzureEventSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def tell(self, request: Request, pk: str) -> Response:
        """Tell the customer in writing of every risk that it wasn't told of yet."""
        return self._acted(actions.tell_risks)

    @extend_schema(
        request=WithoutResourcesInput,
        responses=AzureEventSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], url_path="without-resources")
    def without_resources(self, request: Request, pk: str) -> Response:
        """Cancel it because the customer can't supply resources or responses."""
        return self._acted(actions.cancel_event, WithoutResourcesInput)

    def _acted(self, run: Callable[..., Any], takes: Any = None, *, status: int = 200) -> Response:
        booking = self.get_object()
        fields = self.take(takes) if takes else {}

        def act() -> Any:
            run(booking=booking, by=self.person, now=self.now, **fields)
            return self._shown(self.get_queryset().get(pk=booking.pk))

        return self.once(act, status=status)

    def _shown(self, booking: Booking) -> Any:
        view = event_view(booking, viewer=self.person)
        return AzureEventSerializer(view, context=self.get_serializer_context()).data


class EventRiskViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Risks of Azure events."""

    queryset = EventRisk.objects.none()
    serializer_class = EventRiskSerializer

    def get_queryset(self) -> QuerySet[EventRisk]:
        """What the person may see."""
        return EventRisk.objects.visible_to(self.person).select_related("booking")

    @extend_schema(
        request=RiskSettledInput, responses=EventRiskSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Say that it is mitigated or accepted."""
        risk, fields = self.get_object(), self.take(RiskSettledInput)

        def act() -> Any:
            settled = actions.settle_risk(risk=risk, by=self.person, now=self.now, **fields)
            return EventRiskSerializer(settled).data

        return self.once(act)
