"""The replay page: a customer's year under other programmes, on screen, as CSV and as paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.http.access import viewer
from accounts.http.languages import in_language
from accounts.http.papers import paper_answer
from accounts.http.tables import csv_answer
from accounts.models import Customer
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from incidents.models import Chart
from incidents.queries.replays import Option, Replay, Year, replay_year
from incidents.rules.replay import Replayed
from incidents.wording.reasons import replay_words
from incidents.wording.replays import saved_bars
from workorders.queries.locations import zone_of
from workorders.queries.notes import clause_notes
from workorders.wording.statements import file_name

MINUTE = timedelta(minutes=1)
SHOWN = 200
# What targets are, and how the charts are compared.
CLAUSES = ("2.3-RE15", "0-C14")


@dataclass(frozen=True, slots=True)
class Column:
    """A programme: its figures, and the chart's page."""

    option: Option
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """An incident with what each programme makes of it, in the order of the columns."""

    replay: Replay
    cells: list[Replayed]
    answered: int | None


@require_safe
def incident_replay(request: HttpRequest, customer: int) -> HttpResponse:
    """Last year's incidents under programmes that the work order doesn't hold."""
    now, person = timezone.now(), viewer(request)
    found = get_object_or_404(Customer.objects.visible_to(person), pk=customer)
    year = replay_year(found, viewer=person, now=now)
    context = told_of(found, year) | {
        "now": now,
        "trail": [
            (reverse("incidents:incident-list"), _("Incidents")),
            (
                f"{reverse('incidents:incident-list')}?customer={found.pk}&state=all",
                found.name,
            ),
            ("", _("Replay")),
        ],
    }
    return render(request, "incidents/incident_replay.html", context)


@require_safe
def incident_replay_paper(request: SignedInRequest, customer: int) -> HttpResponse:
    """The same as a paper to hand over, in the language of `lang` or the reader's."""
    now, person = timezone.now(), viewer(request)
    found = get_object_or_404(Customer.objects.visible_to(person), pk=customer)
    with in_language(request) as language:
        year = replay_year(found, viewer=person, now=now)
        zone = zone_of(found)
        today = local_date(year.until, zone)
        context = told_of(found, year) | {
            "today": today,
            "since": local_date(year.since, zone),
            "zone": zone,
            "notes": clause_notes(CLAUSES, {one.incident.order.edition for one in year.rows}),
        }
        name = file_name("replay", found.short_name, today, language)
        try:
            return paper_answer(name, "incidents/papers/replay.html", context)
        except Refused as refusal:
            messages.error(request, refusal_words(refusal).sentence)
    return redirect("incidents:incident-replay", customer)


@require_safe
def incident_replay_export(request: HttpRequest, customer: int) -> HttpResponse:
    """Every incident under every programme, a row each, as CSV."""
    now, person = timezone.now(), viewer(request)
    found = get_object_or_404(Customer.objects.visible_to(person), pk=customer)
    year = replay_year(found, viewer=person, now=now)
    header = (
        _("Incident"), _("Submitted"), _("Severity"), _("Product"), _("Submitted by"),
        _("Target in minutes"), _("Answered after minutes"), _("Programme"),
        _("Held at the time"), _("Target under it in minutes"), _("Minutes shorter"),
        _("By the portal in minutes"), _("Reason"),
    )  # fmt: skip
    return csv_answer("replay", header, _exported(year, _names(year)))


def told_of(customer: Customer, year: Year) -> dict[str, Any]:
    """The year as page and paper tell it: every programme, and the latest incidents."""
    names = _names(year)
    return {
        "customer": customer,
        "year": year,
        "columns": [
            Column(one, one.chart, names.get(one.chart, one.chart)) for one in year.options
        ],
        "rows": list(_rows(year))[:SHOWN],
        "bars": saved_bars([(one.chart, one.saved) for one in year.options], names),
        "any": any(one.saved or one.by_portal for one in year.options),
    }


def _rows(year: Year) -> Iterator[Row]:
    for one in year.rows:
        by_chart = {cell.chart: cell for cell in one.replayed}
        cells = [by_chart[option.chart] for option in year.options if option.chart in by_chart]
        answered = None if one.answered_after is None else one.answered_after // MINUTE
        yield Row(one, cells, answered)


def _exported(year: Year, names: dict[str, str]) -> Iterator[tuple[object, ...]]:
    for row in _rows(year):
        incident = row.replay.incident
        for cell in row.cells:
            yield (
                incident.number,
                incident.submitted_at.isoformat(),
                row.replay.severity,
                incident.component.label,
                incident.get_channel_display(),
                row.replay.minutes,
                "" if row.answered is None else row.answered,
                names.get(cell.chart, cell.chart),
                _("yes") if cell.chart in row.replay.held else _("no"),
                cell.minutes,
                cell.saved,
                "" if cell.by_portal is None else cell.by_portal,
                replay_words(cell.reason, component=incident.component.label),
            )


def _names(year: Year) -> dict[str, str]:
    editions = {row.incident.order.edition_id for row in year.rows}
    charts = Chart.objects.filter(edition__in=editions).order_by("edition__effective_on")
    return {chart.code: chart.name for chart in charts}
