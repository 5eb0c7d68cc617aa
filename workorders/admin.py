"""The administration: orders once executed and the ledger are read, never written."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from workorders.models import (
    Account,
    Charge,
    Deadline,
    Entitlement,
    Exchange,
    FlexYear,
    LineAllocation,
    OrderLocation,
    Override,
    Redemption,
    SpendTier,
    Transfer,
    WorkOrder,
    WorkOrderLine,
)


class ReadOnly:
    """Rows that only actions write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds one here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody removes one here."""
        return False


class OwnCustomers:
    """Rows of customers whom the person may see anyway; superusers see all."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Administrators see no customer data by default."""
        rows: Any = super().get_queryset(request)  # type: ignore[misc]
        mine: QuerySet[Any] = rows if request.user.is_superuser else rows.visible_to(request.user)
        return mine


class Inline(ReadOnly, admin.TabularInline[Model, Model]):
    """A table of rows that belong to the one shown."""

    extra = 0


class OrderLocationInline(Inline):
    """Listed locations."""

    model = OrderLocation


class FlexYearInline(Inline):
    """The allowance by contract year."""

    model = FlexYear


class WorkOrderLineInline(Inline):
    """Lines."""

    model = WorkOrderLine
    fields = ("position", "offering", "unit", "price_minor", "funding", "flex_year", "note")
    show_change_link = True


class LineAllocationInline(Inline):
    """Shares by location."""

    model = LineAllocation


class SpendTierInline(Inline):
    """The tier table of a mission-critical fee."""

    model = SpendTier


@admin.register(WorkOrder)
class WorkOrderAdmin(OwnCustomers, ReadOnly, SimpleHistoryAdmin):  # type: ignore[misc]
    """Work orders with their history; drafts are changed on their own pages."""

    list_display = ("number", "customer", "edition", "starts_on", "ends_on", "executed_at")
    list_filter = ("edition", "currency", "multi_country", "submitted_at", "executed_at")
    list_select_related = ("customer", "edition")
    search_fields = ("number", "title", "customer__name")
    date_hierarchy = "starts_on"
    inlines = (OrderLocationInline, FlexYearInline, WorkOrderLineInline)


@admin.register(WorkOrderLine)
class WorkOrderLineAdmin(ReadOnly, admin.ModelAdmin[WorkOrderLine]):
    """Lines with their shares."""

    list_display = ("order", "position", "offering", "unit", "price_minor", "funding")
    list_select_related = ("order", "offering")
    list_filter = ("funding", "unit")
    search_fields = ("order__number", "offering__code")
    inlines = (LineAllocationInline, SpendTierInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkOrderLine]:
        """Through the order."""
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(order__in=WorkOrder.objects.visible_to(request.user).values("pk"))


@admin.register(Entitlement)
class EntitlementAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Entitlement]):
    """What is owed."""

    list_display = ("order", "offering", "location", "granted", "unit", "usable_until", "funding")
    list_select_related = ("order", "offering", "location")
    list_filter = ("unit", "funding", "usable_until")
    search_fields = ("order__number", "offering__code", "location__name")


@admin.register(Redemption)
class RedemptionAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Redemption]):
    """Credits turned into services."""

    list_display = ("order", "location", "offering", "credits", "approved_on", "by")
    list_select_related = ("order", "location", "offering", "by")
    search_fields = ("order__number", "offering__code")


@admin.register(Charge)
class ChargeAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Charge]):
    """What is billed besides the lines."""

    list_display = ("order", "kind", "location", "amount_minor", "currency", "billable_on", "by")
    list_select_related = ("order", "location", "by")
    list_filter = ("kind", "currency", "billable_on")
    search_fields = ("order__number", "text", "subject_key")
    date_hierarchy = "billable_on"


@admin.register(Exchange)
class ExchangeAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Exchange]):
    """Services given up for others, with what was decided."""

    list_display = ("order", "entitlement", "offering", "location", "requested_at", "decided_at")
    list_select_related = ("order", "entitlement__offering", "entitlement__location", "offering")
    list_filter = ("currency", "flex_year", "decided_at")
    search_fields = ("order__number", "offering__code", "consent_of", "declined_reason")
    date_hierarchy = "requested_at"


@admin.register(Account)
class AccountAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Account]):
    """The ledger's accounts."""

    list_display = ("key", "order", "holding", "bucket", "unit", "balance")
    list_select_related = ("order",)
    list_filter = ("holding", "bucket", "unit")
    search_fields = ("key", "order__number")


@admin.register(Transfer)
class TransferAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Transfer]):
    """The ledger's transfers."""

    list_display = ("id", "order", "kind", "amount", "debit", "credit", "on", "at", "by")
    list_select_related = ("order", "debit", "credit", "by")
    list_filter = ("kind", "on")
    search_fields = ("order__number", "subject_key", "reason")
    date_hierarchy = "on"
    show_full_result_count = False


@admin.register(Deadline)
class DeadlineAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Deadline]):
    """Deadlines, replaced ones included."""

    list_display = ("kind", "customer", "order", "subject_label", "due_on", "owner", "met_at")
    list_select_related = ("customer", "order")
    list_filter = ("kind", "owner", "due_on")
    search_fields = ("subject_key", "subject_label", "order__number", "customer__name")
    date_hierarchy = "due_on"


@admin.register(Override)
class OverrideAdmin(OwnCustomers, ReadOnly, admin.ModelAdmin[Override]):
    """Refusals that staff overrode, with the reason."""

    list_display = ("code", "customer", "subject_key", "by", "at", "reason")
    list_select_related = ("customer", "by")
    search_fields = ("code", "subject_key", "reason", "customer__name")
