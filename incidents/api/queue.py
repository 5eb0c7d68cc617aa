"""The same for several incidents, and a person's own views, in the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules.refusal import Refused
from incidents.actions import queue
from incidents.api.base import IncidentActs
from incidents.models import SavedView
from incidents.serializers.queue import (
    BulkInput,
    OutcomeSerializer,
    SavedViewInput,
    SavedViewSerializer,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements


class QueueActs(IncidentActs):
    """Acts on several incidents."""

    @extend_schema(
        request=BulkInput, responses=OutcomeSerializer(many=True), parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request: Request) -> Response:
        """Add a note to each, or close each; one that is refused leaves the others alone."""
        fields = self.take(BulkInput)
        if not self.person.may_act_for_customer:
            raise Refused("not_allowed", role=self.person.role)

        def acted() -> Any:
            outcomes = queue.update_several(by=self.person, now=self.now, **fields)
            return OutcomeSerializer(outcomes, many=True).data

        return self.once(acted)


class SavedViewViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, Agreements
):
    """The person's own views of the list of incidents."""

    queryset = SavedView.objects.none()
    serializer_class = SavedViewSerializer

    def get_queryset(self) -> QuerySet[SavedView]:
        """The person's own."""
        return SavedView.objects.visible_to(self.person)

    @extend_schema(
        request=SavedViewInput,
        responses={201: SavedViewSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Keep filters under a name."""
        fields = self.take(SavedViewInput)
        return self.once(
            lambda: SavedViewSerializer(queue.save_view(by=self.person, **fields)).data,
            status=201,
        )

    def perform_destroy(self, instance: SavedView) -> None:
        """Forget it."""
        queue.delete_view(view=instance, by=self.person)
