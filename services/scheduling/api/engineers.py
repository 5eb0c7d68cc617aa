"""Engineers in the API: who there is, and when they are held."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http.pages import CursorPages
from services.scheduling import actions
from services.scheduling.models import Engineer
from services.scheduling.queries.engineers import duties
from services.scheduling.serializers.engineers import (
    BusySerializer,
    EngineerChange,
    EngineerInput,
    EngineerSerializer,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class ByName(CursorPages):
    """In the order of the list."""

    ordering = ("name", "pk")  # type: ignore[assignment]


class EngineerViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Delivery engineers, for those who manage agreements."""

    queryset = Engineer.objects.none()
    serializer_class = EngineerSerializer
    pagination_class: Any = ByName

    def get_queryset(self) -> QuerySet[Engineer]:
        """Those of the teams whose customers the person manages."""
        seen = Engineer.objects.visible_to(self.person)
        return Engineer.objects.filter(pk__in=seen.values("pk"))

    @extend_schema(
        request=EngineerInput, responses={201: EngineerSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        """Enter an engineer."""
        fields = self.take(EngineerInput)

        def act() -> Any:
            return EngineerSerializer(actions.add_engineer(by=self.person, **fields)).data

        return self.once(act, status=201)

    @extend_schema(request=EngineerChange, responses=EngineerSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Write another name, focus or zone, or take the engineer out."""
        engineer = self.get_object()
        names = ("name", "focus", "time_zone", "is_active")
        kept = {name: getattr(engineer, name) for name in names}
        changed = actions.change_engineer(
            engineer=engineer, by=self.person, **{**kept, **self.take(EngineerChange)}
        )
        return Response(EngineerSerializer(changed).data)

    @extend_schema(responses=BusySerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=())
    def busy(self, request: Request, pk: str) -> Response:
        """When the engineer is held from now on; for whom isn't told."""
        rows = [row.booking for row in duties(self.get_object(), now=self.now)]
        return Response(BusySerializer(rows, many=True).data)
