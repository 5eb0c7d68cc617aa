"""The catalogue in the API: same rights, same filters, both languages."""

import pytest
from django.urls import reverse

from services.catalog import actions
from services.catalog.models import Edition
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    """The shipped edition, in effect."""
    return factories.published_edition()


@pytest.fixture
def reader(sign_in):
    """A customer's viewer."""
    return sign_in(factories.viewer(factories.customer()))


def get(client, name: str, *args, status: int = 200, **query):
    """The answer as data."""
    response = client.get(reverse(f"api:{name}", args=args), query)
    assert response.status_code == status, response.content
    return response.json()


def test_a_stranger_is_refused(client, edition):
    response = client.get(reverse("api:offering-list"))
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")


def test_offerings_come_in_both_languages(reader, edition):
    rows = get(reader, "offering-list", page_size=100)["results"]
    assert len(rows) == 47
    assert rows[0]["name"] == {"en": "Proof of Concept", "zh_hans": "概念验证"}
    assert rows[0]["edition"] == "2024-09"
    assert [row["code"] for row in rows][-1] == "github-engineering-direct"


def test_pages_are_followed_to_the_end(reader, edition):
    codes, answer = [], get(reader, "offering-list", page_size=20)
    while True:
        codes += [row["code"] for row in answer["results"]]
        if not answer["next"]:
            break
        answer = reader.get(answer["next"]).json()
    assert len(codes) == len(set(codes)) == 47


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "马拉松"}, 1),
        ({"category": "education"}, 6),
        ({"mark": "additional_limited"}, 1),
        ({"flex": "capped"}, 2),
        ({"language": "ja"}, 2),
        ({"delivery": "online", "mark": "included"}, 4),
    ],
)
def test_filters_are_those_of_the_page(reader, edition, query, found):
    assert len(get(reader, "offering-list", page_size=100, **query)["results"]) == found


def test_an_unknown_filter_value_is_a_problem(reader, edition):
    problem = get(reader, "offering-list", status=400, mark="golden")
    assert problem["code"] == "invalid_input"


def test_one_offering_comes_with_conditions_and_limits(reader, edition):
    row = get(reader, "offering-detail", "workshops")
    assert {condition["kind"] for condition in row["conditions"]} >= {"prerequisite", "duty"}
    limits = {limit["code"]: limit["value"] for limit in row["limits"]}
    assert limits["min_enrolment"] is None
    assert limits["recording"] == ["notice", "consent"]
    assert get(reader, "offering-detail", "nowhere", status=404)["code"] == "not_found"


def test_an_edition_comes_with_its_numbers(reader, edition):
    row = get(reader, "edition-detail", "2024-09")
    terms = {term["code"]: term["value"] for term in row["terms"]}
    assert (terms["request_cutoff_days"], terms["event_max_days"]) == (60, 5)
    assert [tier["percent"] for tier in row["cancellation_tiers"]] == [0, 50, 100]


def test_clauses_are_found_by_id_word_and_kind(reader, edition):
    clause = get(reader, "clause-detail", "2.7-T17")
    assert clause["title"]["zh_hans"] == "提前 14 天及以上取消"
    assert clause["edition"] == "2024-09"
    readings = get(reader, "clause-list", readings="true", page_size=100)["results"]
    assert len(readings) == 62
    assert len(get(reader, "clause-list", q="灵活额度")["results"]) > 3


def test_drafts_are_for_catalogue_administrators(reader, sign_in, edition):
    actions.load_edition(factories.small_edition_data())
    editor = sign_in(factories.user("catalogue_administrator"))
    assert [row["code"] for row in get(reader, "edition-list")["results"]] == ["2024-09"]
    assert len(get(editor, "edition-list")["results"]) == 2
    get(reader, "edition-detail", "small", status=404)
    get(reader, "offering-list", status=400, edition="\x00")
    for name in ("offering-list", "clause-list"):
        get(reader, name, status=404, edition="small")
        assert get(editor, name, edition="small")["results"]


def test_nothing_is_written_through_it(reader, edition):
    for name in ("offering-list", "edition-list", "clause-list"):
        assert reader.post(reverse(f"api:{name}"), {}).status_code in {403, 405}


def test_a_list_costs_the_same_however_long(reader, edition, django_assert_max_num_queries):
    url = reverse("api:offering-list")
    counts = []
    for size in (1, 30):
        with django_assert_max_num_queries(15) as captured:
            assert len(reader.get(url, {"page_size": size}).json()["results"]) == size
        counts.append(len(captured))
    assert counts[0] == counts[1]
