"""What people do to an incident, each in a dialog that is a page without JavaScript."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from incidents.actions import progress, severity
from incidents.forms.acts import (
    AskForm,
    MomentForm,
    ResponseForm,
    SeverityForm,
    UpdateForm,
)
from incidents.queries.names import names_of
from incidents.views.access import acting, incident_of, manager
from incidents.views.dialog import act_dialog, posted


def incident_respond(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the first response."""
    incident, person = incident_of(request, pk), manager(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        progress.record_first_response(incident=incident, by=person, now=now, **given)
        return _("The first response is recorded.")

    return act_dialog(
        request,
        incident,
        ResponseForm(posted(request), incident=incident, by=person),
        act,
        title=_("Record first response"),
        button=_("Record first response"),
        clauses=("2.3-RE14",),
    )


def incident_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Add what was said."""
    incident, person = incident_of(request, pk), acting(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        key = given.pop("key", "")
        given.setdefault("channel", "portal")
        progress.add_update(
            incident=incident, by=person, now=now, idempotency_key=key or "", **given
        )
        return _("The update is added.")

    return act_dialog(
        request,
        incident,
        UpdateForm(posted(request), incident=incident, by=person),
        act,
        title=_("Add an update"),
        button=_("Add update"),
        note=_("A call or an e-mail by a person stops Microsoft's clock; nothing else does.")
        if person.manages_agreements and incident.first_response_at is None
        else "",
        clauses=("2.3-RE14",) if person.manages_agreements else (),
    )


def incident_severity(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another severity, or assign it."""
    incident, person = incident_of(request, pk), acting(request)
    assigns = person.manages_agreements

    def act(given: dict[str, Any], now: datetime) -> str:
        severity.change_severity(
            incident=incident,
            to=given["severity"],
            reason=given["reason"],
            version=given["version"],
            by=person,
            now=now,
        )
        return _("The severity is changed.") if assigns else _("Microsoft was asked.")

    return act_dialog(
        request,
        incident,
        SeverityForm(
            posted(request),
            incident=incident,
            by=person,
            initial={"severity": request.GET.get("to", "")},
        ),
        act,
        title=_("Change severity") if assigns else _("Ask for another severity"),
        button=_("Change severity") if assigns else _("Ask Microsoft"),
        note=_(
            "Raised: the earlier of the old and the new target holds. "
            "Lowered: the new one holds. After the first response no new target runs."
        )
        if assigns
        else _("Microsoft assigns the severity after consulting you."),
        clauses=("2.3-RE11", "2.3-RE12", "0-C15"),
    )


def incident_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the customer for one of its duties; a timed one runs from then."""
    incident, person = incident_of(request, pk), manager(request)
    names = names_of(incident.order.edition)
    open_duties = incident.duties.filter(asked_at=None, met_at=None)

    def act(given: dict[str, Any], now: datetime) -> str:
        progress.ask_customer(incident=incident, by=person, now=now, **given)
        return _("The request is recorded.")

    return act_dialog(
        request,
        incident,
        AskForm(
            posted(request),
            incident=incident,
            by=person,
            duties={duty.pk: names.duty(duty.code) for duty in open_duties},
            initial={"duty": request.GET.get("duty", "")},
        ),
        act,
        title=_("Ask the customer"),
        button=_("Record the request"),
        note=_("A duty with a time of its own runs from this request."),
        clauses=("A-BS13", "A-BS16"),
    )


def duty_meet(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """Record that the customer did what it was asked for."""
    incident, person = incident_of(request, pk), acting(request)
    row = get_object_or_404(incident.duties, pk=duty)

    def act(given: dict[str, Any], now: datetime) -> str:
        progress.meet_duty(incident=incident, duty=row, by=person, now=now, **given)
        return _("The customer's answer is recorded.")

    return act_dialog(
        request,
        incident,
        MomentForm(posted(request), incident=incident, by=person),
        act,
        title=_("Record the customer's answer"),
        button=_("Record answer"),
        note=names_of(incident.order.edition).duty(row.code),
        clauses=tuple(row.clauses),
    )


def incident_mitigate(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the effect was removed."""
    incident, person = incident_of(request, pk), manager(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        progress.mark_mitigated(incident=incident, by=person, now=now, **given)
        return _("The incident is mitigated.")

    return act_dialog(
        request,
        incident,
        MomentForm(posted(request), incident=incident, by=person),
        act,
        title=_("Record mitigation"),
        button=_("Record mitigation"),
        clauses=("2.4-AP27",),
    )


def incident_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it; what ends with it is said before."""
    incident, person = incident_of(request, pk), acting(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        progress.close_incident(incident=incident, by=person, now=now, **given)
        return _("The incident is closed.")

    notes = [
        _("With the closure ends the right to ask for a root cause analysis, but under MCSAP.")
    ]
    if incident.first_response_at is None:
        notes.insert(0, _("No first response is recorded yet."))
    return act_dialog(
        request,
        incident,
        MomentForm(posted(request), incident=incident, by=person),
        act,
        title=_("Close incident"),
        button=_("Close incident"),
        note=" ".join(notes),
        clauses=("2.3-RE20",),
    )
