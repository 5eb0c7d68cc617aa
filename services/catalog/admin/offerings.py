"""Offerings in the administration, with their conditions and limits."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline
from simple_history.admin import SimpleHistoryAdmin

from services.catalog import actions
from services.catalog.admin.drafts import FrozenInline, FrozenOncePublished, TypedColumns
from services.catalog.forms import LimitForm, OfferingAdminForm
from services.catalog.models import Condition, DeliveryMode, Edition, Language, Limit, Offering
from services.catalog.wording import in_a_row, names_of_offerings, written_value


class ConditionInline(FrozenInline, TypedColumns, TranslationTabularInline):  # type: ignore[type-arg]
    """What binds an offering."""

    model = Condition
    extra = 0
    fields = ("position", "kind", "text", "clauses")
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 36})}}


class LimitInline(FrozenInline, TypedColumns, admin.TabularInline):  # type: ignore[type-arg]
    """Typed limits of an offering."""

    model = Limit
    form = LimitForm
    words = {"value": lambda row: written_value(row.value)}
    extra = 0
    fields = ("code", "value", "unit", "clauses")


@admin.register(Offering)
class OfferingAdmin(
    FrozenOncePublished,
    TypedColumns,
    SimpleHistoryAdmin,  # type: ignore[misc]
    TranslationAdmin,  # type: ignore[type-arg]
):
    """Offerings with their conditions and limits."""

    form = OfferingAdminForm
    list_display = ("name", "edition", "code", "abbreviation", "category", "mark", "flex")
    list_filter = ("edition", "category", "mark", "flex", "is_group")
    list_select_related = ("edition",)
    search_fields = ("search_text", "code")
    fields = (
        ("edition", "code"),
        ("position", "table"),
        "name",
        "abbreviation",
        "former_name",
        "summary",
        ("category", "subcategory"),
        ("mark", "flex"),
        "delivery_modes",
        "onsite_barred",
        "languages",
        ("unit_of_sale", "business_hours"),
        ("location_constraint", "co_termination"),
        ("request_deadline", "exhibit"),
        "provider",
        ("is_group", "parent"),
        "includes",
        "clauses",
    )
    kept = ("edition", "code")
    vocabularies = {"delivery_modes": DeliveryMode, "languages": Language}
    words = {"includes": lambda row: in_a_row(names_of_offerings(row.edition, row.includes))}
    inlines = (ConditionInline, LimitInline)
    raw_id_fields = ("parent",)

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """New offerings go into drafts alone."""
        if db_field.name == "edition":
            kwargs["queryset"] = Edition.objects.filter(state=Edition.State.DRAFT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Offering, form: Any, change: bool) -> None:
        """The search follows the names."""
        super().save_model(request, obj, form, change)
        actions.make_searchable(offering=obj)
