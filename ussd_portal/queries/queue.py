"""The attention queue: everything that wants an action, in one ranked list.

Running clocks come first, then what is late, then by time left, then by money.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Customer, User
from accounts.wording import formats
from incidents.models import Incident
from services.scheduling.models import Booking, ServiceRequest
from services.scheduling.queries.cancellations import charge_after, event_day
from ussd_portal.queries.risk import RiskRow
from workorders.models import Deadline
from workorders.queries.deadlines import upcoming_deadlines
from workorders.wording.resolving import ACTIONS, resolving_url

HORIZON = timedelta(days=60)
CANCELLATION_HORIZON = timedelta(days=2)
SHORT = 8
Kind = Deadline.Kind

CLAUSE_OF_KIND: Mapping[str, str] = {
    "incident": "2.3-RE14",
    "request": "2.8-C20",
}
KIND_LABELS: Mapping[str, Any] = {
    "incident": gettext_lazy("Incidents"),
    "request": gettext_lazy("Requests"),
    "deadline": gettext_lazy("Deadlines"),
}


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One row: whose, what, until when, by which clause, and the button that resolves it."""

    kind: str
    customer: Customer
    title: str
    detail: str
    clause: str
    action: str
    url: str
    due_at: datetime | None = None
    zone: str = "UTC"
    role: str = ""
    is_clock: bool = False
    money: int = 0
    deadline_id: int | None = None
    asked_at: datetime | None = None

    def rank(self, now: datetime) -> tuple[bool, bool, float, int]:
        """Clocks, then late, then by time left, then by money; without a date last."""
        left = (self.due_at - now).total_seconds() if self.due_at else float("inf")
        return (not self.is_clock, left >= 0, left, -self.money)


@dataclass(frozen=True, slots=True)
class Queue:
    """The ranked rows, shortened unless all are asked for, and what was put aside."""

    rows: list[QueueItem]
    total: int
    snoozed: int
    customers: list[Customer] = field(default_factory=list)


def attention_queue(
    user: User,
    customers: list[Customer],
    risks: Iterable[RiskRow],
    clocks: Iterable[Incident],
    requests: Iterable[ServiceRequest],
    *,
    now: datetime,
    customer: str = "",
    kind: str = "",
    everything: bool = False,
) -> Queue:
    """What wants an action of `user` at `now`, filtered by customer and kind."""
    due = list(_deadlines(user, now))
    waking = [one for one in due if not one.snoozed_until or one.snoozed_until <= now]
    # The first to lapse of each order: what its cut-off is about.
    at_risk = {row.order.pk: row for row in reversed(list(risks)) if not row.is_past}
    bookings = _bookings(waking)
    items = [_of_deadline(one, at_risk, bookings, now) for one in waking]
    items.extend(_of_incident(one, now) for one in clocks)
    items.extend(_of_request(one) for one in requests)
    chosen = [
        item
        for item in items
        if (not customer or str(item.customer.pk) == customer) and (not kind or item.kind == kind)
    ]
    chosen.sort(key=lambda item: item.rank(now))
    return Queue(
        chosen if everything else chosen[:SHORT],
        len(chosen),
        len(due) - len(waking),
        [one for one in customers if any(item.customer.pk == one.pk for item in items)],
    )


# --- deadlines ------------------------------------------------------------------------------


def _deadlines(user: User, now: datetime) -> Iterable[Deadline]:
    """Late duties and what is due soon; a day to cancel free of charge only when it is near."""
    near = Q(kind=Kind.FREE_CANCELLATION, due_at__gte=now + CANCELLATION_HORIZON)
    rows = upcoming_deadlines(user, now=now, until=now + HORIZON).exclude(near)
    return rows.filter(kind__in=list(ACTIONS))[:500]


def _bookings(deadlines: Iterable[Deadline]) -> dict[str, Booking]:
    """The bookings that deadlines belong to, by subject; one query."""
    keys = [one.subject_key for one in deadlines if one.subject_key.startswith("booking:")]
    ids = [int(key.partition(":")[2]) for key in keys]
    rows = Booking.objects.select_related("entitlement__offering").in_bulk(ids)
    return {f"booking:{pk}": booking for pk, booking in rows.items()}


def _of_deadline(
    deadline: Deadline,
    at_risk: Mapping[int, RiskRow],
    bookings: Mapping[str, Booking],
    now: datetime,
) -> QueueItem:
    is_about_value = deadline.kind in (Kind.REQUEST_CUTOFF, Kind.CONTRACT_YEAR_END)
    risk = at_risk.get(deadline.order_id or 0) if is_about_value else None
    booking = bookings.get(deadline.subject_key)
    title, detail = _booking_words(deadline, booking) if booking else _words(deadline, risk)
    return QueueItem(
        kind="deadline",
        customer=deadline.customer,
        title=title,
        detail=detail,
        clause=deadline.clauses[0] if deadline.clauses else "",
        action=str(ACTIONS[deadline.kind]),
        url=resolving_url(deadline) or reverse("workorders:deadline-detail", args=[deadline.pk]),
        due_at=deadline.due_at,
        zone=deadline.zone,
        role=_role(deadline.due_at, now),
        money=risk.dollars.minor if risk else 0,
        deadline_id=deadline.pk,
    )


def _booking_words(deadline: Deadline, booking: Booking) -> tuple[str, str]:
    """Which booking, and what cancelling costs from the next day on."""
    event = event_day(booking)
    title = _("%(title)s on %(day)s: %(label)s") % {
        "title": booking.title,
        "day": formats.day(event, weekday=False, year=False),
        "label": deadline.get_kind_display(),
    }
    if deadline.kind != Kind.FREE_CANCELLATION:
        return title, str(booking.entitlement.offering)
    percent, charge = charge_after(booking, deadline.due_on)
    detail = _("From the next day cancelling costs %(share)s, %(money)s") % {
        "share": formats.share(percent),
        "money": formats.money(charge),
    }
    return title, detail


def _words(deadline: Deadline, risk: RiskRow | None) -> tuple[str, str]:
    label = deadline.get_kind_display()
    subject = deadline.subject_label
    if risk is not None:
        title = _("%(money)s not booked: %(label)s") % {
            "money": formats.money(risk.left),
            "label": label,
        }
        detail = _("All of it lapses on %(day)s") % {"day": formats.day(risk.lapses_on)}
        return title, f"{subject} · {detail}"
    return _sentence(label), subject


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _role(due_at: datetime, now: datetime) -> str:
    if due_at < now:
        return "late"
    return "risk" if due_at < now + timedelta(days=3) else ""


# --- incidents and requests -----------------------------------------------------------------


def open_clocks(user: User) -> list[Incident]:
    """Incidents whose first response is still awaited, the next due first."""
    rows = Incident.objects.visible_to(user).unanswered()
    return list(rows.select_related("customer", "location").order_by("due_at"))


def waiting_requests(user: User) -> list[ServiceRequest]:
    """What customers asked for and nobody answered, the oldest first."""
    rows = ServiceRequest.objects.visible_to(user).waiting()
    return list(rows.select_related("customer", "offering", "location").order_by("requested_at"))


def _of_incident(incident: Incident, now: datetime) -> QueueItem:
    share = _elapsed_share(incident, now)
    return QueueItem(
        kind="incident",
        customer=incident.customer,
        title=_("Incident %(number)s, severity %(severity)s: no first response yet")
        % {"number": incident.number, "severity": incident.severity},
        detail=formats.beside(incident.title, incident.location),
        clause=(incident.explained.get("clauses") or ["2.3-RE14"])[0],
        action=_("Open incident"),
        url=reverse("incidents:incident-detail", args=[incident.pk]),
        due_at=incident.due_at,
        zone=incident.location.time_zone,
        role="late" if share >= 90 else "risk" if share >= 75 else "",
        is_clock=True,
    )


def _elapsed_share(incident: Incident, now: datetime) -> float:
    span = (incident.due_at - incident.clock_from).total_seconds()
    return 100 * (now - incident.clock_from).total_seconds() / span if span else 100.0


def _of_request(request: ServiceRequest) -> QueueItem:
    return QueueItem(
        kind="request",
        customer=request.customer,
        title=_("Request: %(service)s, %(location)s")
        % {"service": request.offering, "location": request.location},
        detail=_("Wanted %(start)s to %(end)s")
        % {
            "start": formats.day(request.wanted_from),
            "end": formats.day(request.wanted_until),
        },
        clause="2.8-C20",
        action=_("Answer request"),
        url=reverse("scheduling:request-detail", args=[request.pk]),
        asked_at=request.requested_at,
        zone=request.location.time_zone,
    )


def near_target(incidents: Iterable[Incident], now: datetime) -> list[Incident]:
    """Those at three quarters of their time or beyond, without a first response."""
    return [one for one in incidents if _elapsed_share(one, now) >= 75]
