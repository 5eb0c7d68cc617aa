"""What people enter beside an edition: credit values and where an offering is sold."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from services.catalog.rules import market


class CreditValue(models.Model):
    """What one proactive credit is worth in a country from a date on (2.3-PC2, 2.6-M16).

    The description prints no value: people enter it, and it may change within an
    edition, so it isn't frozen with one.
    """

    country = models.CharField(
        _("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")]
    )
    currency = models.CharField(
        _("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    valid_from = models.DateField(_("from"))
    value_minor = models.BigIntegerField(_("value in minor units"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("credit value")
        verbose_name_plural = _("credit values")
        ordering = ["country", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["country", "valid_from"], name="credit_value_once"),
            models.CheckConstraint(condition=Q(value_minor__gt=0), name="credit_value_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.valid_from}"


class Availability(models.Model):
    """Whether an offering is sold in a country; without a row: ask the representative (1-A5).

    Sold until a day: withdrawn after it. Not sold until a day: after it nothing is told.
    """

    offering_code = models.SlugField(_("offering"), max_length=60)
    country = models.CharField(
        _("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")]
    )
    available = models.BooleanField(_("sold here"))
    onsite = models.BooleanField(_("onsite here"), default=False)
    max_quantity = models.PositiveIntegerField(
        _("maximum quantity"),
        null=True,
        blank=True,
        help_text=_("For limited offerings (2.5-DS4)."),
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availability")
        ordering = ["offering_code", "country"]
        constraints = [
            models.UniqueConstraint(fields=["offering_code", "country"], name="availability_once"),
        ]

    def __str__(self) -> str:
        return f"{self.offering_code} {self.country}"

    def is_sold(self, on: date) -> bool | None:
        """Whether it is sold here on a day; None where nothing is told of it."""
        return market.is_sold(
            self.available, valid_from=self.valid_from, valid_to=self.valid_to, on=on
        )
