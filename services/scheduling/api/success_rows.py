"""Rows of success plans in the API: the same actions, rights and refusals as the pages."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from services.scheduling import actions
from services.scheduling.api.onboarding import acts
from services.scheduling.models import SuccessAction, SuccessActivity, SuccessObjective
from services.scheduling.serializers.onboarding import ReasonInput
from services.scheduling.serializers.success import (
    SuccessActionSerializer,
    SuccessActivitySerializer,
    SuccessObjectiveSerializer,
)
from services.scheduling.serializers.success_input import (
    AchievedInput,
    ActionInput,
    ActivityDoneInput,
    ActivityInput,
    DeliveriesInput,
    ObjectiveInput,
)
from workorders.api.base import Agreements


class PlanRows(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Rows of plans; an act answers with the row as it stands then."""

    model: Any = None

    def get_queryset(self) -> QuerySet[Any]:
        """What the person may see."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.person)
        return rows.select_related("customer")

    def made(self, run: Callable[..., Model], takes: Any) -> Response:
        """A new row."""
        fields = self.take(takes)
        return self._told(lambda: run(by=self.person, now=self.now, **fields), status=201)

    def acted(self, name: str, run: Callable[..., Model], takes: Any = None) -> Response:
        """One of the acts on a single row."""
        row = self.get_object()
        fields = self.take(takes, row=row) if takes else {}
        return self._told(lambda: run(**{name: row}, by=self.person, now=self.now, **fields))

    def _told(self, act: Callable[[], Model], *, status: int = 200) -> Response:
        return self.once(lambda: self.get_serializer(act()).data, status=status)


class SuccessObjectiveViewSet(PlanRows):
    """Objectives of success plans."""

    queryset = SuccessObjective.objects.none()
    model = SuccessObjective
    serializer_class = SuccessObjectiveSerializer

    @acts(ObjectiveInput, SuccessObjectiveSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Write down what is to be reached, how that is seen, and by when."""
        return self.made(actions.add_objective, ObjectiveInput)

    @acts(AchievedInput, SuccessObjectiveSerializer)
    @action(detail=True, methods=["post"])
    def achieve(self, request: Request, pk: str) -> Response:
        """Say that it is reached, and what shows it."""
        return self.acted("objective", actions.achieve_objective, AchievedInput)

    @acts(ReasonInput, SuccessObjectiveSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """Give it up."""
        return self.acted("row", actions.drop_from_plan, ReasonInput)


class SuccessActivityViewSet(PlanRows):
    """Activities of success plans."""

    queryset = SuccessActivity.objects.none()
    model = SuccessActivity
    serializer_class = SuccessActivitySerializer

    @acts(ActivityInput, SuccessActivitySerializer, status=201)
    def create(self, request: Request) -> Response:
        """Plan an activity of a pillar for a period."""
        return self.made(actions.plan_activity, ActivityInput)

    @acts(ActivityDoneInput, SuccessActivitySerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Record that it is done, and what came of it."""
        return self.acted("activity", actions.finish_activity, ActivityDoneInput)

    @acts(ReasonInput, SuccessActivitySerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """Give it up."""
        return self.acted("row", actions.drop_from_plan, ReasonInput)

    @acts(DeliveriesInput, SuccessActivitySerializer)
    @action(detail=True, methods=["post"])
    def deliveries(self, request: Request, pk: str) -> Response:
        """Say which bookings are for it."""
        return self.acted("activity", actions.link_deliveries, DeliveriesInput)


class SuccessActionViewSet(PlanRows):
    """Steps of activities."""

    queryset = SuccessAction.objects.none()
    model = SuccessAction
    serializer_class = SuccessActionSerializer

    @acts(ActionInput, SuccessActionSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Add a step to an activity that isn't over."""
        return self.made(actions.add_action, ActionInput)

    @acts(None, SuccessActionSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Record that it is done."""
        return self.acted("action", actions.finish_action)
