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
from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.forms.acts import ActForm, MomentForm
from incidents.models import Incident
from incidents.queries.names import Names, names_of
from incidents.views.access import incident_of, manager


def posted(request: HttpRequest) -> Any:
    """What was sent, even if it is nothing."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, slots=True)
class Case:
    """An incident, who acts, and the row below it that the act is about."""

    request: HttpRequest
    incident: Incident
    by: User
    row: Any = None

    @property
    def names(self) -> Names:
        """What the edition of the order calls roles and duties."""
        return names_of(self.incident.order.edition)


def incident_alone(case: Case) -> dict[str, Any]:
    """An act on the incident."""
    return {"incident": case.incident}


@dataclass(frozen=True, kw_only=True, eq=False)
class Act:
    """A view: the form of an act, then the act, then back to the incident.

    `does` is the action; it takes what `subject` and `given` make of the case and of the
    valid input. Words, options and clauses are values, or made of the case.
    """

    does: Callable[..., object]
    title: Any
    button: Any
    said: Any
    form: type[forms.Form] = MomentForm
    who: Callable[[HttpRequest], User] = manager
    row: Callable[..., Any] | None = None
    subject: Callable[[Case], dict[str, Any]] = incident_alone
    given: Callable[[Case, dict[str, Any]], dict[str, Any]] | None = None
    options: Any = field(default_factory=dict)
    note: Any = ""
    clauses: Any = ()

    def __call__(self, request: HttpRequest, pk: int, **ids: int) -> HttpResponse:
        """The dialog; a foreign incident or row is not found."""
        incident, person = incident_of(request, pk), self.who(request)
        case = Case(
            request, incident, person, self.row(incident, *ids.values()) if self.row else None
        )

        def act(given: dict[str, Any], now: datetime) -> str:
            shaped = self.given(case, given) if self.given else given
            self.does(**self.subject(case), by=person, now=now, **shaped)
            return str(_of(self.said, case))

        options = _of(self.options, case)
        if issubclass(self.form, ActForm):
            options = {"incident": incident, "by": person, **options}
        return dialog(
            request,
            self.form(posted(request), **options),
            act,
            about=f"{incident.number} {incident.title}",
            name=incident.number,
            back=reverse("incidents:incident-detail", args=[incident.pk]),
            title=str(_of(self.title, case)),
            button=str(_of(self.button, case)),
            note=str(_of(self.note, case)),
            clauses=tuple(_of(self.clauses, case)),
        )


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
