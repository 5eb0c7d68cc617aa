"""What people do to an incident, each in a dialog that is a page without JavaScript."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts.http.access import acting
from accounts.wording import formats
from incidents.actions import progress, severity
from incidents.forms.acts import AskForm, ResponseForm, SeverityForm, UpdateForm
from incidents.models import Incident, IncidentDuty
from incidents.views.dialog import Act, Case, keyed


def duty_of(incident: Incident, pk: int) -> IncidentDuty:
    """A duty of the customer at an incident."""
    return get_object_or_404(incident.duties, pk=pk)


def at_duty(case: Case) -> dict[str, Any]:
    """An act on a duty."""
    return {"incident": case.incident, "duty": case.row}


def duty_words(case: Case) -> str:
    """What the customer does."""
    return case.names.duty(case.row.code)


def duty_clauses(case: Case) -> tuple[str, ...]:
    """Where the duty stands."""
    return tuple(case.row.clauses)


def _written(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    return {"channel": "portal", **keyed(case, given)}


def _hint(case: Case) -> Any:
    if case.by.manages_agreements and case.incident.first_response_at is None:
        return _("A call or an e-mail by a person stops Microsoft's clock; nothing else does.")
    return ""


def _for_staff(staff: Any, customer: Any) -> Any:
    return lambda case: staff if case.by.manages_agreements else customer


def _open_duties(case: Case) -> dict[str, Any]:
    duties = case.incident.duties.filter(asked_at=None, met_at=None)
    return {
        "duties": {duty.pk: case.names.duty(duty.code) for duty in duties},
        "initial": {"duty": case.request.GET.get("duty", "")},
    }


def _before_closure(case: Case) -> str:
    notes = [
        _("With the closure ends the right to ask for a root cause analysis, but under MCSAP.")
    ]
    if case.incident.first_response_at is None:
        notes.insert(0, _("No first response is recorded yet."))
    return formats.sentences(*map(str, notes))


incident_respond = Act(
    does=progress.record_first_response,
    form=ResponseForm,
    title=_("Record first response"),
    button=_("Record first response"),
    said=_("The first response is recorded."),
    clauses=("2.3-RE14",),
)

incident_update = Act(
    does=progress.add_update,
    form=UpdateForm,
    who=acting,
    given=_written,
    title=_("Add an update"),
    button=_("Add update"),
    said=_("The update is added."),
    note=_hint,
    clauses=_for_staff(("2.3-RE14",), ()),
)

incident_severity = Act(
    does=severity.change_severity,
    form=SeverityForm,
    who=acting,
    given=lambda _case, given: {"to": given.pop("severity"), **given},
    options=lambda case: {"initial": {"severity": case.request.GET.get("to", "")}},
    title=_for_staff(_("Change severity"), _("Ask for another severity")),
    button=_for_staff(_("Change severity"), _("Ask Microsoft")),
    said=_for_staff(_("The severity is changed."), _("Microsoft was asked.")),
    note=_for_staff(
        _(
            "Raised: the earlier of the old and the new target holds. "
            "Lowered: the new one holds. After the first response no new target runs."
        ),
        _("Microsoft assigns the severity after consulting you."),
    ),
    clauses=("2.3-RE11", "2.3-RE12", "0-C15"),
)

incident_ask = Act(
    does=progress.ask_customer,
    form=AskForm,
    options=_open_duties,
    title=_("Ask the customer"),
    button=_("Record the request"),
    said=_("The request is recorded."),
    note=_("A duty with a time of its own runs from this request."),
    clauses=("A-BS13", "A-BS16"),
)

duty_meet = Act(
    does=progress.meet_duty,
    who=acting,
    row=duty_of,
    subject=at_duty,
    title=_("Record the customer's answer"),
    button=_("Record answer"),
    said=_("The customer's answer is recorded."),
    note=duty_words,
    clauses=duty_clauses,
)

incident_mitigate = Act(
    does=progress.mark_mitigated,
    title=_("Record mitigation"),
    button=_("Record mitigation"),
    said=_("The incident is mitigated."),
    clauses=("2.4-AP27",),
)

incident_close = Act(
    does=progress.close_incident,
    who=acting,
    title=_("Close incident"),
    button=_("Close incident"),
    said=_("The incident is closed."),
    note=_before_closure,
    clauses=("2.3-RE20",),
)
