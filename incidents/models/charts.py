"""The severity charts of appendix A and the product catalogue, as data of an edition."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.catalog.models import OfEdition


class Severity(models.TextChoices):
    """The four levels, the gravest first (2.3-RE10)."""

    ONE = "1", "1"
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class Clock(models.TextChoices):
    """Which minutes count (0-C6, 0-C7)."""

    ELAPSED = "24x7", _("24 × 7")
    BUSINESS_HOURS = "business_hours", _("business hours")


class ProductClass(models.TextChoices):
    """What the charts tell apart."""

    AZURE = "azure_component", _("Azure component")
    SECURITY = "security_product", _("security product")
    OTHER = "other", _("other product or service")


class ProductKind(models.TextChoices):
    """What charts call kinds of product when they leave some out (2.4-AP50)."""

    ON_PREMISES = "on_premises", _("products on own premises")
    USER_DEVICE = "user_device", _("user devices")
    CLIENT_SOFTWARE = "client_software", _("client software")
    IDENTITY = "identity", _("identity technology")
    OTHER_CLOUD = "non_public_cloud", _("cloud of its own, apart from the public one")


class ChartSet(OfEdition):
    """What all charts of an edition share: which contacts are a first response (2.3-RE14)."""

    response_channels = models.JSONField(_("channels of a first response"), default=list)
    human_only = models.BooleanField(_("by a person only"), default=True)
    content_hash = models.CharField(_("fingerprint of the file"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("what all charts share")
        verbose_name_plural = _("what all charts share")
        constraints = [
            models.UniqueConstraint(fields=["edition"], name="chart_set_once"),
        ]

    def __str__(self) -> str:
        return str(self.edition)


class SupportRole(OfEdition):
    """Somebody whom a chart or a rule brings into an incident."""

    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("assigned role")
        verbose_name_plural = _("assigned roles")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="support_role_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Chart(OfEdition):
    """One severity chart: whose it is, how it is reached, what it leaves out."""

    class Exclusion(models.TextChoices):
        """What an excluded component loses: the Azure row, or the whole programme."""

        ROW_ONLY = "row_only", _("the Azure row")
        OUT = "out_of_programme", _("the whole programme")

    class Downgrade(models.TextChoices):
        """What may follow when the customer can't supply resources (X-36)."""

        LOWER_SEVERITY = "lower_severity", _("the severity may be lowered")
        LOSE_24X7 = "lose_24x7", _("the service may stop being 24 × 7")

    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    programmes = models.JSONField(_("programmes"), default=list)
    channels = models.JSONField(_("channels"), default=list)
    languages = models.JSONField(_("languages"), default=list)
    product_classes = models.JSONField(_("product classes"), default=list)
    products = models.JSONField(_("products in scope"), default=list, blank=True)
    keyword = models.CharField(_("keyword in the description"), max_length=20, blank=True)
    tie_rank = models.PositiveSmallIntegerField(
        _("rank on a tie"), help_text=_("The lowest is the most specific (0-C14).")
    )
    exclusion_effect = models.CharField(
        _("what exclusions lose"), max_length=20, choices=Exclusion, blank=True
    )
    fallback_class = models.CharField(
        _("class of what is excluded"), max_length=20, choices=ProductClass, blank=True
    )
    open_list = models.BooleanField(_("list of exclusions is open"), default=False)
    downgrade = models.CharField(
        _("without the customer's resources"), max_length=20, choices=Downgrade, blank=True
    )
    downgrade_severities = models.JSONField(
        _("severities that may be lowered"), default=list, blank=True
    )
    exclusion_clauses = models.JSONField(_("clauses of the exclusions"), default=list, blank=True)
    exclusion_kind_clauses = models.JSONField(
        _("clauses of the excluded kinds"), default=list, blank=True
    )
    channel_clauses = models.JSONField(_("clauses of the channels"), default=list, blank=True)
    language_clauses = models.JSONField(_("clauses of the languages"), default=list, blank=True)
    product_clauses = models.JSONField(_("clauses of the products"), default=list, blank=True)

    class Meta:
        verbose_name = _("severity chart")
        verbose_name_plural = _("severity charts")
        ordering = ["-tie_rank"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="chart_once"),
            models.UniqueConstraint(fields=["edition", "tie_rank"], name="chart_rank_once"),
        ]

    def __str__(self) -> str:
        return self.code


class ChartRow(models.Model):
    """One severity of a chart: the situation, the effort, the people."""

    chart = models.ForeignKey(
        Chart, models.CASCADE, related_name="rows", verbose_name=_("severity chart")
    )
    severity = models.CharField(_("severity"), max_length=1, choices=Severity)
    situation = models.TextField(_("situation"))
    situation_clauses = models.JSONField(_("clauses of the situation"), default=list, blank=True)
    attention_minutes = models.PositiveIntegerField(
        _("attention within minutes"), null=True, blank=True, help_text=_("0 = at once.")
    )
    attention_clock = models.CharField(
        _("clock of the attention"), max_length=15, choices=Clock, blank=True
    )
    clock = models.CharField(_("clock"), max_length=15, choices=Clock)
    effort = models.SlugField(_("effort"), max_length=40)
    effort_text = models.CharField(_("effort in words"), max_length=160)
    effort_clauses = models.JSONField(_("clauses of the effort"), default=list, blank=True)
    assigned_role = models.SlugField(_("assigned role"), max_length=60, blank=True)
    assigned_automatically = models.BooleanField(_("assigned automatically"), default=False)
    assigned_within_minutes = models.PositiveIntegerField(
        _("assigned within minutes"), null=True, blank=True
    )
    assigned_clauses = models.JSONField(_("clauses of the assignment"), default=list, blank=True)
    executives_on_request = models.BooleanField(_("executives on request"), default=False)
    executive_clauses = models.JSONField(_("clauses of the executives"), default=list, blank=True)
    review_clauses = models.JSONField(
        _("clauses of the review"),
        default=list,
        blank=True,
        help_text=_("Why a review follows closure; empty: none does."),
    )
    clauses = models.JSONField(_("clauses"), default=list, blank=True)

    class Meta:
        verbose_name = _("chart row")
        verbose_name_plural = _("chart rows")
        ordering = ["chart", "severity"]
        constraints = [
            models.UniqueConstraint(fields=["chart", "severity"], name="chart_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.chart.code} · {self.severity}"


class ResponseTarget(models.Model):
    """Minutes to first response for a class of products."""

    row = models.ForeignKey(ChartRow, models.CASCADE, related_name="targets", verbose_name=_("row"))
    product_class = models.CharField(_("product class"), max_length=20, choices=ProductClass)
    minutes = models.PositiveIntegerField(_("minutes"))
    clauses = models.JSONField(_("clauses"), default=list, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["row", "product_class"]
        constraints = [
            models.UniqueConstraint(fields=["row", "product_class"], name="target_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_positive"),
        ]

    def __str__(self) -> str:
        return str(self.get_product_class_display())


class Escalation(models.Model):
    """A way in which Microsoft escalates at a severity."""

    row = models.ForeignKey(
        ChartRow, models.CASCADE, related_name="escalations", verbose_name=_("row")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    code = models.SlugField(_("code"), max_length=40)
    text = models.CharField(_("text"), max_length=200)
    clauses = models.JSONField(_("clauses"), default=list, blank=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["row", "code"], name="escalation_once")]

    def __str__(self) -> str:
        return self.text


class CustomerDuty(models.Model):
    """What the customer does at a severity; some duties have minutes of their own."""

    row = models.ForeignKey(ChartRow, models.CASCADE, related_name="duties", verbose_name=_("row"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    code = models.SlugField(_("code"), max_length=40)
    text = models.CharField(_("text"), max_length=200)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    clock = models.CharField(_("clock"), max_length=15, choices=Clock, blank=True)
    clauses = models.JSONField(_("clauses"), default=list, blank=True)

    class Meta:
        verbose_name = _("customer's duty")
        verbose_name_plural = _("customer's duties")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["row", "code"], name="duty_once")]

    def __str__(self) -> str:
        return self.text


class ChartExclusion(models.Model):
    """A component, kind of product or cloud that a chart names as not covered."""

    class What(models.TextChoices):
        """What the label names."""

        COMPONENT = "component", _("component")
        KIND = "kind", _("kind of product")
        CLOUD = "cloud", _("cloud")

    chart = models.ForeignKey(
        Chart, models.CASCADE, related_name="exclusions", verbose_name=_("severity chart")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    what = models.CharField(_("what it names"), max_length=10, choices=What)
    label = models.CharField(_("label"), max_length=80)

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering = ["what", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["chart", "what", "label"], name="exclusion_once"),
        ]

    def __str__(self) -> str:
        return self.label


class ChartNote(models.Model):
    """What a chart says in words: its gate, its window, its routing, its footnotes."""

    class Kind(models.TextChoices):
        """What the words are about."""

        GATE = "gate", _("gate")
        WINDOW = "window", _("window")
        EXCLUSION = "exclusion", _("exclusion")
        DOWNGRADE = "downgrade", _("lowering")
        ROUTING = "routing", _("severity B and C")
        AFTER = "after", _("after closure")
        FOOTNOTE = "footnote", _("footnote")

    chart = models.ForeignKey(
        Chart, models.CASCADE, related_name="notes", verbose_name=_("severity chart")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    code = models.CharField(_("code"), max_length=40, blank=True)
    text = models.TextField(_("text"))
    clauses = models.JSONField(_("clauses"), default=list, blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["chart", "kind", "code"], name="chart_note_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Component(OfEdition):
    """A product or component that an incident can be about.

    `name` is how charts and scopes call it, in every language; `label` is for readers.
    """

    name = models.CharField(_("name"), max_length=80)
    label = models.CharField(_("label"), max_length=120)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    family = models.CharField(_("belongs to"), max_length=80, blank=True)
    product_class = models.CharField(_("class"), max_length=20, choices=ProductClass)
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    online_service = models.BooleanField(_("online service"), default=False)
    supported = models.BooleanField(_("currently supported"), default=True)

    class Meta:
        verbose_name = _("product or component")
        verbose_name_plural = _("products and components")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="component_once"),
        ]

    def __str__(self) -> str:
        return self.label
