"""Series: sessions that were booked together, week by week or otherwise."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location, TenantQuerySet, User
from workorders.models import Entitlement, WorkOrder


class SeriesQuerySet(TenantQuerySet["Series"]):
    """Series by customer and location."""

    location_path = "location"


class Series(models.Model):
    """What was asked for on the wall of the delivery location; each session is a booking."""

    class Every(models.TextChoices):
        """How far apart the sessions are."""

        DAY = "day", _("every day")
        WEEK = "week", _("every week")
        TWO_WEEKS = "two_weeks", _("every two weeks")
        FOUR_WEEKS = "four_weeks", _("every four weeks")
        MONTH = "month", _("every month on the same date")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="series")
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="series")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="series")
    location = models.ForeignKey(Location, models.PROTECT, related_name="series")
    title = models.CharField(_("title"), max_length=160, blank=True)
    every = models.CharField(_("how often"), max_length=10, choices=Every)
    first_day = models.DateField(_("first day"))
    count = models.PositiveSmallIntegerField(_("sessions"))
    starts = models.TimeField(_("begins at"))
    ends = models.TimeField(_("ends at"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="series_booked")
    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of sessions")
        verbose_name_plural = _("series of sessions")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=2), name="series_of_two_at_least")
        ]

    def __str__(self) -> str:
        return f"{self.heading} · {self.first_day}"

    @property
    def heading(self) -> str:
        """Its title, or the name of the service in the reader's language."""
        return self.title or str(self.entitlement.offering)
