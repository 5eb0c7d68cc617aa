"""Bookings in the API: the same actions, rights and refusals as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http.pages import CursorPages
from services.scheduling import actions
from services.scheduling.filters import BookingFilters
from services.scheduling.models import Booking
from services.scheduling.queries.cancellations import curve, ledger_effect, quote
from services.scheduling.serializers.bookings import (
    BookingDetailSerializer,
    BookingInput,
    BookingSerializer,
    CancelInput,
    ConfirmInput,
    CurveSerializer,
    DeliverInput,
    MoveInput,
    QuoteSerializer,
    TeamInput,
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
        return (
            Booking.objects.visible_to(self.person)
            .select_related(
                "location",
                "customer",
                "order__customer",
                "order__edition",
                "entitlement__offering",
                "entitlement__location",
                "entitlement__order__customer",
                "entitlement__order__edition",
            )
            .prefetch_related("engineer_assignments__engineer")
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
        booking = self.get_object()
        fields = self.take(MoveInput, booking=booking)
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

    @extend_schema(
        request=TeamInput, responses=BookingDetailSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def team(self, request: Request, pk: str) -> Response:
        """Let these engineers, and nobody else, deliver it; refused where one is taken."""
        booking = self.get_object()
        fields = self.take(TeamInput, booking=booking)
        return self._told(
            lambda: actions.assign_engineers(
                booking=booking, by=self.person, now=self.now, **fields
            )
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
