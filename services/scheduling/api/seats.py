"""Workshops and attendees in the API: the same actions, rights and refusals as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http.pages import CursorPages
from services.scheduling import actions
from services.scheduling.filters import AttendeeFilters
from services.scheduling.models import Attendee, Workshop
from services.scheduling.serializers.seats import (
    AttendeeSerializer,
    ConsentInput,
    DecideInput,
    EnrolInput,
    RecordingInput,
    SeatsInput,
    WorkshopSerializer,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class WorkshopViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Enrolments, each under the id of its booking."""

    queryset = Workshop.objects.none()
    serializer_class = WorkshopSerializer

    def get_queryset(self) -> QuerySet[Workshop]:
        """What the person may see."""
        seen = Workshop.objects.visible_to(self.person).select_related("booking")
        return seen.with_counts()

    @extend_schema(request=SeatsInput, responses=WorkshopSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def seats(self, request: Request, pk: str) -> Response:
        """Set capacity, minimum and decision day; by seat the ledger follows."""
        workshop, fields = self.get_object(), self.take(SeatsInput)
        return self._told(actions.change_seats, workshop, fields)

    @extend_schema(request=DecideInput, responses=WorkshopSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Hold it, or cancel it for low enrolment: free for the customer."""
        workshop, fields = self.get_object(), self.take(DecideInput)
        return self._told(actions.decide_enrolment, workshop, fields)

    @extend_schema(
        request=RecordingInput, responses=WorkshopSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def recording(self, request: Request, pk: str) -> Response:
        """Record notice and permission, or allow or end the recording."""
        workshop, fields = self.get_object(), self.take(RecordingInput)
        is_switch = "on" in fields
        act = actions.switch_recording if is_switch else actions.prepare_recording
        return self._told(act, workshop, fields)

    def _told(self, act: Any, workshop: Workshop, fields: dict[str, Any]) -> Response:
        """Act once; the workshop as it stands then is the answer."""

        def answer() -> Any:
            act(booking=workshop.booking, by=self.person, now=self.now, **fields)
            return WorkshopSerializer(self.get_queryset().get(pk=workshop.pk)).data

        return self.once(answer)


class InOrder(CursorPages):
    """As they were entered."""

    ordering = ("pk",)  # type: ignore[assignment]


class AttendeeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """People who take part in workshops, wait for a seat, or withdrew."""

    queryset = Attendee.objects.none()
    serializer_class = AttendeeSerializer
    filterset_class = AttendeeFilters
    pagination_class: Any = InOrder

    def get_queryset(self) -> QuerySet[Attendee]:
        """What the person may see."""
        return Attendee.objects.visible_to(self.person).select_related("workshop__booking")

    @extend_schema(
        request=EnrolInput,
        responses={201: AttendeeSerializer(many=True)},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Enrol people, all or none; refused where no seat is free and nobody may wait."""
        fields = self.take(EnrolInput)
        people = [actions.Person(**row) for row in fields["people"]]

        def act() -> Any:
            entered = actions.enrol_attendees(
                booking=fields["workshop"].booking,
                people=people,
                may_wait=fields["may_wait"],
                by=self.person,
                now=self.now,
            )
            return AttendeeSerializer(entered, many=True).data

        return self.once(act, status=201)

    @extend_schema(request=None, responses=AttendeeSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take somebody off the list; the first who waits gets the seat."""
        attendee = self.get_object()

        def act() -> Any:
            gone = actions.withdraw_attendee(attendee=attendee, by=self.person, now=self.now)
            return AttendeeSerializer(gone).data

        return self.once(act)

    @extend_schema(request=ConsentInput, responses=AttendeeSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def consent(self, request: Request, pk: str) -> Response:
        """Record the consent to a recording, or its withdrawal, which ends the recording."""
        attendee, fields = self.get_object(), self.take(ConsentInput)

        def act() -> Any:
            actions.record_consents(
                booking=attendee.workshop.booking,
                attendees=[attendee],
                by=self.person,
                now=self.now,
                **fields,
            )
            return AttendeeSerializer(self.get_queryset().get(pk=attendee.pk)).data

        return self.once(act)
