"""How the catalogue's search reads texts and questions."""

import pytest

from services.catalog.rules.search import searchable, words_of


@pytest.mark.clause("1-A3")
def test_width_case_and_white_space_do_not_count():
    assert searchable("Rapid\u3000 Response", "ＡＲＲ", "", "  ") == "rapid response\narr"
    assert words_of("  ＲＡＰＩＤ \n rapid response ") == ("rapid", "response")


@pytest.mark.clause("1-A3")
def test_an_empty_question_asks_for_nothing():
    assert words_of(" \t ") == ()
    assert searchable() == ""


@pytest.mark.clause("1-A3")
def test_words_never_match_across_two_texts():
    assert "end start" not in searchable("the end", "start over")
