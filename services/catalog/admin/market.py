"""What a credit is worth and where an offering is sold, in the administration."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from services.catalog.models import Availability, CreditValue


@admin.register(CreditValue)
class CreditValueAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """What a proactive credit is worth, by country and date."""

    list_display = ("country", "currency", "valid_from", "value_minor")
    list_filter = ("currency",)
    search_fields = ("country", "currency")
    date_hierarchy = "valid_from"


@admin.register(Availability)
class AvailabilityAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Where an offering is sold, and how many of a limited one."""

    list_display = ("offering_code", "country", "available", "onsite", "max_quantity")
    list_filter = ("available", "onsite", "country")
    search_fields = ("offering_code", "country")
