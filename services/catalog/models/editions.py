"""Editions of the services description, their numbers and their register of clauses."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from services.catalog.models.codes import READING_OPTIONS, clause_ids
from services.catalog.rules.readings import READING_SPECS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions; drafts are for those who edit the catalogue."""

    def visible_to(self, user: "User | AnonymousUser") -> "EditionQuerySet":
        """Published and superseded ones for everybody signed in, drafts for administrators."""
        if not user.is_authenticated:
            return self.none()
        if user.role == User.Role.CATALOGUE_ADMINISTRATOR or user.is_superuser:
            return self
        return self.exclude(state=Edition.State.DRAFT)

    def published(self) -> "EditionQuerySet":
        """The one edition that new work orders are drafted on."""
        return self.filter(state=Edition.State.PUBLISHED)


class Edition(models.Model):
    """One edition of the services description. Frozen once published (1-A1)."""

    class State(models.TextChoices):
        """Only a draft can be edited."""

        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")

    code = models.CharField(
        _("code"), max_length=20, unique=True, validators=[RegexValidator(r"^[0-9A-Za-z.-]+$")]
    )
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    effective_on = models.DateField(_("effective from"))
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("based on")
    )
    content_hash = models.CharField(
        _("fingerprint of the file"), max_length=64, blank=True, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("published by")
    )
    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="published"), name="edition_one_published"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None)
                | ~Q(state="draft") & Q(published_at__isnull=False),
                name="edition_published_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class OfEdition(models.Model):
    """A row that belongs to an edition and is frozen with it."""

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"))
    clauses = models.JSONField(_("clauses"), default=list, blank=True, validators=[clause_ids])

    class Meta:
        abstract = True


class Term(OfEdition):
    """One number of the contract, as a whole number of its unit."""

    class Unit(models.TextChoices):
        """What the number counts."""

        DAYS = "days", _("calendar days")
        BUSINESS_DAYS = "business_days", _("business days")
        WEEKS = "weeks", _("calendar weeks")
        MONTHS = "months", _("months")
        MINUTES = "minutes", _("minutes")
        MINUTE_OF_DAY = "minute_of_day", _("minutes after midnight")
        PERCENT = "percent", _("percent")
        USD_MINOR = "usd_minor", _("US cents")
        COUNT = "count", _("count")

    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    value = models.BigIntegerField(_("value"))
    unit = models.CharField(_("unit"), max_length=15, choices=Unit)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="term_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="term_not_negative"),
        ]

    def __str__(self) -> str:
        return self.code


class CancellationTier(OfEdition):
    """The share of the fee due from `min_lead_days` before the event; none = below all."""

    min_lead_days = models.PositiveSmallIntegerField(
        _("days ahead, at least"), null=True, blank=True
    )
    percent = models.PositiveSmallIntegerField(_("percent of the fee"))

    class Meta:
        verbose_name = _("cancellation tier")
        verbose_name_plural = _("cancellation tiers")
        ordering = [F("min_lead_days").desc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(fields=["edition", "min_lead_days"], name="tier_once"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(min_lead_days=None), name="tier_one_floor"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="tier_at_most_all"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"


class ReadingChoice(models.Model):
    """How an edition reads a text that can be read in two ways, from what the rules know."""

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"))
    reading = models.CharField(
        _("reading"), max_length=20, choices=[(spec.code, spec.code) for spec in READING_SPECS]
    )
    option = models.CharField(_("option"), max_length=30, choices=READING_OPTIONS)

    class Meta:
        verbose_name = _("choice of a reading")
        verbose_name_plural = _("choices of readings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "reading"], name="reading_choice_once"),
            models.CheckConstraint(
                condition=reduce(
                    or_,
                    (Q(reading=spec.code, option__in=spec.options) for spec in READING_SPECS),
                ),
                name="reading_choice_has_the_option",
            ),
        ]

    def __str__(self) -> str:
        return self.reading


class Clause(OfEdition):
    """A clause, reading or contradiction of the register, restated in our own words."""

    code = models.CharField(_("id"), max_length=20)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=200)
    rule = models.TextField(_("rule"))
    cases = models.JSONField(
        _("worked cases"),
        default=list,
        blank=True,
        help_text=_("Ids of the worked cases that rest on it."),
    )

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="clause_once"),
        ]

    def __str__(self) -> str:
        return self.code
