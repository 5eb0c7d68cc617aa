"""Last year's incidents under other programmes: the figures, the page, the file, the API."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from incidents.actions.progress import record_first_response
from incidents.actions.severity import change_severity
from incidents.queries.replays import Option, replay_year
from incidents.views.replay import told_of
from tests import factories
from tests.incidents.scenes import ARR, NOW, UER, agreement, hold

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def order():
    """Base, rapid response and enhanced response over 2026."""
    order = agreement()
    hold(order, ARR)
    hold(order, UER)
    return order


@pytest.fixture
def outages(order):
    """A severity A on virtual machines by phone and by portal: 30 and 15 minutes."""
    vm = "Azure Virtual Machines"
    phoned, clicked = (
        factories.incident(order, severity="A", component=vm, channel=channel)
        for channel in ("phone", "portal")
    )
    by = order.created_by
    after = NOW + timedelta(minutes=12)
    record_first_response(incident=phoned, channel="phone", by=by, now=after)
    return phoned, clicked


def options(order, viewer=None) -> dict[str, Option]:
    """The options by chart."""
    year = replay_year(order.customer, viewer=viewer or order.created_by, now=LATER)
    return {one.chart: one for one in year.options}


@pytest.mark.clause("0-C14", "2.5-AR2", "2.4-AP17")
def test_by_phone_mission_critical_support_would_have_halved_the_target(order, outages):
    assert [one.target_minutes for one in outages] == [30, 15]
    assert options(order) == {
        "mcsap": Option("mcsap", changed=1, saved=15, kept=1, by_portal=0, held=0),
        "arr": Option("arr", changed=0, saved=0, kept=0, by_portal=1, held=2),
        "mcsfs_plus": Option("mcsfs_plus", changed=0, saved=0, kept=0, by_portal=0, held=0),
        "uer": Option("uer", changed=0, saved=0, kept=0, by_portal=0, held=2),
    }


def test_an_answer_after_the_tighter_target_isnt_counted_as_in_time(order):
    incident = factories.incident(
        order, severity="A", component="Azure Virtual Machines", channel="phone"
    )
    by = order.created_by
    late = NOW + timedelta(minutes=15, seconds=1)
    record_first_response(incident=incident, channel="phone", by=by, now=late)
    assert (options(order)["mcsap"].changed, options(order)["mcsap"].kept) == (1, 0)


@pytest.mark.clause("0-C15")
def test_the_target_as_opened_is_replayed_though_the_severity_changed(order, outages):
    phoned, _clicked = outages
    change_severity(
        incident=phoned, to="B", reason="Traffic was moved", by=order.created_by, now=LATER
    )
    assert options(order)["mcsap"].saved == 15


def test_a_replay_changes_nothing_that_is_kept(order, outages):
    before = [(one.resolution, one.due_at) for one in outages]
    options(order)
    for one in outages:
        one.refresh_from_db()
    assert [(one.resolution, one.due_at) for one in outages] == before


def test_only_a_years_incidents_count(order, outages):
    by = order.created_by
    assert replay_year(order.customer, viewer=by, now=NOW + timedelta(days=366)).rows == ()
    assert replay_year(order.customer, viewer=by, now=NOW - timedelta(days=1)).rows == ()


@pytest.fixture
def client(order, sign_in, at):
    """The CSAM, three hours later."""
    at(LATER)
    return sign_in(order.created_by)


def test_the_page_has_the_chart_its_table_and_every_incident(order, outages, client):
    answer = client.get(reverse("incidents:incident-replay", args=[order.customer_id]))
    page = " ".join(answer.content.decode().split())
    assert answer.context["columns"][0].code == "mcsap"
    assert page.count('<rect class="f-used"') == 4
    assert "15 minutes" in page
    assert "15 minutes by the portal" in page
    for one in outages:
        assert f">{one.number}</a>" in page


def test_a_year_without_incidents_says_so(order, client):
    page = client.get(reverse("incidents:incident-replay", args=[order.customer_id]))
    assert "No incident in the last twelve months" in page.content.decode()


def test_the_file_has_a_row_for_each_incident_and_programme(order, outages, client):
    answer = client.get(reverse("incidents:incident-replay-export", args=[order.customer_id]))
    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert len(rows) == 8
    phoned = [row for row in rows if row["Incident"] == outages[0].number]
    assert {row["Programme"]: row["Minutes shorter"] for row in phoned} == {
        "Mission critical, Azure platform (MCSAP)": "15",
        "Azure Rapid Response (ARR)": "0",
        "Mission critical, Security Plus": "0",
        "Unified Enhanced Response (UER)": "0",
    }


def test_the_paper_is_handed_over_in_the_customers_language_and_the_same_twice(
    order, outages, client
):
    at = reverse("incidents:incident-replay-paper", args=[order.customer_id])
    english, chinese = (client.get(at, {"lang": one}) for one in ("en", "zh-hans"))
    assert english["Content-Type"] == "application/pdf"
    assert english["Content-Disposition"].endswith('-2026-11-23-en.pdf"')
    assert chinese["Content-Disposition"].endswith('-2026-11-23-zh.pdf"')
    assert english.content[:5] == b"%PDF-"
    assert client.get(at).content == english.content != chinese.content
    assert client.get(at, {"lang": "xx"}).status_code == 404
    page = client.get(reverse("incidents:incident-replay", args=[order.customer_id]))
    assert f'href="{at}"' in page.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_paper_tells_what_the_page_tells(order, outages, language):
    year = replay_year(order.customer, viewer=order.created_by, now=LATER)
    with translation.override(language):
        told = told_of(order.customer, year) | {"today": LATER.date(), "since": NOW.date()}
        page = render_to_string("incidents/papers/replay.html", told)
    for outage in outages:
        assert outage.number in page
    assert page.count("<tr><th>INC") == 2
    assert ("15 minutes" if language == "en" else "15 分钟") in page
    year = replay_year(order.customer, viewer=order.created_by, now=NOW - timedelta(days=1))
    with translation.override(language):
        told = told_of(order.customer, year) | {"today": LATER.date(), "since": NOW.date()}
        empty = render_to_string("incidents/papers/replay.html", told)
    assert 'class="empty"' in empty


def test_where_no_paper_can_be_made_the_page_says_why(order, outages, client, monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setattr("accounts.http.papers.import_module", missing)
    at = reverse("incidents:incident-replay-paper", args=[order.customer_id])
    answer = client.get(at, follow=True)
    assert answer.redirect_chain == [
        (reverse("incidents:incident-replay", args=[order.customer_id]), 302)
    ]
    assert "p-note is-late" in answer.content.decode()


def test_the_api_tells_the_same_figures(order, outages, client):
    found = client.get(f"/api/v1/replays/{order.customer_id}/").json()
    assert found["options"][0] == {
        "chart": "mcsap", "changed": 1, "saved": 15, "kept": 1, "by_portal": 0, "held": 0,
    }  # fmt: skip
    first = found["incidents"][-1]
    assert (first["number"], first["minutes"], first["severity"]) == (outages[0].number, 30, "A")
    assert {one["chart"]: one["minutes"] for one in first["replayed"]}["mcsap"] == 15


def test_strangers_find_no_replay(order, outages, sign_in, at):
    at(LATER)
    stranger = sign_in(factories.csam())
    for path in (
        reverse("incidents:incident-replay", args=[order.customer_id]),
        reverse("incidents:incident-replay-export", args=[order.customer_id]),
        reverse("incidents:incident-replay-paper", args=[order.customer_id]),
        f"/api/v1/replays/{order.customer_id}/",
    ):
        assert stranger.get(path).status_code == 404


def test_a_page_of_many_takes_as_many_queries_as_one_of_few(
    order, outages, client, django_assert_num_queries
):
    path = reverse("incidents:incident-replay", args=[order.customer_id])
    client.get(path)
    with django_assert_num_queries(QUERIES):
        client.get(path)
    for _ in range(5):
        factories.incident(order, severity="A", component="Azure Functions", channel="phone")
    with django_assert_num_queries(QUERIES):
        client.get(path)


QUERIES = 7
