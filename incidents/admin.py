"""Incidents in the administration: charts of drafts are edited, incidents only read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from incidents.models import (
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    Component,
    CustomerDuty,
    Escalation,
    Incident,
    IncidentAssignment,
    IncidentDuty,
    IncidentUpdate,
    MissedTarget,
    ResponseTarget,
    StepDown,
    SupportRole,
)
from services.catalog.admin import CitesClauses, HeldWhileChanged
from services.catalog.models import Edition
from workorders.admin import OwnCustomers, ReadOnly


def edition_of(row: Any) -> Edition:
    """The edition that a row belongs to, through its row and chart where it has them."""
    while not hasattr(row, "edition_id"):
        row = row.row if hasattr(row, "row_id") else row.chart
    edition: Edition = row.edition
    return edition


class OfDraft(CitesClauses):
    """Rows come with their edition; they are changed while it is a draft (1-A1)."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Loaded or copied with their edition."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts."""
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or edition_of(obj).state == Edition.State.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The rules need every row of a chart."""
        return False


class HeldChart(HeldWhileChanged):
    """A change that comes after its edition was published is refused in words (1-A1)."""

    def edition_of(self, row: Any) -> Edition:
        """Through its row and chart where it has them."""
        return edition_of(row)


class TargetInline(OfDraft, admin.TabularInline):  # type: ignore[type-arg]
    """Minutes to the first response."""

    model = ResponseTarget
    extra = 0
    readonly_fields = ("product_class",)


class EscalationInline(OfDraft, TranslationTabularInline):  # type: ignore[type-arg]
    """How Microsoft escalates."""

    model = Escalation
    extra = 0
    readonly_fields = ("code",)
    exclude = ("position",)


class DutyInline(OfDraft, TranslationTabularInline):  # type: ignore[type-arg]
    """What the customer does."""

    model = CustomerDuty
    extra = 0
    readonly_fields = ("code",)
    exclude = ("position",)


class NoteInline(OfDraft, TranslationTabularInline):  # type: ignore[type-arg]
    """What the chart says in words."""

    model = ChartNote
    extra = 0
    readonly_fields = ("kind", "code")
    exclude = ("position",)


class ExclusionInline(OfDraft, admin.TabularInline):  # type: ignore[type-arg]
    """What the chart doesn't cover; the lists of drafts can grow and shrink."""

    model = ChartExclusion
    extra = 0
    exclude = ("position",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts."""
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts."""
        return self.has_change_permission(request, obj)


@admin.register(Chart)
class ChartAdmin(HeldChart, OfDraft, TranslationAdmin):  # type: ignore[type-arg]
    """Severity charts."""

    list_display = ("name", "code", "edition", "tie_rank")
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("code", "name_en", "name_zh_hans")
    ordering = ("edition", "tie_rank")
    readonly_fields = ("edition", "code", "programmes", "tie_rank")
    inlines = (ExclusionInline, NoteInline)


@admin.register(ChartRow)
class ChartRowAdmin(HeldChart, OfDraft, TranslationAdmin):  # type: ignore[type-arg]
    """Severities of a chart: situation, targets, people, duties."""

    list_display = ("__str__", "chart", "severity", "clock", "edition")
    list_filter = ("chart__edition", "chart__code", "severity")
    list_select_related = ("chart__edition",)
    search_fields = ("situation_en", "situation_zh_hans", "chart__code")
    readonly_fields = ("chart", "severity")
    inlines = (TargetInline, EscalationInline, DutyInline)

    @admin.display(description=_("edition"), ordering="chart__edition")
    def edition(self, row: ChartRow) -> Edition:
        """Whose chart it is."""
        return row.chart.edition


@admin.register(SupportRole)
class SupportRoleAdmin(HeldChart, OfDraft, TranslationAdmin):  # type: ignore[type-arg]
    """Roles that charts assign."""

    list_display = ("name", "code", "edition")
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("code", "name_en", "name_zh_hans")
    readonly_fields = ("edition", "code")


@admin.register(Component)
class ComponentAdmin(HeldChart, OfDraft, TranslationAdmin):  # type: ignore[type-arg]
    """Products and components."""

    list_display = ("label", "name", "product_class", "online_service", "supported", "edition")
    list_filter = ("edition", "product_class", "online_service", "supported")
    list_select_related = ("edition",)
    search_fields = ("name", "label_en", "label_zh_hans")
    readonly_fields = ("edition", "name")


class UpdateInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """The timeline."""

    model = IncidentUpdate
    extra = 0
    fields = ("at", "kind", "channel", "automated", "author", "text")


class AssignmentInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """Roles that joined."""

    model = IncidentAssignment
    extra = 0
    fields = ("role", "chart_code", "automatic", "due_at")


class IncidentDutyInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """The customer's duties."""

    model = IncidentDuty
    extra = 0
    fields = ("code", "minutes", "clock", "asked_at", "due_at", "met_at", "failed_at")


class MissedTargetInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """Targets that passed unmet."""

    model = MissedTarget
    extra = 0
    fields = ("code", "side", "severity", "due_at", "noted_at")


class StepDownInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """What followed from missed duties."""

    model = StepDown
    extra = 0
    fields = ("kind", "at", "by", "reason")


@admin.register(Incident)
class IncidentAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Incidents, for those who see the customer's data."""

    list_display = ("number", "title", "customer", "severity", "due_at", "first_response_at")
    list_filter = ("severity", "channel", "clock")
    list_select_related = ("customer",)
    search_fields = ("number", "title", "customer__name")
    date_hierarchy = "submitted_at"
    inlines = (
        UpdateInline,
        AssignmentInline,
        IncidentDutyInline,
        MissedTargetInline,
        StepDownInline,
    )
