"""Acts on people, analyses, reviews and problems of an incident, each in a dialog."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.rules.money import Money
from accounts.wording import formats
from incidents.actions import aftermath, analyses, engineers
from incidents.forms import afterwards as forms
from incidents.models import AnalysisMaterial, Incident, IncidentReview, RootCauseAnalysis
from incidents.queries.analyses import tracks_of
from incidents.queries.engineers import designated_hours, requestable_roles
from incidents.queries.names import names_of
from incidents.views.access import acting, incident_of, manager
from incidents.views.dialog import act_dialog, posted
from incidents.wording.people import role_words, track_words


def role_assign(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """Name who takes a role."""
    incident, person = incident_of(request, pk), manager(request)
    row = get_object_or_404(incident.assignments, pk=role)

    def act(given: dict[str, Any], now: datetime) -> str:
        engineers.assign_person(incident=incident, role=row.role, by=person, now=now, **given)
        return _("The assignment is recorded.")

    return act_dialog(
        request,
        incident,
        forms.AssignForm(
            posted(request), incident=incident, by=person, initial={"person": row.person}
        ),
        act,
        title=_("Assign: %(role)s")
        % {"role": role_words(row.role, names_of(incident.order.edition))},
        button=_("Assign"),
        clauses=tuple(row.clauses),
        note=_("The first person counts for the target; a successor changes no clock."),
    )


def role_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for somebody to join."""
    incident, person = incident_of(request, pk), acting(request)
    names = names_of(incident.order.edition)

    def act(given: dict[str, Any], now: datetime) -> str:
        engineers.request_role(incident=incident, by=person, now=now, **given)
        return _("The request is recorded.")

    return act_dialog(
        request,
        incident,
        forms.RoleForm(
            posted(request),
            incident=incident,
            by=person,
            roles={role: role_words(role, names) for role in requestable_roles(incident)},
        ),
        act,
        title=_("Ask somebody to join"),
        button=_("Ask to join"),
        clauses=("2.3-RE17", "2.5-RD6"),
    )


def engineer_time(request: HttpRequest, pk: int) -> HttpResponse:
    """Deduct the designated engineer's time."""
    incident, person = incident_of(request, pk), manager(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        key = given.pop("key", "") or ""
        engineers.log_engineer_time(
            incident=incident, by=person, now=now, idempotency_key=key, **given
        )
        return _("The engineer's time is deducted.")

    left = sum(one.left for one in designated_hours(incident, on=incident.submitted_at.date()))
    return act_dialog(
        request,
        incident,
        forms.TimeForm(posted(request), incident=incident, by=person),
        act,
        title=_("Deduct the engineer's time"),
        button=_("Deduct time"),
        note=_("%(left)s minutes are left of the hours bought.") % {"left": left},
        clauses=("2.5-RD3", "2.5-RD15"),
    )


def incident_analyse(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a root cause analysis."""
    incident, person = incident_of(request, pk), acting(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        analyses.request_analysis(incident=incident, by=person, now=now, **given)
        return _("The root cause analysis is requested.")

    return act_dialog(
        request,
        incident,
        forms.AnalysisForm(
            posted(request),
            incident=incident,
            by=person,
            tracks=[(one, track_words(one)) for one in ("", *tracks_of(incident))],
        ),
        act,
        title=_("Request root cause analysis"),
        button=_("Request analysis"),
        note=_("It may cost extra, and the customer supplies logs and traces."),
        clauses=("2.3-RE21", "2.3-RE22"),
    )


def analysis_quote(request: HttpRequest, pk: int, analysis: int) -> HttpResponse:
    """Say what an analysis costs."""
    incident, person = incident_of(request, pk), manager(request)
    row = _analysis(incident, analysis)

    def act(given: dict[str, Any], now: datetime) -> str:
        analyses.quote_fee(analysis=row, fee_minor=given["fee"].minor, by=person, now=now)
        return _("The fee is quoted.")

    return act_dialog(
        request,
        incident,
        forms.QuoteForm(posted(request), incident=incident, by=person),
        act,
        title=_("Quote a fee"),
        button=_("Quote fee"),
        note=_("In %(currency)s, the currency of the work order. Zero: it costs nothing.")
        % {"currency": incident.order.currency},
        clauses=("2.3-RE22",),
    )


def analysis_agree(request: HttpRequest, pk: int, analysis: int) -> HttpResponse:
    """Take the quoted fee."""
    incident, person = incident_of(request, pk), acting(request)
    row = _analysis(incident, analysis)

    def act(given: dict[str, Any], now: datetime) -> str:
        analyses.agree_fee(analysis=row, by=person, now=now)
        return _("The fee is agreed.")

    return act_dialog(
        request,
        incident,
        forms.PlainForm(posted(request)),
        act,
        title=_("Agree to the fee"),
        button=_("Agree to the fee"),
        clauses=("2.3-RE22",),
        note=_("The analysis costs %(fee)s.") % {"fee": _fee(row)},
    )


def analysis_deliver(request: HttpRequest, pk: int, analysis: int) -> HttpResponse:
    """Record the analysis."""
    incident, person = incident_of(request, pk), manager(request)
    row = _analysis(incident, analysis)

    def act(given: dict[str, Any], now: datetime) -> str:
        analyses.deliver_analysis(analysis=row, by=person, now=now, **given)
        return _("The root cause analysis is delivered.")

    return act_dialog(
        request,
        incident,
        forms.FindingsForm(posted(request), incident=incident, by=person),
        act,
        title=_("Deliver the analysis"),
        button=_("Deliver analysis"),
    )


def analysis_info(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell whether an analysis exists for the technology."""
    incident, person = incident_of(request, pk), manager(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        analyses.tell_availability(incident=incident, by=person, now=now, **given)
        return _("The customer is told.")

    return act_dialog(
        request,
        incident,
        forms.AvailabilityForm(posted(request), incident=incident, by=person),
        act,
        title=_("Tell about analyses"),
        button=_("Tell the customer"),
        note=_("It exists for some technologies only."),
        clauses=("2.3-RE22", "2.5-UE12"),
    )


def material_hand_in(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """Record what the customer handed in."""
    incident, person = incident_of(request, pk), acting(request)
    row = get_object_or_404(AnalysisMaterial, pk=material, analysis__incident=incident)

    def act(given: dict[str, Any], now: datetime) -> str:
        analyses.hand_in(material=row, by=person, now=now, **given)
        return _("It is recorded.")

    return act_dialog(
        request,
        incident,
        forms.MaterialForm(posted(request), incident=incident, by=person),
        act,
        title=_("Hand in material"),
        button=_("Record it"),
        clauses=("2.3-RE21",),
    )


def review_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the day of the review."""
    incident, person = incident_of(request, pk), manager(request)
    row = get_object_or_404(IncidentReview, incident=incident)

    def act(given: dict[str, Any], now: datetime) -> str:
        aftermath.plan_review(review=row, by=person, **given)
        return _("The review is planned.")

    return act_dialog(
        request,
        incident,
        forms.PlanForm(
            posted(request), incident=incident, by=person, initial={"planned_on": row.planned_on}
        ),
        act,
        title=_("Plan the review"),
        button=_("Set the day"),
        note=_("The text names no date for it."),
        clauses=("2.5-UE8",),
    )


def review_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the review."""
    incident, person = incident_of(request, pk), manager(request)
    row = get_object_or_404(IncidentReview, incident=incident)

    def act(given: dict[str, Any], now: datetime) -> str:
        aftermath.hold_review(review=row, by=person, now=now, **given)
        return _("The review is recorded.")

    return act_dialog(
        request,
        incident,
        forms.ReviewForm(posted(request), incident=incident, by=person),
        act,
        title=_("Record the review"),
        button=_("Record review"),
        note=_("Actions are added on the page of the incident afterwards."),
        clauses=("2.5-UE8", "2.5-UE9"),
    )


def follow_up_add(request: HttpRequest, pk: int) -> HttpResponse:
    """An action that follows from the incident."""
    incident, person = incident_of(request, pk), manager(request)

    def act(given: dict[str, Any], now: datetime) -> str:
        aftermath.add_follow_up(incident=incident, by=person, now=now, **given)
        return _("The action is added.")

    return act_dialog(
        request,
        incident,
        forms.FollowUpForm(posted(request)),
        act,
        title=_("Add an action"),
        button=_("Add action"),
        clauses=("2.5-UE9",),
    )


def follow_up_done(request: HttpRequest, pk: int, follow_up: int) -> HttpResponse:
    """An action is done."""
    incident, person = incident_of(request, pk), manager(request)
    row = get_object_or_404(incident.follow_ups, pk=follow_up)

    def act(given: dict[str, Any], now: datetime) -> str:
        aftermath.finish_follow_up(follow_up=row, by=person, now=now)
        return _("The action is done.")

    return act_dialog(
        request,
        incident,
        forms.PlainForm(posted(request)),
        act,
        title=_("Action done"),
        button=_("It is done"),
        note=row.text,
    )


def problem_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Group the incident with others that recur."""
    incident, person = incident_of(request, pk), manager(request)
    others = (
        Incident.objects.visible_to(person)
        .filter(customer=incident.customer_id)
        .exclude(pk=incident.pk)
        .order_by("-submitted_at", "-pk")
    )
    near = others.filter(component=incident.component_id)
    offered = (near if near.exists() else others)[:30].values_list("pk", flat=True)

    def act(given: dict[str, Any], now: datetime) -> str:
        grouped = [incident, *given.pop("others")]
        aftermath.open_problem(incidents=grouped, by=person, now=now, **given)
        return _("The problem is opened.")

    return act_dialog(
        request,
        incident,
        forms.ProblemForm(
            posted(request),
            incident=incident,
            by=person,
            others=Incident.objects.filter(pk__in=list(offered)),
            initial={"title": incident.title},
        ),
        act,
        title=_("Group recurring incidents"),
        button=_("Open problem"),
        note=_("Offered are incidents of the same product, the latest first."),
        clauses=("2.4-AP22", "2.5-ED6"),
    )


def _analysis(incident: Incident, pk: int) -> RootCauseAnalysis:
    return get_object_or_404(incident.analyses, pk=pk)


def _fee(analysis: RootCauseAnalysis) -> str:
    from_currency = analysis.incident.order.currency
    return formats.money(Money(analysis.quote_minor or 0, from_currency))
