"""Incidents: the facts from which both sides' clocks follow."""

from typing import TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer, Location, TenantQuerySet, User
from incidents.models.charts import Chart, Clock, Component, Severity
from workorders.models import WorkOrder

M = TypeVar("M", bound=models.Model)


class Channel(models.TextChoices):
    """How an incident or a contact came in."""

    PORTAL = "portal", _("portal")
    WEB = "web", _("website")
    PHONE = "phone", _("phone")
    CHAT = "chat", _("chat")
    EMAIL = "email", _("e-mail")


class IncidentQuerySet(TenantQuerySet["Incident"]):
    """Incidents by customer and the location of their contact."""

    location_path = "location"

    def open(self) -> "IncidentQuerySet":
        """Not closed."""
        return self.filter(closed_at=None)

    def unanswered(self) -> "IncidentQuerySet":
        """Open and without a first response: Microsoft's clock runs."""
        return self.open().filter(first_response_at=None)


class Incident(models.Model):
    """A request for problem resolution.

    The chart, minutes, clock and due instant are resolved when it is opened, shown
    before submission and stored with their explanation; they are never recomputed
    silently. First response and closure are facts; met or missed follows from them.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="incidents")
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="incidents")
    location = models.ForeignKey(Location, models.PROTECT, related_name="incidents")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="incidents"
    )
    component = models.ForeignKey(Component, models.PROTECT, related_name="incidents")
    component_detail = models.CharField(_("version or part"), max_length=80, blank=True)
    cloud = models.ForeignKey(
        Component,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents_in_cloud",
        help_text=_("The cloud it runs in, unless that is Azure's public one."),
    )
    scope_identifier = models.CharField(_("subscription or tenant"), max_length=160, blank=True)
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"))
    impact = models.TextField(_("business impact"))
    production = models.BooleanField(_("production affected"), default=True)
    isolated = models.BooleanField(_("only this customer affected"), default=True)
    designated_wanted = models.BooleanField(_("designated engineer asked for"), default=False)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)
    severity = models.CharField(_("severity"), max_length=1, choices=Severity)
    opened_severity = models.CharField(max_length=1, choices=Severity)
    submitted_at = models.DateTimeField(_("submitted"))
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="incidents_opened")
    chart = models.ForeignKey(Chart, models.PROTECT, related_name="incidents")
    target_minutes = models.PositiveIntegerField(_("target in minutes"))
    clock = models.CharField(_("clock"), max_length=15, choices=Clock)
    clock_from = models.DateTimeField(help_text=_("Where the target is counted from."))
    due_at = models.DateTimeField(_("target"))
    near_at = models.DateTimeField(help_text=_("Three quarters of the time have run."))
    resolution = models.JSONField(help_text=_("The charts compared, as resolved."))
    explained = models.JSONField(help_text=_("How the due instant was reckoned."))
    first_response_at = models.DateTimeField(_("first response"), null=True, blank=True)
    mitigated_at = models.DateTimeField(_("mitigated"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    analysis_available = models.BooleanField(
        _("root cause analysis available"),
        null=True,
        blank=True,
        help_text=_("Whether it exists for the technology, as the customer was told."),
    )
    told_percent = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("The share of the target that CSAMs were told of.")
    )
    warn_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the warnings look at the target next."),
    )
    stepped_down_at = models.DateTimeField(
        _("no longer 24 × 7 since"),
        null=True,
        blank=True,
        help_text=_("The effort, not the target: worked on in business hours since then."),
    )
    submission_key = models.CharField(
        max_length=140, null=True, blank=True, unique=True, editable=False
    )
    version = models.PositiveIntegerField(default=1)
    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            # The queue: open ones without a first response, by time left.
            models.Index(
                fields=["due_at"],
                condition=Q(closed_at=None, first_response_at=None),
                name="incident_clock_runs",
            ),
            # What the warnings ask for each minute.
            models.Index(
                fields=["warn_at"],
                condition=Q(closed_at=None, first_response_at=None, warn_at__isnull=False),
                name="incident_to_warn",
            ),
            models.Index(fields=["customer", "-submitted_at"], name="incident_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_response_at=None) | Q(first_response_at__gte=F("submitted_at")),
                name="incident_answered_after_submission",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("submitted_at")),
                name="incident_closed_after_submission",
            ),
            models.CheckConstraint(
                condition=Q(mitigated_at=None) | Q(mitigated_at__gte=F("submitted_at")),
                name="incident_mitigated_after_submission",
            ),
            models.CheckConstraint(condition=~Q(impact=""), name="incident_states_its_impact"),
            models.CheckConstraint(
                condition=Q(target_minutes__gt=0), name="incident_target_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OfIncident(TenantQuerySet[M]):
    """Seen by those who see the incident."""

    customer_path = "incident__customer"
    location_path = "incident__location"


class IncidentUpdateQuerySet(OfIncident["IncidentUpdate"]):
    """Updates."""


class IncidentAssignmentQuerySet(OfIncident["IncidentAssignment"]):
    """Assignments."""


class IncidentDutyQuerySet(OfIncident["IncidentDuty"]):
    """Duties."""


class IncidentUpdate(models.Model):
    """Something that happened: a contact, a note, a change of severity; never edited."""

    class Kind(models.TextChoices):
        """What the entry records."""

        OPENED = "opened", _("opened")
        CONTACT = "contact", _("contact")
        NOTE = "note", _("note")
        SEVERITY = "severity", _("severity changed")
        SEVERITY_ASKED = "severity_asked", _("severity change requested")
        ASSIGNED = "assigned", _("assigned")
        ASKED = "asked", _("customer asked")
        DUTY_MET = "duty_met", _("customer answered")
        PAUSED = "paused", _("clock paused")
        RESUMED = "resumed", _("clock resumed")
        DUTY_FAILED = "duty_failed", _("customer can't do it")
        STEP_DOWN = "step_down", _("no longer 24 × 7")
        RESTORED = "restored", _("24 × 7 again")
        WARNED = "warned", _("account managers notified")
        MITIGATED = "mitigated", _("mitigated")
        CLOSED = "closed", _("incident closed")
        REVIEW = "review", _("review")
        REVIEW_HELD = "review_held", _("review held")
        ANALYSIS = "analysis", _("root cause analysis requested")
        ANALYSIS_INFO = "analysis_info", _("told about analyses")
        ANALYSIS_DELIVERED = "rca_delivered", _("root cause analysis delivered")
        ROLE_ASKED = "role_asked", _("somebody asked to join")
        ENGINEER_TIME = "engineer_time", _("engineer's time deducted")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="updates")
    at = models.DateTimeField()
    kind = models.CharField(max_length=15, choices=Kind)
    channel = models.CharField(max_length=6, choices=Channel, blank=True)
    automated = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    author = models.CharField(max_length=120, blank=True, help_text=_("A named engineer."))
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    clauses = models.JSONField(default=list, blank=True)
    submission_key = models.CharField(
        max_length=140, null=True, blank=True, unique=True, editable=False
    )
    objects = IncidentUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-at", "-pk"]


class IncidentAssignment(models.Model):
    """A role that the candidate charts assign to an incident; they add up (0-C14)."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="assignments")
    role = models.SlugField(max_length=60)
    chart_code = models.SlugField(max_length=20)
    automatic = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True, blank=True)
    person = models.CharField(max_length=120, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    told_percent = models.PositiveSmallIntegerField(default=0, editable=False)
    warn_at = models.DateTimeField(null=True, blank=True, editable=False)
    clauses = models.JSONField(default=list, blank=True)
    objects = IncidentAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["warn_at"],
                condition=Q(assigned_at=None, warn_at__isnull=False),
                name="incident_role_to_warn",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["incident", "role"], name="assignment_once_a_role"),
        ]


class IncidentDuty(models.Model):
    """A duty of the customer in an incident; timed ones run from Microsoft's request."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="duties")
    code = models.SlugField(max_length=40)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    clock = models.CharField(max_length=15, choices=Clock, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    explained = models.JSONField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the customer couldn't do a duty without a time.")
    )
    told_percent = models.PositiveSmallIntegerField(default=0, editable=False)
    warn_at = models.DateTimeField(null=True, blank=True, editable=False)
    clauses = models.JSONField(default=list, blank=True)
    objects = IncidentDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer's duty")
        verbose_name_plural = _("customer's duties")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["warn_at"],
                condition=Q(met_at=None, warn_at__isnull=False),
                name="incident_duty_to_warn",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["incident", "code"], name="incident_duty_once"),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(asked_at=None) | Q(met_at__gte=F("asked_at")),
                name="incident_duty_met_after_request",
            ),
        ]
