"""Problems, event summaries and emergency starts: lists and pages of their own."""

from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http.access import viewer
from accounts.http.addresses import numbered_page
from accounts.rules.calendar_days import local_date
from incidents.models import EmergencyStart, EventSummary, Incident, Problem
from incidents.queries.aftermath import incidents_in_event, summary_of, window_of

PER_PAGE = 25


@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """Problems, the open ones first."""
    person = viewer(request)
    found = (
        Problem.objects.visible_to(person)
        .select_related("customer")
        .annotate(size=Count("incidents", distinct=True))
        .order_by(F("solved_at").asc(nulls_first=True), "-opened_at", "-pk")
    )
    context = {**_page(request, found), "may_manage": person.manages_agreements}
    return render(request, "incidents/problem_list.html", context)


@require_safe
def problem_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A problem with the incidents that the person may see, and its actions."""
    person = viewer(request)
    problem = problem_of(request, pk)
    incidents = Incident.objects.visible_to(person).filter(problems=problem)
    context = {
        "problem": problem,
        "rows": incidents.select_related("location", "component").order_by("-submitted_at"),
        "follow_ups": problem.follow_ups.select_related("activity"),
        "may_manage": person.manages_agreements,
        "trail": _trail(_("Problems"), "incidents:problem-list", problem.title),
    }
    return render(request, "incidents/problem_detail.html", context)


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Summaries of Azure events, the open ones first."""
    person = viewer(request)
    found = (
        EventSummary.objects.visible_to(person)
        .select_related("customer", "booking__location")
        .order_by(F("closed_at").asc(nulls_first=True), "-booking__ends_at", "-pk")
    )
    context = _page(request, found)
    context["rows"] = [(one, window_of(one.booking)) for one in context["page_obj"]]
    return render(request, "incidents/event_list.html", context)


@require_safe
def event_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Every incident opened in the window, and the summary once it is given."""
    person, summary = viewer(request), summary_of_event(request, pk)
    seen = Incident.objects.visible_to(person)
    context = {
        "summary": summary,
        "window": window_of(summary.booking),
        "counts": summary_of(summary.booking),
        "rows": incidents_in_event(summary.booking).filter(pk__in=seen),
        "may_manage": person.manages_agreements,
        "trail": _trail(_("Azure events"), "incidents:event-list", summary.booking.reference),
    }
    return render(request, "incidents/event_detail.html", context)


@require_safe
def emergency_list(request: HttpRequest) -> HttpResponse:
    """Cyberattack work that began before its contract."""
    person = viewer(request)
    found = EmergencyStart.objects.visible_to(person).select_related("customer", "location")
    context = {**_page(request, found), "may_act": person.may_act_for_customer}
    return render(request, "incidents/emergency_list.html", context)


@require_safe
def emergency_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who authorised it, the three consequences, and how far the contract is."""
    person, start = viewer(request), start_of(request, pk)
    zone = start.location.time_zone
    until = start.signed_on or local_date(timezone.now(), zone)
    context = {
        "start": start,
        "zone": zone,
        "days": (until - local_date(start.authorised_at, zone)).days,
        "may_manage": person.manages_agreements,
        "trail": _trail(_("Emergency starts"), "incidents:emergency-list", start.customer.name),
    }
    return render(request, "incidents/emergency_detail.html", context)


def problem_of(request: HttpRequest, pk: int) -> Problem:
    """The problem, if this person may see it."""
    seen = Problem.objects.visible_to(viewer(request)).select_related("customer")
    return get_object_or_404(seen, pk=pk)


def summary_of_event(request: HttpRequest, pk: int) -> EventSummary:
    """The summary of an Azure event, if this person may see it."""
    seen = EventSummary.objects.visible_to(viewer(request))
    return get_object_or_404(seen.select_related("customer", "booking__location"), pk=pk)


def start_of(request: HttpRequest, pk: int) -> EmergencyStart:
    """The emergency start, if this person may see it."""
    seen = EmergencyStart.objects.visible_to(viewer(request))
    related = ("customer", "location", "order", "recorded_by")
    return get_object_or_404(seen.select_related(*related), pk=pk)


def _page(request: HttpRequest, found: QuerySet[Any]) -> dict[str, Any]:
    page = numbered_page(request, found, PER_PAGE)
    return {"page_obj": page, "rows": list(page.object_list)}


def _trail(name: str, url: str, last: str) -> list[tuple[str, str]]:
    return [
        (reverse("incidents:incident-list"), _("Incidents")),
        (reverse(url), name),
        ("", last),
    ]
