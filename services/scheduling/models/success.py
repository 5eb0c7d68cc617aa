"""The success plan of a customer: objectives, activities of the pillars, actions, duties."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, TenantQuerySet, User
from services.scheduling.models.bookings import Booking
from workorders.models import Deadline


class SuccessQuerySet(TenantQuerySet[models.Model]):
    """Rows of success plans, by customer."""


class OfPlan(models.Model):
    """What every row of a success plan has: whose it is, and who wrote it when."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    owner = models.CharField(_("owner"), max_length=10, choices=Deadline.Owner)
    owner_name = models.CharField(_("owner's name"), max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    objects = SuccessQuerySet.as_manager()

    class Meta:
        abstract = True


class SuccessObjective(OfPlan):
    """What the customer and Microsoft want to reach, and how they will see it (B-S10)."""

    title = models.CharField(_("objective"), max_length=160)
    measure = models.CharField(_("how success is seen"), max_length=300)
    due_on = models.DateField(_("by"))
    achieved_on = models.DateField(_("achieved on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=300, blank=True)
    dropped_reason = models.CharField(_("why it was dropped"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["customer", "due_on"], name="objective_customer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(achieved_on=None) | Q(dropped_reason=""),
                name="objective_achieved_or_dropped",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SuccessActivity(OfPlan):
    """An activity of a pillar, planned for a period, with what was delivered for it.

    `pillar_activity` is the code in the edition: a plan outlives the edition it began on.
    """

    objective = models.ForeignKey(
        SuccessObjective, models.PROTECT, null=True, blank=True, related_name="activities"
    )
    pillar_activity = models.SlugField(_("activity of a pillar"), max_length=60)
    title = models.CharField(_("what is done"), max_length=160)
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("until"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    dropped_reason = models.CharField(_("why it was dropped"), max_length=300, blank=True)
    bookings = models.ManyToManyField(
        Booking, blank=True, related_name="success_activities", verbose_name=_("deliveries")
    )

    class Meta:
        verbose_name = _("activity of a success plan")
        verbose_name_plural = _("activities of success plans")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["customer", "due_on"], name="activity_customer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="activity_until_after_from"
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(dropped_reason=""), name="activity_done_or_dropped"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SuccessAction(OfPlan):
    """A step of an activity: who does what by when."""

    activity = models.ForeignKey(SuccessActivity, models.PROTECT, related_name="actions")
    title = models.CharField(_("action"), max_length=160)
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        verbose_name = _("action of a success plan")
        verbose_name_plural = _("actions of success plans")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class DutyEvidence(OfPlan):
    """Evidence that a responsibility of section 2.8 is met; the latest counts, all are kept."""

    clause = models.CharField(_("clause"), max_length=20)
    evidence = models.CharField(_("evidence"), max_length=500)
    on = models.DateField(_("as of"))

    class Meta:
        verbose_name = _("evidence of a duty")
        verbose_name_plural = _("evidence of duties")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["customer", "clause"], name="evidence_customer")]

    def __str__(self) -> str:
        return f"{self.clause} · {self.on}"
