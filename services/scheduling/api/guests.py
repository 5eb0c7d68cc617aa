"""Remote participation in the API: the same actions, rights and refusals as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from services.scheduling import actions
from services.scheduling.filters import GuestFilters
from services.scheduling.models import Guest
from services.scheduling.serializers.guests import GuestInput, GuestSerializer
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class GuestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """People of other locations in booked sessions."""

    queryset = Guest.objects.none()
    serializer_class = GuestSerializer
    filterset_class = GuestFilters

    def get_queryset(self) -> QuerySet[Guest]:
        """What the person may see."""
        return Guest.objects.visible_to(self.person).select_related("location", "booking")

    @extend_schema(
        request=GuestInput, responses={201: GuestSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        """Admit people of another location to a session."""
        fields = self.take(GuestInput)

        def act() -> Any:
            guest = actions.admit_guests(by=self.person, now=self.now, **fields)
            return GuestSerializer(self.get_queryset().get(pk=guest.pk)).data

        return self.once(act, status=201)

    @extend_schema(request=None, responses=GuestSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the permission back."""
        guest = self.get_object()

        def act() -> Any:
            actions.withdraw_guests(guest=guest, by=self.person, now=self.now)
            return GuestSerializer(self.get_queryset().get(pk=guest.pk)).data

        return self.once(act)
