"""Incidents in the administration: read alone."""

from django.contrib import admin

from incidents.models import (
    Incident,
    IncidentAssignment,
    IncidentDuty,
    IncidentUpdate,
    MissedTarget,
    StepDown,
)
from workorders.admin import OwnCustomers, ReadOnly


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
