"""Onboardings in the API: the same actions, rights and refusals as the tab of an order."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from services.scheduling import actions
from services.scheduling.filters import PlanFilters, ScenarioFilters, TaskFilters
from services.scheduling.models import ImprovementPlan, MonitoringScenario, OnboardingTask
from services.scheduling.queries.onboarding import line_of, onboarding_plan, seen_onboardings
from services.scheduling.serializers.onboarding import (
    EarlyEndInput,
    ImprovementPlanSerializer,
    MonitoringScenarioSerializer,
    MonitorInput,
    MonitorTriggerSerializer,
    OnboardingPartInput,
    OnboardingRowSerializer,
    OnboardingSerializer,
    OnboardingTaskSerializer,
    PlanDayInput,
    PlanDeliveredInput,
    PlanInput,
    ReasonInput,
    ScenarioStepInput,
    TaskDoneInput,
    TaskInput,
    ThresholdsInput,
    TriggerInput,
)
from workorders.api.base import IDEMPOTENCY_KEY, Agreements
from workorders.models import WorkOrderLine


def acts(takes: Any, tells: Any, *, status: int = 200) -> Callable[[Any], Any]:
    """The schema of an act: what it takes, what it tells, its key."""
    told: Callable[[Any], Any] = extend_schema(
        request=takes, responses={status: tells}, parameters=[IDEMPOTENCY_KEY]
    )
    return told


class Plans(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Rows of an onboarding; an act answers with the row as it stands then."""

    model: Any = None
    related: tuple[str, ...] = ("customer", "line__order__customer", "line__order__edition")

    def get_queryset(self) -> QuerySet[Any]:
        """What the person may see."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.person)
        return rows.select_related(*self.related, "line__offering")

    def told(self, act: Callable[[], Model], *, status: int = 200) -> Response:
        """Act once; the row is the answer."""

        def answer() -> Any:
            return self.get_serializer(self.get_queryset().get(pk=act().pk)).data

        return self.once(answer, status=status)

    def acted(self, name: str, run: Callable[..., Model], takes: Any = None) -> Response:
        """One of the acts on a single row."""
        row = self.get_object()
        fields = self.take(takes) if takes else {}
        return self.told(lambda: run(**{name: row}, by=self.person, now=self.now, **fields))

    def made(self, run: Callable[..., Model], takes: Any) -> Response:
        """A new row."""
        fields = self.take(takes)
        return self.told(lambda: run(by=self.person, now=self.now, **fields), status=201)


class OnboardingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Lines with an onboarding, and how each stands; the id is the line's."""

    queryset = WorkOrderLine.objects.none()
    serializer_class = OnboardingSerializer

    def get_queryset(self) -> QuerySet[WorkOrderLine]:
        """Lines of executed orders that the person may see."""
        return seen_onboardings(self.person)

    def get_serializer_class(self) -> Any:
        """Lists are short, a single onboarding is told in full."""
        return OnboardingRowSerializer if self.action == "list" else OnboardingSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Parts with their dates, the gate, what is left of scenarios and plans."""
        return Response(self._told(int(kwargs["pk"])))

    @acts(OnboardingPartInput, OnboardingSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Say that a part is complete; a complete intake opens the two gated features."""
        line = line_of(self.person, int(pk))
        if line is None:
            raise Http404
        fields = self.take(OnboardingPartInput)

        def act() -> Any:
            actions.complete_part(line=line, by=self.person, now=self.now, **fields)
            return self._told(line.pk)

        return self.once(act)

    @acts(EarlyEndInput, OnboardingSerializer)
    @action(detail=True, methods=["post"], url_path="early-end")
    def early_end(self, request: Request, pk: str) -> Response:
        """Record that both sides agreed on an earlier last day; its dates move."""
        line = line_of(self.person, int(pk))
        if line is None:
            raise Http404
        fields = self.take(EarlyEndInput)

        def act() -> Any:
            actions.end_onboarding_early(line=line, by=self.person, now=self.now, **fields)
            return self._told(line.pk)

        return self.once(act)

    def _told(self, pk: int) -> Any:
        line = line_of(self.person, pk)
        if line is None:
            raise Http404
        plan = onboarding_plan(line.order, viewer=self.person, now=self.now)
        return OnboardingSerializer(next(one for one in plan.lines if one.line.pk == pk)).data


class OnboardingTaskViewSet(Plans):
    """What onboardings wait for."""

    queryset = OnboardingTask.objects.none()
    model = OnboardingTask
    serializer_class = OnboardingTaskSerializer
    filterset_class = TaskFilters

    @acts(TaskInput, OnboardingTaskSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Add a task."""
        return self.made(actions.ask_task, TaskInput)

    @acts(TaskDoneInput, OnboardingTaskSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Record that it is done."""
        return self.acted("task", actions.complete_task, TaskDoneInput)

    @acts(None, OnboardingTaskSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """Take it off the list."""
        return self.acted("task", actions.drop_task)


class MonitoringScenarioViewSet(Plans):
    """Monitoring scenarios of MCSAP Plus."""

    queryset = MonitoringScenario.objects.none()
    model = MonitoringScenario
    serializer_class = MonitoringScenarioSerializer
    filterset_class = ScenarioFilters

    def get_queryset(self) -> QuerySet[Any]:
        """With their triggers."""
        return super().get_queryset().prefetch_related("triggers")

    @acts(MonitorInput, MonitoringScenarioSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Define a scenario that both sides agreed on."""
        return self.made(actions.define_scenario, MonitorInput)

    @acts(ScenarioStepInput, MonitoringScenarioSerializer)
    @action(detail=True, methods=["post"])
    def step(self, request: Request, pk: str) -> Response:
        """Ready for testing, tested, active: one after the other."""
        return self.acted("scenario", actions.advance_scenario, ScenarioStepInput)

    @acts(ThresholdsInput, MonitoringScenarioSerializer)
    @action(detail=True, methods=["post"])
    def thresholds(self, request: Request, pk: str) -> Response:
        """Write the thresholds anew."""
        return self.acted("scenario", actions.change_thresholds, ThresholdsInput)

    @acts(ReasonInput, MonitoringScenarioSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """End it; its number is free again."""
        return self.acted("scenario", actions.retire_scenario, ReasonInput)

    @acts(TriggerInput, MonitorTriggerSerializer, status=201)
    @action(detail=True, methods=["post"])
    def triggers(self, request: Request, pk: str) -> Response:
        """Record that it triggered."""
        scenario, fields = self.get_object(), self.take(TriggerInput)

        def act() -> Any:
            made = actions.record_trigger(scenario=scenario, by=self.person, now=self.now, **fields)
            return MonitorTriggerSerializer(made, context=self.get_serializer_context()).data

        return self.once(act, status=201)


class ImprovementPlanViewSet(Plans):
    """Service improvement plans."""

    queryset = ImprovementPlan.objects.none()
    model = ImprovementPlan
    serializer_class = ImprovementPlanSerializer
    filterset_class = PlanFilters

    @acts(PlanInput, ImprovementPlanSerializer, status=201)
    def create(self, request: Request) -> Response:
        """Ask for a plan: at most two in any 12 months."""
        return self.made(actions.request_plan, PlanInput)

    @acts(PlanDayInput, ImprovementPlanSerializer)
    @action(detail=True, methods=["post"])
    def schedule(self, request: Request, pk: str) -> Response:
        """Put it on a day."""
        return self.acted("plan", actions.schedule_plan, PlanDayInput)

    @acts(PlanDeliveredInput, ImprovementPlanSerializer)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: str) -> Response:
        """Record that it was delivered."""
        return self.acted("plan", actions.deliver_plan, PlanDeliveredInput)

    @acts(ReasonInput, ImprovementPlanSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say no with a reason."""
        return self.acted("plan", actions.decline_plan, ReasonInput)

    @acts(None, ImprovementPlanSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the request back."""
        return self.acted("plan", actions.withdraw_plan)
