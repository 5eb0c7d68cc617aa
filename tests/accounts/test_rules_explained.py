import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.rules.explained import Explained, OtherReading, fraction_text, plain
from accounts.rules.money import Money


@dataclass(frozen=True, slots=True)
class Part:
    """A result of several figures."""

    amount: Money
    days: tuple[date, ...]


DAY = date(2025, 5, 1)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (12, 12),
        ("over_cap", "over_cap"),
        (DAY, "2025-05-01"),
        (datetime(2025, 5, 1, 9, tzinfo=UTC), "2025-05-01T09:00:00+00:00"),
        (Decimal("0.920"), "0.920"),
        (Fraction(62, 5), "12.4"),
        (Fraction(10, 3), "10/3"),
        (Money(125000, "USD"), {"amount": "1250.00", "currency": "USD"}),
        ({1: DAY}, {"1": "2025-05-01"}),
        ((DAY, 2), ["2025-05-01", 2]),
        (frozenset({3}), [3]),
        (Part(Money(1, "JPY"), (DAY,)),
         {"amount": {"amount": "1", "currency": "JPY"}, "days": ["2025-05-01"]}),
        (Part, str(Part)),
    ],
)  # fmt: skip
def test_every_value_of_an_explanation_becomes_json(value, kept):
    assert plain(value) == kept
    json.dumps(plain(value))


@pytest.mark.parametrize(
    ("fraction", "text"),
    [((55, 2), "27.5"), ((0, 1), "0"), ((-1, 4), "-0.25"), ((100, 1), "100"), ((1, 7), "1/7"),
     ((1, 1_000_000), "0.000001")],
)  # fmt: skip
def test_a_fraction_is_written_as_decimals_where_that_is_exact(fraction, text):
    assert fraction_text(Fraction(*fraction)) == text


def test_a_row_keeps_the_whole_explanation():
    explained = Explained(
        DAY,
        inputs=(("order_end", date(2025, 6, 30)),),
        steps=(("days_before_end", 60),),
        clauses=("2.8-C20",),
        readings=("0-C4",),
        zone="Asia/Shanghai",
    )
    assert explained.as_data() == {
        "result": "2025-05-01",
        "inputs": [["order_end", "2025-06-30"]],
        "steps": [["days_before_end", 60]],
        "clauses": ["2.8-C20"],
        "readings": ["0-C4"],
        "zone": "Asia/Shanghai",
        "others": [],
    }


def test_a_derived_value_keeps_its_explanation():
    explained = Explained(
        3, inputs=(("a", 1),), clauses=("2.2-F3",), readings=("0-C1",), zone="UTC"
    )
    doubled = explained.map(lambda number: number * 2)
    assert doubled == Explained(
        6, inputs=(("a", 1),), clauses=("2.2-F3",), readings=("0-C1",), zone="UTC"
    )


def test_what_the_other_reading_gives_is_changed_and_kept_with_the_result():
    other = OtherReading("0-C3", "start_is_day_one", "start_is_day_zero", 60)
    explained = Explained(59, others=(other,)).map(lambda days: days + 1)
    assert (explained.result, explained.as_data()["others"]) == (
        60,
        [
            {
                "reading": "0-C3",
                "chosen": "start_is_day_one",
                "other": "start_is_day_zero",
                "result": 61,
            }
        ],
    )
