"""Editions in the administration: drafted, edited, published."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import User
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.catalog import actions, queries
from services.catalog.admin.drafts import FrozenInline, FrozenOncePublished, TypedColumns
from services.catalog.forms import DraftEditionForm, ReadingChoiceForm
from services.catalog.models import CancellationTier, Edition, ReadingChoice, Term


class TermInline(FrozenInline, TypedColumns, TranslationTabularInline):  # type: ignore[type-arg]
    """The numbers of the contract: their values change, their codes are those of the rules."""

    model = Term
    extra = 0
    fields = ("code", "value", "unit", "name", "clauses")
    readonly_fields = ("code", "unit")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The rules know which numbers there are."""
        return False


class CancellationTierInline(FrozenInline, TypedColumns, admin.TabularInline):  # type: ignore[type-arg]
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


@admin.register(Edition)
class EditionAdmin(FrozenOncePublished, TypedColumns, SimpleHistoryAdmin, TranslationAdmin):  # type: ignore[misc, type-arg]
    """Editions. A draft comes from a file or from an earlier edition."""

    list_display = ("code", "title", "state", "effective_on", "published_at", "steps")
    list_filter = ("state",)
    search_fields = ("code", "title_en", "title_zh_hans")
    date_hierarchy = "effective_on"
    fields = (
        "code",
        "title",
        "effective_on",
        "state",
        "based_on",
        "published_at",
        "published_by",
        "steps",
    )
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


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
