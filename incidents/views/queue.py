"""Around the list: the same for several, saved views, and a customer's history."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http.access import acting, viewer
from accounts.http.tables import csv_answer
from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from accounts.wording import formats
from accounts.wording.refusals import refusal_words
from incidents.actions import queue
from incidents.forms.queue import BulkForm, HistoryForm, ViewForm
from incidents.models import Incident, SavedView
from incidents.queries.history import History, Kept, history_of
from incidents.queries.names import names_of
from incidents.queries.situations import newest_edition
from workorders.queries.locations import zone_of

YEAR = timedelta(days=365)


@require_POST
def incident_bulk(request: HttpRequest) -> HttpResponse:
    """The same for all that are chosen; what was refused is listed with its reason."""
    now, person = timezone.now(), acting(request)
    shown = f"{reverse('incidents:incident-list')}?{request.GET.urlencode()}".rstrip("?")
    form = BulkForm(request.POST, incidents=Incident.objects.visible_to(person))
    if not form.is_valid():
        words = formats.sentences(
            *(str(error) for errors in form.errors.values() for error in errors)
        )
        messages.error(request, _("Nothing was changed: %(why)s") % {"why": words})
        return redirect(shown)
    given = form.cleaned_data
    outcomes = queue.update_several(
        incidents=given["incidents"],
        act=given["act"],
        text=given["text"],
        by=person,
        now=now,
        idempotency_key=given["key"],
    )
    refused = [one for one in outcomes if one.refusal is not None]
    done = len(outcomes) - len(refused)
    if done:
        said = ngettext("%(count)s incident changed.", "%(count)s incidents changed.", done)
        messages.success(request, said % {"count": done})
    if not refused:
        return redirect(shown)
    context = {"refused": refused, "done": done, "shown": shown, "trail": _trail(_("Not changed"))}
    return render(request, "incidents/incident_bulk.html", context, status=422)


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name."""
    person, form = viewer(request), ViewForm(request.POST)
    query = request.POST.get("query", "")[:500]
    if form.is_valid():
        try:
            view = queue.save_view(by=person, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal_words(refusal).sentence)
        else:
            messages.success(request, _("The view is saved."))
            query = view.query
    else:
        messages.error(request, _("A view needs a name of at most 60 characters."))
    return redirect(f"{reverse('incidents:incident-list')}?{query}")


@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view."""
    person = viewer(request)
    queue.delete_view(
        view=get_object_or_404(SavedView.objects.visible_to(person), pk=pk), by=person
    )
    messages.success(request, _("The view is deleted."))
    return redirect("incidents:incident-list")


@require_safe
def incident_history(request: HttpRequest) -> HttpResponse:
    """A customer's incidents looked back on, as a page or as a file."""
    now, person = timezone.now(), viewer(request)
    customers = Customer.objects.visible_to(person)
    form = HistoryForm(_asked(request, person), customers=customers)
    history, customer = None, None
    since = until = None
    if form.is_valid():
        customer = form.cleaned_data["customer"]
        until = form.cleaned_data["until"] or local_date(now, zone_of(customer))
        since = form.cleaned_data["since"] or until - YEAR
        history = _history(person, customer, since, until, now)
    if request.GET.get("format") == "csv" and history and customer:
        return _as_file(history, customer)
    context = {
        "form": form,
        "history": history,
        "customer": customer,
        "since": since,
        "until": until,
        "duties": _named(history, customer) if history and customer else (),
        "trail": _trail(_("History")),
    }
    return render(request, "incidents/incident_history.html", context)


def _asked(request: HttpRequest, person: User) -> Any:
    """What is asked for; without a customer the one with the latest incident."""
    data = request.GET.copy()
    if not data.get("customer"):
        latest = (
            Incident.objects.visible_to(person)
            .order_by("-submitted_at", "-pk")
            .values_list("customer", flat=True)
            .first()
        )
        if latest is None:
            return None
        data["customer"] = str(latest)
    return data


def _history(person: User, customer: Customer, since: date, until: date, now: datetime) -> History:
    zone = ZoneInfo(zone_of(customer))
    return history_of(
        Incident.objects.visible_to(person),
        customer,
        since=datetime.combine(since, time(), zone),
        until=datetime.combine(until + timedelta(days=1), time(), zone),
        now=now,
    )


def _named(history: History, customer: Customer) -> list[tuple[str, Kept]]:
    edition = newest_edition(customer)
    if edition is None:
        return list(history.duties.items())
    names = names_of(edition)
    return [(names.duty(code), kept) for code, kept in history.duties.items()]


def _as_file(history: History, customer: Customer) -> HttpResponse:
    """The three tables of the page, one after another."""
    header = (_("Table"), _("Row"), _("Opened"), _("Met"), _("Missed"), _("Pending"), _("Median"))
    rows: list[tuple[object, ...]] = [
        (
            _("Severity"),
            row.severity,
            row.opened,
            row.response.met,
            row.response.missed,
            row.response.pending,
            row.median_minutes,
        )
        for row in history.severities
    ]
    rows += [(_("Product"), row.label, row.total) for row in history.products]
    rows += [
        (_("Duty"), words, "", kept.met, kept.missed, kept.pending)
        for words, kept in _named(history, customer)
    ]
    return csv_answer("incident-history", header, rows)


def _trail(last: str) -> list[tuple[str, str]]:
    return [(reverse("incidents:incident-list"), _("Incidents")), ("", last)]
