"""The pillars of success management and their activities (appendix B)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.catalog.models.codes import clause_ids
from services.catalog.models.editions import OfEdition


class Pillar(OfEdition):
    """A pillar of success management (B-S3, B-S9, B-S14)."""

    code = models.SlugField(_("code"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=160)
    summary = models.TextField(_("summary"))

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="pillar_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PillarActivity(models.Model):
    """An activity of a pillar: what success plans and their heat map are ordered by."""

    pillar = models.ForeignKey(
        Pillar, models.CASCADE, related_name="activities", verbose_name=_("pillar")
    )
    code = models.SlugField(_("code"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=160)
    summary = models.TextField(_("summary"))
    clauses = models.JSONField(_("clauses"), default=list, blank=True, validators=[clause_ids])

    class Meta:
        verbose_name = _("activity of a pillar")
        verbose_name_plural = _("activities of the pillars")
        ordering = ["pillar__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pillar", "code"], name="pillar_activity_once"),
        ]

    def __str__(self) -> str:
        return self.name
