"""Editions with their charts: what one changes against the published one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from services.catalog import queries
from services.catalog.models import Edition
from services.catalog.queries import Comparison, Difference
from services.catalog.wording import compared
from ussd_portal import editions


@require_safe
def edition_compare(request: HttpRequest, code: str) -> HttpResponse:
    """What an edition changes, entry by entry, against the published one."""
    edition = queries.edition_for(request.user, code) if may_edit(request) else None
    if edition is None:
        raise Http404
    published = queries.current_edition()
    comparison = editions.compare(published, edition) if published else None
    is_draft = edition.state == Edition.State.DRAFT
    query = f"?edition={edition.code}" if is_draft else ""
    context = {
        "edition": edition,
        "published": published,
        "comparison": comparison,
        "sections": sections_of(comparison) if comparison else [],
        "trail": [
            (reverse("catalog:offering-list") + query, _("Catalogue")),
            ("", _("Compare editions")),
        ],
        "gaps": editions.gaps_of(edition) if is_draft else [],
    }
    return render(request, "catalog/edition_compare.html", context)


def may_edit(request: HttpRequest) -> bool:
    """Whether the person edits the catalogue and so sees drafts."""
    user = request.user
    return user.is_authenticated and (
        user.role == User.Role.CATALOGUE_ADMINISTRATOR or user.is_superuser
    )


def sections_of(comparison: Comparison) -> list[tuple[str, list[Any]]]:
    """Titles with changes; of each change the lines of both sides."""
    return [
        (title, [(change, [_lines(row) for row in change.differences]) for change in changes])
        for title, changes in (
            (_("Services"), comparison.offerings),
            (_("Numbers of the contract"), comparison.terms),
            (_("Severity charts"), comparison.charts),
            (_("Clauses and readings"), comparison.clauses),
        )
        if changes
    ]


def _lines(row: Difference) -> tuple[str, list[str], list[str]]:
    return row.label, compared(row.old), compared(row.new)
