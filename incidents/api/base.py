"""What acts on an incident share in the API: the rows, one effect for a key, the answer."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.response import Response

from incidents.models import Incident
from incidents.serializers.incidents import IncidentDetailSerializer
from workorders.api.base import IDEMPOTENCY_KEY, Agreements

POSTED = {"parameters": [IDEMPOTENCY_KEY], "responses": IncidentDetailSerializer}
CHILDREN = ("updates", "assignments", "duties__pauses", "missed_targets", "step_downs")


class IncidentActs(Agreements):
    """Incidents that the person may see; each act answers with the incident as it then stands."""

    queryset = Incident.objects.none()

    def get_queryset(self) -> QuerySet[Incident]:
        """What the person may see."""
        found = Incident.objects.visible_to(self.person).select_related(
            "customer", "location", "contact", "component", "cloud", "chart", "order__edition"
        )
        children = CHILDREN if self.action != "list" else ()
        return found.prefetch_related("location__own_holidays", *children)

    def _act(self, act: Callable[..., object], serializer: type[Any]) -> Response:
        """Act once on the incident; as it stands then is the answer."""
        incident: Incident = self.get_object()
        fields = self.take(serializer)

        def acted() -> Incident:
            act(incident=incident, by=self.person, now=self.now, **fields)
            return incident

        return self._told(acted)

    def _told(self, act: Callable[[], Incident], *, status: int = 200) -> Response:
        def answer() -> Any:
            incident = self.get_queryset().get(pk=act().pk)
            return IncidentDetailSerializer(incident, context=self.get_serializer_context()).data

        return self.once(answer, status=status)
