"""When each sweep last came through, and what went wrong since."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepRun(models.Model):
    """One row a sweep: its last success and its last failure; kept in the database, not in Redis."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    done_at = models.DateTimeField(null=True, blank=True)
    did = models.PositiveIntegerField(default=0, help_text=_("How much it did then."))
    worked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it last had something to do.")
    )
    failed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text=_("Since it last came through."))
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
