"""Deadlines of all customers in reach: list, month, proof; met, waived, put off."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest, refusal_status
from accounts.http.access import viewer
from accounts.http.addresses import marked_page, one_of, read
from accounts.models import Customer
from accounts.rules.calendar_days import end_of_day
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from workorders.actions.deadlines import meet_deadline, snooze_deadline, waive_deadline
from workorders.actions.orders import record_intake
from workorders.forms.base import DressedForm
from workorders.forms.filters import DeadlineFilters
from workorders.models import Deadline, WorkOrderLine
from workorders.models.deadlines import DeadlineQuerySet
from workorders.queries.deadlines import DATES, status_of, with_status
from workorders.queries.reminders import announced
from workorders.views.deadline_rows import DeadlineRow, act_form, deadline_row, deadline_rows
from workorders.wording.resolving import resolution
from workorders.wording.states import Shown, deadline_state

SAID = {
    "meet": gettext_lazy("Recorded as met."),
    "waive": gettext_lazy("The deadline is waived."),
    "snooze": gettext_lazy("The deadline is off the queue for a while; the date stays."),
}
MOST_A_MONTH = 1000


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the month page."""

    day: date
    is_out: bool
    is_today: bool
    entries: list[tuple[Deadline, Shown]]


def deadline_list(request: SignedInRequest) -> HttpResponse:
    """What is due when, for whom, whose turn it is; as a list or as a month."""
    now = timezone.now()
    form, deadlines = _filtered(request, now)
    if one_of(request, "view", ("list", "month")) == "month":
        return _month_page(request, form, deadlines, now)
    page = marked_page(
        request,
        deadlines,
        ("due_at", "pk"),
    )
    context = {
        "form": form,
        "page": page,
        "rows": deadline_rows(request, page.rows, now, place="list"),
        "with_customer": True,
        "now": now,
        "is_filtered": _is_filtered(request),
    }
    fragment = "#results" if request.htmx else ""
    return render(request, f"workorders/deadline_list.html{fragment}", context)


def deadline_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One deadline with its proof and what can be done about it."""
    deadline, now = _fetch(request, pk), timezone.now()
    return _detail(request, deadline, now, opened=request.GET.get("act", ""))


def deadline_show_row(request: SignedInRequest, pk: int) -> HttpResponse:
    """The row of a list with its proof or one of its forms open; `act` says which."""
    deadline, now = _fetch(request, pk), timezone.now()
    if not request.htmx:
        return redirect("workorders:deadline-detail", pk)
    row = deadline_row(
        deadline,
        person=viewer(request),
        now=now,
        place=_place(request),
        opened=request.GET.get("act", ""),
    )
    return _render_row(request, row, now)


@require_POST
def deadline_act(request: SignedInRequest, pk: int, act: str) -> HttpResponse:
    """Meet, waive or snooze: the row for HTMX, otherwise the deadline's page."""
    deadline, now, person = _fetch(request, pk), timezone.now(), viewer(request)
    if act not in deadline_row(deadline, person=person, now=now).acts:
        raise Http404
    form = act_form(deadline, act, request.POST, now=now)
    refusal = None
    if form.is_valid():
        try:
            _act(request, deadline, act, form, now)
        except Refused as refused:
            refusal = refused
        else:
            return _done(request, deadline.pk, act, now)
    row = deadline_row(
        deadline, person=person, now=now, place=_place(request), opened=act, form=form,
        refusal=refusal,
    )  # fmt: skip
    status = refusal_status(refusal) if refusal else 422
    if request.htmx:
        return _render_row(request, row, now, status=status)
    return _detail(request, deadline, now, opened=act, form=form, refusal=refusal, status=status)


def _act(
    request: SignedInRequest, deadline: Deadline, act: str, form: DressedForm, now: datetime
) -> None:
    person, data = viewer(request), form.cleaned_data
    if act == "waive":
        waive_deadline(deadline=deadline, by=person, reason=data["reason"], now=now)
    elif act == "snooze":
        until = end_of_day(data["until"], deadline.zone)
        snooze_deadline(deadline=deadline, until=until, reason=data["reason"], by=person, now=now)
    elif "at" in data:
        line = get_object_or_404(
            WorkOrderLine, order=deadline.order, pk=deadline.subject_key.removeprefix("line:")
        )
        record_intake(line=line, at=data["at"], by=person, now=now)
    else:
        meet_deadline(deadline=deadline, by=person, now=now)


def _done(request: SignedInRequest, pk: int, act: str, now: datetime) -> HttpResponse:
    if request.htmx:
        row = deadline_row(
            _fetch(request, pk), person=viewer(request), now=now, place=_place(request)
        )
        return _render_row(request, row, now, said=str(SAID[act]))
    messages.success(request, str(SAID[act]))
    return redirect("workorders:deadline-detail", pk)


def _fetch(request: SignedInRequest, pk: int) -> Deadline:
    deadlines = Deadline.objects.visible_to(viewer(request))
    related = ("customer", "order", "location", "waived_by", "met_by")
    return get_object_or_404(deadlines.select_related(*related), pk=pk)


def _place(request: SignedInRequest) -> str:
    return "order" if request.GET.get("in") == "order" else "list"


def _render_row(
    request: SignedInRequest, row: DeadlineRow, now: datetime, *, said: str = "", status: int = 200
) -> HttpResponse:
    context = {"row": row, "with_customer": row.place == "list", "now": now, "said": said}
    return render(request, "workorders/_deadline_row.html", context, status=status)


def _detail(
    request: SignedInRequest,
    deadline: Deadline,
    now: datetime,
    *,
    opened: str = "",
    form: DressedForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    person = viewer(request)
    open_acts = deadline_row(deadline, person=person, now=now).acts
    rows = [
        deadline_row(
            deadline,
            person=person,
            now=now,
            opened=act,
            form=form if act == opened else None,
            refusal=refusal if act == opened else None,
        )
        for act in open_acts
    ]
    earlier = Deadline.objects.visible_to(person).filter(
        kind=deadline.kind, subject_key=deadline.subject_key, superseded_at__isnull=False
    )
    row = deadline_row(deadline, person=person, now=now)
    context = {
        "deadline": deadline,
        "row": row,
        "resolution": resolution(deadline, reader=person) if row.is_waiting else None,
        "acts": rows,
        "opened": opened,
        "earlier": earlier.exclude(pk=deadline.pk).order_by("-created_at")[:10],
        "told": announced(deadline, viewer=person, now=now),
        "now": now,
        "refusal_said": refusal_words(refusal).sentence if refusal else "",
    }
    return render(request, "workorders/deadline_detail.html", context, status=status)


def _filtered(request: SignedInRequest, now: datetime) -> tuple[DeadlineFilters, DeadlineQuerySet]:
    person = viewer(request)
    form = DeadlineFilters(
        request.GET, customers=Customer.objects.visible_to(person).order_by("name")
    )
    deadlines = Deadline.objects.visible_to(person).select_related(
        "customer", "order", "location", "waived_by", "met_by"
    )
    if not form.is_valid():
        return form, deadlines.none()
    data = form.cleaned_data
    deadlines = _in_status(deadlines, data["status"], now)
    exact = {name: data[name] for name in ("customer", "kind", "owner") if data[name]}
    deadlines = deadlines.filter(**exact)
    if data["since"]:
        deadlines = deadlines.filter(due_on__gte=data["since"])
    if data["until"]:
        deadlines = deadlines.filter(due_on__lte=data["until"])
    if data["q"]:
        deadlines = deadlines.filter(
            Q(order__number__icontains=data["q"])
            | Q(customer__name__icontains=data["q"])
            | Q(subject_label__icontains=data["q"])
        )
    return form, deadlines


def _in_status(deadlines: DeadlineQuerySet, status: str, now: datetime) -> DeadlineQuerySet:
    if status == "all":
        return deadlines.current()
    if status == "snoozed":
        return deadlines.open().filter(snoozed_until__gt=now)
    if status:
        return with_status(deadlines, status, now)
    return deadlines.open().filter(Q(due_at__gte=now) | ~Q(kind__in=DATES))


def _is_filtered(request: SignedInRequest) -> bool:
    names = ("q", "customer", "kind", "status", "owner", "since", "until")
    return any(request.GET.get(name) for name in names)


# --- the month ------------------------------------------------------------------------------


def _month_page(
    request: SignedInRequest, form: DeadlineFilters, deadlines: DeadlineQuerySet, now: datetime
) -> HttpResponse:
    today = timezone.localtime(now).date()
    first = read(request, "month", _month_of, usual=today.replace(day=1))
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    start, end = weeks[0][0], weeks[-1][-1]
    shown = deadlines.filter(due_on__gte=start, due_on__lte=end).order_by("due_at", "pk")
    by_day: dict[date, list[tuple[Deadline, Shown]]] = {}
    for deadline in shown[:MOST_A_MONTH]:
        state = deadline_state(deadline, status_of(deadline, now), now)
        by_day.setdefault(deadline.due_on, []).append((deadline, state))
    context = {
        "form": form,
        "weeks": _weeks(weeks, by_day, first.month, today),
        "first": first,
        "previous": (first - timedelta(days=1)).strftime("%Y-%m"),
        "following": (first + timedelta(days=31)).strftime("%Y-%m"),
        "is_month": True,
        "now": now,
        "is_filtered": _is_filtered(request),
    }
    fragment = "#results" if request.htmx else ""
    return render(request, f"workorders/deadline_list.html{fragment}", context)


def _weeks(
    weeks: Iterable[list[date]],
    by_day: dict[date, list[tuple[Deadline, Shown]]],
    month: int,
    today: date,
) -> list[list[CalendarDay]]:
    return [
        [CalendarDay(day, day.month != month, day == today, by_day.get(day, [])) for day in week]
        for week in weeks
    ]


def _month_of(text: str) -> date:
    """The first of the month that is written; `ValueError` when that can't be read."""
    first = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    if not 1990 <= first.year < 2200:
        raise ValueError(text)
    return first
