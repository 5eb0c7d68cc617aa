"""Dates, money and shares as the reader's language writes them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from accounts.wording import formats, refusals
from accounts.wording.clauses import without_clauses
from accounts.wording.refusals import refusal_words

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def chinese():
    """The other language."""
    return translation.override("zh-hans")


def test_dates_are_written_as_decided():
    day = date(2026, 12, 2)
    assert formats.day(day) == "Wed 2 Dec 2026"
    assert formats.day(day, year=False) == "Wed 2 Dec"
    assert formats.day(day, weekday=False) == "2 Dec 2026"
    assert formats.day(date(2026, 9, 1)) == "Tue 1 Sep 2026"
    assert formats.span("2 Dec", "9 Dec") == "2 Dec – 9 Dec"
    with chinese():
        assert formats.span("12月2日", "12月9日") == "12月2日至12月9日"
        assert formats.day(day) == "2026年12月2日"
        assert formats.day(day, year=False) == "12月2日"


def test_a_deadline_names_its_zone_and_the_city_where_the_name_is_ambiguous():
    due = datetime(2026, 12, 2, 22, 59, 59, tzinfo=UTC)
    assert formats.instant(due, BERLIN, year=True, seconds=True) == "Wed 2 Dec 2026, 23:59:59 CET"
    assert formats.instant(NOON, "America/Chicago") == "Mon 23 Nov, 05:00 CST (Chicago)"
    assert formats.instant(NOON, SHANGHAI) == "Mon 23 Nov, 19:00 CST (Shanghai)"
    assert formats.instant(NOON, "Asia/Kolkata") == "Mon 23 Nov, 16:30 IST (Kolkata)"
    assert formats.instant(NOON, "Asia/Singapore") == "Mon 23 Nov, 19:00 UTC+8 (Singapore)"
    assert formats.instant(NOON, "UTC") == "Mon 23 Nov, 11:00 UTC"
    with chinese():
        assert formats.instant(NOON, SHANGHAI, year=True) == "2026年11月23日 19:00（上海时间）"


def test_money_has_the_readers_symbols_and_a_true_minus():
    assert formats.money(Money(12_880_000, "EUR")) == "€128,800"
    assert formats.money(Money(480_050, "EUR")) == "€4,800.50"
    assert formats.money(Money(480_000, "EUR"), exact=True) == "€4,800.00"
    assert formats.money(Money(-480_000, "EUR")) == "−€4,800"
    assert formats.money(Money(1500, "JPY")) == "JP¥1,500"
    assert formats.money(Money(0, "EUR")) == "€0"
    assert formats.money_short(Money(22_600_000, "USD")) == "US$226.0k"
    with chinese():
        assert formats.money_short(Money(42_600_000, "CNY")) == "¥42.6 万"


def test_sentences_follow_one_another_as_the_language_has_it():
    assert formats.sentences("It is late.", "Book now.") == "It is late. Book now."
    with chinese():
        assert formats.sentences("已经太晚。", "请改订其他服务。") == "已经太晚。请改订其他服务。"
        assert formats.sentences("Too late.", "请改订其他服务。") == "Too late. 请改订其他服务。"
        assert formats.sentences("", "") == ""


def test_a_refusal_in_chinese_has_no_blank_between_its_sentences():
    with chinese():
        said = refusal_words(Refused("order_ended", last_day=date(2026, 12, 2))).sentence
    assert said.count("。") > 1
    assert "。 " not in said


def test_shares_counts_and_durations_are_written_as_decided():
    assert formats.share(81) == "81\u00a0%"
    assert formats.number(-12_400) == "−12,400"
    assert formats.duration(181) == "3 h 01 min"
    assert formats.duration(120) == "2 h"
    assert formats.duration(11) == "11 minutes"
    assert formats.duration(1) == "1 minute"
    with chinese():
        assert formats.share(81) == "81%"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 12, 2, 22, 59, 59, tzinfo=UTC), "in 9 days"),
        (datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC), "today"),
        (datetime(2026, 11, 23, 11, 11, tzinfo=UTC), "in 11 minutes"),
        (datetime(2026, 11, 23, 8, 59, tzinfo=UTC), "2 h 01 min late"),
        (datetime(2026, 10, 12, 15, 59, 59, tzinfo=UTC), "42 days late"),
        (NOON, "now"),
    ],
)
def test_time_left_is_told_in_words_first(due, words):
    assert formats.due_words(due, NOON, BERLIN) == words


def test_whole_days_are_reckoned_where_the_deadline_counts():
    due = datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)  # 23:59:59 of the 24th in Shanghai
    late_evening = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # the 24th in Shanghai already
    assert formats.due_words(due, late_evening, SHANGHAI) == "today"


def test_names_of_places_and_weekdays_are_the_readers():
    assert formats.weekdays("sat,sun") == "Saturday, Sunday"
    assert formats.country("DE") == "Germany"
    assert formats.language("zh-hans") == "Simplified Chinese"
    with chinese():
        assert formats.weekdays("sat,sun") == "星期六、星期日"
        assert formats.country("DE") == "德国"
        assert formats.city(SHANGHAI) == "上海"


def test_an_unknown_code_is_shown_as_it_is():
    assert (formats.country("XX"), formats.language("tlh")) == ("XX", "tlh") or formats.language(
        "tlh"
    ) == "Klingon"
    assert refusals.write_figure(None) == "None"


@pytest.mark.parametrize(
    ("text", "words", "ids"),
    [
        ("Off: newsletters stop (2.7-T33).", "Off: newsletters stop.", ("2.7-T33",)),
        ("关闭后不再收到（2.7-T33、0-C4）。", "关闭后不再收到。", ("2.7-T33", "0-C4")),
        ("The lowest comes first (0-C14, A-BS2)", "The lowest comes first", ("0-C14", "A-BS2")),
        ("Minutes (business hours).", "Minutes (business hours).", ()),
        ("As clause 2.7-T33 says.", "As clause 2.7-T33 says.", ()),
        ("", "", ()),
    ],
)
def test_the_clauses_at_the_end_of_a_help_text_become_chips(text, words, ids):
    assert without_clauses(text) == (words, ids)
