"""Service requests in the API: the same actions, rights and refusals as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from services.scheduling import actions
from services.scheduling.filters import RequestFilters
from services.scheduling.models import ServiceRequest
from services.scheduling.queries.request_data import data_of
from services.scheduling.queries.requests import zones_of
from services.scheduling.serializers.requests import (
    DataInput,
    DeclineInput,
    RequestInput,
    ServiceRequestSerializer,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class ServiceRequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """What customers ask for, and the answers."""

    queryset = ServiceRequest.objects.none()
    serializer_class = ServiceRequestSerializer
    filterset_class = RequestFilters

    def get_queryset(self) -> QuerySet[ServiceRequest]:
        """What the person may see."""
        return (
            ServiceRequest.objects.visible_to(self.person)
            .select_related("offering", "location", "customer", "order__edition")
            .prefetch_related("offering__limits")
        )

    def get_serializer(self, *args: Any, **options: Any) -> Any:
        """The hosts' zones are looked up for all rows of the page at once."""
        rows: Any = args[0] if args else []
        asked: Any = rows if options.get("many") or not rows else [rows]
        context = {**self.get_serializer_context(), **options.pop("context", {})}
        context["zones"] = zones_of({row.customer_id for row in asked})
        context["data"] = data_of(asked)
        return self.get_serializer_class()(*args, context=context, **options)

    @extend_schema(
        request=RequestInput,
        responses={201: ServiceRequestSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Ask for a service; nothing is used up by asking."""
        fields = self.take(RequestInput)
        return self._told(
            lambda: actions.request_with_data(by=self.person, now=self.now, **fields), status=201
        )

    @extend_schema(
        request=DeclineInput, responses=ServiceRequestSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Decline with a reason. To accept, book it: a booking names its request."""
        asked: ServiceRequest = self.get_object()
        fields = self.take(DeclineInput)

        def act() -> ServiceRequest:
            actions.decide_request(
                service_request=asked, accept=False, by=self.person, now=self.now, **fields
            )
            return asked

        return self._told(act)

    @extend_schema(request=None, responses=ServiceRequestSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the request back."""
        asked = self.get_object()
        return self._told(
            lambda: actions.withdraw_request(service_request=asked, by=self.person, now=self.now)
        )

    @extend_schema(
        request=DataInput, responses=ServiceRequestSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def data(self, request: Request, pk: str) -> Response:
        """Supply data that the service needs; with the last piece it is complete."""
        asked, fields = self.get_object(), self.take(DataInput)
        return self._told(
            lambda: actions.supply_data(
                service_request=asked, by=self.person, now=self.now, **fields
            )
        )

    @extend_schema(request=None, responses=ServiceRequestSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Record that all necessary data is in."""
        asked = self.get_object()
        return self._told(
            lambda: actions.complete_request(service_request=asked, by=self.person, now=self.now)
        )

    def _told(self, act: Callable[[], ServiceRequest], *, status: int = 200) -> Response:
        def answer() -> Any:
            return self.get_serializer(self.get_queryset().get(pk=act().pk)).data

        return self.once(answer, status=status)
