"""Quarterly meetings of UER in the API: the same actions, rights and refusals as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from services.scheduling import actions
from services.scheduling.models import TeamMeeting
from services.scheduling.queries.meetings import meetings_of
from services.scheduling.serializers.meetings import (
    MeetingHeldInput,
    MeetingInput,
    TeamMeetingSerializer,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class TeamMeetingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Meetings, planned and held."""

    queryset = TeamMeeting.objects.none()
    serializer_class = TeamMeetingSerializer

    def get_queryset(self) -> QuerySet[TeamMeeting]:
        """What the person may see."""
        return meetings_of(self.person)

    @extend_schema(
        request=MeetingInput, responses={201: TeamMeetingSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        """Plan the meeting of a quarter, or another day for it."""
        return self._made(actions.plan_meeting, MeetingInput)

    @extend_schema(
        request=MeetingHeldInput,
        responses={201: TeamMeetingSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=False, methods=["post"])
    def held(self, request: Request) -> Response:
        """Record that it was held, with its minutes; that meets its deadline."""
        return self._made(actions.hold_meeting, MeetingHeldInput)

    def _made(self, run: Callable[..., TeamMeeting], takes: Any) -> Response:
        fields = self.take(takes)

        def act() -> Any:
            return TeamMeetingSerializer(run(by=self.person, now=self.now, **fields)).data

        return self.once(act, status=201)
