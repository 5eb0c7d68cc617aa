"""The list of incidents and the same rows as a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http.access import viewer
from accounts.http.addresses import numbered_page
from accounts.http.tables import csv_answer
from accounts.models import Customer, Location
from accounts.queries.calendars import business_hours
from accounts.wording import formats
from incidents.actions.queue import FILTERS
from incidents.forms.filters import IncidentFilters
from incidents.forms.queue import BulkForm, ViewForm
from incidents.models import Incident, SavedView
from incidents.queries.clocks import ClockView, response_clock, time_left
from incidents.queries.listing import incidents_for
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
    business_left: int | None
    wall_left: int | None

    @property
    def wall_words(self) -> str:
        """What is left by the calendar."""
        return "" if self.wall_left is None else _signed(self.wall_left)

    @property
    def business_words(self) -> str:
        """What is left in business hours of the contact's location; empty on a 24x7 clock."""
        return "" if self.business_left is None else _signed(self.business_left)

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
    page = numbered_page(request, found, PER_PAGE)
    shown = _kept(request)
    context = {
        "form": form,
        "is_filtered": form.is_filtered,
        "page_obj": page,
        "rows": list(_rows(page.object_list, now)),
        "may_open": person.may_act_for_customer,
        "bulk": BulkForm(incidents=Incident.objects.none()),
        "views": SavedView.objects.filter(owner=person),
        "shown_query": shown,
        "view_form": ViewForm(initial={"query": shown}),
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
        _("First response"), _("Minutes left by the calendar"), _("Minutes left in business hours"),
        _("Closed"), _("Time zone"),
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
        row.wall_left,
        row.business_left,
        incident.closed_at.isoformat() if incident.closed_at else "",
        incident.location.time_zone,
    )


def _rows(incidents: Iterable[Incident], now: datetime) -> Iterator[IncidentRow]:
    for incident in incidents:
        hours = business_hours(incident.location)
        clock = response_clock(incident, hours, now)
        wall, business = time_left(clock, hours, now)
        yield IncidentRow(
            incident=incident,
            clock=clock,
            state=list_state(clock.state, clock.percent, is_closed=incident.closed_at is not None),
            words=_time_words(clock),
            fill=fill_at(clock.state, clock.percent),
            wall_left=wall,
            business_left=business,
        )


def _signed(minutes: int) -> str:
    """A duration, negative past the target."""
    sign = "−" if minutes < 0 else ""
    return f"{sign}{formats.duration(abs(minutes))}"


def _time_words(clock: ClockView) -> str:
    if clock.state in {"met", "missed"}:
        return answered_words(clock.state, clock.left_minutes)
    return "" if clock.state == "closed" else left_words(clock.left_minutes)


def _kept(request: HttpRequest) -> str:
    """The filters that are set, as an address has them."""
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    return urlencode(kept)


def _filters(request: HttpRequest) -> IncidentFilters:
    person: Any = viewer(request)
    return IncidentFilters(
        request.GET,
        customers=Customer.objects.visible_to(person),
        locations=Location.objects.visible_to(person),
    )
