"""A customer's incidents looked back on: volume, response and duties."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.actions.progress import ask_customer, meet_duty, record_first_response
from incidents.models import Incident
from incidents.queries.history import history_of
from tests import factories
from tests.incidents.scenes import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def looked_back(order, by, now=NOW + 9 * DAY):
    """The history of November."""
    return history_of(
        Incident.objects.visible_to(by),
        order.customer,
        since=NOW - DAY,
        until=NOW + DAY,
        now=now,
    )


def test_history_counts_volume_response_and_duties(order, csam):
    met, late = factories.incident(order), factories.incident(order)
    factories.incident(order, severity="A", component="SQL Server")
    factories.incident(order, now=NOW + 2 * DAY)
    record_first_response(incident=met, channel="phone", by=csam, now=NOW + 20 * MINUTE)
    record_first_response(incident=late, channel="phone", by=csam, now=late.due_at + MINUTE)
    duty = met.duties.get(code="change_control_access")
    ask_customer(incident=met, duty=duty, text="", by=csam, now=NOW + HOUR)
    meet_duty(incident=met, duty=duty, by=csam, now=NOW + 2 * HOUR)
    history = looked_back(order, csam)
    assert history.total == 3
    row = next(one for one in history.severities if one.severity == "B")
    assert (row.opened, row.response.met, row.response.missed, row.median_minutes) == (2, 1, 1, 20)
    assert (history.response.met, history.response.missed, history.response.percent) == (1, 2, 33)
    assert [(one.label, one.total) for one in history.products] == [
        ("Windows Server", 2),
        ("SQL Server", 1),
    ]
    assert (history.duty.met, history.duty.percent) == (1, 100)


def test_history_says_nothing_of_what_is_open(order, csam):
    factories.incident(order)
    history = looked_back(order, csam, now=NOW)
    assert (history.response.pending, history.response.percent) == (1, None)


def test_history_costs_the_same_for_one_and_for_thirty(order, csam):
    factories.incident(order)
    costs = []
    for more in (0, 29):
        for _number in range(more):
            factories.incident(order)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            looked_back(order, csam)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_history_page_and_its_file_tell_the_same(order, csam, client):
    incident = factories.incident(order)
    record_first_response(incident=incident, channel="phone", by=csam, now=NOW + MINUTE)
    page = client.get("/incidents/history/")
    assert page.context["history"].total == 1
    answer = client.get("/incidents/history/", {"format": "csv"})
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row for row in rows if row[:2] == ["Severity", "B"]] == [
        ["Severity", "B", "1", "1", "0", "0", "1"]
    ]
    wrong = client.get(
        "/incidents/history/",
        {"customer": order.customer_id, "since": "2026-11-23", "until": "2026-11-01"},
    )
    assert wrong.context["history"] is None
