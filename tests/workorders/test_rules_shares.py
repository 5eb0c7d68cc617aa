"""Whole parts of a whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workorders.rules.shares import shares

pytestmark = pytest.mark.clause("2.6-M4", "2.6-M21")


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100_000, [3], (100_000,)),
        (100, [1, 1, 1], (34, 33, 33)),
        (10, [1, 3], (3, 7)),
        (31, [10, 27], (8, 23)),
        (0, [5, 5], (0, 0)),
        (7, [0, 2], (0, 7)),
    ],
)
def test_a_whole_is_split_in_proportion(total, weights, parts):
    assert shares(total, weights) == parts


@given(
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any),
)
def test_the_parts_add_up_and_none_is_a_unit_off(total, weights):
    parts = shares(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [-1, 2]), (1, [0, 0]), (1, [])])
def test_what_cant_be_split_is_a_bug(total, weights):
    with pytest.raises(ValueError, match="can't be split"):
        shares(total, weights)
