"""An act on an incident: a dialog with JavaScript, a page of its own without."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import refusal_status
from accounts.http.access import manager
from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.forms.acts import ActForm, MomentForm
from incidents.models import Incident
from incidents.queries.names import Names, names_of
from incidents.views.access import incident_of


def posted(request: HttpRequest) -> Any:
    """What was sent, even if it is nothing."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, slots=True)
class Subject:
    """What acts are about: how it is found and named, and the page that shows it.

    `key` is what an action calls it, empty if no action takes it. `page` takes its number,
    unless there is none.
    """

    key: str
    find: Callable[[HttpRequest, int], Any]
    about: Callable[[Any], str]
    name: Callable[[Any], str]
    page: str

    def back(self, thing: Any) -> str:
        """The address of its page."""
        return reverse(self.page, args=[] if thing is None else [thing.pk])


INCIDENT = Subject(
    key="incident",
    find=incident_of,
    about=lambda incident: f"{incident.number} {incident.title}",
    name=lambda incident: str(incident.number),
    page="incidents:incident-detail",
)


@dataclass(frozen=True, slots=True)
class Case:
    """Who acts on what, and the row below it that the act is about."""

    request: HttpRequest
    thing: Any
    by: User
    row: Any = None

    @property
    def incident(self) -> Incident:
        """What is acted on, where that is an incident."""
        if not isinstance(self.thing, Incident):
            raise TypeError(f"an act on {self.thing!r}")
        return self.thing

    @property
    def names(self) -> Names:
        """What the edition of the order calls roles and duties."""
        return names_of(self.incident.order.edition)


@dataclass(frozen=True, kw_only=True, eq=False)
class Act:
    """A view: the form of an act, then the act, then back to what it was about.

    `does` is the action. It is about the row under the name `row_key`, or what `subject`
    makes of the case, or else about the thing itself; it takes what `given` makes of the
    valid input. Words, options and clauses are values, or made of the case.
    """

    does: Callable[..., object]
    title: Any
    button: Any
    said: Any
    of: Subject = INCIDENT
    form: type[forms.Form] = MomentForm
    who: Callable[[HttpRequest], User] = manager
    row: Callable[..., Any] | None = None
    row_key: str = ""
    subject: Callable[[Case], dict[str, Any]] | None = None
    given: Callable[[Case, dict[str, Any]], dict[str, Any]] | None = None
    options: Any = field(default_factory=dict)
    note: Any = ""
    clauses: Any = ()

    def __call__(self, request: HttpRequest, pk: int = 0, **ids: int) -> HttpResponse:
        """The dialog; what this person doesn't see isn't found."""
        thing, person = self.of.find(request, pk), self.who(request)
        case = Case(request, thing, person, self.row(thing, *ids.values()) if self.row else None)

        def act(given: dict[str, Any], now: datetime) -> str:
            shaped = self.given(case, given) if self.given else given
            self.does(**self._about(case), by=person, now=now, **shaped)
            return str(_of(self.said, case))

        options = _of(self.options, case)
        if issubclass(self.form, ActForm):
            options = {"incident": case.incident, "by": person, **options}
        return dialog(
            request,
            self.form(posted(request), **options),
            act,
            about=self.of.about(thing),
            name=self.of.name(thing),
            back=self.of.back(thing),
            title=str(_of(self.title, case)),
            button=str(_of(self.button, case)),
            note=str(_of(self.note, case)),
            clauses=tuple(_of(self.clauses, case)),
        )

    def _about(self, case: Case) -> dict[str, Any]:
        if self.row_key:
            return {self.row_key: case.row}
        if self.subject:
            return self.subject(case)
        return {self.of.key: case.thing} if self.of.key else {}


def timeless(does: Callable[..., object]) -> Callable[..., object]:
    """An action that takes no moment, as one that is told it."""

    def act(*, now: datetime, **given: Any) -> object:
        return does(**given)

    return act


def keyed(_case: Case, given: dict[str, Any]) -> dict[str, Any]:
    """The input with the key under which it is written once."""
    return {"idempotency_key": given.pop("key", "") or "", **given}


def _of(value: Any, case: Case) -> Any:
    return value(case) if callable(value) else value


def dialog(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any], datetime], str],
    *,
    about: str,
    name: str,
    back: str,
    title: str,
    button: str,
    note: str = "",
    clauses: tuple[str, ...] = (),
) -> HttpResponse:
    """The form about something with a page of its own, to which it leads `back`."""
    now, refusal = timezone.now(), None
    if request.method == "POST" and form.is_valid():
        try:
            said = act(dict(form.cleaned_data), now)
        except Refused as exc:
            refusal = exc
        else:
            messages.success(request, said)
            return HttpResponseClientRedirect(back) if request.htmx else redirect(back)  # type: ignore[attr-defined]
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    context = {
        "about": about,
        "name": name,
        "back": back,
        "form": form,
        "title": title,
        "button": button,
        "note": note,
        "clauses": clauses,
        "refusal": refusal,
        "now": now,
        "trail": [
            (reverse("incidents:incident-list"), _("Incidents")),
            (back, name),
            ("", title),
        ],
    }
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"incidents/act.html{fragment}", context, status=status)
