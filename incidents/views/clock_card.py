"""The clocks of an incident as the card shows them: a drawing and its table twin."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.rules.business_time import open_intervals
from accounts.wording import formats
from incidents.models import Clock, IncidentUpdate, MissedTarget
from incidents.queries.clocks import RESPONSE, Clocks, ClockView
from incidents.queries.names import Names
from incidents.rules.charts import BUSINESS_HOURS
from incidents.wording.clocks import Drawing, Interval, Lane, Mark, draw
from incidents.wording.people import role_words
from incidents.wording.states import (
    DUTY_CLOCKS,
    Shown,
    answered_words,
    clock_state,
    fill_at,
    left_words,
    role_at,
)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock in figures."""

    view: ClockView
    name: str
    state: Shown
    runs: str
    left: str


@dataclass(frozen=True, slots=True)
class MissedRow:
    """A target that passed before another one took its place."""

    target: MissedTarget
    name: str
    runs: str


@dataclass(frozen=True, slots=True)
class ClockCard:
    """Drawing, its words for those who don't see it, and the table."""

    drawing: Drawing
    title: str
    description: str
    rows: tuple[ClockRow, ...]
    missed: tuple[MissedRow, ...]
    zone: str

    @property
    def has_pauses(self) -> bool:
        """Whether a clock stood still, which the legend then explains."""
        return any(row.view.pauses for row in self.rows)


def clock_card(
    clocks: Clocks, updates: list[IncidentUpdate], names: Names, now: datetime
) -> ClockCard:
    """Both sides' clocks at `now`, in the zone of the contact's location."""
    zone = clocks.incident.location.time_zone
    short = clocks.incident.customer.short_name
    running = any(not view.is_over for view in clocks.views)
    rows = tuple(_row(view, names, short) for view in clocks.views)
    shut = _closed(clocks, now)
    lanes = [_lane(view, names, short, zone, updates, shut) for view in clocks.views]
    drawing = draw(
        lanes,
        closed=shut,
        tick_words=lambda at, with_day: _tick(at, with_day, zone),
        now=now if running else None,
        now_words=_("Now %(time)s") % {"time": formats.clock_time(now, zone)},
        closed_words=_closed_words,
        minutes_from_midnight=lambda at: _minutes(at, zone),
    )
    return ClockCard(
        drawing=drawing,
        title=_("Clocks of incident %(number)s") % {"number": clocks.incident.number},
        description=formats.sentences(*(_sentence(row, zone) for row in rows)),
        rows=rows,
        missed=tuple(_missed(one, names, short) for one in clocks.missed),
        zone=zone,
    )


def clock_name(view: ClockView, names: Names) -> str:
    """What the clock measures."""
    if view.code == RESPONSE:
        return _("first response")
    if view.side == "microsoft":
        return role_words(view.code, names)
    return str(DUTY_CLOCKS.get(view.code) or names.duty(view.code))


def _missed(target: MissedTarget, names: Names, short: str) -> MissedRow:
    if target.side == MissedTarget.Side.MICROSOFT:
        what = _("first response at severity %(severity)s") % {"severity": target.severity}
        if target.code != RESPONSE:
            what = role_words(target.code, names)
        side = _("Microsoft")
    else:
        what = str(DUTY_CLOCKS.get(target.code) or names.duty(target.code))
        side = short
    return MissedRow(
        target,
        _("%(side)s: %(what)s") % {"side": side, "what": what},
        str(Clock(target.clock).label),
    )


def _row(view: ClockView, names: Names, short: str) -> ClockRow:
    side = _("Microsoft") if view.side == "microsoft" else short
    left = "–"
    if view.state in {"running", "paused", "late"}:
        left = (
            formats.duration(view.left_minutes)
            if view.left_minutes >= 0
            else left_words(view.left_minutes)
        )
    return ClockRow(
        view=view,
        name=_("%(side)s: %(what)s") % {"side": side, "what": clock_name(view, names)},
        state=clock_state(view.state, view.percent),
        runs=str(Clock(view.clock).label),
        left=left,
    )


def _lane(
    view: ClockView,
    names: Names,
    short: str,
    zone: str,
    updates: list[IncidentUpdate],
    shut: list[Interval],
) -> Lane:
    microsoft = view.side == "microsoft"
    time = formats.clock_time(view.due_at, zone)
    words = _("Target %(time)s") if microsoft else _("Due %(time)s")
    role = (
        "late"
        if view.state in {"late", "missed"}
        else ""
        if view.is_over
        else role_at(view.percent)
    )
    return Lane(
        side=_("Microsoft") if microsoft else short[:20],
        name=clock_name(view, names)[:22],
        since=view.since,
        until=view.until,
        due_at=view.due_at,
        fill=fill_at(view.state, view.percent),
        due_words=words % {"time": time},
        state_words=_state_words(view),
        role=role,
        marks=[Mark(at, formats.share(percent)) for percent, at in view.marks],
        events=_events(view, updates, zone) if view.code == RESPONSE else (),
        closed=shut if view.clock == BUSINESS_HOURS else (),
        pauses=[(since, until, _paused_words(since, until)) for since, until in view.pauses],
    )


def _state_words(view: ClockView) -> str:
    if view.state in {"met", "missed"}:
        return answered_words(view.state, view.left_minutes)
    if view.state == "closed":
        return _("closed without one")
    if view.state == "paused":
        return _("paused, %(left)s") % {"left": left_words(view.left_minutes)}
    if view.state == "late":
        return left_words(view.left_minutes)
    return _("%(share)s used, %(left)s") % {
        "share": formats.share(view.percent),
        "left": left_words(view.left_minutes),
    }


def _events(view: ClockView, updates: list[IncidentUpdate], zone: str) -> list[Mark]:
    """Changes of severity while the clock ran, and the contact that stopped it."""
    found = []
    for update in updates:
        time = formats.clock_time(update.at, zone)
        if update.kind == IncidentUpdate.Kind.SEVERITY and view.since <= update.at <= view.due_at:
            words = _("%(old)s to %(new)s, %(time)s") % {
                "old": update.data.get("from"),
                "new": update.data.get("to"),
                "time": time,
            }
            found.append(Mark(update.at, words))
        if update.data.get("first_response"):
            found.append(Mark(update.at, _("Response %(time)s") % {"time": time}))
    return found


def _closed(clocks: Clocks, now: datetime) -> list[Interval]:
    """Off-hours in the drawing's span, where a clock runs in business hours."""
    if all(view.clock != BUSINESS_HOURS for view in clocks.views):
        return []
    since = min(view.since for view in clocks.views)
    until = max([now, *(max(view.due_at, view.until) for view in clocks.views)])
    shut, at = [], since
    for opens, closes in open_intervals(clocks.hours, since, until):
        if opens > at:
            shut.append((at, opens))
        at = closes
    if at < until:
        shut.append((at, until))
    return shut


def _paused_words(since: datetime, until: datetime) -> str:
    """How long a pause was on the wall."""
    minutes = (until - since) // timedelta(minutes=1)
    return _("paused, %(duration)s") % {"duration": formats.duration(minutes)}


def _closed_words(interval: Interval) -> str:
    minutes = (interval[1] - interval[0]) // timedelta(minutes=1)
    return _("closed, %(duration)s") % {"duration": formats.duration(minutes)}


def _tick(at: datetime, with_day: bool, zone: str) -> str:
    time = formats.clock_time(at, zone)
    if not with_day:
        return time
    return f"{formats.weekday(at.astimezone(ZoneInfo(zone)))} {time}"


def _minutes(at: datetime, zone: str) -> int:
    local = at.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def _sentence(row: ClockRow, zone: str) -> str:
    return _("%(clock)s: since %(since)s, due %(due)s, %(state)s.") % {
        "clock": row.name,
        "since": formats.instant(row.view.since, zone),
        "due": formats.instant(row.view.due_at, zone),
        "state": row.state.word,
    }
