"""The administration reads the schedule; only actions write it."""

from django.contrib import admin

from services.scheduling.models import Booking, ServiceRequest
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
