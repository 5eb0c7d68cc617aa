"""The list of incidents and the same rows as a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http.tables import csv_answer
from accounts.models import Customer, Location
from accounts.queries.calendars import business_hours
from incidents.forms.filters import IncidentFilters
from incidents.models import Incident
from incidents.queries.clocks import ClockView, response_clock
from incidents.queries.listing import incidents_for
from incidents.views.access import viewer
from incidents.wording.states import Shown, answered_words, fill_at, left_words, list_state

PER_PAGE = 25
EXPORTED_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident of the list."""

    incident: Incident
    clock: ClockView
    state: Shown
    words: str
    fill: str

    @property
    def bar(self) -> int:
        """The length of the bar, in percent."""
        return min(100, self.clock.percent)


@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """All incidents that the person may see, filtered, those with least time left first."""
    now, person = timezone.now(), viewer(request)
    form = _filters(request)
    wanted = form.wanted()
    found = incidents_for(person, wanted, now=now) if wanted else Incident.objects.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": form.is_filtered,
        "page_obj": page,
        "rows": list(_rows(page.object_list, now)),
        "may_open": person.may_act_for_customer,
        "now": now,
    }
    fragment = "#results" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"incidents/incident_list.html{fragment}", context)


@require_safe
def incident_export(request: HttpRequest) -> HttpResponse:
    """The same rows with the same filters, all pages, as CSV."""
    now, person = timezone.now(), viewer(request)
    wanted = _filters(request).wanted()
    found = incidents_for(person, wanted, now=now) if wanted else Incident.objects.none()
    header = (
        _("Incident"), _("Title"), _("Customer"), _("Location"), _("Product"), _("Severity"),
        _("State"), _("Submitted"), _("Chart"), _("Target in minutes"), _("Clock"), _("Due"),
        _("First response"), _("Left in minutes"), _("Closed"), _("Time zone"),
    )  # fmt: skip
    rows = (_exported(row) for row in _rows(found[:EXPORTED_AT_MOST], now))
    return csv_answer("incidents", header, rows)


def _exported(row: IncidentRow) -> tuple[object, ...]:
    incident = row.incident
    return (
        incident.number,
        incident.title,
        incident.customer.name,
        incident.location.name,
        incident.component_detail or incident.component.label,
        incident.severity,
        row.state.word,
        incident.submitted_at.isoformat(),
        incident.chart.name,
        incident.target_minutes,
        incident.get_clock_display(),
        incident.due_at.isoformat(),
        incident.first_response_at.isoformat() if incident.first_response_at else "",
        "" if row.clock.is_over else row.clock.left_minutes,
        incident.closed_at.isoformat() if incident.closed_at else "",
        incident.location.time_zone,
    )


def _rows(incidents: Iterable[Incident], now: datetime) -> Iterator[IncidentRow]:
    for incident in incidents:
        clock = response_clock(incident, business_hours(incident.location), now)
        yield IncidentRow(
            incident=incident,
            clock=clock,
            state=list_state(clock.state, clock.percent, is_closed=incident.closed_at is not None),
            words=_time_words(clock),
            fill=fill_at(clock.state, clock.percent),
        )


def _time_words(clock: ClockView) -> str:
    if clock.state in {"met", "missed"}:
        return answered_words(clock.state, clock.left_minutes)
    return "" if clock.state == "closed" else left_words(clock.left_minutes)


def _filters(request: HttpRequest) -> IncidentFilters:
    person: Any = viewer(request)
    return IncidentFilters(
        request.GET,
        customers=Customer.objects.visible_to(person),
        locations=Location.objects.visible_to(person),
    )
