"""The schedule in the API: the same actions, rights and refusals as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.http.pages import CursorPages
from services.scheduling import actions
from services.scheduling.filters import BookingFilters, RequestFilters
from services.scheduling.models import Booking, ServiceRequest
from services.scheduling.queries.cancellations import curve, ledger_effect, quote
from services.scheduling.queries.requests import zones_of
from services.scheduling.serializers import (
    BookingDetailSerializer,
    BookingInput,
    BookingSerializer,
    CancelInput,
    ConfirmInput,
    CurveSerializer,
    DeclineInput,
    DeliverInput,
    MoveInput,
    QuoteSerializer,
    RequestInput,
    ServiceRequestSerializer,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements
from workorders.queries.credits import credit_value
from workorders.serializers.values import read_money


class ByTime(CursorPages):
    """The next first."""

    ordering = ("starts_at", "pk")  # type: ignore[assignment]


class BookingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Booked services: read by everybody concerned, changed by those who may."""

    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    filterset_class = BookingFilters
    pagination_class: Any = ByTime

    def get_queryset(self) -> QuerySet[Booking]:
        """What the person may see."""
        return Booking.objects.visible_to(self.person).select_related(
            "location",
            "customer",
            "order__customer",
            "order__edition",
            "entitlement__offering",
            "entitlement__location",
            "entitlement__order__customer",
            "entitlement__order__edition",
        )

    def get_serializer_class(self) -> Any:
        """Lists are short, single bookings told in full."""
        return BookingSerializer if self.action == "list" else BookingDetailSerializer

    @extend_schema(
        request=BookingInput,
        responses={201: BookingDetailSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Book a service from an entitlement, or with credits that buy it first."""
        fields = self.take(BookingInput)
        entitlement = fields.pop("entitlement")
        if "value" in fields:
            currency = credit_value(entitlement.location.country, self.now.date()).result.currency
            fields["value"] = read_money(fields["value"], currency, "value")
            return self._told(
                lambda: actions.book_with_credits(
                    order=entitlement.order, by=self.person, now=self.now, **fields
                ),
                status=201,
            )
        return self._told(
            lambda: actions.book_service(
                entitlement=entitlement, by=self.person, now=self.now, **fields
            ),
            status=201,
        )

    @extend_schema(
        request=MoveInput, responses={201: BookingDetailSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Cancel and book again in one act; the new booking is the answer."""
        booking, fields = self.get_object(), self.take(MoveInput)
        return self._told(
            lambda: actions.move_booking(booking=booking, by=self.person, now=self.now, **fields),
            status=201,
        )

    @extend_schema(
        request=CancelInput, responses=BookingDetailSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel for what the booking's own terms keep on this day."""
        booking, fields = self.get_object(), self.take(CancelInput)
        return self._told(
            lambda: actions.cancel_booking(booking=booking, by=self.person, now=self.now, **fields)
        )

    @extend_schema(
        request=DeliverInput, responses=BookingDetailSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: str) -> Response:
        """Record the delivery; what wasn't delivered is released."""
        booking, fields = self.get_object(), self.take(DeliverInput)
        return self._told(
            lambda: actions.deliver_booking(booking=booking, by=self.person, now=self.now, **fields)
        )

    @extend_schema(
        request=ConfirmInput, responses=BookingDetailSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Record the written confirmation of an Azure event."""
        booking, fields = self.get_object(), self.take(ConfirmInput)
        return self._told(
            lambda: actions.confirm_event(booking=booking, by=self.person, now=self.now, **fields)
        )

    @extend_schema(responses=QuoteSerializer)
    @action(detail=True)
    def quote(self, request: Request, pk: str) -> Response:
        """What cancelling at this moment keeps and gives back; moves nothing."""
        booking = self.get_object()
        quoted = quote(booking, now=self.now)
        rows, total = ledger_effect(quoted)
        told = {
            "explained_charge": quoted.explained.map(lambda outcome: outcome.charge),
            "ledger": [*rows, total],
            **{
                name: getattr(quoted, name)
                for name in (
                    "day", "lead_days", "percent", "loss", "outcome", "request_by", "use_by",
                )
            },
        }  # fmt: skip
        return Response(QuoteSerializer(told).data)

    @extend_schema(responses=CurveSerializer)
    @action(detail=True)
    def curve(self, request: Request, pk: str) -> Response:
        """What cancelling costs on each day up to the event."""
        return Response(CurveSerializer(curve(self.get_object(), now=self.now)).data)

    def _told(self, act: Callable[[], Booking], *, status: int = 200) -> Response:
        """Act once; the booking as it stands then is the answer."""

        def answer() -> Any:
            booking = self.get_queryset().get(pk=act().pk)
            return BookingDetailSerializer(booking, context=self.get_serializer_context()).data

        return self.once(answer, status=status)


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
            lambda: actions.request_service(by=self.person, now=self.now, **fields), status=201
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


router = SimpleRouter()
router.register("bookings", BookingViewSet, basename="booking")
router.register("service-requests", ServiceRequestViewSet, basename="service-request")
