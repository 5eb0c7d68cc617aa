"""Problems, event summaries and emergency starts: lists and pages of their own."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Location
from accounts.rules.calendar_days import local_date
from incidents.actions import aftermath, emergencies
from incidents.forms import afterwards as forms
from incidents.models import EmergencyStart, EventSummary, Incident, Problem
from incidents.queries.aftermath import incidents_in_event, plan_activities, summary_of, window_of
from incidents.views.access import acting, manager, viewer
from incidents.views.dialog import dialog, posted

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
    problem = _problem(request, pk)
    incidents = Incident.objects.visible_to(person).filter(problems=problem)
    context = {
        "problem": problem,
        "rows": incidents.select_related("location", "component").order_by("-submitted_at"),
        "follow_ups": problem.follow_ups.select_related("activity"),
        "may_manage": person.manages_agreements,
        "trail": _trail(_("Problems"), "incidents:problem-list", problem.title),
    }
    return render(request, "incidents/problem_detail.html", context)


def problem_solve(request: HttpRequest, pk: int) -> HttpResponse:
    """The cause is removed."""
    person, problem = manager(request), _problem(request, pk)

    def act(given: dict[str, Any], now: datetime) -> str:
        aftermath.solve_problem(problem=problem, by=person, now=now, **given)
        return _("The problem is solved.")

    return _problem_dialog(
        request,
        problem,
        forms.SolveForm(posted(request), initial={"cause": problem.cause}),
        act,
        title=_("Solve the problem"),
        button=_("Record as solved"),
        clauses=("2.4-AP22",),
    )


def problem_action(request: HttpRequest, pk: int) -> HttpResponse:
    """An action that a problem leaves."""
    person, problem = manager(request), _problem(request, pk)

    def act(given: dict[str, Any], now: datetime) -> str:
        aftermath.add_follow_up(problem=problem, by=person, now=now, **given)
        return _("The action is added.")

    return _problem_dialog(
        request,
        problem,
        forms.FollowUpForm(
            posted(request), activities=plan_activities(problem.customer, seen_by=person)
        ),
        act,
        title=_("Add an action"),
        button=_("Add action"),
    )


def problem_action_done(request: HttpRequest, pk: int, follow_up: int) -> HttpResponse:
    """An action of a problem is done."""
    person, problem = manager(request), _problem(request, pk)
    row = get_object_or_404(problem.follow_ups, pk=follow_up)

    def act(given: dict[str, Any], now: datetime) -> str:
        aftermath.finish_follow_up(follow_up=row, by=person, now=now)
        return _("The action is done.")

    return _problem_dialog(
        request,
        problem,
        forms.PlainForm(posted(request)),
        act,
        title=_("Action done"),
        button=_("It is done"),
        note=row.text,
    )


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
    person, summary = viewer(request), _summary(request, pk)
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


def event_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the summary."""
    person, summary = manager(request), _summary(request, pk)

    def act(given: dict[str, Any], now: datetime) -> str:
        aftermath.close_event_summary(summary=summary, by=person, now=now, **given)
        return _("The summary is given.")

    return dialog(
        request,
        forms.SummaryForm(posted(request)),
        act,
        about=f"{summary.booking.reference} {summary.customer.name}",
        name=summary.booking.reference,
        back=reverse("incidents:event-detail", args=[summary.pk]),
        title=_("Give the summary"),
        button=_("Give summary"),
        note=_("It closes once every incident opened in the window is closed."),
        clauses=("A-AE9",),
    )


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
    person, start = viewer(request), _start(request, pk)
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


def emergency_start(request: HttpRequest) -> HttpResponse:
    """Begin on the customer's word."""
    person = acting(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        key = given.pop("key", "") or ""
        emergencies.start_emergency(by=person, now=now, idempotency_key=key, **given)
        return _("The authorisation is recorded; work can begin.")

    return dialog(
        request,
        forms.EmergencyForm(
            posted(request),
            locations=Location.objects.visible_to(person).select_related("customer"),
            initial={"authorised_by": "" if person.manages_agreements else person.name},
        ),
        act,
        about=_("Cyberattack work before its contract (MSCIR)"),
        name=_("Emergency starts"),
        back=reverse("incidents:emergency-list"),
        title=_("Emergency start"),
        button=_("Authorise and start"),
        note=_(
            "In an emergency work may begin before MSCIR is bought. Each of the three "
            "consequences is acknowledged by itself and kept on record."
        ),
        clauses=("2.4-IR4", "2.4-IR5"),
    )


def emergency_scope(request: HttpRequest, pk: int) -> HttpResponse:
    """The scope that both sides define."""
    person, start = manager(request), _start(request, pk)

    def act(given: dict[str, Any], now: datetime) -> str:
        emergencies.agree_scope(start=start, by=person, **given)
        return _("The scope is recorded.")

    return _start_dialog(
        request,
        start,
        forms.ScopeForm(posted(request), initial={"scope": start.scope}),
        act,
        title=_("Define the scope"),
        button=_("Record scope"),
        clauses=("2.4-IR3",),
    )


def emergency_contract(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract is executed."""
    person, start = manager(request), _start(request, pk)

    def act(given: dict[str, Any], now: datetime) -> str:
        emergencies.record_contract(start=start, by=person, now=now, **given)
        return _("The contract is recorded.")

    return _start_dialog(
        request,
        start,
        forms.ContractForm(posted(request)),
        act,
        title=_("Record the contract"),
        button=_("Record contract"),
        clauses=("2.4-IR5",),
    )


def _problem_dialog(
    request: HttpRequest, problem: Problem, *args: Any, **words: Any
) -> HttpResponse:
    return dialog(
        request,
        *args,
        about=f"{problem.customer.name} · {problem.title}",
        name=problem.title,
        back=reverse("incidents:problem-detail", args=[problem.pk]),
        **words,
    )


def _start_dialog(
    request: HttpRequest, start: EmergencyStart, *args: Any, **words: Any
) -> HttpResponse:
    return dialog(
        request,
        *args,
        about=start.customer.name,
        name=_("Emergency start"),
        back=reverse("incidents:emergency-detail", args=[start.pk]),
        **words,
    )


def _problem(request: HttpRequest, pk: int) -> Problem:
    seen = Problem.objects.visible_to(viewer(request)).select_related("customer")
    return get_object_or_404(seen, pk=pk)


def _summary(request: HttpRequest, pk: int) -> EventSummary:
    seen = EventSummary.objects.visible_to(viewer(request))
    return get_object_or_404(seen.select_related("customer", "booking__location"), pk=pk)


def _start(request: HttpRequest, pk: int) -> EmergencyStart:
    seen = EmergencyStart.objects.visible_to(viewer(request))
    related = ("customer", "location", "order", "recorded_by")
    return get_object_or_404(seen.select_related(*related), pk=pk)


def _page(request: HttpRequest, found: QuerySet[Any]) -> dict[str, Any]:
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return {"page_obj": page, "rows": list(page.object_list)}


def _trail(name: str, url: str, last: str) -> list[tuple[str, str]]:
    return [
        (reverse("incidents:incident-list"), _("Incidents")),
        (reverse(url), name),
        ("", last),
    ]
