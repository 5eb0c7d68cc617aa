"""Editions in the administration, with their charts: out to a file and in from one.

Failed sign-ins too, as they are logged.
"""

from datetime import datetime
from typing import Any

from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules.refusal import Refused
from services.catalog.admin import EditionAdmin
from services.catalog.models import Edition
from ussd_portal import editions
from ussd_portal.forms import ImportEditionForm
from ussd_portal.views.editions import sections_of

admin.site.index_title = _("Overview")
admin.site.unregister(AccessAttempt)
admin.site.unregister(Edition)


@admin.register(AccessAttempt)
class AttemptAdmin(AccessAttemptAdmin):  # type: ignore[misc]
    """What expired is cleared at the next sign-in; the library's button for it fails."""

    actions = ()


@admin.register(Edition)
class WholeEditionAdmin(EditionAdmin):
    """As the catalogue's; a draft copies the charts too, and publishing needs them."""

    change_list_template = "admin/catalog/edition/change_list.html"

    def put_in_force(self, edition: Edition, *, by: Any, now: datetime) -> Edition:
        """Refused without charts."""
        return editions.publish_edition(edition=edition, by=by, now=now)

    def draft_from(self, edition: Edition, **head: Any) -> Edition:
        """With the charts."""
        return editions.draft_edition(based_on=edition, **head)

    def gaps_of(self, edition: Edition) -> list[str]:
        """The charts are among them."""
        return editions.gaps_of(edition)

    @admin.display(description=_("next steps"))
    def steps(self, edition: Edition) -> SafeString:
        """Comparing and exporting too."""
        more = (
            (reverse("edition-compare", args=[edition.code]), _("Compare with the published one")),
            (reverse("admin:catalog_edition_export", args=[edition.pk]), _("Export")),
        )
        links = format_html_join("", ' · <a href="{}">{}</a>', more)
        return format_html("{}{}", super().steps(edition), links)

    def get_urls(self) -> list[URLPattern]:
        """The catalogue's addresses, importing and exporting."""
        view = self.admin_site.admin_view
        own = [
            path("import/", view(self.import_view), name="catalog_edition_import"),
            path("<path:object_id>/export/", view(self.export_view), name="catalog_edition_export"),
        ]
        return [*own, *super().get_urls()]

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The edition as the file that `import_view` and `manage.py catalog load` take."""
        edition = self._edition(request, object_id)
        response = HttpResponse(
            editions.file_of(edition), content_type="application/yaml; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="edition-{edition.code}.yaml"'
        return response

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Takes a file, shows what it would change, and makes a draft of it once confirmed."""
        if not self.has_change_permission(request) or not isinstance(request.user, User):
            raise PermissionDenied
        form = ImportEditionForm(request.POST or None, request.FILES or None, by=request.user)
        preview = None
        if form.is_valid() and form.source:
            data = form.data_of(form.source)
            try:
                if form.is_confirmed:
                    return self._imported(request, editions.import_edition(data, by=request.user))
                preview = editions.preview_edition(data)
            except Refused as refused:
                form.refuse(refused)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import an edition"),
            "opts": self.model._meta,
            "form": form,
            "preview": preview,
            "kept": form.signed() if preview else "",
            "sections": sections_of(preview.comparison) if preview and preview.comparison else [],
        }
        status = 422 if form.errors else 200
        return TemplateResponse(
            request, "admin/catalog/edition/import.html", context, status=status
        )

    def _imported(self, request: HttpRequest, draft: Edition) -> HttpResponse:
        self.log_addition(request, draft, "imported")
        self.message_user(request, _("Imported as a draft: %(code)s") % {"code": draft.code})
        return redirect("admin:catalog_edition_change", draft.pk)
