"""The register of clauses and the pillars in the administration."""

from django.contrib import admin
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from services.catalog.admin.drafts import FrozenInline, FrozenOncePublished, TypedColumns
from services.catalog.models import Clause, Pillar, PillarActivity


@admin.register(Clause)
class ClauseAdmin(FrozenOncePublished, TypedColumns, TranslationAdmin):  # type: ignore[type-arg]
    """The register."""

    list_display = ("code", "title", "edition")
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("code", "title_en", "title_zh_hans", "rule_en", "rule_zh_hans")
    fields = (("edition", "code"), "position", "title", "rule", "clauses", "cases")
    kept = ("edition", "code")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The register is loaded with its edition."""
        return False


class PillarActivityInline(FrozenInline, TypedColumns, TranslationTabularInline):  # type: ignore[type-arg]
    """The activities of a pillar."""

    model = PillarActivity
    extra = 0
    fields = ("position", "code", "name", "summary", "clauses")
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 36})}}


@admin.register(Pillar)
class PillarAdmin(FrozenOncePublished, TypedColumns, TranslationAdmin):  # type: ignore[type-arg]
    """The pillars of success management with their activities."""

    list_display = ("name", "code", "edition")
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("code", "name_en", "name_zh_hans")
    fields = (("edition", "code"), "position", "name", "summary", "clauses")
    kept = ("edition", "code")
    inlines = (PillarActivityInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The pillars are loaded with their edition."""
        return False
