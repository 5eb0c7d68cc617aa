"""Open an incident: the answer of the charts is shown before it is submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from accounts.http.access import acting
from accounts.models import Contact, Customer, Location, User
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from incidents.actions.opening import open_incident
from incidents.forms.opening import OpenForm
from incidents.models import Component
from incidents.queries.components import edition_of
from incidents.queries.names import Names, names_of, severity_help
from incidents.queries.objections import objections
from incidents.queries.resolutions import Resolved, resolve_submission
from incidents.queries.situations import Submission, agreement_of
from incidents.views.comparison import Compared, comparison_of
from incidents.wording.reasons import remedy_words
from services.catalog.models import Edition
from services.catalog.queries import current_edition

TEMPLATE = "incidents/incident_open.html"
# Missing while somebody still types; told when it is submitted.
UNFINISHED = frozenset({"title_required", "impact_required"})
FRAGMENTS = {"choices", "answer"}
# Tells the page that the choices are drawn, so that it asks for the answer to them.
DRAWN = "choices-drawn"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the charts say to what is typed so far."""

    resolved: Resolved | None
    names: Names | None
    lines: tuple[Compared, ...]
    warnings: tuple[tuple[str, str, tuple[str, ...]], ...]
    refusals: tuple[Refused, ...]

    @property
    def chart(self) -> str:
        """The name of the chart that sets the target."""
        return (
            self.names.chart(self.resolved.resolution.chart) if self.resolved and self.names else ""
        )

    @property
    def roles(self) -> list[str]:
        """Who joins."""
        return (
            [self.names.role(one.role) for one in self.resolved.roles]
            if self.resolved and self.names
            else []
        )


def incident_open(request: HttpRequest) -> HttpResponse:
    """The form; with HTMX the answer alone, or the choices that hang on another one.

    Neither fragment holds a field that somebody types in.
    """
    now, person = timezone.now(), acting(request)
    form = _form(request, person, now)
    if request.method == "POST" and request.POST.get("do") == "open" and form.is_valid():
        try:
            return _opened(request, form, person, now)
        except Refused as refusal:
            # A field that is wrong is no fact any more; the answer to what was typed stays.
            facts = form.facts
            form.add_error(
                refusal.field if refusal.field in form.fields else None,
                refusal_words(refusal).sentence,
            )
            overridable = refusal.overridable
            return _page(
                request, form, person, now, status=422, facts=facts, overridable=overridable
            )
    status = 422 if request.POST.get("do") == "open" else 200
    if form.is_bound and status == 200:
        form.forgive_blanks()
    return _page(request, form, person, now, status=status)


def _opened(request: HttpRequest, form: OpenForm, person: User, now: datetime) -> HttpResponse:
    facts = form.facts
    if facts is None:
        raise ValueError("a valid form has all facts")
    incident = open_incident(
        by=person,
        now=now,
        override_reason=form.cleaned_data.get("override_reason") or "",
        idempotency_key=form.cleaned_data.get("key") or "",
        **facts,
    )
    messages.success(request, _("%(number)s is open.") % {"number": incident.number})
    return redirect("incidents:incident-detail", incident.pk)


def _page(
    request: HttpRequest,
    form: OpenForm,
    person: User,
    now: datetime,
    *,
    status: int,
    facts: Mapping[str, Any] | None = None,
    overridable: bool = False,
) -> HttpResponse:
    if facts is None and form.is_bound:
        facts = form.facts
    context = {
        "form": form,
        "overridable": overridable,
        "answer": _answer(facts, person, now) if facts else None,
        "components": Component.objects.filter(edition=form.edition) if form.edition else (),
        "help": severity_help(told) if (told := form.edition or current_edition()) else {},
        "now": now,
        "is_submitted": status == 422,
        "trail": [
            (reverse("incidents:incident-list"), _("Incidents")),
            ("", _("Open an incident")),
        ],
    }
    target = request.htmx.target if request.htmx else None  # type: ignore[attr-defined]
    fragment = target if target in FRAGMENTS else None
    context["oob"] = fragment == "choices"
    template = f"{TEMPLATE}#{fragment}" if fragment else TEMPLATE
    answer = render(request, template, context, status=status)
    return trigger_client_event(answer, DRAWN, after="settle") if context["oob"] else answer


def _answer(facts: Mapping[str, Any], person: User, now: datetime) -> Answer:
    submission = Submission(**{**facts, "submitted_at": facts["submitted_at"] or now})
    agreement = agreement_of(submission)
    found = [
        refusal
        for refusal in objections(submission, agreement, by=person, now=now)
        if refusal.code not in UNFINISHED
    ]
    resolved = None
    if agreement is not None and submission.component.edition_id == agreement.edition.pk:
        resolved = resolve_submission(submission, agreement)
    if resolved is None:
        return Answer(None, None, (), (), tuple(found))
    names = names_of(resolved.agreement.edition)
    warnings = tuple(
        (
            names.chart(missed.chart),
            remedy_words(missed.reason, missed.outcome.figures, missed.minutes),
            missed.outcome.clauses,
        )
        for missed in resolved.missed
    )
    lines = comparison_of(
        resolved.as_data(),
        names,
        component=submission.component.label,
        severity=submission.severity,
    )
    return Answer(resolved, names, lines, warnings, tuple(found))


def _form(request: HttpRequest, person: User, now: datetime) -> OpenForm:
    customers = Customer.objects.visible_to(person)
    data = request.POST if request.method == "POST" else None
    initial = {name: request.GET[name] for name in ("customer", "location") if name in request.GET}
    return OpenForm(
        data,
        initial=initial,
        by=person,
        customers=customers,
        locations=Location.objects.visible_to(person),
        contacts=Contact.objects.visible_to(person),
        edition=_edition(data or initial, customers, now),
    )


def _edition(given: Mapping[str, Any], customers: Any, now: datetime) -> Edition | None:
    """The edition of the agreement of the customer that is chosen, or the only one."""
    chosen = str(given.get("customer") or "")
    if chosen.isdecimal() and len(chosen) < 19:
        customers = customers.filter(pk=int(chosen))
    few = list(customers[:2])
    if len(few) != 1:
        return None
    return edition_of(few[0], now)
