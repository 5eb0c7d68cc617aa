"""People, analyses and what is learnt afterwards in the API."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules.refusal import Named, Refused
from incidents.actions import aftermath, analyses, emergencies, engineers
from incidents.api.base import IncidentActs
from incidents.models import (
    EmergencyStart,
    EventSummary,
    FollowUp,
    Incident,
    IncidentReview,
    Problem,
)
from incidents.queries.history import history_of
from incidents.serializers import afterwards as told
from incidents.wording.people import MATERIAL, track_words
from workorders.api.base import IDEMPOTENCY_KEY, Agreements

POSTED = {"parameters": [IDEMPOTENCY_KEY], "responses": told.AftermathSerializer}


class AftermathActs(IncidentActs):
    """Acts whose answer is what stands around the incident beside its clocks."""

    @extend_schema(responses=told.AftermathSerializer)
    @action(detail=True, methods=["get"])
    def aftermath(self, request: Request, pk: str) -> Response:
        """Analyses, engineer's time, review, actions, problems."""
        return Response(told.AftermathSerializer(self.get_object()).data)

    @extend_schema(request=told.AssignInput, **POSTED)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Name who takes a role; the first one counts for its target."""
        return self._around(engineers.assign_person, told.AssignInput)

    @extend_schema(request=told.RoleInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="request-role")
    def request_role(self, request: Request, pk: str) -> Response:
        """Ask for somebody to join whom no chart assigns by itself."""
        return self._around(engineers.request_role, told.RoleInput)

    @extend_schema(request=told.TimeInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="engineer-time")
    def engineer_time(self, request: Request, pk: str) -> Response:
        """Deduct the designated engineer's time from the hours bought."""
        return self._around(engineers.log_engineer_time, told.TimeInput)

    @extend_schema(request=told.AvailabilityInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="analysis-info")
    def analysis_info(self, request: Request, pk: str) -> Response:
        """Tell whether an analysis exists for the technology."""
        return self._around(analyses.tell_availability, told.AvailabilityInput)

    @extend_schema(request=told.QuoteInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="analysis-quote")
    def analysis_quote(self, request: Request, pk: str) -> Response:
        """Quote the fee of an analysis that isn't included."""
        return self._around(self._of_analysis(analyses.quote_fee), told.QuoteInput)

    @extend_schema(request=told.TrackInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="analysis-agree")
    def analysis_agree(self, request: Request, pk: str) -> Response:
        """Take the quoted fee."""
        return self._around(self._of_analysis(analyses.agree_fee), told.TrackInput)

    @extend_schema(request=told.HandInInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="analysis-hand-in")
    def analysis_hand_in(self, request: Request, pk: str) -> Response:
        """Record what the customer handed in."""

        def act(*, analysis: Any, code: str, **fields: Any) -> object:
            material = analysis.material.filter(code=code).first()
            if material is None:
                named = Named(code, MATERIAL.get(code))
                raise Refused("no_such_material", clause="2.3-RE21", field="code", material=named)
            return analyses.hand_in(material=material, **fields)

        return self._around(self._of_analysis(act), told.HandInInput)

    @extend_schema(request=told.DeliverInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="analysis-deliver")
    def analysis_deliver(self, request: Request, pk: str) -> Response:
        """Record that the customer has the analysis."""
        return self._around(self._of_analysis(analyses.deliver_analysis), told.DeliverInput)

    @extend_schema(request=told.ReviewInput, **POSTED)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """Record the review after a severity 1."""

        def act(*, incident: Incident, **fields: Any) -> object:
            return aftermath.hold_review(review=_review_of(incident), **fields)

        return self._around(act, told.ReviewInput)

    @extend_schema(request=told.ReviewPlanInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="review-plan")
    def review_plan(self, request: Request, pk: str) -> Response:
        """Set the day of the review after a severity 1."""

        def act(*, incident: Incident, now: Any, **fields: Any) -> object:
            return aftermath.plan_review(review=_review_of(incident), **fields)

        return self._around(act, told.ReviewPlanInput)

    @extend_schema(request=told.FollowUpInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="follow-ups")
    def follow_ups(self, request: Request, pk: str) -> Response:
        """Add an action that follows from the incident."""
        return self._around(aftermath.add_follow_up, told.FollowUpInput)

    @extend_schema(
        parameters=[
            OpenApiParameter("customer", int, required=True),
            OpenApiParameter("since", str, required=True),
            OpenApiParameter("until", str, required=True),
        ],
        responses=told.HistorySerializer,
    )
    @action(detail=False, methods=["get"])
    def history(self, request: Request) -> Response:
        """Volume, response against target and duties kept, for a customer and a period."""
        asked = told.HistoryInput(data=request.query_params, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        fields = asked.validated_data
        seen = Incident.objects.visible_to(self.person)
        history = history_of(seen, fields.pop("customer"), now=self.now, **fields)
        return Response(told.HistorySerializer(history).data)

    def _of_analysis(self, act: Callable[..., object]) -> Callable[..., object]:
        """The act on an analysis that is named by its track."""

        def of_analysis(*, incident: Incident, track: str, **fields: Any) -> object:
            row = incident.analyses.filter(track=track).first()
            if row is None:
                named = Named(track, track_words(track))
                raise Refused("no_such_analysis", field="track", track=named)
            return act(analysis=row, **fields)

        return of_analysis

    def _around(self, act: Callable[..., object], serializer: type[Any]) -> Response:
        """Act once; what stands around the incident then is the answer."""
        incident: Incident = self.get_object()
        fields = self.take(serializer)

        def acted() -> Any:
            act(incident=incident, by=self.person, now=self.now, **fields)
            return told.AftermathSerializer(self.get_queryset().get(pk=incident.pk)).data

        return self.once(acted)


def _review_of(incident: Incident) -> IncidentReview:
    review: IncidentReview | None = getattr(incident, "review", None)
    if review is None:
        raise Refused("no_review", clause="2.5-UE8")
    return review


class Lessons(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Rows beside incidents that the person may see."""

    def answer(self, row: Any) -> Any:
        """The row as the view tells it."""
        kind = self.get_serializer_class()
        return kind(self.get_queryset().get(pk=row.pk), context=self.get_serializer_context()).data


class ProblemViewSet(Lessons):
    """Problems: what recurring incidents have in common."""

    queryset = Problem.objects.none()
    serializer_class = told.ProblemSerializer

    def get_queryset(self) -> QuerySet[Problem]:
        """What the person may see."""
        return Problem.objects.visible_to(self.person).prefetch_related("follow_ups")

    @extend_schema(
        request=told.ProblemInput,
        responses={201: told.ProblemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Group incidents that recur."""
        fields = self.take(told.ProblemInput)
        return self.once(
            lambda: self.answer(aftermath.open_problem(by=self.person, now=self.now, **fields)),
            status=201,
        )

    @extend_schema(
        request=told.CauseInput, responses=told.ProblemSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def solve(self, request: Request, pk: str) -> Response:
        """Record the cause and that it is removed."""
        problem, fields = self.get_object(), self.take(told.CauseInput)
        return self.once(
            lambda: self.answer(
                aftermath.solve_problem(problem=problem, by=self.person, now=self.now, **fields)
            )
        )

    @extend_schema(
        request=told.JoinInput, responses=told.ProblemSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def incidents(self, request: Request, pk: str) -> Response:
        """One more incident with the same cause."""
        problem, fields = self.get_object(), self.take(told.JoinInput)
        return self.once(
            lambda: self.answer(aftermath.add_to_problem(problem=problem, by=self.person, **fields))
        )

    @extend_schema(
        request=told.FollowUpInput,
        responses={201: told.FollowUpSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], url_path="follow-ups")
    def follow_ups(self, request: Request, pk: str) -> Response:
        """Add an action that the problem leaves."""
        problem, fields = self.get_object(), self.take(told.FollowUpInput)
        return self.once(
            lambda: (
                told.FollowUpSerializer(
                    aftermath.add_follow_up(problem=problem, by=self.person, now=self.now, **fields)
                ).data
            ),
            status=201,
        )


class FollowUpViewSet(Lessons):
    """Actions that incidents and problems leave."""

    queryset = FollowUp.objects.none()
    serializer_class = told.FollowUpSerializer

    def get_queryset(self) -> QuerySet[FollowUp]:
        """What the person may see."""
        return FollowUp.objects.visible_to(self.person)

    @extend_schema(request=None, responses=told.FollowUpSerializer, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Record that the action is done."""
        follow_up = self.get_object()
        return self.once(
            lambda: self.answer(
                aftermath.finish_follow_up(follow_up=follow_up, by=self.person, now=self.now)
            )
        )


class EventSummaryViewSet(Lessons):
    """Summaries of Azure events."""

    queryset = EventSummary.objects.none()
    serializer_class = told.EventSummarySerializer

    def get_queryset(self) -> QuerySet[EventSummary]:
        """What the person may see."""
        return EventSummary.objects.visible_to(self.person)

    @extend_schema(
        request=told.SummaryInput,
        responses=told.EventSummarySerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Give the summary once every incident of the window is closed."""
        summary, fields = self.get_object(), self.take(told.SummaryInput)
        return self.once(
            lambda: self.answer(
                aftermath.close_event_summary(
                    summary=summary, by=self.person, now=self.now, **fields
                )
            )
        )


class EmergencyViewSet(Lessons):
    """Cyberattack work that began on the customer's word, before its contract."""

    queryset = EmergencyStart.objects.none()
    serializer_class = told.EmergencySerializer

    def get_queryset(self) -> QuerySet[EmergencyStart]:
        """What the person may see."""
        return EmergencyStart.objects.visible_to(self.person).select_related("customer")

    @extend_schema(
        request=told.EmergencyInput,
        responses={201: told.EmergencySerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Authorise work before the contract, its three consequences acknowledged."""
        fields = self.take(told.EmergencyInput)
        return self.once(
            lambda: self.answer(
                emergencies.start_emergency(by=self.person, now=self.now, **fields)
            ),
            status=201,
        )

    @extend_schema(
        request=told.EmergencyScopeInput,
        responses=told.EmergencySerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    def scope(self, request: Request, pk: str) -> Response:
        """Write down the scope that both sides defined together."""
        start, fields = self.get_object(), self.take(told.EmergencyScopeInput)
        return self.once(
            lambda: self.answer(emergencies.agree_scope(start=start, by=self.person, **fields))
        )

    @extend_schema(
        request=told.ContractInput,
        responses=told.EmergencySerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    def contract(self, request: Request, pk: str) -> Response:
        """Record that the contract was executed."""
        start, fields = self.get_object(), self.take(told.ContractInput)
        return self.once(
            lambda: self.answer(
                emergencies.record_contract(start=start, by=self.person, now=self.now, **fields)
            )
        )
