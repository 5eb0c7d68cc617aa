"""Hours that were delivered, as they are logged against the balance of a service."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location, TenantQuerySet, User
from services.scheduling.models.engineers import Engineer
from workorders.models import Entitlement, Transfer, WorkOrder


class HourLogQuerySet(TenantQuerySet["HourLog"]):
    """Logged hours by customer and location."""

    location_path = "location"

    def with_reversal(self) -> "HourLogQuerySet":
        """With whether the movement of each was reversed."""
        key = Concat(Value("hours:"), Cast(OuterRef("pk"), models.CharField()))
        reversals = Transfer.objects.filter(subject_key=key, kind=Transfer.Kind.REVERSE)
        return self.annotate(taken_back=Exists(reversals))


class HourLog(models.Model):
    """Minutes of one day that weren't booked beforehand; the ledger holds the movement."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="hour_logs")
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="hour_logs")
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="hour_logs")
    location = models.ForeignKey(Location, models.PROTECT, related_name="hour_logs")
    worked_on = models.DateField(_("worked on"))
    minutes = models.PositiveIntegerField(_("minutes"))
    note = models.CharField(_("what was done"), max_length=300)
    engineer = models.ForeignKey(
        Engineer, models.PROTECT, null=True, blank=True, related_name="hour_logs"
    )
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(User, models.PROTECT, related_name="hours_logged")
    objects = HourLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("logged hours")
        verbose_name_plural = _("logged hours")
        ordering = ["-worked_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="hour_log_positive")]

    def __str__(self) -> str:
        return f"{self.entitlement} · {self.worked_on}"
