"""The catalogue: offerings, clauses, readings."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http.addresses import numbered_page
from accounts.wording.clauses import clause_name, is_reading
from services.catalog import queries
from services.catalog.forms import OfferingFilter, ReadingFilter
from services.catalog.models import Clause, DeliveryMode, Edition, Offering
from services.catalog.queries.register import Choice
from services.catalog.wording import (
    condition_groups,
    facts_in_words,
    listed,
    term_in_words,
)

PER_PAGE = 25


@require_safe
def offering_list(request: HttpRequest) -> HttpResponse:
    """All offerings of an edition, searched and filtered while one types."""
    edition = asked_edition(request)
    form = OfferingFilter(request.GET)
    chosen = form.chosen
    offerings = Offering.objects.filter(edition=edition)
    found = queries.filtered(queries.search(offerings, chosen.get("q", "")), chosen)
    page = numbered_page(request, found, PER_PAGE)
    context = {
        "edition": edition,
        "others": Edition.objects.visible_to(request.user).exclude(pk=edition.pk),
        "form": form,
        "filtering": bool(chosen),
        "total": offerings.count() if chosen else page.paginator.count,
        "page_obj": page,
        "rows": [(row, listed(DeliveryMode, row.delivery_modes)) for row in page],
    }
    return page_or_partial(request, "catalog/offering_list.html", "results", context)


@require_safe
def offering_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One offering: what it is, how it is sold, what binds it."""
    edition = asked_edition(request)
    offering = get_object_or_404(
        Offering.objects.select_related("parent").prefetch_related(
            "conditions", "limits", "members"
        ),
        edition=edition,
        code=code,
    )
    context = {
        "edition": edition,
        "offering": offering,
        "facts": _facts(offering, edition),
        "groups": condition_groups(offering),
        "members": offering.members.all(),
        "included": Offering.objects.filter(edition=edition, code__in=offering.includes),
        "clauses": Clause.objects.filter(edition=edition, code__in=queries.clauses_of(offering)),
        "trail": [*trail_to(edition), ("", offering.name)],
    }
    return render(request, "catalog/offering_detail.html", context)


@require_safe
def clause_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A clause or reading, and what rests on it."""
    edition = asked_edition(request)
    if not code.isprintable():
        raise Http404
    clause = get_object_or_404(Clause, edition=edition, code=code)
    usage = queries.usage_of(clause)
    name = clause_name(clause.code)
    reading = is_reading(clause.code)
    readings = [(reverse("catalog:reading-list"), _("Readings of the text"))] if reading else []
    context = {
        "edition": edition,
        "clause": clause,
        "name": name,
        "is_reading": reading,
        "choice": queries.choices_of(edition).get(clause.code) if reading else None,
        "usage": usage,
        "terms": [(term, term_in_words(term)) for term in usage.terms],
        "trail": [*trail_to(edition), *readings, ("", name)],
    }
    return render(request, "catalog/clause_detail.html", context)


@require_safe
def reading_list(request: HttpRequest) -> HttpResponse:
    """Where the text is open or contradicts itself, and how it is read here."""
    edition = asked_edition(request)
    form = ReadingFilter(request.GET)
    form.is_valid()
    readings = queries.readings_in(Clause.objects.filter(edition=edition))
    found = queries.search_clauses(readings, form.cleaned_data.get("q", ""))
    choices = queries.choices_of(edition)
    rows = [(row, choices.get(row.code)) for row in found]
    context = {
        "edition": edition,
        "form": form,
        "total": readings.count(),
        "found": len(rows),
        "groups": [
            (title, group)
            for title, group in (
                (_("Chosen by the edition"), [one for one in rows if one[1]]),
                (_("Conventions: what the text leaves open"), _without_choice(rows, "0-")),
                (_("Contradictions and slips"), _without_choice(rows, "X-")),
            )
            if group
        ],
        "may_choose": _may_choose(request, edition),
        "trail": [*trail_to(edition), ("", _("Readings of the text"))],
    }
    return page_or_partial(request, "catalog/reading_list.html", "results", context)


def _without_choice(
    rows: list[tuple[Clause, Choice | None]], start: str
) -> list[tuple[Clause, Choice | None]]:
    return [one for one in rows if one[1] is None and one[0].code.startswith(start)]


def _may_choose(request: HttpRequest, edition: Edition) -> bool:
    """Whether the person edits this draft in the administration."""
    draft = edition.state == Edition.State.DRAFT
    return draft and getattr(request.user, "has_perm", lambda _name: False)(
        "catalog.change_edition"
    )


def asked_edition(request: HttpRequest) -> Edition:
    """The edition asked for, or the published one; 404 for what one may not see."""
    edition = queries.edition_for(request.user, request.GET.get("edition", ""))
    if edition is None:
        raise Http404
    request.edition_code = edition.code  # type: ignore[attr-defined]
    if edition.state != Edition.State.PUBLISHED:
        request.clause_edition = edition.code  # type: ignore[attr-defined]
    return edition


def trail_to(edition: Edition) -> list[tuple[str, str]]:
    """The way from the catalogue of `edition`."""
    query = "" if edition.state == Edition.State.PUBLISHED else f"?edition={edition.code}"
    return [(reverse("catalog:offering-list") + query, _("Catalogue"))]


def _facts(offering: Offering, edition: Edition) -> list[Any]:
    try:
        return facts_in_words(offering, queries.terms_of(edition))
    except ValueError:
        return []  # a draft whose terms are incomplete; the comparison says what is missing


def page_or_partial(
    request: HttpRequest, template: str, partial: str, context: dict[str, Any]
) -> HttpResponse:
    """The page, or the part of it that a filter changes."""
    htmx = getattr(request, "htmx", None)
    name = f"{template}#{partial}" if htmx and not htmx.boosted else template
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    if name != template:
        asked = {key: value for key, value in request.GET.items() if value}
        response["HX-Replace-Url"] = f"{request.path}?{urlencode(asked)}" if asked else request.path
    return response
