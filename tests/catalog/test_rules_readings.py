"""What an edition can choose between where the text is open."""

import pytest

from services.catalog.rules.readings import (
    READING_SPECS,
    BadReading,
    Readings,
    readings_from,
    spec_of,
)


@pytest.mark.clause("1-A1", "0-C3", "0-C14", "X-33")
def test_an_edition_that_chose_nothing_reads_as_the_register_recommends():
    assert readings_from({}) == Readings("start_is_day_one", "lowest_minutes", "general_limit")


@pytest.mark.clause("1-A1", "0-C3", "0-C14", "X-33")
def test_each_reading_has_two_options_and_each_can_be_chosen():
    chosen = readings_from({spec.code: spec.other_than(spec.recommended) for spec in READING_SPECS})
    assert chosen == Readings("start_is_day_zero", "most_specific", "penalty_for_late_intake")


@pytest.mark.parametrize(
    ("reading", "option"), [("0-C4", "start_is_day_one"), ("0-C3", "lowest_minutes")]
)
def test_what_cant_be_chosen_is_named(reading, option):
    with pytest.raises(BadReading, match=f"{reading} can't be read as {option}"):
        readings_from({reading: option})


def test_a_reading_without_a_choice_has_no_spec():
    assert spec_of("0-C4") is None
