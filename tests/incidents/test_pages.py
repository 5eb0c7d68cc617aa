"""The pages of incidents: list, opening, detail, acts."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from incidents.actions.progress import (
    add_update,
    ask_customer,
    close_incident,
    record_first_response,
)
from incidents.actions.severity import change_severity
from incidents.models import Incident
from tests import factories
from tests.incidents.scenes import ARR, NOW, agreement, hold, host_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
OOB = ' hx-swap-oob="true"'
LATER = NOW + timedelta(minutes=60)


@pytest.fixture
def order():
    """An executed order over 2026."""
    return factories.executed()


@pytest.fixture
def client(order, sign_in, at):
    """The CSAM of the order, an hour after the incident came in."""
    at(LATER)
    return sign_in(order.created_by)


def form_data(order, **fields):
    """A filled form."""
    return {
        "customer": order.customer_id,
        "location": host_of(order).pk,
        "component": "Windows Server",
        "severity": "A",
        "channel": "phone",
        "title": "Cluster down",
        "impact": "Hall 3 stands still",
        "key": "abc",
        **fields,
    }


def text_of(answer) -> str:
    """The page with its white space collapsed."""
    return " ".join(answer.content.decode().split())


# --- the list -------------------------------------------------------------------------------


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


def test_a_fragment_of_the_list_equals_its_reload(order, client):
    factories.incident(order)
    for query in ({}, {"state": "closed"}, {"q": "cluster"}):
        page = client.get("/incidents/", query).content.decode()
        part = client.get("/incidents/", query, headers=HTMX).content.decode()
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


# --- opening --------------------------------------------------------------------------------


def test_the_form_opens_an_incident(order, client):
    assert client.get("/incidents/new/").status_code == 200
    answer = client.post("/incidents/new/", {**form_data(order), "do": "open"})
    incident = Incident.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/incidents/{incident.pk}/")
    assert (incident.severity, incident.target_minutes, incident.submitted_at) == ("A", 60, LATER)


def test_sent_twice_it_opens_one_incident(order, client):
    data = {**form_data(order), "do": "open"}
    first, second = (client.post("/incidents/new/", data)["Location"] for _time in range(2))
    assert first == second
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, {**HTMX, "HX-Target": "answer"}])
def test_the_answer_is_shown_before_submission(order, client, headers):
    answer = client.post("/incidents/new/", form_data(order), headers=headers)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<b>1 h</b>" in page
    assert "Mon 23 Nov, 12:24 CET" in page
    assert ("<html" in page) is not bool(headers)
    assert not Incident.objects.exists()


def test_another_location_brings_its_choices_and_no_field_that_somebody_types_in(order, client):
    contact = factories.contact(host_of(order))
    headers = {**HTMX, "HX-Target": "choices"}
    answer = client.post("/incidents/new/", form_data(order), headers=headers)
    assert answer["HX-Trigger-After-Settle"] == '{"choices-drawn": {}}'
    part, page = text_of(answer), text_of(client.post("/incidents/new/", form_data(order)))
    assert f'<option value="{contact.pk}">' in part
    for typed in ("<textarea", "<input", "Cluster down", "Hall 3 stands still"):
        assert (typed in part, typed in page) == (False, True)


def test_each_choice_brought_in_equals_the_page_reloaded(order, client):
    headers = {**HTMX, "HX-Target": "choices"}
    part = text_of(client.post("/incidents/new/", form_data(order), headers=headers))
    page = text_of(client.post("/incidents/new/", form_data(order)))
    # Location, contact, cloud, products, four severities, the zone of the time.
    assert part.count(OOB) == 9
    pieces = [piece.strip() for piece in part.replace(OOB, "\n").split("\n")]
    assert [piece for piece in pieces if piece.rpartition(" <")[0] not in page] == []


def test_while_somebody_types_nothing_is_wrong_yet(order, client):
    data = {"customer": order.customer_id, "severity": "", "component": ""}
    form = client.post("/incidents/new/", data).context["form"]
    assert form.errors == {}


def test_a_phoned_incident_is_warned_about_rapid_response(sign_in, at):
    order = agreement()
    hold(order, ARR)
    at(LATER)
    client = sign_in(order.created_by)
    data = form_data(order, component="Azure Virtual Machines")
    page = text_of(client.post("/incidents/new/", data))
    assert "By portal it would be 15 minutes." in page
    page = text_of(client.post("/incidents/new/", {**data, "channel": "portal"}))
    assert "By portal it would be" not in page


def test_a_version_of_a_product_is_kept_as_it_was_named(order, client):
    data = form_data(order, component="SQL Server 2022", do="open")
    client.post("/incidents/new/", data)
    incident = Incident.objects.get()
    assert (incident.component.name, incident.component_detail) == (
        "SQL Server",
        "SQL Server 2022",
    )


@pytest.mark.parametrize("name", ["azure 虚拟机", "Azure VM", "AZURE VIRTUAL MACHINES"])
def test_a_product_is_found_by_label_alias_and_any_case(order, client, name):
    client.post("/incidents/new/", {**form_data(order, component=name), "do": "open"})
    assert Incident.objects.get().component.name == "Azure Virtual Machines"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"component": "Typewriter"}, "component"),
        ({"component": "x" * 81}, "component"),
        ({"severity": "Z"}, "severity"),
        ({"severity": ""}, "severity"),
        ({"channel": "fax"}, "channel"),
        ({"channel": "email"}, "channel"),
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"impact": ""}, "impact"),
        ({"impact": "  "}, "impact"),
        ({"location": "0"}, "location"),
        ({"contact": "9999999"}, "contact"),
        ({"submitted_at": "yesterday"}, "submitted_at"),
        ({"submitted_at": "2026-11-23T23:00"}, "submitted_at"),
        ({"submitted_at": "0001-01-01T00:00"}, "submitted_at"),
        ({"submitted_at": "2026-03-29T02:30"}, "submitted_at"),
        ({"submitted_at": "2026-10-25T02:30"}, "submitted_at"),
        ({"submitted_at": "2025-01-01T00:00"}, "submitted_at"),
        ({"scope_identifier": "x" * 161}, "scope_identifier"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(order, client, change, field):
    data = {**form_data(order), **change, "do": "open"}
    answer = client.post("/incidents/new/", data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Hall 3 stands still" in text_of(answer) or field == "impact"
    assert not Incident.objects.exists()


def test_words_in_any_script_are_kept(order, client):
    title = "停机 🚨 تعطل <b>x</b>"
    client.post("/incidents/new/", {**form_data(order, title=title), "do": "open"})
    incident = Incident.objects.get()
    assert incident.title == title
    page = text_of(client.get(f"/incidents/{incident.pk}/"))
    assert "停机 🚨 تعطل &lt;b&gt;x&lt;/b&gt;" in page


def test_a_customer_without_an_agreement_is_told(client, order, sign_in, at):
    place = factories.host()
    person = sign_in(factories.csam(place.customer))
    data = {"customer": place.customer_id, "location": place.pk, "do": "open"}
    answer = person.post("/incidents/new/", data)
    assert answer.status_code == 422


def test_staff_open_it_although_the_portal_is_required(order, client):
    contact = factories.contact(host_of(order), role="cloud_administrator")
    data = form_data(order, component="Azure Virtual Machines", contact=contact.pk, do="open")
    refused = client.post("/incidents/new/", data)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["channel"])
    client.post("/incidents/new/", {**data, "override_reason": "The portal is down."})
    page = text_of(client.get(f"/incidents/{Incident.objects.get().pk}/"))
    assert "The portal is down." in page
    assert "§2.8 C8" in page


# --- one incident ---------------------------------------------------------------------------


def test_an_incident_has_a_page(order, client):
    incident = factories.incident(order)
    page = text_of(client.get(f"/incidents/{incident.pk}/"))
    assert "Why this target applies" in page
    assert "Sets the target" in page
    assert '<title id="clocks-title">Clocks of incident' in page
    assert "Record first response" in page


def test_after_a_raise_both_rows_that_apply_are_marked(order, client, at):
    incident = factories.incident(order)
    at(incident.due_at)
    late = incident.due_at - timedelta(minutes=11)
    change_severity(incident=incident, to="A", reason="Hall 3", by=order.created_by, now=late)
    page = client.get(f"/incidents/{incident.pk}/")
    lines = page.context["lines"]
    assert [(line.name, line.severity, line.outcome) for line in lines if line.wins] == [
        ("Base support", "B", "Sets the target"),
        ("Base support", "A", "Governs people and duties"),
    ]
    assert "The target stays Mon 23 Nov, 12:24 CET." in text_of(page)


def test_a_page_with_everything_on_it_is_complete_in_both_languages(order, sign_in, at):
    at(LATER)
    incident = factories.incident(order)
    by = order.created_by
    duty = incident.duties.get(code="change_control_access")
    ask_customer(incident=incident, duty=duty, text="Access", by=by, now=LATER)
    change_severity(
        incident=incident,
        to="A",
        reason="Hall 3",
        by=factories.customer_administrator(order.customer),
        now=LATER,
    )
    for language, words in (("en", "Customer asked"), ("zh-hans", "为什么")):
        person = factories.csam(order.customer, language=language)
        answer = sign_in(person).get(f"/incidents/{incident.pk}/")
        assert answer.status_code == 200
        if language == "en":
            assert words in text_of(answer)
    with translation.override("zh-hans"):
        assert str(incident.component) == "Windows Server"


def test_the_page_of_a_customer_offers_what_customers_do(order, sign_in, at):
    at(LATER)
    incident = factories.incident(order)
    client = sign_in(factories.customer_administrator(order.customer))
    page = text_of(client.get(f"/incidents/{incident.pk}/"))
    assert "Ask for another severity" in page
    assert "Record first response" not in page


def test_a_closed_incident_offers_no_acts(order, client):
    incident = factories.incident(order)
    close_incident(incident=incident, by=order.created_by, now=LATER)
    page = text_of(client.get(f"/incidents/{incident.pk}/"))
    assert "Change severity" not in page
    assert "closed <time" in page


def test_the_page_takes_as_many_queries_with_30_updates_as_with_1(order, client):
    incident = factories.incident(order)
    url = f"/incidents/{incident.pk}/"

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    client.get(url)
    one = count()
    for number in range(30):
        add_update(
            incident=incident, channel="portal", text=str(number), by=order.created_by, now=LATER
        )
    assert count() == one


# --- acts -----------------------------------------------------------------------------------

ACTS = ["response", "update", "severity", "ask", "mitigated", "close", "analysis"]


@pytest.mark.parametrize("act", ACTS)
def test_each_act_has_a_page_and_a_dialog_that_is_part_of_it(order, client, act):
    incident = factories.incident(order)
    url = f"/incidents/{incident.pk}/{act}/"
    page = client.get(url).content.decode()
    dialog = client.get(url, headers=HTMX).content.decode()
    assert "<html" in page
    assert dialog.strip()[:5] == "<form"


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("response", {"channel": "phone", "author": "Ada Okafor"}),
        ("update", {"channel": "portal", "text": "Logs, please"}),
        ("severity", {"severity": "A", "reason": "Hall 3", "version": 1}),
        ("mitigated", {"text": ""}),
        ("close", {"text": "Works again"}),
        ("analysis", {"text": ""}),
    ],
)
def test_an_act_leads_back_to_the_incident(order, client, act, data, headers):
    incident = factories.incident(order)
    answer = client.post(f"/incidents/{incident.pk}/{act}/", data, headers=headers)
    url = f"/incidents/{incident.pk}/"
    if headers:
        assert (answer.status_code, answer["HX-Redirect"]) == (200, url)
    else:
        assert (answer.status_code, answer["Location"]) == (302, url)
    assert incident.updates.count() == 2


def test_the_first_response_is_recorded_on_the_page(order, client):
    incident = factories.incident(order)
    client.post(f"/incidents/{incident.pk}/response/", {"channel": "phone", "author": "Ada Okafor"})
    incident.refresh_from_db()
    assert incident.first_response_at == LATER
    assert "First response by phone, Ada Okafor" in text_of(
        client.get(f"/incidents/{incident.pk}/")
    )


def test_a_duty_is_asked_for_and_met_on_the_page(order, client):
    incident = factories.incident(order)
    duty = incident.duties.get(code="change_control_access")
    base = f"/incidents/{incident.pk}"
    client.post(f"{base}/ask/", {"duty": duty.pk, "text": "Access"})
    duty.refresh_from_db()
    assert duty.asked_at == LATER
    assert client.get(f"{base}/duties/{duty.pk}/met/").status_code == 200
    client.post(f"{base}/duties/{duty.pk}/met/", {})
    duty.refresh_from_db()
    assert duty.met_at == LATER
    assert client.get(f"{base}/duties/987654/met/").status_code == 404


@pytest.mark.parametrize(
    ("act", "data", "status"),
    [
        ("response", {"channel": "chat"}, 422),
        ("response", {"channel": "phone", "at": "2026-11-23T10:00"}, 422),
        ("response", {"channel": "phone", "at": "soon"}, 422),
        ("update", {"channel": "portal", "text": ""}, 422),
        ("severity", {"severity": "B", "reason": "x", "version": 1}, 422),
        ("severity", {"severity": "A", "reason": "x", "version": 9}, 409),
        ("severity", {"severity": "A", "reason": "", "version": 1}, 422),
        ("ask", {"duty": "0"}, 422),
        ("close", {"at": "2999-01-01T00:00"}, 422),
    ],
)
def test_an_act_that_is_refused_says_why_and_writes_nothing(order, client, act, data, status):
    incident = factories.incident(order)
    answer = client.post(f"/incidents/{incident.pk}/{act}/", data, headers=HTMX)
    assert answer.status_code == status
    assert incident.updates.count() == 1
    assert "p-refusal" in text_of(answer) or "p-error" in text_of(answer)


def test_on_a_closed_incident_acts_are_conflicts(order, client):
    incident = factories.incident(order)
    close_incident(incident=incident, by=order.created_by, now=LATER)
    for act, data in (("close", {}), ("update", {"channel": "portal", "text": "x"})):
        answer = client.post(f"/incidents/{incident.pk}/{act}/", data, headers=HTMX)
        assert answer.status_code == 409


def test_an_act_is_a_dialog_over_the_incident_and_otherwise_a_page_with_its_own_heading(
    client, order
):
    incident = factories.incident(order)
    url = f"/incidents/{incident.pk}/update/"

    page, dialog = text_of(client.get(url)), text_of(client.get(url, headers=HTMX))

    assert '<h1 id="p-dialog-title">Add an update</h1>' in page
    assert 'hx-target="#p-dialog"' not in page  # its answer replaces the page, not a dialog over it
    assert '<h2 id="p-dialog-title">Add an update</h2>' in dialog
    assert 'hx-target="#p-dialog"' in dialog
