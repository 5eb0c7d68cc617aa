"""The onboarding of an order's MCSAP and UER lines: what is due, done, open, and what opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.rules.calendar_days import last_of_first_days, local_date
from services.catalog.models import Offering
from services.catalog.queries import terms_of
from services.scheduling.models import (
    ImprovementPlan,
    MonitoringScenario,
    MonitorTrigger,
    OnboardingTask,
    TeamMeeting,
)
from services.scheduling.rules.onboarding import MonitorState, SipWindow, monitor_state, sip_window
from workorders.models import Deadline, Override, WorkOrder, WorkOrderLine
from workorders.queries.agreement import MCSAP, UER
from workorders.queries.locations import zone_of
from workorders.rules.mcsap import McsapGate, may_see_monitor_thresholds, mcsap_gate

Kind = Deadline.Kind
Part = OnboardingTask.Part

# The deadline that a part of the onboarding meets when it is complete, by what the line sells.
MCSAP_PARTS: dict[str, str] = {
    Part.INTAKE: Kind.MCSAP_INTAKE,
    Part.ONBOARDING: Kind.MCSAP_ONBOARDING,
}
PLUS_PARTS: dict[str, str] = {
    Part.INTAKE: Kind.MCSAP_INTAKE,
    Part.MATERIAL: Kind.MCSAP_MATERIAL,
    Part.ONBOARDING: Kind.MCSAP_ONBOARDING,
}
UER_PARTS: dict[str, str] = {Part.ONBOARDING: Kind.UER_ONBOARDING}
# What shows a part as late or done that has no tasks: the deadline alone.
MONITORS = Kind.MCSAP_MONITORS


def sells_mcsap(offering: Offering) -> bool:
    """MCSAP, or Plus, which includes it."""
    return offering.code == MCSAP or MCSAP in offering.includes


def is_mcsap(line: WorkOrderLine) -> bool:
    """Whether the line sells MCSAP or Plus."""
    return sells_mcsap(line.offering)


def is_plus(line: WorkOrderLine) -> bool:
    """Whether the line sells MCSAP Plus."""
    return MCSAP in line.offering.includes


def is_uer(line: WorkOrderLine) -> bool:
    """Whether the line sells unified enhanced response."""
    return line.offering.code == UER


def parts_of(line: WorkOrderLine) -> dict[str, str]:
    """The parts of the line's onboarding with the kinds of their deadlines."""
    if is_mcsap(line):
        return dict(PLUS_PARTS if is_plus(line) else MCSAP_PARTS)
    return dict(UER_PARTS) if is_uer(line) else {}


def onboarded_lines(order: WorkOrder) -> list[WorkOrderLine]:
    """The lines of an executed order that have an onboarding."""
    if order.executed_at is None:
        return []
    lines = WorkOrderLine.objects.filter(order=order).select_related(
        "offering", "order__customer", "order__edition"
    )
    return [line for line in lines if parts_of(line)]


def seen_lines(person: User) -> QuerySet[WorkOrderLine]:
    """Lines of executed orders that the person may see."""
    orders = WorkOrder.objects.visible_to(person).executed().order_by()
    return WorkOrderLine.objects.filter(order__in=orders.values("pk")).select_related(
        "offering", "order__customer", "order__edition"
    )


def seen_onboardings(person: User) -> QuerySet[WorkOrderLine]:
    """Those of them that have an onboarding, the latest order first."""
    seen = seen_lines(person)
    sold = Offering.objects.filter(pk__in=seen.order_by().values("offering"))
    wanted = [one.pk for one in sold if sells_mcsap(one) or one.code == UER]
    return seen.filter(offering__in=wanted).order_by("-order__starts_on", "-pk")


def line_of(person: User, pk: int) -> WorkOrderLine | None:
    """A line with an onboarding, if the person may see its order."""
    line = seen_lines(person).filter(pk=pk).first()
    return line if line is not None and parts_of(line) else None


def onboarding_last_day(line: WorkOrderLine) -> date:
    """The last of the onboarding days; MCSAP counts from the term, UER from its own start."""
    terms = terms_of(line.order.edition)
    if is_mcsap(line):
        return last_of_first_days(line.order.starts_on, terms.mcsap.onboarding_days)
    begun = line.starts_on or line.order.starts_on
    return last_of_first_days(begun, terms.uer.onboarding_days)


@dataclass(frozen=True, slots=True)
class PartPlan:
    """A part of the onboarding: its deadline, its tasks, and whether it can be called complete."""

    part: str
    deadline: Deadline | None
    tasks: tuple[OnboardingTask, ...]

    @property
    def is_complete(self) -> bool:
        """Whether somebody said that it is complete, or gave it up."""
        due = self.deadline
        return due is not None and (due.met_at is not None or due.waived_at is not None)

    @property
    def open_tasks(self) -> int:
        """How much of it is still to be done."""
        return sum(task.done_at is None for task in self.tasks)

    @property
    def label(self) -> str:
        """What it is, in the reader's language."""
        return str(Part(self.part).label)


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario with its state, the override that let it in late, and its latest triggers."""

    scenario: MonitoringScenario
    state: MonitorState
    override: Override | None
    triggers: tuple[MonitorTrigger, ...]


@dataclass(frozen=True, slots=True)
class LinePlan:
    """Everything about the onboarding of one line."""

    line: WorkOrderLine
    is_mcsap: bool
    is_plus: bool
    last_day: date
    parts: tuple[PartPlan, ...]
    gate: McsapGate | None
    monitors: Deadline | None
    scenarios: tuple[ScenarioRow, ...]
    retired: tuple[ScenarioRow, ...]
    scenarios_max: int
    plans: tuple[ImprovementPlan, ...]
    window: SipWindow | None
    shows_thresholds: bool
    meetings: tuple[tuple[Deadline, TeamMeeting | None], ...] = ()


@dataclass(frozen=True, slots=True)
class OnboardingPlan:
    """The onboarding of an order, line by line."""

    order: WorkOrder
    zone: str
    today: date
    lines: tuple[LinePlan, ...]


def onboarding_plan(order: WorkOrder, *, viewer: User, now: datetime) -> OnboardingPlan:
    """The plan as `viewer` may see it; the queries don't grow with tasks, scenarios or plans."""
    zone = zone_of(order.customer)
    today = local_date(now, zone)
    lines = onboarded_lines(order)
    reading = _Reading(order, lines, viewer=viewer, zone=zone, today=today, now=now)
    return OnboardingPlan(order, zone, today, tuple(reading.plan_of(line) for line in lines))


class _Reading:
    """What all lines of an order need, read at once."""

    def __init__(
        self,
        order: WorkOrder,
        lines: Iterable[WorkOrderLine],
        *,
        viewer: User,
        zone: str,
        today: date,
        now: datetime,
    ) -> None:
        pks = [line.pk for line in lines]
        self.zone, self.today, self.now = zone, today, now
        self.terms = terms_of(order.edition)
        self.tasks = list(
            OnboardingTask.objects.visible_to(viewer)
            .filter(line__in=pks, dropped_at=None)
            .select_related("done_by")
        )
        keys = [f"line:{pk}" for pk in pks]
        self.deadlines = list(
            Deadline.objects.visible_to(viewer).current().filter(subject_key__in=keys)
        )
        quarterly = Deadline.objects.visible_to(viewer).current().filter(order=order)
        self.meetings = list(quarterly.filter(kind=Kind.QUARTERLY_REVIEW).order_by("due_on"))
        self.held = list(TeamMeeting.objects.visible_to(viewer).filter(line__in=pks))
        self.scenarios = list(MonitoringScenario.objects.visible_to(viewer).filter(line__in=pks))
        self.triggers = list(
            MonitorTrigger.objects.visible_to(viewer).filter(scenario__line__in=pks)
        )
        late = [f"scenario:{one.pk}" for one in self.scenarios]
        overrides = Override.objects.visible_to(viewer).filter(subject_key__in=late)
        self.overrides = {one.subject_key: one for one in overrides.select_related("by")}
        self.plans = list(
            ImprovementPlan.objects.visible_to(viewer)
            .filter(customer=order.customer_id)
            .select_related("requested_by", "decided_by", "line__order")
        )
        self.shows_thresholds = may_see_monitor_thresholds(works_for_customer=viewer.is_customer)

    def plan_of(self, line: WorkOrderLine) -> LinePlan:
        """One line."""
        rows = [self._row(one) for one in self.scenarios if one.line_id == line.pk]
        of_mcsap = is_mcsap(line)
        return LinePlan(
            line=line,
            is_mcsap=of_mcsap,
            is_plus=is_plus(line),
            last_day=onboarding_last_day(line),
            parts=tuple(self._part(line, part, kind) for part, kind in parts_of(line).items()),
            gate=self._gate(line) if of_mcsap else None,
            monitors=self._deadline(line, MONITORS),
            scenarios=tuple(row for row in rows if row.state != "retired"),
            retired=tuple(row for row in rows if row.state == "retired"),
            scenarios_max=self.terms.mcsap.scenarios_max,
            plans=tuple(self.plans) if of_mcsap else (),
            window=self._window() if of_mcsap else None,
            shows_thresholds=self.shows_thresholds,
            meetings=self._meetings(line),
        )

    def _meetings(self, line: WorkOrderLine) -> tuple[tuple[Deadline, TeamMeeting | None], ...]:
        """The quarters of a UER line by their dates, with what is planned or was held."""
        held = {f"line:{one.line_id}:meeting:{one.quarter}": one for one in self.held}
        return tuple(
            (due, held.get(due.subject_key))
            for due in self.meetings
            if due.subject_key.startswith(f"line:{line.pk}:")
        )

    def _part(self, line: WorkOrderLine, part: str, kind: str) -> PartPlan:
        tasks = tuple(t for t in self.tasks if t.line_id == line.pk and t.part == part)
        return PartPlan(part, self._deadline(line, kind), tasks)

    def _deadline(self, line: WorkOrderLine, kind: str) -> Deadline | None:
        key = f"line:{line.pk}"
        return next((d for d in self.deadlines if d.subject_key == key and d.kind == kind), None)

    def _gate(self, line: WorkOrderLine) -> McsapGate | None:
        if line.order.executed_at is None:
            return None
        return mcsap_gate(
            self.terms.mcsap,
            executed_on=local_date(line.order.executed_at, self.zone),
            intake_completed_at=line.intake_completed_at,
            at=self.now,
            zone=self.zone,
        )

    def _row(self, scenario: MonitoringScenario) -> ScenarioRow:
        return ScenarioRow(
            scenario,
            state_of_scenario(scenario),
            self.overrides.get(f"scenario:{scenario.pk}"),
            tuple(one for one in self.triggers if one.scenario_id == scenario.pk),
        )

    def _window(self) -> SipWindow:
        earlier = [
            plan.requested_on
            for plan in self.plans
            if plan.declined_at is None and plan.withdrawn_at is None
        ]
        return sip_window(self.terms.mcsap, earlier=earlier, on=self.today, zone=self.zone)


def state_of_scenario(scenario: MonitoringScenario) -> MonitorState:
    """Where a scenario stands, from its facts."""
    return monitor_state(
        ready=scenario.ready_at is not None,
        tested=scenario.tested_at is not None,
        active=scenario.activated_at is not None,
        retired=scenario.retired_at is not None,
    )


def plan_state(plan: ImprovementPlan) -> str:
    """Where an improvement plan stands, from its facts."""
    if plan.withdrawn_at is not None:
        return "withdrawn"
    if plan.declined_at is not None:
        return "declined"
    if plan.delivered_on is not None:
        return "delivered"
    return "scheduled" if plan.starts_on is not None else "requested"
