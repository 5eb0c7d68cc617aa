"""The severity charts in the administration: edited in drafts, read afterwards (1-A1)."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Max
from django.forms import Textarea
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from incidents.actions.charts import name_earlier
from incidents.forms.charts import (
    ChartForm,
    ChartRowForm,
    CodedForm,
    DutyForm,
    ExclusionForm,
    ExclusionFormSet,
    TargetForm,
    TargetFormSet,
)
from incidents.models import (
    Channel,
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    ChartSet,
    CustomerDuty,
    Escalation,
    ProductClass,
    ResponseTarget,
    Severity,
)
from incidents.wording.charts import assigned_words, effort_words, excluded_words, programme_words
from services.catalog.admin import FrozenInline, FrozenOncePublished, TypedColumns
from services.catalog.models import Edition, Language

SHORT: Any = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 36})}}


class OneByOne:
    """New rows of an inline come last."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Give each new row the place after the last."""
        for row in formset.save(commit=False):
            if row.pk is None and hasattr(row, "position"):
                beside = type(row).objects.filter(**{formset.fk.name: form.instance})
                row.position = (beside.aggregate(last=Max("position"))["last"] or 0) + 1
            row.save()
        for row in formset.deleted_objects:
            row.delete()


class TargetInline(FrozenInline, TypedColumns, admin.TabularInline):  # type: ignore[type-arg]
    """Minutes to the first response."""

    model = ResponseTarget
    form = TargetForm
    formset = TargetFormSet
    extra = 0
    fields = ("product_class", "minutes", "clauses")


class EscalationInline(FrozenInline, TypedColumns, TranslationTabularInline):  # type: ignore[type-arg]
    """How Microsoft escalates."""

    model = Escalation
    form = CodedForm
    extra = 0
    fields = ("code", "text", "clauses")


class DutyInline(FrozenInline, TypedColumns, TranslationTabularInline):  # type: ignore[type-arg]
    """What the customer does."""

    model = CustomerDuty
    form = DutyForm
    extra = 0
    fields = ("code", "text", "minutes", "clock", "clauses")


class NoteInline(FrozenInline, TypedColumns, TranslationTabularInline):  # type: ignore[type-arg]
    """What the chart says in words."""

    model = ChartNote
    extra = 0
    fields = ("kind", "code", "text", "clauses")
    formfield_overrides = SHORT


class ExclusionInline(FrozenInline, admin.TabularInline):  # type: ignore[type-arg]
    """What the chart doesn't cover."""

    model = ChartExclusion
    form = ExclusionForm
    formset = ExclusionFormSet
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Chart | None = None) -> Any:
        """Chosen in drafts, read afterwards."""
        if self.has_change_permission(request, obj):
            return ("excluded",)
        return ("what", "in_words")

    def get_readonly_fields(self, request: HttpRequest, obj: Chart | None = None) -> Any:
        """The words."""
        return () if self.has_change_permission(request, obj) else ("what", "in_words")

    @admin.display(description=_("not covered"))
    def in_words(self, row: ChartExclusion) -> str:
        """As the chart's page calls it."""
        return excluded_words(row)


@admin.register(Chart)
class ChartAdmin(OneByOne, FrozenOncePublished, TypedColumns, TranslationAdmin):  # type: ignore[type-arg]
    """Severity charts; which there are, the rules know."""

    form = ChartForm
    list_display = ("name", "code", "edition", "tie_rank")
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("code", "name_en", "name_zh_hans")
    ordering = ("edition", "tie_rank")
    kept = ("edition", "code", "tie_rank", "severities")
    vocabularies = {
        "channels": Channel,
        "languages": Language,
        "product_classes": ProductClass,
        "downgrade_severities": Severity,
    }
    words = {"programmes": programme_words}
    fieldsets = (
        (None, {"fields": [("edition", "code", "tie_rank"), "name", "clauses", "severities"]}),
        (_("Whose it is"), {"fields": ["programmes"]}),
        (
            _("How it is reached"),
            {"fields": ["channels", "keyword", "channel_clauses", "languages", "language_clauses"]},
        ),
        (_("What it covers"), {"fields": ["product_classes", "products", "product_clauses"]}),
        (
            _("What it leaves out"),
            {
                "fields": [
                    "exclusion_effect",
                    "fallback_class",
                    "open_list",
                    "exclusion_clauses",
                    "exclusion_kind_clauses",
                ]
            },
        ),
        (_("Without the customer"), {"fields": ["downgrade", "downgrade_severities"]}),
    )
    inlines = (ExclusionInline, NoteInline)
    actions = ("move_up",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Charts come with their edition."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The rules need every chart."""
        return False

    @admin.action(description=_("Name earlier when several are equally fast"))
    def move_up(self, request: HttpRequest, queryset: "models.QuerySet[Chart]") -> None:
        """One place, each of those chosen; those of published editions are refused in words."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        for chart in queryset.select_related("edition").order_by("tie_rank"):
            try:
                name_earlier(chart=chart)
            except Refused as refusal:
                self.message_user(request, refusal_words(refusal).sentence, messages.ERROR)
                return
        self.message_user(request, _("The order is changed."))

    @admin.display(description=_("severities"))
    def severities(self, chart: Chart) -> SafeString:
        """Its rows, and in a draft the way to another."""
        links = [
            (reverse("admin:incidents_chartrow_change", args=[row.pk]), row.severity)
            for row in chart.rows.all()
        ]
        has_all = len(links) == len(Severity)
        if chart.edition.state == Edition.State.DRAFT and not has_all:
            add = reverse("admin:incidents_chartrow_add")
            links.append((f"{add}?chart={chart.pk}", str(_("Add a row…"))))
        return format_html_join(" · ", '<a href="{}">{}</a>', links)


@admin.register(ChartRow)
class ChartRowAdmin(OneByOne, FrozenOncePublished, TypedColumns, TranslationAdmin):  # type: ignore[type-arg]
    """Severities of a chart: situation, targets, people, duties."""

    form = ChartRowForm
    list_display = ("__str__", "chart", "severity", "clock", "edition")
    list_filter = ("chart__edition", "chart__code", "severity")
    list_select_related = ("chart__edition",)
    search_fields = ("situation_en", "situation_zh_hans", "chart__code")
    kept = ("chart", "severity")
    words = {"effort": effort_words, "assigned_role": assigned_words}
    formfield_overrides = SHORT
    fieldsets = (
        (None, {"fields": [("chart", "severity"), "clauses"]}),
        (
            _("Situation"),
            {
                "fields": [
                    "situation",
                    "situation_clauses",
                    ("attention_minutes", "attention_clock"),
                ]
            },
        ),
        (
            _("What Microsoft does"),
            {
                "fields": [
                    "clock",
                    "effort",
                    "effort_text",
                    "effort_clauses",
                    ("assigned_role", "assigned_automatically", "assigned_within_minutes"),
                    "assigned_clauses",
                    "executives_on_request",
                    "executive_clauses",
                    "review_clauses",
                ]
            },
        ),
    )
    inlines = (TargetInline, EscalationInline, DutyInline)

    @admin.display(description=_("edition"), ordering="chart__edition")
    def edition(self, row: ChartRow) -> Edition:
        """Whose chart it is."""
        return row.chart.edition


@admin.register(ChartSet)
class ChartSetAdmin(FrozenOncePublished, TypedColumns, admin.ModelAdmin):  # type: ignore[type-arg]
    """Which contacts are a first response."""

    list_display = ("edition", "human_only")
    list_select_related = ("edition",)
    fields = ("edition", "response_channels", "human_only", "clauses")
    kept = ("edition",)
    vocabularies = {"response_channels": Channel}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One comes with each edition."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The rules need it."""
        return False
