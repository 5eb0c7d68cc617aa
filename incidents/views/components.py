"""The catalogue's pages of products and components."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http.addresses import numbered_page
from incidents.forms.filters import ComponentFilter
from incidents.models import Chart, Component, Severity
from incidents.queries.chart_sheets import Treatment, treatments
from incidents.queries.components import search_components
from incidents.wording.charts import class_words, kind_words
from services.catalog.models import Edition
from services.catalog.views import asked_edition, page_or_partial, trail_to

PER_PAGE = 50


@require_safe
def component_list(request: HttpRequest) -> HttpResponse:
    """Products of an edition with their class, searched and filtered while one types."""
    edition = asked_edition(request)
    form = ComponentFilter(request.GET)
    chosen = form.chosen
    components = Component.objects.filter(edition=edition)
    page = numbered_page(request, _found(components, chosen), PER_PAGE)
    context = {
        "edition": edition,
        "form": form,
        "filtering": bool(chosen),
        "total": components.count(),
        "page_obj": page,
        "rows": [(row, [kind_words(kind) for kind in row.kinds]) for row in page],
        "trail": [*trail_to(edition), ("", _("Products and components"))],
    }
    return page_or_partial(request, "incidents/component_list.html", "results", context)


@require_safe
def component_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One product: its class, its names, and what each chart makes of it."""
    edition = asked_edition(request)
    component = get_object_or_404(Component, edition=edition, name=name)
    query = "" if edition.state == Edition.State.PUBLISHED else f"?edition={edition.code}"
    charts = {chart.code: chart for chart in Chart.objects.filter(edition=edition)}
    context = {
        "edition": edition,
        "component": component,
        "kinds": [kind_words(kind) for kind in component.kinds],
        "family": _family(component),
        "rows": [
            (charts[one.chart], one, class_words(one.product_class), _times(one))
            for one in treatments(edition, component.name)
        ],
        "severities": Severity.values,
        "trail": [
            *trail_to(edition),
            (reverse("charts:component-list") + query, _("Products and components")),
            ("", component.label),
        ],
    }
    return render(request, "incidents/component_detail.html", context)


def _found(components: QuerySet[Component], chosen: dict[str, str]) -> QuerySet[Component]:
    found = search_components(components, chosen.get("q", ""))
    if product_class := chosen.get("product_class"):
        found = found.filter(product_class=product_class)
    if kind := chosen.get("kind"):
        found = found.filter(kinds__icontains=kind)
    return found


def _family(component: Component) -> Component | None:
    if not component.family or component.family == component.name:
        return None
    return Component.objects.filter(edition=component.edition_id, name=component.family).first()


def _times(one: Treatment) -> list[Any]:
    return [one.minutes.get(severity) for severity in Severity.values]
