"""Quarterly meetings of UER with their team: planned, held, what was said (2.5-UE20)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, TenantQuerySet, User
from workorders.models import WorkOrderLine


class TeamMeetingQuerySet(TenantQuerySet["TeamMeeting"]):
    """Meetings by customer."""


class TeamMeeting(models.Model):
    """The meeting of one quarter of a UER line; `quarter` counts the line's deadlines from one."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="team_meetings")
    line = models.ForeignKey(WorkOrderLine, models.PROTECT, related_name="team_meetings")
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    planned_on = models.DateField(_("planned on"))
    attendees = models.CharField(_("attendees"), max_length=500)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="meetings_planned")
    held_on = models.DateField(_("held on"), null=True, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="meetings_recorded"
    )
    objects = TeamMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarterly meeting")
        verbose_name_plural = _("quarterly meetings")
        ordering = ["-planned_on", "-pk"]
        indexes = [models.Index(fields=["customer", "planned_on"], name="meeting_customer")]
        constraints = [
            models.UniqueConstraint(fields=["line", "quarter"], name="meeting_one_a_quarter"),
            models.CheckConstraint(
                condition=Q(held_on=None, minutes="", recorded_by=None)
                | Q(held_on__isnull=False, recorded_by__isnull=False) & ~Q(minutes=""),
                name="meeting_held_with_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} · {self.planned_on}"
