"""The administration reads the schedule; only actions write it."""

from django.contrib import admin

from services.scheduling.models import (
    Attendee,
    Booking,
    DutyEvidence,
    Engineer,
    EngineerAssignment,
    EventBrief,
    EventRisk,
    Guest,
    HourLog,
    ImprovementPlan,
    MonitoringScenario,
    MonitorTrigger,
    OnboardingTask,
    RequestDatum,
    Series,
    ServiceRequest,
    SuccessAction,
    SuccessActivity,
    SuccessObjective,
    TeamMeeting,
    Workshop,
)
from workorders.admin import OwnCustomers, ReadOnly


@admin.register(Booking)
class BookingAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Booking]):
    """Booked services, cancelled and moved ones included."""

    list_display = (
        "reference", "customer", "order", "entitlement", "location", "starts_at", "mode",
        "quantity", "delivered_at", "cancelled_at",
    )  # fmt: skip
    list_select_related = (
        "customer", "order", "location", "entitlement__offering", "entitlement__location",
    )  # fmt: skip
    list_filter = ("mode", "cancelled_for", "starts_at")
    search_fields = ("reference", "title", "customer__name", "order__number")
    date_hierarchy = "starts_at"


@admin.register(ServiceRequest)
class ServiceRequestAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[ServiceRequest]):
    """Requests with their answers."""

    list_display = (
        "offering", "customer", "order", "location", "wanted_from", "requested_at",
        "requested_by", "decision",
    )  # fmt: skip
    list_select_related = ("offering", "customer", "order", "location", "requested_by")
    list_filter = ("decision", "requested_at")
    search_fields = ("customer__name", "order__number", "offering__code", "note")
    date_hierarchy = "requested_at"


@admin.register(Engineer)
class EngineerAdmin(ReadOnly, admin.ModelAdmin[Engineer]):
    """Delivery engineers; entered and changed in the portal."""

    list_display = ("name", "email", "team", "focus", "time_zone", "is_active")
    list_select_related = ("team",)
    list_filter = ("is_active", "team")
    search_fields = ("name", "email", "focus")


@admin.register(EngineerAssignment)
class EngineerAssignmentAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[EngineerAssignment]):
    """Who delivers what."""

    list_display = ("booking", "engineer", "assigned_at", "assigned_by")
    list_select_related = ("booking", "engineer", "assigned_by")
    search_fields = ("booking__reference", "engineer__name")


@admin.register(Guest)
class GuestAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Guest]):
    """Staff of other locations in sessions, withdrawn ones included."""

    list_display = (
        "booking",
        "location",
        "mode",
        "people",
        "permitted_by",
        "added_at",
        "withdrawn_at",
    )
    list_select_related = ("booking", "location", "permitted_by")
    list_filter = ("mode", "added_at")
    search_fields = ("booking__reference", "location__name", "note")


@admin.register(Series)
class SeriesAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Series]):
    """Sessions that were booked together."""

    list_display = ("__str__", "customer", "order", "location", "every", "first_day", "count")
    list_select_related = ("customer", "order", "location", "entitlement__offering")
    list_filter = ("every", "first_day")
    search_fields = ("title", "customer__name", "order__number")


@admin.register(Workshop)
class WorkshopAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Workshop]):
    """Enrolments of workshops."""

    list_display = ("booking", "by_seat", "capacity", "minimum", "taken", "decision")
    list_select_related = ("booking",)
    list_filter = ("by_seat", "decision")
    search_fields = ("booking__reference", "booking__title", "booking__customer__name")


@admin.register(Attendee)
class AttendeeAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Attendee]):
    """Attendees, withdrawn ones included."""

    list_display = ("name", "email", "workshop", "state", "entered_at", "consent_at")
    list_select_related = ("workshop__booking",)
    list_filter = ("state",)
    search_fields = ("name", "email", "workshop__booking__reference")


@admin.register(OnboardingTask)
class OnboardingTaskAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[OnboardingTask]):
    """Tasks of onboardings, dropped ones included."""

    list_display = ("title", "customer", "line", "part", "owner", "done_at", "done_by")
    list_select_related = ("customer", "line__order", "line__offering", "done_by")
    list_filter = ("part", "owner")
    search_fields = ("title", "customer__name")


@admin.register(MonitoringScenario)
class MonitoringScenarioAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[MonitoringScenario]):
    """Monitoring scenarios, retired ones included."""

    list_display = ("name", "customer", "line", "slot", "watches", "activated_at", "retired_at")
    list_select_related = ("customer", "line__order", "line__offering")
    list_filter = ("watches",)
    search_fields = ("name", "customer__name")


@admin.register(MonitorTrigger)
class MonitorTriggerAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[MonitorTrigger]):
    """Triggers of monitors."""

    list_display = ("scenario", "customer", "at", "responded", "case_asked", "case_number")
    list_select_related = ("customer", "scenario")
    list_filter = ("responded", "case_asked")
    search_fields = ("scenario__name", "case_number", "customer__name")
    date_hierarchy = "at"


@admin.register(ImprovementPlan)
class ImprovementPlanAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[ImprovementPlan]):
    """Improvement plans with what became of them."""

    list_display = (
        "title",
        "customer",
        "line",
        "focus",
        "requested_on",
        "starts_on",
        "delivered_on",
    )
    list_select_related = ("customer", "line__order", "line__offering")
    list_filter = ("focus",)
    search_fields = ("title", "customer__name")
    date_hierarchy = "requested_on"


@admin.register(HourLog)
class HourLogAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[HourLog]):
    """Logged hours."""

    list_display = ("entitlement", "customer", "worked_on", "minutes", "engineer", "logged_by")
    list_select_related = (
        "entitlement__offering", "entitlement__location", "customer", "engineer", "logged_by",
    )  # fmt: skip
    list_filter = ("worked_on",)
    search_fields = ("note", "customer__name", "order__number")


@admin.register(SuccessObjective)
class SuccessObjectiveAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[SuccessObjective]):
    """Objectives of success plans."""

    list_display = ("title", "customer", "owner", "due_on", "achieved_on")
    list_select_related = ("customer",)
    search_fields = ("title", "customer__name")


@admin.register(SuccessActivity)
class SuccessActivityAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[SuccessActivity]):
    """Activities of success plans."""

    list_display = ("title", "customer", "pillar_activity", "starts_on", "due_on", "done_on")
    list_select_related = ("customer",)
    search_fields = ("title", "customer__name")


@admin.register(SuccessAction)
class SuccessActionAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[SuccessAction]):
    """Steps of activities."""

    list_display = ("title", "customer", "activity", "owner", "due_on", "done_on")
    list_select_related = ("customer", "activity")
    search_fields = ("title", "customer__name")


@admin.register(DutyEvidence)
class DutyEvidenceAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[DutyEvidence]):
    """Evidence of responsibilities."""

    list_display = ("clause", "customer", "evidence", "on", "owner_name", "created_by")
    list_select_related = ("customer", "created_by")
    search_fields = ("clause", "evidence", "customer__name")


@admin.register(EventBrief)
class EventBriefAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[EventBrief]):
    """What Azure events are about."""

    list_display = ("booking", "customer", "kind", "goal", "events_by_default")
    list_select_related = ("booking", "customer")
    list_filter = ("kind",)
    search_fields = ("booking__reference", "goal", "customer__name")


@admin.register(EventRisk)
class EventRiskAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[EventRisk]):
    """Risks found before Azure events."""

    list_display = ("title", "booking", "customer", "area", "owner", "told_at", "settled_as")
    list_select_related = ("booking", "customer")
    list_filter = ("area", "settled_as")
    search_fields = ("title", "booking__reference", "customer__name")


@admin.register(RequestDatum)
class RequestDatumAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[RequestDatum]):
    """Data supplied for requests."""

    list_display = ("code", "request", "customer", "text", "supplied_at", "supplied_by")
    list_select_related = (
        "request__offering", "request__location", "customer", "supplied_by",
    )  # fmt: skip
    list_filter = ("code",)
    search_fields = ("text", "customer__name")


@admin.register(TeamMeeting)
class TeamMeetingAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[TeamMeeting]):
    """Quarterly meetings of UER."""

    list_display = ("customer", "line", "quarter", "planned_on", "held_on", "planned_by")
    list_select_related = ("customer", "line__order", "line__offering", "planned_by")
    search_fields = ("customer__name", "attendees")
    date_hierarchy = "planned_on"
