"""Root cause analyses: under which regime, what the customer hands in, when it is due."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import TenantQuerySet, User
from incidents.models.aftermath import Problem
from incidents.models.incidents import Incident
from workorders.models import Transfer


class AnalysisQuerySet(TenantQuerySet["RootCauseAnalysis"]):
    """Seen by those who see the incident."""

    customer_path = "incident__customer"
    location_path = "incident__location"


class RootCauseAnalysis(models.Model):
    """An analysis that was asked for. Its due date exists under MCSAP alone (2.4-AP27)."""

    class Track(models.TextChoices):
        """Under which rules it was asked for (X-07)."""

        BASE = "base", _("base package")
        UER = "uer", _("Unified Enhanced Response")
        MCSAP = "mcsap", _("MCSAP")
        REDE = "rede", _("designated engineer (REDE)")
        EDE = "ede", _("designated engineer (EDE)")

    class Charge(models.TextChoices):
        """How it is paid for."""

        INCLUDED = "included", _("included")
        QUOTE = "quote", _("fee quoted first")
        HOURS = "hours", _("hours of the engineer")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="analyses")
    problem = models.ForeignKey(
        Problem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="analyses",
        verbose_name=_("problem"),
        help_text=_("The series of related incidents that it covers; empty: one incident."),
    )
    track = models.CharField(_("regime"), max_length=10, choices=Track)
    charge = models.CharField(_("charge"), max_length=10, choices=Charge)
    requester = models.SlugField(_("asked by"), max_length=40)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    text = models.TextField(_("request"), blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    explained = models.JSONField(null=True, blank=True)
    quote_minor = models.PositiveBigIntegerField(_("quoted fee"), null=True, blank=True)
    quoted_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(_("fee agreed"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    findings = models.TextField(_("findings"), blank=True)
    objects = AnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = _("root cause analysis")
        verbose_name_plural = _("root cause analyses")
        ordering = ["asked_at", "pk"]
        constraints = [
            # The right to an analysis is used once; an engineer's own is beside it.
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(track__in=["base", "uer", "mcsap"]),
                name="analysis_once",
            ),
            models.UniqueConstraint(fields=["incident", "track"], name="analysis_once_a_track"),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(delivered_at__gte=F("asked_at")),
                name="analysis_delivered_after_request",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(quote_minor__isnull=False),
                name="analysis_fee_quoted_before_agreed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_track_display())


class MaterialQuerySet(TenantQuerySet["AnalysisMaterial"]):
    """Seen by those who see the incident."""

    customer_path = "analysis__incident__customer"
    location_path = "analysis__incident__location"


class AnalysisMaterial(models.Model):
    """A log, trace or diagnosis that the customer hands in (2.3-RE21)."""

    analysis = models.ForeignKey(RootCauseAnalysis, models.CASCADE, related_name="material")
    code = models.SlugField(_("what"), max_length=40)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    handed_in_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("where it is"), max_length=300, blank=True)
    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("material")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "code"], name="material_once"),
        ]

    def __str__(self) -> str:
        return self.code


class EngineerTimeQuerySet(TenantQuerySet["EngineerTime"]):
    """Seen by those who see the incident."""

    customer_path = "incident__customer"
    location_path = "incident__location"


class EngineerTime(models.Model):
    """Time of the designated engineer in an incident, deducted from the hours bought."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="engineer_time")
    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField(_("minutes"))
    on = models.DateField(_("day"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    submission_key = models.CharField(
        max_length=140, null=True, blank=True, unique=True, editable=False
    )
    objects = EngineerTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("engineer's time")
        verbose_name_plural = _("engineer's time")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="engineer_time_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min"
