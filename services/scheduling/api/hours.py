"""Logged hours in the API: the same action, rights and refusals as the page."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from services.scheduling import actions
from services.scheduling.models import HourLog
from services.scheduling.serializers.hours import HourLogSerializer, HoursBackInput, HoursInput
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class HourLogViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Hours that were delivered without having been booked."""

    queryset = HourLog.objects.none()
    serializer_class = HourLogSerializer

    def get_queryset(self) -> QuerySet[HourLog]:
        """What the person may see."""
        seen = HourLog.objects.visible_to(self.person)
        seen = seen.select_related("entitlement").prefetch_related("entitlement__accounts")
        return seen.with_reversal()

    @extend_schema(
        request=HoursInput, responses={201: HourLogSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        """Log delivered minutes; refused when fewer are left."""
        fields = self.take(HoursInput)

        def act() -> Any:
            log = actions.log_hours(by=self.person, now=self.now, **fields)
            return HourLogSerializer(self.get_queryset().get(pk=log.pk)).data

        return self.once(act, status=201)

    @extend_schema(
        request=HoursBackInput, responses=HourLogSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Undo a log by a movement the other way round; refused the second time."""
        log, fields = self.get_object(), self.take(HoursBackInput)

        def act() -> Any:
            actions.take_back_hours(log=log, by=self.person, now=self.now, **fields)
            return HourLogSerializer(self.get_queryset().get(pk=log.pk)).data

        return self.once(act)
