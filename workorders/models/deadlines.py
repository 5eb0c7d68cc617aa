"""One table for every contractual date, each with its explanation."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location, TenantQuerySet, User, locations_of
from workorders.models.orders import WorkOrder

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class DeadlineQuerySet(TenantQuerySet["Deadline"]):
    """Deadlines; those without a location concern the whole customer."""

    def visible_to(self, user: "User | AnonymousUser") -> "DeadlineQuerySet":
        """A location contact sees those of their locations and of the whole order.

        Those of a draft are for those who manage agreements, as the draft is.
        """
        mine = super().visible_to(user)
        if not user.is_authenticated or user.manages_agreements:
            return mine
        mine = mine.filter(Q(order=None) | Q(order__executed_at__isnull=False))
        if user.role == User.Role.LOCATION_CONTACT:
            return mine.filter(Q(location=None) | Q(location__in=locations_of(user)))
        return mine

    def current(self) -> "DeadlineQuerySet":
        """Not replaced by a later calculation."""
        return self.filter(superseded_at=None)

    def open(self) -> "DeadlineQuerySet":
        """Current, neither met nor waived; late ones included."""
        return self.current().filter(met_at=None, waived_at=None)

    def to_remind(self, now: datetime) -> "DeadlineQuerySet":
        """Open ones at which the reminders have to look by now."""
        return self.open().filter(remind_at__lte=now)

    def due_between(self, start: datetime, end: datetime) -> "DeadlineQuerySet":
        """Open ones whose last in-time instant lies in [start, end)."""
        return self.open().filter(due_at__gte=start, due_at__lt=end)


class Deadline(models.Model):
    """A date by which somebody must have acted; its status follows from facts and clock."""

    class Kind(models.TextChoices):
        """What becomes due."""

        REQUEST_CUTOFF = "request_cutoff", _("last day to request proactive services")
        EXPIRY = "expiry", _("work order expires")
        CONTRACT_YEAR_END = "contract_year_end", _("flex allowance of the year lapses")
        ALLOCATION = "allocation", _("allowance to be allocated")
        MCSAP_INTAKE = "mcsap_intake", _("MCSAP intake document")
        MCSAP_MATERIAL = "mcsap_material", _("material for Plus monitoring")
        MCSAP_ONBOARDING = "mcsap_onboarding", _("MCSAP onboarding ends")
        MCSAP_MONITORS = "mcsap_monitors", _("Plus monitors ready for testing")
        UER_ONBOARDING = "uer_onboarding", _("UER onboarding ends")
        FREE_CANCELLATION = "free_cancellation", _("last free day to cancel")
        EVENT_CONFIRMATION = "event_confirmation", _("written confirmation of the Azure event")
        DELIVERY = "delivery", _("delivery takes place")
        RCA_REQUEST = "rca_request", _("last day to request a root cause analysis")
        RCA_DELIVERY = "rca_delivery", _("root cause analysis to be delivered")
        SIP_WINDOW = "sip_window", _("another improvement plan can be requested")
        QUARTERLY_REVIEW = "quarterly_review", _("quarterly review to be held")
        MINIMUM_ENROLMENT = "minimum_enrolment", _("decision on a workshop's enrolment")
        SUCCESS_ACTIVITY = "success_activity", _("activity of the success plan to be done")
        RENEWAL_START = "renewal_start", _("renewal to be executed")

    class Owner(models.TextChoices):
        """Whose turn it is."""

        CSAM = "csam", _("customer success account manager")
        CUSTOMER = "customer", _("customer")
        MICROSOFT = "microsoft", _("Microsoft")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="deadlines")
    order = models.ForeignKey(
        WorkOrder, models.CASCADE, null=True, blank=True, related_name="deadlines"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="deadlines"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    subject_key = models.CharField(max_length=120, help_text=_("What it belongs to."))
    subject_label = models.CharField(max_length=200, blank=True)
    owner = models.CharField(_("owner"), max_length=10, choices=Owner)
    due_on = models.DateField(_("last day"))
    due_at = models.DateTimeField(_("last instant"))
    zone = models.CharField(_("time zone"), max_length=64)
    explained = models.JSONField()
    clauses = models.JSONField(default=list)
    created_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deadlines_met"
    )
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deadlines_waived"
    )
    waived_reason = models.CharField(max_length=300, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the reminders look at it next.")
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    snoozed_reason = models.CharField(max_length=200, blank=True)
    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_at", "pk"]
        indexes = [
            # What Today asks for: open ones by date.
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, waived_at=None, superseded_at=None),
                name="deadline_open",
            ),
            models.Index(fields=["customer", "due_at"], name="deadline_customer"),
            # What the reminder sweep asks for each minute.
            models.Index(
                fields=["remind_at"],
                condition=Q(met_at=None, waived_at=None, superseded_at=None),
                name="deadline_remind",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_key"],
                condition=Q(superseded_at=None),
                name="deadline_once_for_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(waived_at=None, waived_by=None)
                | Q(waived_at__isnull=False, waived_by__isnull=False) & ~Q(waived_reason=""),
                name="deadline_waived_with_a_reason",
            ),
        ]
