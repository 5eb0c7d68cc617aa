"""The ambiguity register: what an edition can choose, as rules, page, data and administration."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.rules.refusal import Refused
from services.catalog import actions, queries
from services.catalog.models import Edition, ReadingChoice
from services.catalog.rules.readings import (
    READING_SPECS,
    Readings,
)
from tests import factories
from tests.catalog.test_admin import draft_from, form_data


def edition_with(**options) -> Edition:
    """A published edition that read these texts so."""
    data = factories.small_edition_data("workshops", code="chosen")
    data["reading_choices"] = [
        {"reading": reading.replace("_", "-"), "option": option}
        for reading, option in options.items()
    ]
    return factories.published_edition(data)


# --- the edition ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_shipped_edition_reads_as_the_register_recommends():
    edition = factories.published_edition()
    assert queries.terms_of(edition).readings == Readings()
    assert {reading: choice.option for reading, choice in queries.choices_of(edition).items()} == {
        spec.code: spec.recommended for spec in READING_SPECS
    }


@pytest.mark.django_db
def test_a_file_that_chooses_nothing_has_a_row_for_each_reading():
    data = factories.small_edition_data()
    data.pop("reading_choices")
    edition = actions.load_edition(data)
    assert list(ReadingChoice.objects.filter(edition=edition).values_list("reading", "option")) == [
        (spec.code, spec.recommended) for spec in READING_SPECS
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choices", "where"),
    [
        ([{"reading": "0-C4", "option": "x"}], "reading_choices[0].reading"),
        ([{"reading": "0-C3", "option": "lowest_minutes"}], "reading_choices[0].option"),
        (
            [{"reading": "0-C3", "option": "start_is_day_one"}] * 2,
            "reading_choices[1].reading",
        ),
        ([{"reading": "0-C3", "option": "start_is_day_one", "x": 1}], "reading_choices[0].x"),
    ],
)
def test_a_choice_that_isnt_one_is_refused_with_its_place(choices, where):
    data = factories.small_edition_data()
    data["reading_choices"] = choices
    with pytest.raises(Refused) as refusal:
        actions.load_edition(data)
    assert refusal.value.field == where


@pytest.mark.django_db
def test_the_base_refuses_an_option_of_another_reading():
    edition = factories.draft_edition()
    ReadingChoice.objects.filter(edition=edition, reading="0-C3").delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingChoice.objects.create(edition=edition, reading="0-C3", option="lowest_minutes")


@pytest.mark.django_db
def test_a_new_draft_begins_with_the_readings_of_the_former_edition():
    former = edition_with(**{"0_C3": "start_is_day_zero"})
    draft = actions.draft_edition(
        based_on=former,
        code="next",
        titles={"en": "Next", "zh-hans": "下一版"},
        effective_on=date(2026, 1, 1),
        by=factories.user("catalogue_administrator"),
    )
    assert queries.terms_of(draft).readings.first_days == "start_is_day_zero"


@pytest.mark.django_db
def test_the_comparison_of_editions_names_a_reading_that_changed():
    former = factories.published_edition(factories.small_edition_data("workshops"))
    chosen = edition_with(**{"0_C3": "start_is_day_zero"})
    (change,) = queries.compare(former, chosen).clauses
    assert (change.code, change.differences[0].old, change.differences[0].new) == (
        "0-C3",
        "The first day is day 1",
        "The first day is day 0: one day more",
    )


# --- administration -------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_administrator_chooses_in_a_draft_and_orders_keep_their_edition(sign_in):
    published = factories.published_edition(factories.sold_edition_data())
    order = factories.draft()
    editor = sign_in(factories.user("catalogue_administrator"))
    draft_from(editor, published)
    draft = Edition.objects.get(code="next")
    url = reverse("admin:catalog_edition_change", args=[draft.pk])
    page = editor.get(url)
    data = form_data(page)
    (name,) = [key for key, value in data.items() if value == "start_is_day_one"]
    answer = editor.post(url, {**data, name: "start_is_day_zero"})
    assert answer.status_code == 302, answer.context["errors"]
    assert queries.terms_of(draft).readings.first_days == "start_is_day_zero"
    assert queries.terms_of(order.edition).readings.first_days == "start_is_day_one"
    refused = editor.post(url, {**data, name: "lowest_minutes"})
    assert refused.status_code == 200  # not an option of this reading
    assert queries.terms_of(draft).readings.first_days == "start_is_day_zero"


@pytest.mark.django_db
def test_the_readings_of_a_published_edition_are_only_read(sign_in):
    published = factories.published_edition(factories.small_edition_data())
    editor = sign_in(factories.user("catalogue_administrator"))
    page = editor.get(reverse("admin:catalog_edition_change", args=[published.pk]))
    assert "readingchoice_set-0-option" not in page.content.decode()


# --- page and API ---------------------------------------------------------------------------


@pytest.fixture
def reader(sign_in):
    """A customer's viewer."""
    return sign_in(factories.viewer(factories.customer()))


@pytest.mark.django_db
def test_the_page_tells_what_was_chosen_and_which_cases_rest_on_it(reader):
    edition_with(**{"0_C3": "start_is_day_zero"})
    page = reader.get(reverse("catalog:reading-list")).content.decode()
    assert "The first day is day 0: one day more" in page
    assert "(the register recommends the other)" in page
    assert "SCN-006" in page
    detail = reader.get(reverse("catalog:clause-detail", args=["0-C3"])).content.decode()
    assert "The other reading: The first day is day 1" in " ".join(detail.split())
    assert "Worked cases that rest on it: MON-001" in " ".join(detail.split())


@pytest.mark.django_db
def test_the_register_is_data_too(reader):
    edition_with(**{"0_C14": "most_specific"})
    url = reverse("api:reading-list")
    rows = reader.get(url, {"configurable": "true"}).json()["results"]
    assert [(row["code"], row["option"], row["other_option"]) for row in rows] == [
        ("0-C3", "start_is_day_one", "start_is_day_zero"),
        ("0-C14", "most_specific", "lowest_minutes"),
        ("X-33", "general_limit", "penalty_for_late_intake"),
    ]
    assert rows[2]["cases"] == ["MON-024", "MON-025"]
    rest = reader.get(url, {"configurable": "false", "page_size": 100}).json()["results"]
    assert (len(rest), {row["option"] for row in rest}) == (59, {None})
    (slip,) = reader.get(url, {"q": "X-09"}).json()["results"]
    assert (slip["code"], slip["recommended_option"], slip["cases"]) == ("X-09", None, [])
    edition = reader.get(reverse("api:edition-detail", args=["chosen"])).json()
    assert {"reading": "0-C14", "option": "most_specific"} in edition["readings"]
