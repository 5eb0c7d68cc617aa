"""The list of incidents: order, filters, fragments, the file."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.actions.progress import close_incident, record_first_response
from tests import factories
from tests.incidents.scenes import HTMX, LATER, host_of, text_of

pytestmark = pytest.mark.django_db


def test_running_clocks_come_first_by_the_time_that_is_left(order, client):
    by = order.created_by
    closed = factories.incident(order)
    close_incident(incident=closed, by=by, now=LATER)
    answered = factories.incident(order)
    record_first_response(incident=answered, channel="phone", by=by, now=LATER)
    slow = factories.incident(order, severity="C")
    fast = factories.incident(order, severity="A")
    rows = client.get("/incidents/", {"state": "all"}).context["rows"]
    assert [row.incident for row in rows] == [fast, slow, answered, closed]


def test_the_list_says_time_left_in_words_beside_the_bar(order, client):
    factories.incident(order)
    page = text_of(client.get("/incidents/"))
    assert "Line-control cluster down in one hall" in page
    assert '<span class="p-sub p-tab">50 %, 1 h left</span>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"B", "C", "A"}),
        ({"state": "unanswered"}, {"B", "C"}),
        ({"state": "near"}, set()),
        ({"state": "late"}, set()),
        ({"state": "answered"}, {"A"}),
        ({"state": "closed"}, {"1"}),
        ({"state": "all"}, {"1", "A", "B", "C"}),
        ({"severity": "C", "state": "all"}, {"C"}),
        ({"q": "hall LINE"}, {"B", "C", "A"}),
        ({"q": "nothing like it"}, set()),
    ],
)
def test_filters_narrow_the_list(order, client, query, found):
    by = order.created_by
    for severity in ("1", "A", "B", "C"):
        incident = factories.incident(order, severity=severity)
        if severity in {"1", "A"}:
            record_first_response(incident=incident, channel="phone", by=by, now=LATER)
        if severity == "1":
            close_incident(incident=incident, by=by, now=LATER)
    rows = client.get("/incidents/", query).context["rows"]
    assert {row.incident.severity for row in rows} == found


def test_near_and_late_follow_the_clock(order, client, at):
    incident = factories.incident(order)
    for moment, near, late in (
        (incident.near_at - timedelta(seconds=1), 0, 0),
        (incident.near_at, 1, 0),
        (incident.due_at, 1, 0),
        (incident.due_at + timedelta(seconds=1), 0, 1),
    ):
        at(moment)
        counts = [
            len(client.get("/incidents/", {"state": state}).context["rows"])
            for state in ("near", "late")
        ]
        assert counts == [near, late]


def test_the_location_is_offered_once_a_customer_is_chosen(order, client):
    factories.incident(order)
    assert "location" not in client.get("/incidents/").context["form"].fields
    query = {"customer": order.customer_id, "location": host_of(order).pk}
    page = client.get("/incidents/", query)
    assert len(page.context["rows"]) == 1
    assert list(page.context["form"].fields["location"].queryset) == [host_of(order)]


@pytest.mark.parametrize(
    "query",
    [
        {"customer": "0"},
        {"customer": "x"},
        {"customer": "9" * 30},
        {"severity": "Z"},
        {"state": "gone"},
        {"q": "x" * 101},
        {"page": "-1"},
        {"page": "x"},
    ],
)
def test_filters_that_can_not_be_read_are_told(order, client, query):
    factories.incident(order)
    answer = client.get("/incidents/", query)
    assert answer.status_code == 200
    assert bool(answer.context["rows"]) is ("page" in query)


def lasting(answer):
    """What is there without keys, which are new on each page."""
    page = answer.content.decode()
    return re.sub(r'name="(?:key|csrfmiddlewaretoken)" value="[^"]*"', "", page)


def test_a_fragment_of_the_list_equals_its_reload(order, client):
    factories.incident(order)
    for query in ({}, {"state": "closed"}, {"q": "cluster"}):
        page = lasting(client.get("/incidents/", query))
        part = lasting(client.get("/incidents/", query, headers=HTMX))
        assert part.strip() in page
        assert "<html" not in part


def test_the_list_takes_as_many_queries_for_30_rows_as_for_1(order, client):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/incidents/", {"state": "all"}).status_code == 200
        return len(captured)

    factories.incident(order)
    client.get("/incidents/")
    one = count()
    for severity in ("A", "B", "C") * 10:
        factories.incident(order, severity=severity)
    assert count() == one


def test_pages_have_25_rows(order, client):
    for _number in range(26):
        factories.incident(order)
    first = client.get("/incidents/")
    second = client.get("/incidents/", {"page": 2})
    assert (len(first.context["rows"]), len(second.context["rows"])) == (25, 1)


def test_the_file_holds_what_is_shown(order, client):
    incident = factories.incident(order, title="=HYPERLINK(1)")
    factories.incident(order, severity="A")
    answer = client.get("/incidents/export.csv", {"severity": "B"})
    header, row = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    shown = dict(zip(header, row, strict=True))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert (shown["Incident"], shown["Title"], shown["Minutes left by the calendar"]) == (
        incident.number,
        "'=HYPERLINK(1)",
        "60",
    )


def test_an_empty_list_says_what_to_do(order, client, sign_in):
    assert "No open incidents" in text_of(client.get("/incidents/"))
    assert "No incident matches" in text_of(client.get("/incidents/", {"q": "x"}))
    viewer = sign_in(factories.viewer(order.customer))
    assert "Open an incident" not in text_of(viewer.get("/incidents/"))
