"""An act on an incident: a dialog with JavaScript, a page of its own without."""

from collections.abc import Callable
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
from accounts.rules.refusal import Refused
from incidents.models import Incident

Act = Callable[[dict[str, Any], datetime], str]


def posted(request: HttpRequest) -> Any:
    """What was sent, even if it is nothing."""
    return request.POST if request.method == "POST" else None


def act_dialog(
    request: HttpRequest, incident: Incident, form: forms.Form, act: Act, **words: Any
) -> HttpResponse:
    """The form; once it is valid and not refused, back to the incident."""
    return dialog(
        request,
        form,
        act,
        about=f"{incident.number} {incident.title}",
        name=incident.number,
        back=reverse("incidents:incident-detail", args=[incident.pk]),
        **words,
    )


def dialog(
    request: HttpRequest,
    form: forms.Form,
    act: Act,
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
