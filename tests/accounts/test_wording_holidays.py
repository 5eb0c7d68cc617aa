"""National holidays are named in the reader's language."""

import pytest
from django.utils import translation

from accounts.wording.holidays import NAMES, holiday_words


@pytest.mark.parametrize("name", NAMES)
def test_every_listed_holiday_has_a_chinese_name(name):
    with translation.override("zh-hans"):
        assert holiday_words(name) != name


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("Christmas Day (observed)", "圣诞节（补休）"),
        ("Eid al-Adha (estimated)", "宰牲节（预计）"),
        ("Eid al-Fitr (observed, estimated)", "开斋节（补休，预计）"),
        ("Dussehra; Mahatma Gandhi's Birthday", "十胜节；甘地诞辰"),
        ("Diwali (Bali Pratipada)", "排灯节（巴利日）"),
        ("国庆节", "国庆节"),
        ("St. Nowhere's Day", "St. Nowhere's Day"),
        ("", ""),
    ],
)
def test_several_holidays_and_remarks_are_told(names, words):
    with translation.override("zh-hans"):
        assert holiday_words(names) == words


def test_english_readers_get_the_names_of_the_library():
    assert holiday_words("Christmas Eve; New Year's Day (observed)") == (
        "Christmas Eve; New Year's Day (observed)"
    )
