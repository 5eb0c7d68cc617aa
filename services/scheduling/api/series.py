"""Series in the API: the same actions, rights and refusals as the pages."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from services.scheduling import actions
from services.scheduling.models import Booking, Series
from services.scheduling.serializers.series import (
    SeriesCancelInput,
    SeriesInput,
    SeriesSerializer,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class SeriesViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Sessions that were booked together."""

    queryset = Series.objects.none()
    serializer_class = SeriesSerializer

    def get_queryset(self) -> QuerySet[Series]:
        """What the person may see."""
        sessions = (
            Booking.objects.select_related("location", "entitlement__offering")
            .prefetch_related("engineer_assignments__engineer")
            .order_by("starts_at", "pk")
        )
        return (
            Series.objects.visible_to(self.person)
            .select_related("location", "entitlement__offering")
            .prefetch_related(Prefetch("bookings", sessions))
        )

    @extend_schema(
        request=SeriesInput, responses={201: SeriesSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        """Book all sessions or none; a refusal names the day that it concerns."""
        fields = self.take(SeriesInput)

        def act() -> Any:
            made = actions.book_series(by=self.person, now=self.now, **fields)
            return self._told(made)

        return self.once(act, status=201)

    @extend_schema(
        request=SeriesCancelInput, responses=SeriesSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel what hasn't begun, each session for what its own terms keep."""
        series, fields = self.get_object(), self.take(SeriesCancelInput)

        def act() -> Any:
            actions.cancel_series(series=series, by=self.person, now=self.now, **fields)
            return self._told(series)

        return self.once(act)

    def _told(self, series: Series) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=series.pk)).data
