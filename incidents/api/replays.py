"""A customer's year of incidents under other programmes, in the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Customer
from incidents.queries.replays import replay_year
from incidents.serializers.replays import ReplaySerializer
from workorders.api.base import Agreements


@extend_schema_view(retrieve=extend_schema(responses=ReplaySerializer))
class ReplayViewSet(Agreements):
    """A customer's last year of incidents under other programmes; the id is the customer's."""

    queryset = Customer.objects.none()
    serializer_class = ReplaySerializer

    def get_queryset(self) -> QuerySet[Customer]:
        """Customers that the person may see."""
        return Customer.objects.visible_to(self.person)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Targets as opened, and what each programme would have made of them."""
        year = replay_year(self.get_object(), viewer=self.person, now=self.now)
        return Response(ReplaySerializer(year).data)
