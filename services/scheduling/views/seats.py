"""Acts on a workshop's enrolment: on the card, or in a form of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as g
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import idempotent, refusal_status
from accounts.http.access import acting, manager
from accounts.models import IdempotencyKey, User
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.scheduling import actions
from services.scheduling.forms import seats as forms
from services.scheduling.models import Attendee, Booking, Workshop
from services.scheduling.queries.seats import FINE, enrolment_of, verdicts
from services.scheduling.queries.terms import zone_of
from services.scheduling.views.access import booking_of
from services.scheduling.views.booking import booking_page
from services.scheduling.views.enrolment import card
from services.scheduling.wording.seats import seats_words, verdict_shown
from services.scheduling.wording.times import span
from workorders.forms.base import KeyedForm


def workshop_of(request: HttpRequest, pk: int) -> tuple[Booking, Workshop]:
    """The booking and its enrolment, if this person may see them."""
    booking = booking_of(request, pk)
    return booking, get_object_or_404(Workshop.objects.select_related("booking"), pk=booking.pk)


# --- on the card ----------------------------------------------------------------------------


@require_POST
def attendee_add(request: Any, pk: int) -> HttpResponse:
    """Enrol one person."""
    person, (booking, _workshop) = acting(request), workshop_of(request, pk)
    now, form = timezone.now(), forms.AttendeeForm(request.POST)
    refusal = None
    if form.is_valid():
        data = form.answers
        wanted = [actions.Person(data["name"], data["email"])]
        try:
            _enrolled(booking, wanted, data["may_wait"], form.cleaned_data["key"], person, now)
        except Refused as refused:
            refusal = refused
        else:
            return _answered(request, booking, person, now, _("The person is on the list."))
    if request.htmx:
        return card(request, booking, person, now, form=form, refusal=refusal)
    status = refusal_status(refusal) if refusal else 422
    return booking_page(request, booking, person, now, status=status, form=form, refusal=refusal)


def _enrolled(
    booking: Booking,
    people: list[actions.Person],
    may_wait: bool,
    key: str,
    person: User,
    now: datetime,
) -> None:
    def act() -> tuple[int, Any]:
        actions.enrol_attendees(
            booking=booking, people=people, may_wait=may_wait, by=person, now=now
        )
        return 201, {}

    named = [[one.name, one.email] for one in people]
    body = {"act": "enrol", "booking": booking.pk, "people": named, "may_wait": may_wait}
    idempotent(user=person, key=key, body=body, now=now, act=act)


@require_POST
def attendee_act(request: Any, act: str, pk: int) -> HttpResponse:
    """Withdraw somebody, or record what they say to a recording."""
    person, now = acting(request), timezone.now()
    rows = Attendee.objects.visible_to(person).select_related("workshop")
    attendee = get_object_or_404(rows, pk=pk)
    booking = booking_of(request, attendee.workshop_id)
    refusal, said = None, ""
    try:
        if act == "withdraw":
            actions.withdraw_attendee(attendee=attendee, by=person, now=now)
            said = _("The person is no longer on the list.")
        elif act in {"agree", "disagree"}:
            given = act == "agree"
            actions.record_consents(
                booking=booking, attendees=[attendee], given=given, by=person, now=now
            )
            said = _("The consent is recorded.") if given else _("The consent is withdrawn.")
        else:
            raise Http404
    except Refused as refused:
        refusal = refused
    return _answered(request, booking, person, now, said, refusal)


@require_POST
def workshop_act(request: Any, act: str, pk: int) -> HttpResponse:
    """Record the consent of everybody, or allow or end the recording."""
    person, (booking, workshop) = acting(request), workshop_of(request, pk)
    now, refusal, said = timezone.now(), None, ""
    try:
        if act == "all-agree":
            everybody = workshop.attendees.enrolled()
            actions.record_consents(
                booking=booking, attendees=everybody, given=True, by=person, now=now
            )
            said = _("The consent of everybody who takes part is recorded.")
        elif act in {"record", "stop"} and person.manages_agreements:
            actions.switch_recording(booking=booking, on=act == "record", by=person, now=now)
            said = _("It may be recorded.") if act == "record" else _("It isn’t recorded.")
        else:
            raise Http404
    except Refused as refused:
        refusal = refused
    return _answered(request, booking, person, now, said, refusal)


def _answered(
    request: Any,
    booking: Booking,
    person: User,
    now: datetime,
    said: str,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The card for HTMX; otherwise a message and the page."""
    if request.htmx:
        return card(request, booking, person, now, refusal=refusal, said=said)
    if refusal is not None:
        messages.error(request, refusal_words(refusal).sentence)
    else:
        messages.success(request, said)
    return redirect("scheduling:booking-detail", booking.pk)


# --- in forms of their own ------------------------------------------------------------------


def attendee_bulk(request: Any, pk: int) -> HttpResponse:
    """Enrol several people: each line with its verdict, then all of them or nobody."""
    person, (booking, workshop) = acting(request), workshop_of(request, pk)
    now, refusal, told = timezone.now(), None, []
    form, status = forms.PeopleForm(request.POST or None), 200
    if request.method == "POST":
        is_check, status = "_check" in request.POST, 422
        if form.is_valid():
            people, may_wait = form.cleaned_data["people"], form.cleaned_data["may_wait"]
            told = verdicts(workshop, people, may_wait=may_wait)
            status = 200 if is_check else 422
            if not is_check and (FINE.issuperset(told) or _sent_before(form, person)):
                try:
                    return _all_enrolled(request, booking, form, person, now)
                except Refused as refused:
                    refusal, status = refused, refusal_status(refused)
    rows = zip(form.cleaned_data["people"], told, strict=True) if told else ()
    context = _dialog(booking, workshop, form, refusal) | {
        "rows": [(*one, verdict_shown(verdict)) for one, verdict in rows],
        "wrong": sum(verdict not in FINE for verdict in told),
    }
    fragment = "#dialog" if request.htmx else ""
    return render(request, f"scheduling/attendee_bulk.html{fragment}", context, status=status)


def _all_enrolled(
    request: HttpRequest, booking: Booking, form: forms.PeopleForm, person: User, now: datetime
) -> HttpResponse:
    data = form.cleaned_data
    wanted = [actions.Person(*one) for one in data["people"]]
    _enrolled(booking, wanted, data["may_wait"], data["key"], person, now)
    said = ngettext(
        "%(count)s person is on the list.", "%(count)s people are on the list.", len(wanted)
    )
    messages.success(request, said % {"count": len(wanted)})
    return redirect("scheduling:booking-detail", booking.pk)


def _sent_before(form: forms.PeopleForm, person: User) -> bool:
    """Whether this very form has enrolled already: then its people stand in their own way."""
    key = form.cleaned_data["key"]
    return bool(key) and IdempotencyKey.objects.filter(user=person, key=key).exists()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form about the workshop: titled, run and told like this."""

    title: Any
    button: Any
    said: Any
    form: Callable[..., KeyedForm]
    run: Callable[..., Any]
    clauses: tuple[str, ...]


SHEETS: Mapping[str, Sheet] = {
    "seats": Sheet(
        g("Seats and decision day"), g("Save"), g("The seats are set."),
        forms.SeatsForm, actions.change_seats, ("2.3-TR8", "2.7-T12", "2.7-T17"),
    ),
    "decide": Sheet(
        g("Decide on the workshop"), g("Record the decision"), g("The decision is recorded."),
        forms.DecideForm, actions.decide_enrolment, ("2.7-T12",),
    ),
    "recording": Sheet(
        g("Before it is recorded"), g("Save"), g("What a recording needs is recorded."),
        forms.RecordingForm, actions.prepare_recording, ("2.3-TR9",),
    ),
}  # fmt: skip


def workshop_sheet(request: Any, sheet: str, pk: int) -> HttpResponse:
    """Seats, decision or recording: a dialog, or a page; for those who manage agreements."""
    person, what = manager(request), SHEETS.get(sheet)
    if what is None:
        raise Http404
    (booking, workshop), now = workshop_of(request, pk), timezone.now()
    options: dict[str, Any] = {"workshop": workshop} if what.form is forms.SeatsForm else {}
    form = what.form(
        request.POST if request.method == "POST" else None,
        initial=forms.beginnings(booking, workshop),
        **options,
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _saved(what, sheet, booking, form, person, now)
        if refusal is None:
            messages.success(request, str(what.said))
            return redirect("scheduling:booking-detail", booking.pk)
    context = _dialog(booking, workshop, form, refusal) | {
        "sheet": what,
        "code": sheet,
        "enrolment": enrolment_of(booking, now=now),
    }
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    fragment = "#dialog" if request.htmx else ""
    return render(request, f"scheduling/workshop_sheet.html{fragment}", context, status=status)


def _saved(
    what: Sheet, sheet: str, booking: Booking, form: KeyedForm, person: User, now: datetime
) -> Refused | None:
    def act() -> tuple[int, Any]:
        what.run(booking=booking, by=person, now=now, **form.answers)
        return 200, {}

    typed = {name: str(value) for name, value in form.answers.items()}
    body = {"act": sheet, "booking": booking.pk, "typed": typed}
    try:
        idempotent(user=person, key=form.cleaned_data["key"], body=body, now=now, act=act)
    except Refused as refusal:
        return refusal
    return None


def _dialog(
    booking: Booking, workshop: Workshop, form: KeyedForm, refusal: Refused | None
) -> dict[str, Any]:
    return {
        "booking": booking,
        "workshop": workshop,
        "seats": seats_words(workshop),
        "when": span(booking.starts_at, booking.ends_at, zone_of(booking)),
        "form": form,
        "refusal": refusal,
    }
