"""The services of an edition, what binds them and their typed limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.catalog.models.codes import (
    BusinessHours,
    CoTermination,
    DeliveryMode,
    EachIn,
    Exhibit,
    Language,
    LocationRule,
    RequestDeadline,
    UnitOfSale,
    clause_ids,
)
from services.catalog.models.editions import OfEdition


class Offering(OfEdition):
    """A service of the catalogue: what it is, how it is sold and what binds it."""

    class Mark(models.TextChoices):
        """Ticked, plus, or plus with a maximum quantity (2.3-P1, 2.5-DS4)."""

        INCLUDED = "included", _("included")
        ADDITIONAL = "additional", _("additional")
        LIMITED = "additional_limited", _("additional, limited")

    class Flex(models.TextChoices):
        """Whether the flex allowance may pay for it (2.2-F1, 2.2-F3, 2.2-F5)."""

        YES = "yes", _("yes")
        NO = "no", _("no")
        CAPPED = "capped", _("within the ceiling")

    class Category(models.TextChoices):
        """Families of services, in the order of the description."""

        PLANNING = "planning", _("planning")
        IMPLEMENTATION = "implementation", _("implementation")
        MAINTENANCE = "maintenance", _("maintenance")
        OPTIMISATION = "optimisation", _("optimisation")
        EDUCATION = "education", _("education")
        OTHER_PROACTIVE = "other_proactive", _("other proactive services")
        PROACTIVE_CREDITS = "proactive_credits", _("proactive credits")
        REACTIVE = "reactive", _("reactive services")
        SUCCESS_MANAGEMENT = "success_management", _("success management")
        MISSION_CRITICAL = "mission_critical", _("mission-critical services")
        ENHANCED = "enhanced", _("enhanced solutions")

    code = models.SlugField(_("code"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=160)
    abbreviation = models.CharField(_("abbreviation"), max_length=40, blank=True)
    former_name = models.CharField(_("former name"), max_length=160, blank=True)
    summary = models.TextField(_("summary"))
    table = models.PositiveSmallIntegerField(_("table"))
    category = models.CharField(_("family"), max_length=20, choices=Category)
    subcategory = models.SlugField(_("subfamily"), max_length=40, blank=True)
    mark = models.CharField(_("mark"), max_length=20, choices=Mark)
    flex = models.CharField(_("flex allowance"), max_length=10, choices=Flex)
    delivery_modes = models.JSONField(
        _("delivery"), default=list, blank=True, validators=[EachIn(DeliveryMode.values)]
    )
    onsite_barred = models.BooleanField(_("never onsite"), default=False)
    unit_of_sale = models.CharField(
        _("unit of sale"), max_length=40, blank=True, choices=UnitOfSale
    )
    languages = models.JSONField(
        _("languages"), default=list, blank=True, validators=[EachIn(Language.values)]
    )
    business_hours = models.CharField(
        _("business hours"), max_length=30, blank=True, choices=BusinessHours
    )
    location_constraint = models.CharField(_("where"), max_length=30, choices=LocationRule)
    co_termination = models.CharField(
        _("ends with the agreement"), max_length=12, choices=CoTermination
    )
    request_deadline = models.CharField(
        _("request deadline"), max_length=12, blank=True, choices=RequestDeadline
    )
    exhibit = models.CharField(_("exhibit"), max_length=12, blank=True, choices=Exhibit)
    provider = models.CharField(_("provider"), max_length=60, blank=True)
    is_group = models.BooleanField(_("family of services"), default=False)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("part of"),
    )
    includes = models.JSONField(_("includes"), default=list, blank=True)
    search_text = models.TextField(_("found by"), editable=False, default="")

    class Meta:
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="offering_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Condition(models.Model):
    """A prerequisite, limit, duty, note or disclaimer of an offering, in words (1-A3)."""

    class Kind(models.TextChoices):
        """The kinds of text a customer is expected to know."""

        PREREQUISITE = "prerequisite", _("prerequisite")
        LIMIT = "limit", _("limit")
        DUTY = "duty", _("customer's duty")
        DISCLAIMER = "disclaimer", _("disclaimer")
        NOTE = "note", _("note")

    offering = models.ForeignKey(
        Offering, models.CASCADE, related_name="conditions", verbose_name=_("offering")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    text = models.TextField(_("text"))
    clauses = models.JSONField(_("clauses"), default=list, blank=True, validators=[clause_ids])

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Limit(models.Model):
    """A typed limit of an offering: a number, a yes or no, or a list of codes."""

    offering = models.ForeignKey(
        Offering, models.CASCADE, related_name="limits", verbose_name=_("offering")
    )
    code = models.SlugField(_("code"), max_length=60)
    value = models.JSONField(_("value"), null=True, blank=True)
    unit = models.SlugField(_("unit"), max_length=20, blank=True)
    clauses = models.JSONField(_("clauses"), default=list, blank=True, validators=[clause_ids])

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "code"], name="limit_once"),
        ]

    def __str__(self) -> str:
        return self.code
