"""How both sides kept their times: pauses, misses that stay, and what followed from them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantQuerySet, User
from incidents.models.charts import Clock, Severity
from incidents.models.incidents import Incident, IncidentDuty


class DutyPauseQuerySet(TenantQuerySet["DutyPause"]):
    """Seen by those who see the incident."""

    customer_path = "duty__incident__customer"
    location_path = "duty__incident__location"


class DutyPause(models.Model):
    """A stretch in which a duty of the customer waits for Microsoft (A-BS12)."""

    duty = models.ForeignKey(IncidentDuty, models.CASCADE, related_name="pauses")
    paused_at = models.DateTimeField(_("paused"))
    paused_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    resumed_at = models.DateTimeField(_("resumed"), null=True, blank=True)
    resumed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    objects = DutyPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["paused_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(resumed_at=None), name="duty_paused_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(resumed_at=None) | Q(resumed_at__gte=F("paused_at")),
                name="duty_resumed_after_pause",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="duty_paused_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason


class MissedTargetQuerySet(TenantQuerySet["MissedTarget"]):
    """Seen by those who see the incident."""

    customer_path = "incident__customer"
    location_path = "incident__location"


class MissedTarget(models.Model):
    """A target that passed unmet: written once, never taken back, whatever follows."""

    class Side(models.TextChoices):
        """Whose target it was."""

        MICROSOFT = "microsoft", _("Microsoft")
        CUSTOMER = "customer", _("customer")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="missed_targets")
    code = models.SlugField(_("what"), max_length=60)
    side = models.CharField(_("side"), max_length=10, choices=Side)
    severity = models.CharField(_("severity"), max_length=1, choices=Severity)
    clock = models.CharField(_("clock"), max_length=15, choices=Clock)
    since = models.DateTimeField(_("counted from"))
    due_at = models.DateTimeField(_("target"))
    noted_at = models.DateTimeField(_("noted"))
    clauses = models.JSONField(_("clauses"), default=list, blank=True)
    objects = MissedTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("missed target")
        verbose_name_plural = _("missed targets")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "code", "due_at"], name="missed_target_once"
            ),
            models.CheckConstraint(
                condition=Q(noted_at__gt=F("due_at")), name="missed_target_noted_after_it"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StepDownQuerySet(TenantQuerySet["StepDown"]):
    """Seen by those who see the incident."""

    customer_path = "incident__customer"
    location_path = "incident__location"


class StepDown(models.Model):
    """A transition that followed from a missed duty, or its end; who decided it and why."""

    class Kind(models.TextChoices):
        """What changed (X-36)."""

        LOWER_SEVERITY = "lower_severity", _("severity lowered")
        LOSE_24X7 = "lose_24x7", _("no longer worked on 24 × 7")
        RESTORED = "restored", _("worked on 24 × 7 again")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="step_downs")
    kind = models.CharField(_("what"), max_length=15, choices=Kind)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=2_000)
    duties = models.JSONField(_("missed duties"), default=list, blank=True)
    chart_code = models.SlugField(_("severity chart"), max_length=20)
    clauses = models.JSONField(_("clauses"), default=list, blank=True)
    objects = StepDownQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="step_down_with_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
