"""How activities and objectives of a success plan stand, and its heat map."""

from datetime import date

import pytest

from services.scheduling.rules.success import (
    DUTIES,
    Heat,
    activity_status,
    heat_map,
    months_until,
    objective_status,
)

TODAY = date(2026, 11, 23)


def status(**facts):
    values = {
        "starts_on": date(2026, 11, 1), "due_on": TODAY, "done_on": None, "dropped": False,
        "deliveries": 0, "on": TODAY,
    }  # fmt: skip
    return activity_status(**{**values, **facts})


@pytest.mark.clause("B-S2", "B-S10")
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "under_way"),
        ({"due_on": date(2026, 11, 22)}, "late"),
        ({"due_on": date(2026, 11, 22), "done_on": TODAY}, "done"),
        ({"dropped": True}, "dropped"),
        ({"starts_on": date(2026, 12, 1), "due_on": date(2026, 12, 2)}, "planned"),
        (
            {"starts_on": date(2026, 12, 1), "due_on": date(2026, 12, 2), "deliveries": 1},
            "under_way",
        ),
    ],
)
def test_an_activity_stands_where_its_facts_put_it(facts, expected):
    assert status(**facts) == expected


@pytest.mark.clause("B-S10")
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "open"),
        ({"activities": ["planned"]}, "open"),
        ({"activities": ["planned", "done"]}, "under_way"),
        ({"due_on": date(2026, 11, 22)}, "late"),
        ({"due_on": date(2026, 11, 22), "achieved": True}, "achieved"),
        ({"dropped": True}, "dropped"),
    ],
)
def test_an_objective_is_achieved_only_when_somebody_says_so(facts, expected):
    values = {"achieved": False, "dropped": False, "due_on": TODAY, "activities": [], "on": TODAY}
    assert objective_status(**{**values, **facts}) == expected


@pytest.mark.clause("B-S10")
def test_the_months_end_with_the_one_of_today():
    assert months_until(date(2026, 2, 28), count=3) == (
        date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    )  # fmt: skip


@pytest.mark.clause("B-S3", "B-S9", "B-S14")
def test_the_heat_map_counts_by_activity_and_month():
    months = months_until(TODAY, count=2)
    delivered = [
        ("security", date(2026, 11, 1)),
        ("security", date(2026, 11, 30)),
        ("security", date(2026, 9, 30)),
        ("unknown", TODAY),
    ]
    heats = heat_map(["security", "updates"], months, delivered)
    assert heats == (Heat("security", (0, 2)), Heat("updates", (0, 0)))
    assert heats[0].total == 2


def test_responsibilities_are_those_that_bind_the_customer():
    assert (len(DUTIES), DUTIES[0], DUTIES[-1]) == (19, "2.8-C2", "2.8-C21")
    assert {"2.8-C1", "2.8-C7"}.isdisjoint(DUTIES)
