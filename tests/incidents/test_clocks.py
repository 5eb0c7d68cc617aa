"""Both sides' clocks as they stand, and the geometry of their drawing."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from incidents.actions.progress import (
    ask_customer,
    close_incident,
    meet_duty,
    record_first_response,
)
from incidents.queries.clocks import clocks_of, duty_clock
from incidents.wording.clocks import (
    RIGHT,
    WIDTH,
    Drawing,
    Lane,
    Mark,
    axis_of,
    draw,
    span_of,
    text_width,
)
from tests import factories
from tests.incidents.scenes import NOW

FRIDAY = datetime(2026, 11, 20, 16, 5, tzinfo=UTC)  # 17:05 in Berlin
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00


# --- states ---------------------------------------------------------------------------------


def read(incident, now):
    """Microsoft's clock."""
    incident.refresh_from_db()
    return clocks_of(incident, now).response


@pytest.mark.clause("0-C6")
def test_over_a_weekend_business_minutes_alone_are_counted(order):
    incident = factories.incident(order, now=FRIDAY)
    clock = read(incident, datetime(2026, 11, 23, 9, 24, tzinfo=UTC))
    # 25 minutes on Friday, 84 on Monday; due on Monday at 10:35.
    assert (clock.counted_minutes, clock.allowed_minutes, clock.left_minutes) == (109, 120, 11)
    assert (clock.percent, clock.state) == (90, "running")
    assert clock.due_at == datetime(2026, 11, 23, 9, 35, tzinfo=UTC)
    assert clock.marks == (
        (50, datetime(2026, 11, 23, 8, 35, tzinfo=UTC)),
        (75, datetime(2026, 11, 23, 9, 5, tzinfo=UTC)),
        (90, datetime(2026, 11, 23, 9, 23, tzinfo=UTC)),
    )


@pytest.mark.clause("0-C8")
@pytest.mark.parametrize(("after", "state"), [(0, "running"), (1, "late")])
def test_one_moment_after_the_target_a_running_clock_is_late(order, after, state):
    incident = factories.incident(order)
    assert read(incident, incident.due_at + timedelta(microseconds=after)).state == state


def test_the_first_response_stops_the_clock_for_good(order):
    incident = factories.incident(order)
    at = NOW + timedelta(minutes=30)
    record_first_response(incident=incident, channel="phone", by=order.created_by, now=at)
    clock = read(incident, NOW + timedelta(days=3))
    assert (clock.state, clock.stopped_at, clock.percent) == ("met", at, 25)


def test_a_missed_target_stays_missed(order):
    incident = factories.incident(order)
    at = incident.due_at + timedelta(minutes=42)
    record_first_response(incident=incident, channel="email", by=order.created_by, now=at)
    close_incident(incident=incident, by=order.created_by, now=at)
    clock = read(incident, at + timedelta(days=9))
    assert (clock.state, clock.left_minutes) == ("missed", -42)


def test_closed_without_a_response_is_neither_met_nor_running(order):
    incident = factories.incident(order)
    close_incident(incident=incident, by=order.created_by, now=NOW)
    clock = read(incident, NOW + timedelta(days=1))
    assert (clock.state, clock.counted_minutes, clock.is_over) == ("closed", 0, True)


def test_a_duty_has_its_own_clock_once_it_is_asked_for(order):
    incident = factories.incident(order)
    duty = incident.duties.get(code="change_control_access")
    assert [one.side for one in clocks_of(incident, NOW).views] == ["microsoft"]
    with pytest.raises(ValueError, match="no clock"):
        duty_clock(duty, incident, clocks_of(incident, NOW).hours, NOW)
    ask_customer(incident=incident, duty=duty, text="", by=order.created_by, now=NOW)
    clock = clocks_of(incident, NOW + timedelta(hours=1)).views[1]
    assert (clock.side, clock.percent, clock.clauses) == ("customer", 25, ("A-BS13",))
    meet_duty(incident=incident, duty=duty, by=order.created_by, now=NOW + timedelta(hours=1))
    assert clocks_of(incident, NOW + timedelta(hours=9)).views[1].state == "met"


def test_24_hours_of_a_clock_that_never_stops_run_over_a_change_of_time(order):
    at = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    incident = factories.incident(order, severity="C", now=at)
    duty = incident.duties.get(code="respond")
    ask_customer(incident=incident, duty=duty, text="", by=order.created_by, now=at)
    clock = clocks_of(incident, at + timedelta(hours=12)).views[1]
    assert (clock.percent, clock.allowed_minutes) == (50, 1440)


# --- geometry -------------------------------------------------------------------------------


def lane(**fields) -> Lane:
    """Two hours from Friday 17:05, due on Monday at 10:35."""
    values = {
        "side": "Microsoft",
        "name": "first response",
        "since": FRIDAY,
        "until": datetime(2026, 11, 23, 9, 24, tzinfo=UTC),
        "due_at": datetime(2026, 11, 23, 9, 35, tzinfo=UTC),
        "fill": "f-late",
        "due_words": "Target 10:35",
        "state_words": "91 % used, 11 minutes left",
        "role": "late",
        "closed": [WEEKEND],
    }
    return Lane(**{**values, **fields})


WEEKEND = (datetime(2026, 11, 20, 16, 30, tzinfo=UTC), MONDAY)


def drawn(
    *lanes: Lane, closed=(WEEKEND,), now=datetime(2026, 11, 23, 9, 24, tzinfo=UTC)
) -> Drawing:
    """The drawing at Monday 10:24."""
    return draw(
        lanes,
        closed=closed,
        tick_words=lambda at, with_day: f"{at:%a %H:%M}" if with_day else f"{at:%H:%M}",
        now=now,
        now_words="Now",
        closed_words=lambda _interval: "closed",
    )


def overlaps(drawing: Drawing) -> list[tuple[str, str]]:
    """Pairs of texts that cover each other."""
    found = []
    for number, one in enumerate(drawing.texts):
        for other in drawing.texts[number + 1 :]:
            beside = one.extent[1] <= other.extent[0] or other.extent[1] <= one.extent[0]
            if abs(one.y - other.y) < 10 and not beside:
                found.append((one.words, other.words))
    return found


def test_open_time_runs_evenly_and_closed_time_takes_one_band():
    axis = axis_of(FRIDAY, datetime(2026, 11, 23, 9, 35, tzinfo=UTC), [WEEKEND], right=RIGHT)
    before, band, after = axis.pieces
    assert (before.x, round(band.width), round(after.x + after.width)) == (150, 90, 1170)
    assert round(before.width / 25, 6) == round(after.width / 95, 6)
    assert axis.x(FRIDAY - timedelta(days=1)) == 150
    assert axis.x(axis.end + timedelta(days=1)) == RIGHT


def test_many_closed_stretches_share_half_of_the_room():
    days = [
        (MONDAY + timedelta(days=n, hours=9), MONDAY + timedelta(days=n + 1)) for n in range(20)
    ]
    axis = axis_of(MONDAY, MONDAY + timedelta(days=20, hours=9), days)
    assert sum(piece.width for piece in axis.pieces if piece.closed) == pytest.approx(510)


def test_an_axis_of_closed_time_alone_is_one_band():
    axis = axis_of(WEEKEND[0], WEEKEND[1], [WEEKEND])
    assert [(piece.closed, piece.width) for piece in axis.pieces] == [(True, 1020)]


def test_an_axis_runs_forward():
    with pytest.raises(ValueError, match="forward"):
        axis_of(MONDAY, MONDAY, [])


def test_what_has_run_and_what_is_left_fill_the_bar_without_a_gap():
    bars = drawn(lane()).rects
    assert [(bar.fill, bar.hatched) for bar in bars] == [
        ("f-late", False),
        ("f-late", True),
        ("f-late", False),
        ("f-track", False),
    ]
    for one, other in pairwise(bars):
        assert one.x + one.width == pytest.approx(other.x, abs=0.2)


def test_a_clock_that_never_stops_is_not_hatched():
    bars = drawn(lane(closed=()), lane()).rects
    assert [bar.hatched for bar in bars if bar.y == bars[0].y] == [False, False]


@pytest.mark.parametrize(
    "until",
    [
        FRIDAY,
        MONDAY,
        datetime(2026, 11, 23, 9, 35, tzinfo=UTC),
        datetime(2026, 11, 23, 9, 50, tzinfo=UTC),
        datetime(2026, 11, 30, 9, 0, tzinfo=UTC),
    ],
)
def test_no_text_covers_another_or_leaves_the_drawing(until):
    marks = [Mark(MONDAY + timedelta(minutes=n), f"{n} %") for n in (35, 65, 83)]
    events = [Mark(MONDAY + timedelta(minutes=77), "B raised to A, 10:17")]
    customer = lane(
        side="Contoso",
        name="access and answer",
        since=FRIDAY + timedelta(minutes=10),
        until=until,
        due_at=MONDAY + timedelta(hours=4),
        marks=[Mark(MONDAY + timedelta(hours=n), f"{n} %") for n in (1, 2, 3)],
    )
    drawing = drawn(lane(until=until, marks=marks, events=events), customer, now=until)
    assert overlaps(drawing) == []
    assert all(text.extent[0] >= 0 and text.extent[1] <= WIDTH for text in drawing.texts)
    assert all(bar.x + bar.width <= RIGHT + 0.2 for bar in drawing.rects)


def test_a_clock_that_is_late_for_long_is_cut_short():
    due = MONDAY + timedelta(hours=1)
    one = lane(since=MONDAY, due_at=due, until=MONDAY + timedelta(days=30), closed=())
    assert span_of([one], None) == (MONDAY, due + timedelta(minutes=30))
    drawing = drawn(one, closed=(), now=MONDAY + timedelta(days=30))
    assert "Now" not in [text.words for text in drawing.texts]


def test_a_clock_without_any_time_still_has_an_axis():
    one = lane(since=MONDAY, due_at=MONDAY, until=MONDAY, closed=())
    assert span_of([one], None) == (MONDAY, MONDAY + timedelta(minutes=1))


def test_the_line_of_now_goes_through_all_lanes():
    drawing = drawn(lane(), lane())
    line = next(one for one in drawing.strokes if one.top == 26)
    assert line.bottom == drawing.height - 14
    assert line.x == drawing.now_x


def test_round_times_and_openings_are_named_on_the_axis():
    words = [text.words for text in drawn(lane()).texts if text.y == 22]
    assert words == [
        "Fri 16:05", "Mon 08:00", "08:15", "08:30", "08:45", "09:00", "09:15", "09:30",
    ]  # fmt: skip


def test_chinese_is_about_twice_as_wide():
    assert text_width("目标") == 25.0
    assert text_width("Target") == pytest.approx(39.6)
