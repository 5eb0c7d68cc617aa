"""Analyses, reviews, problems, summaries and early starts in the administration: read alone."""

from django.contrib import admin

from incidents.models import (
    AnalysisMaterial,
    EmergencyStart,
    EngineerTime,
    EventSummary,
    FollowUp,
    IncidentReview,
    Problem,
    RootCauseAnalysis,
)
from workorders.admin import OwnCustomers, ReadOnly


class MaterialInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """What the customer hands in."""

    model = AnalysisMaterial
    extra = 0
    fields = ("code", "handed_in_at", "handed_in_by", "note")


class FollowUpInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """The actions that follow."""

    model = FollowUp
    extra = 0
    fields = ("text", "owner", "due_on", "done_at", "activity")


@admin.register(RootCauseAnalysis)
class AnalysisAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Analyses that were asked for."""

    list_display = ("incident", "track", "charge", "asked_at", "due_on", "delivered_at")
    list_filter = ("track", "charge")
    list_select_related = ("incident",)
    search_fields = ("incident__number", "incident__title", "incident__customer__name")
    date_hierarchy = "asked_at"
    fields = (
        ("incident", "problem"),
        ("track", "charge", "requester"),
        ("asked_by", "asked_at"),
        "text",
        ("due_on", "delivered_at"),
        ("quote_minor", "agreed_at"),
        "findings",
    )
    inlines = (MaterialInline,)


@admin.register(IncidentReview)
class ReviewAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Reviews after a severity 1."""

    list_display = ("incident", "planned_on", "held_on", "held_by")
    list_select_related = ("incident", "held_by")
    search_fields = ("incident__number", "incident__title", "incident__customer__name")
    date_hierarchy = "planned_on"
    fields = (
        "incident",
        ("planned_on", "held_on", "held_by"),
        "attendees",
        "went_well",
        "to_improve",
    )


@admin.register(Problem)
class ProblemAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """What recurring incidents have in common."""

    list_display = ("title", "customer", "opened_at", "solved_at")
    list_select_related = ("customer",)
    search_fields = ("title", "customer__name")
    date_hierarchy = "opened_at"
    fields = ("customer", "title", "cause", "incidents", ("opened_at", "opened_by"), "solved_at")
    inlines = (FollowUpInline,)


@admin.register(FollowUp)
class FollowUpAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Actions that incidents and problems leave."""

    list_display = ("text", "customer", "owner", "due_on", "done_at")
    list_select_related = ("customer",)
    search_fields = ("text", "owner", "customer__name")


@admin.register(EventSummary)
class EventSummaryAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Summaries of Azure events."""

    list_display = ("booking", "customer", "created_at", "closed_at")
    list_select_related = ("booking", "customer")
    search_fields = ("customer__name",)
    fields = ("customer", "booking", "text", ("created_at", "closed_at", "closed_by"))


@admin.register(EmergencyStart)
class EmergencyAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Cyberattack work that began before its contract."""

    list_display = ("customer", "location", "authorised_by", "authorised_at", "signed_on")
    list_select_related = ("customer", "location")
    search_fields = ("customer__name", "authorised_by")
    date_hierarchy = "authorised_at"


@admin.register(EngineerTime)
class EngineerTimeAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Hours of designated engineers that incidents used."""

    list_display = ("incident", "on", "minutes", "by")
    list_select_related = ("incident", "by")
    search_fields = ("incident__number", "incident__title")
    date_hierarchy = "on"
