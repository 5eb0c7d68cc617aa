"""The geometry of the term ribbon: nothing overlaps, whatever the term and the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.calendar_days import contract_years
from workorders.wording.labels import Label, hang_labels, text_width
from workorders.wording.ribbon import LEFT, RIGHT, Mark, Span, Term, Words, draw_ribbon

START = date(2025, 2, 1)


def term_of(first, last, today, *, chinese=False, onboarding=True):
    """A term with everything that the page shows on it."""
    cutoff = last - timedelta(days=60)
    years = tuple(
        Span(
            year.first_day,
            year.last_day,
            (f"合同第 {year.number} 年，已过 81%", f"第 {year.number} 年")
            if chinese
            else (f"Contract year {year.number}, 81 % elapsed", f"Year {year.number}"),
            today in year,
        )
        for year in contract_years(first, last)
    )
    marks = [Mark(cutoff, ("Request cut-off, 2 Dec 2026", "in 9 days (§2.8 C20)"), "risk", 9)]
    marks += [
        Mark(year.first - timedelta(days=1), ("Anniversary, 1 Feb 2026",)) for year in years[1:]
    ]
    if onboarding:
        marks += [
            Mark(first + timedelta(days=12), ("Day 14: intake, 13 Feb 2025 (§2.4 AP10)",), "", 3),
            Mark(first + timedelta(days=28), ("Day 30: material, 1 Mar 2025 (§2.4 AP38)",), "", 3),
            Mark(
                first + timedelta(days=59),
                ("Day 60: onboarding ended, 1 Apr 2025 (§2.4 AP9)",),
                "",
                3,
            ),
        ]
    return Term(
        first,
        last,
        today,
        ("Start", "1 Feb 2025"),
        ("Today", "23 Nov 2026"),
        ("Expiry", "31 Jan 2027"),
        years,
        tuple(marks),
        urgent_until=cutoff,
        underline=Span(first, first + timedelta(days=59)),
    )


def overlaps(words):
    """Pairs of texts that share ground: same 12 px of height and some width."""
    found = []
    for number, one in enumerate(words):
        for other in words[number + 1 :]:
            if abs(one.y - other.y) < 12:
                (a, b), (c, d) = one.reach, other.reach
                if a < d and c < b:
                    found.append((one.text, other.text))
    return found


def crossed(ribbon):
    """Texts below the bar through which the connector of another label runs."""
    found = []
    for line in ribbon.lines:
        if "h" not in line.path:
            continue
        x, rest = line.path[1:].split(" ")
        foot = float(rest.split("V")[1].split("h")[0])
        for words in ribbon.words:
            start, end = words.reach
            if 90 < words.y < foot and start < float(x) < end:
                found.append((line.path, words.text))
    return found


@settings(max_examples=300, deadline=None)
@given(
    days=st.integers(1, 5 * 366),
    elapsed=st.floats(-0.1, 1.1),
    chinese=st.booleans(),
    onboarding=st.booleans(),
)
def test_no_label_overlaps_another_in_any_term(days, elapsed, chinese, onboarding):
    last = START + timedelta(days=days - 1)
    today = START + timedelta(days=int(days * elapsed))

    ribbon = draw_ribbon(term_of(START, last, today, chinese=chinese, onboarding=onboarding))

    assert overlaps(ribbon.words) == []
    assert crossed(ribbon) == []
    assert all(LEFT <= x <= RIGHT for words in ribbon.words for x in words.reach)
    assert ribbon.height >= max(words.y for words in ribbon.words)


@pytest.mark.parametrize("years", [1, 2, 3, 5])
def test_every_date_that_binds_is_on_the_ribbon(years):
    last = date(2025 + years, 1, 31)
    term = term_of(START, last, date(2025, 12, 1))

    shown = {words.text for words in draw_ribbon(term).words}

    assert {line for mark in term.marks for line in mark.lines} <= shown
    assert {"Start", "1 Feb 2025", "Expiry", "31 Jan 2027"} <= shown


def test_dates_that_fall_together_share_a_connector():
    term = term_of(START, date(2025, 5, 31), date(2025, 2, 10))

    shown = {words.text for words in draw_ribbon(term).words}

    assert {line for mark in term.marks for line in mark.lines} <= shown


def test_today_near_the_expiry_hangs_below_the_bar():
    ribbon = draw_ribbon(term_of(START, date(2027, 1, 31), date(2027, 1, 30)))

    assert [(w.text, w.y > 90) for w in ribbon.words if w.text.startswith("Today")] == [
        ("Today, 23 Nov 2026", True)
    ]


def test_today_in_the_middle_stands_above_the_bar_left_of_its_line():
    ribbon = draw_ribbon(term_of(START, date(2027, 1, 31), date(2026, 11, 23)))

    assert [w for w in ribbon.words if w.text == "Today"] == [Words(1107.0, 32.0, "Today", "t-e")]


@pytest.mark.parametrize("today", [date(2025, 1, 31), date(2027, 2, 1)])
def test_a_day_outside_the_term_has_no_mark(today):
    ribbon = draw_ribbon(term_of(START, date(2027, 1, 31), today))

    assert [w.text for w in ribbon.words if w.text.startswith("Today")] == []


def test_the_bar_shows_what_elapsed_and_the_stretch_to_the_cut_off():
    ribbon = draw_ribbon(term_of(START, date(2027, 1, 31), date(2026, 11, 23)))

    assert [(r.colour, r.x, r.width) for r in ribbon.rects] == [
        ("f-track", 10.0, 1220.0),
        ("f-term", 10.0, 1103.0),
        ("f-risk", 1113.0, 16.7),
        ("f-ink2", 10.0, 100.3),
    ]


def test_captions_shorten_and_then_vanish_where_a_year_is_narrow():
    ribbon = draw_ribbon(term_of(START, date(2029, 1, 31), date(2025, 3, 1)))
    captions = [w.text for w in ribbon.words if "ear " in w.text and w.y < 58]
    ten_years = draw_ribbon(term_of(START, date(2040, 1, 31), date(2025, 3, 1)))

    assert captions == [f"Contract year {n}, 81 % elapsed" for n in (1, 2, 3, 4)]
    assert overlaps(ten_years.words) == []
    assert all("Contract" not in w.text for w in ten_years.words)


def test_labels_of_least_weight_give_way_when_nothing_fits():
    crowd = [Label(600 + n, ("a label as wide as half the bar",) * 3, "", n) for n in range(9)]

    hung = hang_labels(crowd, left=0, right=1240)

    assert [h.label.weight for h in hung] == sorted(h.label.weight for h in hung)
    assert {h.label.weight for h in hung} == {9 - n for n in range(1, len(hung) + 1)}


def test_a_label_wider_than_the_ground_is_left_out():
    assert hang_labels([Label(5, ("far too wide",))], left=0, right=20) == ()


def test_chinese_characters_are_as_wide_as_high():
    assert text_width("工作订单") == 48
    assert text_width("abcd", bold=True) > text_width("abcd")
