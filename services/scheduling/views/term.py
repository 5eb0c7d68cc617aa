"""The term of a customer's orders as a chart, and the same as a table."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Customer, User
from accounts.wording import formats
from services.scheduling.models import Booking
from services.scheduling.queries.schedule import Wanted, state_of
from services.scheduling.queries.term_chart import Lane, TermChart, TermOrder, days_of, term_chart
from services.scheduling.wording.gantt import Gantt, Point, Row, Stretch, draw_gantt
from services.scheduling.wording.states import BOOKING_STATES
from services.scheduling.wording.times import Span, span
from workorders.models import Deadline
from workorders.queries.deadlines import status_of
from workorders.wording.states import Shown, deadline_state

COLOURS = {
    "planned": "f-book",
    "running": "f-book",
    "unconfirmed": "f-risk",
    "unrecorded": "f-risk",
    "delivered": "f-used",
    "cancelled": "f-pause",
    "moved": "f-pause",
}
POINTS = {"late": "f-late", "risk": "f-risk", "ok": "f-ok"}


@dataclass(frozen=True, slots=True)
class BookingLine:
    """A booking of the table."""

    booking: Booking
    when: Span
    state: Shown


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A deadline of the table."""

    deadline: Deadline
    state: Shown


def term_context(person: User, wanted: Wanted, now: datetime) -> dict[str, Any]:
    """Chart and table of the customer looked for; of the only one where there is but one."""
    few = list(Customer.objects.visible_to(person).order_by("name")[:2])
    if wanted.customer is None and len(few) == 1:
        wanted = Wanted(customer=few[0], state=wanted.state, zone=wanted.zone)
    chart = term_chart(person, wanted, now=now)
    if chart is None:
        return {"term": None, "has_customer": wanted.customer is not None}
    deadlines = [
        DeadlineLine(one, deadline_state(one, status_of(one, now), now)) for one in chart.deadlines
    ]
    return {
        "term": chart,
        "gantt": _drawn(chart, deadlines, now),
        "orders": [(one, list(_lines(one, now))) for one in chart.orders],
        "deadlines": deadlines,
    }


def _lines(order: TermOrder, now: datetime) -> list[BookingLine]:
    bookings = [booking for lane in order.lanes for booking in lane.bookings]
    return [
        BookingLine(
            one,
            span(one.starts_at, one.ends_at, one.location.time_zone),
            BOOKING_STATES[state_of(one, now)],
        )
        for one in sorted(bookings, key=lambda one: (one.starts_at, one.pk))
    ]


def _drawn(chart: TermChart, deadlines: list[DeadlineLine], now: datetime) -> Gantt:
    rows = [row for order in chart.orders for row in _rows(order, chart.today, now)]
    points = tuple(
        Point(one.deadline.due_on, POINTS.get(one.state.role, "f-ink2")) for one in deadlines
    )
    if points:
        rows.append(Row(_("Deadlines"), points=points, is_order=True))
    word = formats.beside(_("Today"), formats.day(chart.today, weekday=False, year=False))
    return draw_gantt(rows, first=chart.first, last=chart.last, today=chart.today, word=word)


def _rows(one: TermOrder, today: date, now: datetime) -> list[Row]:
    """An order's bar with the time that is over, then its services."""
    order = one.order
    over = (Stretch(order.starts_on, min(today, one.last_day), "f-term"),)
    bar = Row(
        _("Work order %(number)s") % {"number": order.number},
        span=Stretch(order.starts_on, one.last_day, "f-track"),
        stretches=over if today >= order.starts_on else (),
        cuts=one.years,
        is_order=True,
    )
    return [bar, *(_lane(lane, now) for lane in one.lanes)]


def _lane(lane: Lane, now: datetime) -> Row:
    return Row(
        str(lane.offering),
        lane.place,
        span=Stretch(lane.first_day, lane.last_day, "f-track"),
        stretches=tuple(
            Stretch(*days_of(booking), COLOURS[state_of(booking, now)]) for booking in lane.bookings
        ),
    )
