"""The catalogue's pages of severity charts: all side by side, and each cell by cell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incidents.models import Chart, ProductClass, Severity
from incidents.queries.chart_sheets import charts_in, offerings_of, product_names, role_names
from incidents.wording.charts import Sheet, place_of, sheet_of
from services.catalog.models import Edition
from services.catalog.views import asked_edition, trail_to


@require_safe
def chart_list(request: HttpRequest) -> HttpResponse:
    """How soon each chart of an edition promises an answer."""
    edition = asked_edition(request)
    charts = list(charts_in(edition))
    roles, products = role_names(edition), product_names(edition)
    context = {
        "edition": edition,
        "rows": [(chart, _by_severity(sheet_of(chart, roles=roles, products=products)),
                  place_of(chart, len(charts))) for chart in charts],
        "severities": Severity.values,
        "trail": [*trail_to(edition), ("", _("Severity charts"))],
    }  # fmt: skip
    return render(request, "incidents/chart_list.html", context)


@require_safe
def chart_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One chart; `severity` and `class` in the address mark the target that somebody came for."""
    edition = asked_edition(request)
    chart = get_object_or_404(charts_in(edition), code=code)
    severity = request.GET.get("severity", "")
    product_class = request.GET.get("class", "")
    context = {
        "edition": edition,
        "chart": chart,
        "sheet": sheet_of(chart, roles=role_names(edition), products=product_names(edition)),
        "offerings": offerings_of(chart),
        "place": place_of(chart, Chart.objects.filter(edition=edition).count()),
        "marked": severity if severity in Severity.values else "",
        "marked_cell": f"severity-{severity}-target-{product_class}"
        if product_class in ProductClass.values
        else "",
        "trail": [*trail_to(edition), (charts_address(edition), _("Severity charts")),
                  ("", chart.name)],
    }  # fmt: skip
    return render(request, "incidents/chart_detail.html", context)


def charts_address(edition: Edition) -> str:
    """Where the charts of `edition` stand."""
    query = "" if edition.state == Edition.State.PUBLISHED else f"?edition={edition.code}"
    return reverse("charts:chart-list") + query


def _by_severity(sheet: Sheet) -> list[tuple[str, list[tuple[str, str]]]]:
    """For each severity its targets as class and time; none where the chart prints none."""
    found = {
        row.severity: [
            (cell.label, cell.text) for cell in row.microsoft if "-target-" in cell.anchor
        ]
        for row in sheet.severities
    }
    return [(severity, _merged(found.get(severity, []))) for severity in Severity.values]


def _merged(targets: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Classes with the same time are told once, without their names."""
    times = {text for _label, text in targets}
    return [("", times.pop())] if len(times) == 1 else targets
