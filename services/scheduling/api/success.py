"""Success plans in the API: read whole; evidence is recorded by both sides."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Customer
from services.scheduling import actions
from services.scheduling.queries.success import success_plan
from services.scheduling.serializers.success import (
    EvidenceInput,
    EvidenceSerializer,
    SuccessPlanSerializer,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements
from workorders.models import Deadline


class SuccessPlanViewSet(Agreements):
    """The success plan of a customer; the id is the customer's."""

    queryset = Customer.objects.none()
    serializer_class = SuccessPlanSerializer

    def get_queryset(self) -> QuerySet[Customer]:
        """Customers that the person may see."""
        return Customer.objects.visible_to(self.person)

    @extend_schema(responses=SuccessPlanSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Objectives, activities, the heat map, responsibilities with their evidence."""
        plan = success_plan(self.get_object(), viewer=self.person, now=self.now)
        return Response(SuccessPlanSerializer(plan).data)

    @extend_schema(
        request=EvidenceInput, responses={201: EvidenceSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, pk: str) -> Response:
        """Record that a responsibility of section 2.8 is met."""
        customer, fields = self.get_object(), self.take(EvidenceInput)

        def act() -> Any:
            made = actions.record_evidence(
                customer=customer,
                owner=Deadline.Owner.CUSTOMER,
                by=self.person,
                now=self.now,
                **fields,
            )
            return EvidenceSerializer(made).data

        return self.once(act, status=201)
