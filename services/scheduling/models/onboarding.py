"""Onboarding of MCSAP, MCSAP Plus and UER: tasks, monitoring scenarios, improvement plans."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, TenantQuerySet, User
from workorders.models import Deadline, WorkOrderLine


class OnboardingTaskQuerySet(TenantQuerySet["OnboardingTask"]):
    """Tasks by customer."""

    def open(self) -> "OnboardingTaskQuerySet":
        """Neither done nor dropped."""
        return self.filter(done_at=None, dropped_at=None)


class OnboardingTask(models.Model):
    """Something that the onboarding of a line waits for: a part of the intake, a document."""

    class Part(models.TextChoices):
        """What it belongs to; each part has a day by which it is complete."""

        INTAKE = "intake", _("intake document")
        MATERIAL = "material", _("material for Plus monitoring")
        ONBOARDING = "onboarding", _("onboarding and discovery")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="onboarding_tasks")
    line = models.ForeignKey(WorkOrderLine, models.PROTECT, related_name="onboarding_tasks")
    part = models.CharField(_("part"), max_length=12, choices=Part)
    title = models.CharField(_("title"), max_length=160)
    owner = models.CharField(_("owner"), max_length=10, choices=Deadline.Owner)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="onboarding_tasks_asked")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="onboarding_tasks_done"
    )
    note = models.CharField(_("what was supplied"), max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="onboarding_tasks_dropped"
    )
    objects = OnboardingTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("onboarding task")
        verbose_name_plural = _("onboarding tasks")
        ordering = ["part", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False, dropped_at=None),
                name="onboarding_task_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MonitoringScenarioQuerySet(TenantQuerySet["MonitoringScenario"]):
    """Scenarios by customer."""

    def standing(self) -> "MonitoringScenarioQuerySet":
        """Those that take one of the numbers: not retired."""
        return self.filter(retired_at=None)


class MonitoringScenario(models.Model):
    """A set of Azure resources that Plus watches, and what its trigger sets off (2.4-AP35).

    `thresholds` rest on confidential telemetry: nobody of the customer sees them (2.4-AP36).
    """

    class Watches(models.TextChoices):
        """What the thresholds are about (2.4-AP33)."""

        CAPACITY = "capacity", _("capacity")
        PERFORMANCE = "performance", _("performance")
        CONNECTIVITY = "connectivity", _("connectivity")
        AVAILABILITY = "availability", _("availability")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="monitoring_scenarios")
    line = models.ForeignKey(WorkOrderLine, models.PROTECT, related_name="monitoring_scenarios")
    slot = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    resources = models.TextField(_("Azure resources"))
    watches = models.CharField(_("watches"), max_length=12, choices=Watches)
    response = models.CharField(_("what a trigger sets off"), max_length=300)
    thresholds = models.TextField(_("thresholds"), blank=True)
    agreed_by = models.CharField(_("agreed for the customer by"), max_length=120)
    defined_at = models.DateTimeField()
    defined_by = models.ForeignKey(User, models.PROTECT, related_name="scenarios_defined")
    ready_at = models.DateTimeField(null=True, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField(_("why it was retired"), max_length=300, blank=True)
    objects = MonitoringScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("monitoring scenario")
        verbose_name_plural = _("monitoring scenarios")
        ordering = ["line", "slot", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "slot"],
                condition=Q(retired_at=None),
                name="scenario_one_in_a_slot",
            ),
            models.CheckConstraint(condition=Q(slot__gte=1), name="scenario_slots_from_one"),
            models.CheckConstraint(
                condition=(Q(tested_at=None) | Q(ready_at__isnull=False))
                & (Q(activated_at=None) | Q(tested_at__isnull=False)),
                name="scenario_step_by_step",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_reason="")
                | Q(retired_at__isnull=False) & ~Q(retired_reason=""),
                name="scenario_retired_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MonitorTriggerQuerySet(TenantQuerySet["MonitorTrigger"]):
    """Triggers by customer."""


class MonitorTrigger(models.Model):
    """A monitor that triggered, and what followed from it that moment (2.4-AP40, 2.4-AP41)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="monitor_triggers")
    scenario = models.ForeignKey(MonitoringScenario, models.PROTECT, related_name="triggers")
    at = models.DateTimeField(_("triggered at"))
    signal = models.CharField(_("signal"), max_length=300, blank=True)
    case_number = models.CharField(_("support case"), max_length=40, blank=True)
    responded = models.BooleanField(_("answered round the clock"))
    case_asked = models.BooleanField(_("customer asked to open a case"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="triggers_recorded")
    objects = MonitorTriggerQuerySet.as_manager()

    class Meta:
        verbose_name = _("triggered monitor")
        verbose_name_plural = _("triggered monitors")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case_asked=False) | Q(responded=True),
                name="trigger_case_asked_when_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} · {self.at:%Y-%m-%d}"


class ImprovementPlanQuerySet(TenantQuerySet["ImprovementPlan"]):
    """Improvement plans by customer."""

    def counting(self) -> "ImprovementPlanQuerySet":
        """Those that count within the rolling months: neither declined nor withdrawn."""
        return self.filter(declined_at=None, withdrawn_at=None)


class ImprovementPlan(models.Model):
    """A service improvement plan that the customer asked for (2.4-AP28, 2.4-AP29)."""

    class Focus(models.TextChoices):
        """The four areas of the text."""

        RESILIENCY = "resiliency", _("resiliency")
        SECURITY = "security", _("security")
        PERFORMANCE = "performance", _("performance")
        COST = "cost", _("cost")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="improvement_plans")
    line = models.ForeignKey(WorkOrderLine, models.PROTECT, related_name="improvement_plans")
    title = models.CharField(_("title"), max_length=160)
    focus = models.CharField(_("focus"), max_length=12, choices=Focus)
    wanted_from = models.DateField(_("wanted from"))
    requested_on = models.DateField(
        _("requested on"), help_text=_("The day at the host location; the months count from it.")
    )
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="plans_requested")
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="plans_decided"
    )
    objects = ImprovementPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("service improvement plan")
        verbose_name_plural = _("service improvement plans")
        ordering = ["-requested_at", "-pk"]
        indexes = [
            # What the rolling window asks for.
            models.Index(fields=["customer", "requested_on"], name="plan_requested"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(withdrawn_at=None, delivered_on=None),
                name="plan_ends_one_way",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(delivered_on=None),
                name="plan_withdrawn_or_delivered",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | ~Q(reason=""), name="plan_declined_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title
