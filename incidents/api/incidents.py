"""Incidents, charts and components in the API."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http.pages import CursorPages
from incidents.actions.analyses import request_analysis
from incidents.actions.opening import open_incident
from incidents.actions.progress import (
    add_update,
    ask_customer,
    close_incident,
    mark_mitigated,
    meet_duty,
    record_first_response,
)
from incidents.actions.severity import change_severity
from incidents.api.afterwards import AftermathActs
from incidents.api.base import POSTED
from incidents.api.conduct import ConductActs
from incidents.api.queue import QueueActs
from incidents.filters import ComponentFilters, IncidentFilters
from incidents.models import Chart, Component, Incident
from incidents.queries.analyses import analysis_of, tracks_of
from incidents.queries.components import component_for
from incidents.queries.objections import objections
from incidents.queries.resolutions import resolve_submission
from incidents.queries.situations import Submission, agreement_of
from incidents.serializers.afterwards import AnalysisInput
from incidents.serializers.charts import ChartSerializer, ComponentSerializer
from incidents.serializers.incidents import (
    AnalysisRightSerializer,
    IncidentDetailSerializer,
    IncidentSerializer,
    PreviewSerializer,
)
from incidents.serializers.inputs import (
    DutyInput,
    IncidentInput,
    MomentInput,
    ResponseInput,
    SeverityInput,
    UpdateInput,
)
from services.catalog.api import EDITION, ReadOnly
from workorders.api.base import IDEMPOTENCY_KEY


class IncidentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, ConductActs, AftermathActs, QueueActs
):
    """Requests for problem resolution: read by everybody concerned, changed by those who may."""

    serializer_class = IncidentSerializer
    filterset_class = IncidentFilters

    def get_serializer_class(self) -> Any:
        """Lists are short, single incidents told in full."""
        return IncidentSerializer if self.action == "list" else IncidentDetailSerializer

    @extend_schema(
        request=IncidentInput,
        responses={201: IncidentDetailSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Open an incident with the target that the preview shows."""
        fields = self._facts()
        reason = fields.pop("override_reason", "")
        return self._told(
            lambda: open_incident(by=self.person, now=self.now, override_reason=reason, **fields),
            status=201,
        )

    @extend_schema(request=IncidentInput, responses=PreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What would apply, and what stands against it; nothing is written."""
        fields = self._facts()
        fields.pop("override_reason", "")
        submission = Submission(
            **{**fields, "submitted_at": fields.get("submitted_at") or self.now}
        )
        agreement = agreement_of(submission)
        told = {
            "target": resolve_submission(submission, agreement),
            "refusals": objections(submission, agreement, by=self.person, now=self.now),
        }
        return Response(PreviewSerializer(told).data)

    @extend_schema(request=ResponseInput, **POSTED)
    @action(detail=True, methods=["post"])
    def respond(self, request: Request, pk: str) -> Response:
        """Record the first response: a call or an e-mail by a person, once."""
        return self._act(record_first_response, ResponseInput)

    @extend_schema(request=UpdateInput, **POSTED)
    @action(detail=True, methods=["post"])
    def updates(self, request: Request, pk: str) -> Response:
        """Record what was said; the first call or e-mail by a person stops Microsoft's clock."""
        return self._act(add_update, UpdateInput)

    @extend_schema(request=SeverityInput, **POSTED)
    @action(detail=True, methods=["post"])
    def severity(self, request: Request, pk: str) -> Response:
        """Assign another severity; a customer asks for it."""

        def act(*, incident: Incident, severity: str, **fields: Any) -> object:
            return change_severity(incident=incident, to=severity, **fields)

        return self._act(act, SeverityInput)

    @extend_schema(request=DutyInput, **POSTED)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        """Record Microsoft's request; a timed duty runs from it."""
        return self._act(self._of_duty(ask_customer), DutyInput)

    @extend_schema(request=DutyInput, **POSTED)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Record that the customer did what it was asked for."""
        return self._act(self._of_duty(meet_duty), DutyInput)

    @extend_schema(request=MomentInput, **POSTED)
    @action(detail=True, methods=["post"])
    def mitigate(self, request: Request, pk: str) -> Response:
        """Record when the effect was removed."""
        return self._act(mark_mitigated, MomentInput)

    @extend_schema(request=MomentInput, **POSTED)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close it: the clocks stop, what was met or missed stays so."""
        return self._act(close_incident, MomentInput)

    @extend_schema(request=AnalysisInput, **POSTED)
    @action(detail=True, methods=["post"])
    def analysis(self, request: Request, pk: str) -> Response:
        """Ask for a root cause analysis."""
        return self._act(request_analysis, AnalysisInput)

    @extend_schema(
        responses=AnalysisRightSerializer,
        parameters=[OpenApiParameter("requester", description="In whose name staff would ask.")],
    )
    @analysis.mapping.get
    def analysis_right(self, request: Request, pk: str) -> Response:
        """Whether an analysis may be asked for now, until when, what it costs and takes."""
        incident = self.get_object()
        requester = request.query_params.get("requester", "")
        right = analysis_of(incident, by=self.person, now=self.now, requester=requester)
        if right is None:
            raise Http404
        context = {"tracks": tracks_of(incident)}
        return Response(AnalysisRightSerializer(right, context=context).data)

    def _facts(self) -> dict[str, Any]:
        """The input with its components found by name."""
        fields = self.take(IncidentInput)
        customer = fields["customer"] = fields["location"].customer
        # A moment to come is refused as such, not for want of an agreement by then.
        at = min(fields.get("submitted_at") or self.now, self.now)
        fields["component"] = component_for(customer, fields["component"], at=at)
        cloud = fields.pop("cloud", "")
        fields["cloud"] = component_for(customer, cloud, at=at) if cloud else None
        return fields


class ByRank(CursorPages):
    """The most specific first."""

    ordering = ("tie_rank", "pk")  # type: ignore[assignment]


class ByName(CursorPages):
    """In the order of names."""

    ordering = ("name", "pk")  # type: ignore[assignment]


@extend_schema_view(
    list=extend_schema(parameters=[EDITION]), retrieve=extend_schema(parameters=[EDITION])
)
class ChartViewSet(ReadOnly):
    """The severity charts of an edition."""

    queryset = Chart.objects.none()
    serializer_class = ChartSerializer
    pagination_class = ByRank
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def get_queryset(self) -> QuerySet[Chart]:
        """Of one edition."""
        charts = Chart.objects.filter(edition=self.edition()).select_related("edition")
        return charts.prefetch_related(
            "rows__targets", "rows__escalations", "rows__duties", "exclusions", "notes"
        )


@extend_schema_view(
    list=extend_schema(parameters=[EDITION]), retrieve=extend_schema(parameters=[EDITION])
)
class ComponentViewSet(ReadOnly):
    """Products and components that incidents can be about."""

    queryset = Component.objects.none()
    serializer_class = ComponentSerializer
    filterset_class = ComponentFilters
    pagination_class = ByName
    lookup_field = "name"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[Component]:
        """Of one edition."""
        return Component.objects.filter(edition=self.edition()).select_related("edition")
