"""Onboardings as the API tells and takes them; thresholds and signals are for staff alone."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.http.fields import RowField
from services.scheduling.models import (
    ImprovementPlan,
    MonitoringScenario,
    MonitorTrigger,
    OnboardingTask,
)
from services.scheduling.queries.onboarding import (
    LinePlan,
    PartPlan,
    plan_state,
    seen_lines,
    state_of_scenario,
)
from services.scheduling.serializers.values import InstantField
from workorders.models import Deadline, WorkOrderLine
from workorders.rules.mcsap import may_see_monitor_thresholds
from workorders.serializers.values import ExplainedSchema

SCENARIO_STATES = ("defined", "ready", "tested", "active", "retired")
PLAN_STATES = ("requested", "scheduled", "delivered", "declined", "withdrawn")
STEPS = ("ready", "tested", "active")


class LineField(RowField):
    """A line with an onboarding, of an executed order that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' lines don't exist."""
        return seen_lines(self.person)


class StaffText(serializers.CharField):
    """A text that is told to Microsoft's people alone; null for the customer's (2.4-AP36)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **options)

    def get_attribute(self, instance: Any) -> Any:
        """Nothing, where the person works for the customer."""
        request = self.context.get("request")
        customers = getattr(getattr(request, "user", None), "is_customer", True)
        if not may_see_monitor_thresholds(works_for_customer=customers):
            return None
        return super().get_attribute(instance)


class OnboardingTaskSerializer(serializers.ModelSerializer[OnboardingTask]):
    """Something that an onboarding waits for."""

    class Meta:
        model = OnboardingTask
        fields = (
            "id", "customer", "line", "part", "title", "owner", "asked_at", "done_at", "note",
            "dropped_at",
        )  # fmt: skip


class TaskInput(serializers.Serializer):  # type: ignore[type-arg]
    """A task to add."""

    line = LineField()
    part = serializers.ChoiceField(choices=OnboardingTask.Part.choices)
    title = serializers.CharField(max_length=160)
    owner = serializers.ChoiceField(choices=Deadline.Owner.choices)


class TaskDoneInput(serializers.Serializer):  # type: ignore[type-arg]
    """What was supplied."""

    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class MonitorTriggerSerializer(serializers.ModelSerializer[MonitorTrigger]):
    """A monitor that triggered, and what followed."""

    signal = StaffText()

    class Meta:
        model = MonitorTrigger
        fields = ("id", "scenario", "at", "case_number", "responded", "case_asked", "signal")


class MonitoringScenarioSerializer(serializers.ModelSerializer[MonitoringScenario]):
    """A monitoring scenario of MCSAP Plus."""

    state = serializers.SerializerMethodField()
    thresholds = StaffText()
    triggers = MonitorTriggerSerializer(many=True, read_only=True)

    class Meta:
        model = MonitoringScenario
        fields = (
            "id", "customer", "line", "slot", "name", "resources", "watches", "response",
            "agreed_by", "state", "defined_at", "ready_at", "tested_at", "activated_at",
            "retired_at", "retired_reason", "thresholds", "triggers",
        )  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=SCENARIO_STATES))
    def get_state(self, scenario: MonitoringScenario) -> str:
        """From its facts."""
        return state_of_scenario(scenario)


class MonitorInput(serializers.Serializer):  # type: ignore[type-arg]
    """A scenario to define; a reason is needed after the onboarding days (0-C17)."""

    line = LineField()
    name = serializers.CharField(max_length=120)
    resources = serializers.CharField(max_length=4000)
    watches = serializers.ChoiceField(choices=MonitoringScenario.Watches.choices)
    response = serializers.CharField(max_length=300)
    agreed_by = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    thresholds = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    override_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ScenarioStepInput(serializers.Serializer):  # type: ignore[type-arg]
    """The next step of a monitor."""

    to = serializers.ChoiceField(choices=STEPS)


class ThresholdsInput(serializers.Serializer):  # type: ignore[type-arg]
    """Thresholds anew."""

    thresholds = serializers.CharField(max_length=4000, allow_blank=True)


class ReasonInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why."""

    reason = serializers.CharField(max_length=300)


class TriggerInput(serializers.Serializer):  # type: ignore[type-arg]
    """A monitor that triggered; without a case the customer is asked to open one."""

    at = InstantField()
    case_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    signal = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ImprovementPlanSerializer(serializers.ModelSerializer[ImprovementPlan]):
    """A service improvement plan."""

    state = serializers.SerializerMethodField()

    class Meta:
        model = ImprovementPlan
        fields = (
            "id", "customer", "line", "title", "focus", "wanted_from", "requested_on", "state",
            "starts_on", "delivered_on", "outcome", "declined_at", "withdrawn_at", "reason",
        )  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=PLAN_STATES))
    def get_state(self, plan: ImprovementPlan) -> str:
        """From its facts."""
        return plan_state(plan)


class PlanInput(serializers.Serializer):  # type: ignore[type-arg]
    """A plan to ask for."""

    line = LineField()
    title = serializers.CharField(max_length=160)
    focus = serializers.ChoiceField(choices=ImprovementPlan.Focus.choices)
    wanted_from = serializers.DateField()


class PlanDayInput(serializers.Serializer):  # type: ignore[type-arg]
    """The day on which it begins."""

    on = serializers.DateField()


class PlanDeliveredInput(PlanDayInput):
    """When it was delivered, and what came of it."""

    outcome = serializers.CharField(max_length=4000)


class EarlyEndInput(serializers.Serializer):  # type: ignore[type-arg]
    """An earlier last day of onboarding, and who agreed for the customer."""

    on = serializers.DateField()
    agreed = serializers.CharField(max_length=300)


class OnboardingPartInput(serializers.Serializer):  # type: ignore[type-arg]
    """A part that is complete; `at` is for the intake document alone."""

    part = serializers.ChoiceField(choices=OnboardingTask.Part.choices)
    at = InstantField(required=False)


class OnboardingPartSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A part of an onboarding."""

    part = serializers.ChoiceField(choices=OnboardingTask.Part.choices)
    due_on = serializers.SerializerMethodField()
    is_complete = serializers.BooleanField()
    open_tasks = serializers.IntegerField()

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_due_on(self, part: PartPlan) -> Any:
        """The last day in time, at the host location."""
        return part.deadline.due_on if part.deadline else None


class OnboardingRowSerializer(serializers.ModelSerializer[WorkOrderLine]):
    """A line that has an onboarding; its own address tells how that stands."""

    offering = serializers.CharField(source="offering.code")
    customer = serializers.IntegerField(source="order.customer_id")
    ended_on = serializers.DateField(source="onboarding_ended_on", allow_null=True)

    class Meta:
        model = WorkOrderLine
        fields = ["id", "order", "customer", "offering", "intake_completed_at", "ended_on"]
        read_only_fields = fields


class OnboardingSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How the onboarding of a line stands. `id` is that of the line."""

    id = serializers.IntegerField(source="line.pk")
    order = serializers.IntegerField(source="line.order_id")
    offering = serializers.CharField(source="line.offering.code")
    last_day = serializers.DateField()
    ended_on = serializers.DateField(source="line.onboarding_ended_on", allow_null=True)
    parts = OnboardingPartSerializer(many=True)
    gate_open = serializers.SerializerMethodField()
    intake_on_time = serializers.SerializerMethodField()
    scenarios_left = serializers.SerializerMethodField()
    plans_left = serializers.SerializerMethodField()
    next_plan_on = serializers.SerializerMethodField()

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_gate_open(self, line: LinePlan) -> bool | None:
        """Whether the two gated features run; null where there are none."""
        return line.gate.open if line.gate else None

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_intake_on_time(self, line: LinePlan) -> bool | None:
        """Whether the intake document came in time; null while that is open."""
        return line.gate.intake_on_time if line.gate else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_scenarios_left(self, line: LinePlan) -> int | None:
        """How many more scenarios there can be at a time."""
        return line.scenarios_max - len(line.scenarios) if line.is_plus else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_plans_left(self, line: LinePlan) -> int | None:
        """How many improvement plans can be asked for today."""
        return line.window.left if line.window else None

    @extend_schema_field(ExplainedSchema(allow_null=True))
    def get_next_plan_on(self, line: LinePlan) -> Any:
        """When the next can be asked for, explained."""
        return line.window.next_on.as_data() if line.window else None
