"""The catalogue in the administration: drafts are edited, published editions only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import Field, Textarea
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import User
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.catalog import actions, queries
from services.catalog.forms import (
    ClauseIdsField,
    DraftEditionForm,
    OfferingAdminForm,
    ReadingChoiceForm,
)
from services.catalog.models import (
    Availability,
    CancellationTier,
    Clause,
    Condition,
    CreditValue,
    DeliveryMode,
    Edition,
    Language,
    Limit,
    Offering,
    Pillar,
    PillarActivity,
    ReadingChoice,
    Term,
)
from services.catalog.wording import listed


def edition_of(row: Any) -> Edition:
    """The edition that a row belongs to, or is."""
    owner = row if hasattr(row, "edition_id") else getattr(row, "offering", row)
    edition: Edition = getattr(owner, "edition", owner)
    return edition


class HeldWhileChanged:
    """A change that comes after its edition was published is refused in words (1-A1)."""

    def edition_of(self, row: Any) -> Edition:
        """The edition that a row belongs to, or is."""
        return edition_of(row)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """As the stock one; `save_model` holds the draft in its transaction."""
        with self._told(request, object_id):
            response: HttpResponse = super().changeform_view(  # type: ignore[misc]
                request, object_id, *args, **kwargs
            )
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """As the stock one; `delete_model` holds the draft in its transaction."""
        with self._told(request, object_id):
            response: HttpResponse = super().delete_view(  # type: ignore[misc]
                request, object_id, *args, **kwargs
            )
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Into a draft alone."""
        actions.hold_draft(edition=self.edition_of(obj))
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Out of a draft alone."""
        actions.hold_draft(edition=self.edition_of(obj))
        super().delete_model(request, obj)  # type: ignore[misc]

    @contextmanager
    def _told(self, request: HttpRequest, object_id: str | None) -> Iterator[None]:
        row = object_id and self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        try:
            if row and request.method == "POST" and self.has_view_permission(request, row):  # type: ignore[attr-defined]
                with transaction.atomic():
                    actions.hold_draft(edition=self.edition_of(row))
            yield
        except Refused as refusal:
            raise PermissionDenied(refusal_words(refusal).sentence) from None


class OfDrafts:
    """Rows may be changed while their edition is a draft (1-A1)."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts."""
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or edition_of(obj).state == Edition.State.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts, one by one."""
        allowed: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed and obj is not None and edition_of(obj).state == Edition.State.DRAFT


class FrozenOncePublished(HeldWhileChanged, OfDrafts):
    """Rows are changed while their edition is a draft, and only read afterwards (1-A1)."""


class FrozenInline(OfDrafts):
    """As its parent; `obj` is the parent's row here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts."""
        allowed: bool = super().has_add_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or edition_of(obj).state == Edition.State.DRAFT)


class CitesClauses:
    """Clause ids are written as a line of ids."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """A line for `clauses`, the stock widget for the rest."""
        if db_field.name.endswith("clauses"):
            return ClauseIdsField(label=capfirst(db_field.verbose_name))
        field: Field | None = super().formfield_for_dbfield(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        return field


class TermInline(FrozenInline, CitesClauses, TranslationTabularInline):  # type: ignore[type-arg]
    """The numbers of the contract: their values change, their codes are those of the rules."""

    model = Term
    extra = 0
    fields = ("code", "value", "unit", "name", "clauses")
    readonly_fields = ("code", "unit")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The rules know which numbers there are."""
        return False


class CancellationTierInline(FrozenInline, CitesClauses, admin.TabularInline):  # type: ignore[type-arg]
    """The cancellation scale."""

    model = CancellationTier
    extra = 0
    fields = ("min_lead_days", "percent", "clauses")


class ReadingChoiceInline(FrozenInline, admin.TabularInline):  # type: ignore[type-arg]
    """How the edition reads what can be read in two ways: which reading, not which text."""

    model = ReadingChoice
    form = ReadingChoiceForm
    extra = 0
    fields = ("reading", "option")
    readonly_fields = ("reading",)
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The rules know which readings there are."""
        return False


class ConditionInline(FrozenInline, CitesClauses, TranslationTabularInline):  # type: ignore[type-arg]
    """What binds an offering."""

    model = Condition
    extra = 0
    fields = ("position", "kind", "text", "clauses")
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 36})}}


class LimitInline(FrozenInline, CitesClauses, admin.TabularInline):  # type: ignore[type-arg]
    """Typed limits of an offering."""

    model = Limit
    extra = 0
    fields = ("code", "value", "unit", "clauses")


@admin.register(Edition)
class EditionAdmin(FrozenOncePublished, CitesClauses, SimpleHistoryAdmin, TranslationAdmin):  # type: ignore[misc, type-arg]
    """Editions. A draft comes from a file or from an earlier edition."""

    list_display = ("code", "title", "state", "effective_on", "published_at", "steps")
    list_filter = ("state",)
    search_fields = ("code", "title_en", "title_zh_hans")
    date_hierarchy = "effective_on"
    readonly_fields = ("state", "based_on", "published_at", "published_by", "steps")
    inlines = (TermInline, CancellationTierInline, ReadingChoiceInline)
    actions = ("publish",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No edition begins empty."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The stock addresses, publishing and drafting."""
        view = self.admin_site.admin_view
        own = [
            path(
                "<path:object_id>/publish/",
                view(self.publish_view),
                name="catalog_edition_publish",
            ),
            path("<path:object_id>/draft/", view(self.draft_view), name="catalog_edition_draft"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=_("next steps"))
    def steps(self, edition: Edition) -> SafeString:
        """What can be done with an edition."""
        draft = edition.state == Edition.State.DRAFT
        name, words = (
            ("admin:catalog_edition_publish", _("Publish…"))
            if draft
            else ("admin:catalog_edition_draft", _("Draft a new edition from it…"))
        )
        return format_html('<a href="{}">{}</a>', reverse(name, args=[edition.pk]), words)

    @admin.action(description=_("Publish the selected edition…"), permissions=["change"])
    def publish(
        self, request: HttpRequest, queryset: "models.QuerySet[Edition]"
    ) -> HttpResponse | None:
        """To the confirmation, for one edition at a time."""
        if queryset.count() != 1:
            self.message_user(request, _("Choose exactly one edition."), messages.ERROR)
            return None
        return redirect("admin:catalog_edition_publish", queryset.get().pk)

    # What a package above adds to an edition it adds to these three.

    def put_in_force(self, edition: Edition, *, by: User, now: datetime) -> Edition:
        """Publish an edition."""
        return actions.publish_edition(edition=edition, by=by, now=now)

    def draft_from(self, edition: Edition, **head: Any) -> Edition:
        """A new draft with everything that `edition` has."""
        return actions.draft_edition(based_on=edition, **head)

    def gaps_of(self, edition: Edition) -> list[str]:
        """What keeps a draft from being published."""
        return queries.gaps_of(edition)

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Says what publishing does and what is missing; publishes on POST."""
        edition = self._edition(request, object_id)
        if request.method == "POST":
            try:
                self.put_in_force(edition, by=_person(request), now=timezone.now())
            except Refused as refusal:
                self.message_user(request, refusal_words(refusal).sentence, messages.ERROR)
            else:
                self.log_change(request, edition, "published")
                self.message_user(request, _("Published: %(code)s") % {"code": edition.code})
                return redirect("admin:catalog_edition_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish %(code)s?") % {"code": edition.code},
            "opts": self.model._meta,
            "edition": edition,
            "published": queries.current_edition(),
            "gaps": self.gaps_of(edition),
        }
        return TemplateResponse(request, "admin/catalog/edition/publish.html", context)

    def draft_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A form for the head of a new draft; everything else is copied."""
        edition = self._edition(request, object_id)
        form = DraftEditionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            try:
                draft = self.draft_from(
                    edition,
                    code=given["code"],
                    titles={"en": given["title_en"], "zh-hans": given["title_zh"]},
                    effective_on=given["effective_on"],
                    by=_person(request),
                )
            except Refused as refusal:
                form.add_error(refusal.field or None, refusal_words(refusal).sentence)
            else:
                self.log_addition(request, draft, "drafted")
                return redirect("admin:catalog_edition_change", draft.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Draft a new edition from %(code)s") % {"code": edition.code},
            "opts": self.model._meta,
            "edition": edition,
            "form": form,
        }
        return TemplateResponse(request, "admin/catalog/edition/draft.html", context)

    def _edition(self, request: HttpRequest, object_id: str) -> Edition:
        if not self.has_change_permission(request):
            raise PermissionDenied
        key = unquote(object_id)
        return get_object_or_404(Edition, pk=key if key.isdecimal() else None)


@admin.register(Offering)
class OfferingAdmin(
    FrozenOncePublished,
    CitesClauses,
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
    inlines = (ConditionInline, LimitInline)
    raw_id_fields = ("parent",)

    @admin.display(description=_("delivery"))
    def delivery_in_words(self, offering: Offering) -> str:
        """Read only."""
        return listed(DeliveryMode, offering.delivery_modes)

    @admin.display(description=_("languages"))
    def languages_in_words(self, offering: Offering) -> str:
        """Read only."""
        return listed(Language, offering.languages)

    def get_fields(self, request: HttpRequest, obj: Offering | None = None) -> Any:
        """Codes in words where they are only read."""
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        words = {"delivery_modes": "delivery_in_words", "languages": "languages_in_words"}
        return [words.get(name, name) if isinstance(name, str) else name for name in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Offering | None = None) -> Any:
        """An offering stays in its edition, under its code."""
        in_words = ("delivery_in_words", "languages_in_words")
        return ("edition", "code", *in_words) if obj else in_words

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


@admin.register(Clause)
class ClauseAdmin(FrozenOncePublished, CitesClauses, TranslationAdmin):  # type: ignore[type-arg]
    """The register."""

    list_display = ("code", "title", "edition")
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("code", "title_en", "title_zh_hans", "rule_en", "rule_zh_hans")

    def get_readonly_fields(self, request: HttpRequest, obj: Clause | None = None) -> Any:
        """A clause keeps its id."""
        return ("edition", "code") if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The register is loaded with its edition."""
        return False


class PillarActivityInline(FrozenInline, CitesClauses, TranslationTabularInline):  # type: ignore[type-arg]
    """The activities of a pillar."""

    model = PillarActivity
    extra = 0
    fields = ("position", "code", "name", "summary", "clauses")
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 36})}}


@admin.register(Pillar)
class PillarAdmin(FrozenOncePublished, CitesClauses, TranslationAdmin):  # type: ignore[type-arg]
    """The pillars of success management with their activities."""

    list_display = ("name", "code", "edition")
    list_filter = ("edition",)
    list_select_related = ("edition",)
    search_fields = ("code", "name_en", "name_zh_hans")
    fields = (("edition", "code"), "position", "name", "summary", "clauses")
    inlines = (PillarActivityInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Pillar | None = None) -> Any:
        """A pillar keeps its edition and its code."""
        return ("edition", "code") if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The pillars are loaded with their edition."""
        return False


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


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
