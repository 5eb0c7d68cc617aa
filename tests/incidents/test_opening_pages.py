"""The form that opens an incident, and what it answers while somebody types."""

import pytest

from incidents.models import Incident
from tests import factories
from tests.incidents.scenes import ARR, HTMX, LATER, agreement, form_data, hold, host_of, text_of

pytestmark = pytest.mark.django_db
OOB = ' hx-swap-oob="true"'


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
    assert f'<option value="{contact.pk}">{contact.name}, {contact.get_role_display()}' in part
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


def test_a_channel_that_is_refused_leaves_the_target_shown_and_the_override_open(order, client):
    contact = factories.contact(host_of(order), role="cloud_administrator")
    data = form_data(order, component="Exchange Online", contact=contact.pk, channel="phone")
    answer = client.post("/incidents/new/", {**data, "do": "open"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Cloud administrators submit requests for online services in the portal." in page
    assert answer.context["answer"].resolved is not None
    assert '<details class="p-more" open>' in page
    assert not Incident.objects.exists()
    given = {**data, "do": "open", "override_reason": "The portal is down."}
    assert client.post("/incidents/new/", given).status_code == 302
