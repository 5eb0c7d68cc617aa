"""An act on an incident: a dialog with JavaScript, a page of its own without."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import refusal_status
from accounts.rules.refusal import Refused
from incidents.forms.acts import ActForm
from incidents.models import Incident

Act = Callable[[dict[str, Any], datetime], str]


def posted(request: HttpRequest) -> Any:
    """What was sent, even if it is nothing."""
    return request.POST if request.method == "POST" else None


def act_dialog(
    request: HttpRequest,
    incident: Incident,
    form: ActForm,
    act: Act,
    *,
    title: str,
    button: str,
    note: str = "",
    clauses: tuple[str, ...] = (),
) -> HttpResponse:
    """The form; once it is valid and not refused, back to the incident."""
    now, refusal = timezone.now(), None
    if request.method == "POST" and form.is_valid():
        try:
            said = act(dict(form.cleaned_data), now)
        except Refused as exc:
            refusal = exc
        else:
            messages.success(request, said)
            url = reverse("incidents:incident-detail", args=[incident.pk])
            return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    context = {
        "incident": incident,
        "form": form,
        "title": title,
        "button": button,
        "note": note,
        "clauses": clauses,
        "refusal": refusal,
        "now": now,
        "trail": [
            (reverse("incidents:incident-list"), _("Incidents")),
            (reverse("incidents:incident-detail", args=[incident.pk]), incident.number),
            ("", title),
        ],
    }
    fragment = "#dialog" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"incidents/act.html{fragment}", context, status=status)
