"""Roles, products and components in the administration: edited in drafts (1-A1)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin

from incidents.forms.charts import ComponentForm
from incidents.models import Component, ProductKind, SupportRole
from services.catalog.admin import FrozenOncePublished, TypedColumns
from services.catalog.models import Edition


class IntoDrafts(FrozenOncePublished, TypedColumns):
    """New rows go into drafts alone."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only drafts are offered."""
        if db_field.name == "edition":
            kwargs["queryset"] = Edition.objects.filter(state=Edition.State.DRAFT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


@admin.register(SupportRole)
class SupportRoleAdmin(IntoDrafts, TranslationAdmin):  # type: ignore[type-arg]
    """Roles that charts assign."""

    list_display = ("name", "code", "edition")
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("code", "name_en", "name_zh_hans")
    fields = (("edition", "code"), "name", "clauses")
    kept = ("edition", "code")


@admin.register(Component)
class ComponentAdmin(IntoDrafts, TranslationAdmin):  # type: ignore[type-arg]
    """Products and components."""

    form = ComponentForm
    list_display = ("label", "name", "product_class", "online_service", "supported", "edition")
    list_filter = ("edition", "product_class", "online_service", "supported")
    list_select_related = ("edition",)
    search_fields = ("name", "label_en", "label_zh_hans")
    fields = (
        ("edition", "name"),
        "label",
        "aliases",
        "family",
        "product_class",
        "kinds",
        ("online_service", "supported"),
        "clauses",
    )
    kept = ("edition", "name")
    vocabularies = {"kinds": ProductKind}
