"""What Microsoft's people record about the customer's side, each in a dialog."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from incidents.actions import conduct
from incidents.forms.acts import MomentForm
from incidents.forms.conduct import LowerForm, PauseForm, ReasonForm, StepForm
from incidents.queries.conduct import governing_chart
from incidents.queries.names import names_of
from incidents.rules.charts import Clauses
from incidents.views.access import incident_of, manager
from incidents.views.dialog import act_dialog, posted


def duty_pause(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """Stop the clock of a duty while the customer waits for Microsoft."""
    incident, person = incident_of(request, pk), manager(request)
    row = get_object_or_404(incident.duties, pk=duty)

    def act(given: dict[str, Any], now: datetime) -> str:
        conduct.pause_duty(incident=incident, duty=row, by=person, now=now, **given)
        return _("The customer's clock is paused.")

    return act_dialog(
        request,
        incident,
        PauseForm(posted(request), incident=incident, by=person),
        act,
        title=_("Pause the customer's clock"),
        button=_("Pause clock"),
        note=_("The customer's effort matches Microsoft's: it waits while Microsoft owes it."),
        clauses=("A-BS12", "A-BS13"),
    )


def duty_resume(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """Let the clock of a duty go on."""
    incident, person = incident_of(request, pk), manager(request)
    row = get_object_or_404(incident.duties, pk=duty)

    def act(given: dict[str, Any], now: datetime) -> str:
        conduct.resume_duty(incident=incident, duty=row, by=person, now=now, **given)
        return _("The customer's clock goes on.")

    return act_dialog(
        request,
        incident,
        MomentForm(posted(request), incident=incident, by=person),
        act,
        title=_("Let the customer's clock go on"),
        button=_("Let it go on"),
        note=_("The business time that was left at the pause is left now."),
        clauses=("A-BS12",),
    )


def duty_failed(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """Put on record that the customer can't do a duty without a time of its own."""
    incident, person = incident_of(request, pk), manager(request)
    row = get_object_or_404(incident.duties, pk=duty)

    def act(given: dict[str, Any], now: datetime) -> str:
        conduct.record_cannot_supply(incident=incident, duty=row, by=person, now=now, **given)
        return _("It is recorded. What may follow is offered on this page.")

    return act_dialog(
        request,
        incident,
        ReasonForm(posted(request), incident=incident, by=person),
        act,
        title=_("The customer can't do it"),
        button=_("Record it"),
        note=names_of(incident.order.edition).duty(row.code),
        clauses=tuple(row.clauses),
    )


def incident_lower(request: HttpRequest, pk: int) -> HttpResponse:
    """Lower the severity because of a missed duty."""
    incident, person = incident_of(request, pk), manager(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        conduct.lower_for_missed_duty(incident=incident, by=person, now=now, **given)
        return _("The severity is lowered.")

    return act_dialog(
        request,
        incident,
        LowerForm(posted(request), incident=incident, by=person),
        act,
        title=_("Lower the severity"),
        button=_("Lower the severity"),
        note=_(
            "Without the customer's people or answers Microsoft may have to lower it. Before the "
            "first response the target of the lower severity runs from now on."
        ),
        clauses=(*_footnote(incident), "0-C15"),
    )


def incident_step_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop working around the clock because of a missed duty."""
    incident, person = incident_of(request, pk), manager(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        conduct.step_down(incident=incident, by=person, now=now, **given)
        return _("The incident is no longer worked on around the clock.")

    return act_dialog(
        request,
        incident,
        StepForm(posted(request), incident=incident, by=person),
        act,
        title=_("Stop 24 × 7 work"),
        button=_("Stop 24 × 7 work"),
        note=_("The effort steps down to business hours; severity and target stay as they are."),
        clauses=_footnote(incident),
    )


def incident_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Work around the clock again."""
    incident, person = incident_of(request, pk), manager(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        conduct.restore_round_the_clock(incident=incident, by=person, now=now, **given)
        return _("The incident is worked on around the clock again.")

    return act_dialog(
        request,
        incident,
        ReasonForm(posted(request), incident=incident, by=person),
        act,
        title=_("Work 24 × 7 again"),
        button=_("Work 24 × 7 again"),
    )


def _footnote(incident: Any) -> Clauses:
    """Where the governing chart says what may follow."""
    downgrade = governing_chart(incident).downgrade
    return downgrade.clauses if downgrade else ("X-36",)
