"""Enrolment on the booking page and in the API, for those who may see it."""

import re

import pytest
from django.urls import reverse

from services.scheduling import actions
from services.scheduling.forms.seats import PeopleForm, read_person
from services.scheduling.models import Attendee, Workshop
from tests import factories
from tests.scheduling.forms import text_of
from tests.scheduling.workshops import NOW, enrol, standing, workshop

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def booking(at):
    at(NOW)
    return workshop(2, minimum_attendees=2)


@pytest.fixture
def client(sign_in, booking):
    return sign_in(booking.booked_by)


def url(name, *args):
    return reverse(f"scheduling:{name}", args=args)


def add(client, booking, name="Ada", email="ada@contoso.example", **fields):
    data = {"name": name, "email": email, "key": f"k-{email}", **fields.pop("data", {})}
    return client.post(url("attendee-add", booking.pk), data, **fields)


def card_of(page: str) -> str:
    """The card without the keys that each page has anew."""
    inner = page.partition('aria-labelledby="attendees-head">')[2].partition("</section>")[0]
    return without_keys(inner)


def without_keys(part: str) -> str:
    return re.sub(r'(name="(?:key|csrfmiddlewaretoken)" value=)"[^"]*"', r"\1", part)


# --- the card -------------------------------------------------------------------------------


def test_the_card_tells_seats_minimum_decision_and_recording(client, booking):
    enrol(booking, "ada")
    told = text_of(client.get(url("booking-detail", booking.pk)))
    assert "1 / 2 seats taken" in told
    assert "Minimum 2, 1 more is needed" in told
    assert "Below the minimum" in told
    assert "notice beforehand, consent of everybody who takes part" in told


def test_a_booking_that_enrols_nobody_has_no_card(client, booking):
    service = factories.offering("technical-update-briefings", booking.order.edition)
    other = factories.booking(factories.holding(booking.order, offering=service))
    page = client.get(url("booking-detail", other.pk))
    assert 'id="attendees"' not in page.content.decode()
    assert client.get(url("attendee-bulk", other.pk)).status_code == 404


def test_the_card_that_an_act_brings_equals_the_page_reloaded(client, booking):
    swapped = add(client, booking, headers=HTMX)
    assert swapped.status_code == 200
    brought = without_keys(swapped.content.decode())
    said = re.compile(r'<p class="p-card-b p-said-done.*?</p>', re.DOTALL)
    assert said.search(brought)
    reloaded = card_of(client.get(url("booking-detail", booking.pk)).content.decode())
    assert said.sub("", brought).split() == reloaded.split()


def test_without_javascript_an_act_leads_back_to_the_page_and_twice_has_one_effect(client, booking):
    assert add(client, booking)["Location"] == url("booking-detail", booking.pk)
    assert add(client, booking)["Location"] == url("booking-detail", booking.pk)
    assert standing(booking) == [("Ada", "enrolled")]


def test_what_was_typed_stays_where_it_is_refused(client, booking):
    enrol(booking, "ben", "cho")
    for headers in ({}, HTMX):
        answer = add(client, booking, headers=headers)
        assert answer.status_code == 422
        assert "All seats are taken." in text_of(answer)
        assert 'value="ada@contoso.example"' in answer.content.decode()
    wrong = add(client, booking, email="nowhere", headers=HTMX)
    assert (wrong.status_code, Attendee.objects.count()) == (422, 2)
    waiting = add(client, booking, data={"may_wait": "on"}, headers=HTMX)
    assert "Waiting list, in order" in text_of(waiting)


def test_a_long_list_is_read_page_by_page(client, booking):
    dedicated = factories.booking(factories.holding(booking.order))
    enrol(dedicated, *(f"person{n:02}" for n in range(25)))
    first = client.get(url("booking-detail", dedicated.pk))
    second = client.get(url("booking-detail", dedicated.pk) + "?page=2")
    assert ("Person00" in text_of(first), "Person24" in text_of(first)) == (True, False)
    assert ("Person00" in text_of(second), "Person24" in text_of(second)) == (False, True)
    assert "21–25 of 25" in text_of(second)


def test_people_withdraw_agree_and_change_their_minds_on_the_card(client, booking):
    ada, ben = enrol(booking, "ada", "ben")
    actions.prepare_recording(
        booking=booking,
        notice_given=True,
        permission_needed=False,
        permission_given=False,
        by=booking.booked_by,
        now=NOW,
    )
    client.post(url("workshop-act", booking.pk, "all-agree"))
    client.post(url("workshop-act", booking.pk, "record"))
    assert Workshop.objects.get().recorded_since == NOW
    client.post(url("attendee-act", ada.pk, "disagree"))
    assert Workshop.objects.get().recorded_since is None
    refusal = client.post(url("workshop-act", booking.pk, "record"), headers=HTMX)
    assert (refusal.status_code, "agreed to be recorded" in text_of(refusal)) == (422, True)
    client.post(url("attendee-act", ada.pk, "agree"))
    client.post(url("attendee-act", ben.pk, "withdraw"))
    assert [one.agrees for one in Attendee.objects.all()] == [True, True]
    client.post(url("workshop-act", booking.pk, "record"))
    client.post(url("workshop-act", booking.pk, "stop"))
    assert Workshop.objects.get().recorded_since is None
    again = client.post(url("attendee-act", ben.pk, "withdraw"), follow=True)
    assert "no longer on the list" in text_of(again)
    for unknown in (("attendee-act", ada.pk, "praise"), ("workshop-act", booking.pk, "praise")):
        assert client.post(url(*unknown)).status_code == 404
    assert client.get(url("attendee-act", ada.pk, "withdraw")).status_code == 405


# --- several at once ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Ada Lovelace <ADA@x.example>", ("Ada Lovelace", "ada@x.example")),
        ('"Lovelace, Ada" <ada@x.example>', ("Lovelace, Ada", "ada@x.example")),
        ("Ada Lovelace, ada@x.example", ("Ada Lovelace", "ada@x.example")),
        ("李雷；lei@x.example", ("李雷", "lei@x.example")),
        ("Ada\tada@x.example", ("Ada", "ada@x.example")),
        ("ada@x.example", ("", "ada@x.example")),
        ("Ada", ("Ada", "")),
    ],
)
def test_a_line_is_read_as_name_and_address(line, person):
    assert read_person(line) == person


def test_more_than_two_hundred_lines_are_too_many():
    form = PeopleForm({"people": "Ada, ada@x.example\n" * 201})
    assert form.errors["people"] == ["At most 200 people at a time."]


def test_every_line_has_a_verdict_and_one_that_is_wrong_enrols_nobody(client, booking):
    enrol(booking, "ada")
    lines = "Ben, ben@x.example\nAda, ada@contoso.example\n\nCho, cho\nEve, eve@x.example\nben@x.example"
    answer = client.post(url("attendee-bulk", booking.pk), {"people": lines, "key": "k"})
    told = text_of(answer)
    assert answer.status_code == 422
    assert "4 rows stand in the way" in told
    for words in (
        "ben@x.example gets a seat",
        "ada@contoso.example Somebody with this address is on the list already.",
        "That isn’t an e-mail address.",
        "eve@x.example All seats are taken.",
        "A name is missing.",
    ):
        assert words in told.replace("&#x27;", "'")
    assert Attendee.objects.count() == 1


def test_lines_are_checked_first_and_then_enrolled_once(client, booking):
    lines = "Ben, ben@x.example\nCho, cho@x.example\nEve, eve@x.example"
    fields = {"people": lines, "may_wait": "on", "key": "k"}
    checked = client.post(url("attendee-bulk", booking.pk), {**fields, "_check": "1"})
    assert (checked.status_code, Attendee.objects.count()) == (200, 0)
    assert "eve@x.example goes on the waiting list" in text_of(checked)
    for _time in range(2):
        assert client.post(url("attendee-bulk", booking.pk), fields).status_code == 302
    assert [state for _name, state in standing(booking)] == ["enrolled", "enrolled", "waiting"]


# --- seats, decision, recording -------------------------------------------------------------


def test_seats_are_set_and_more_than_bought_are_refused(client, booking):
    address = url("workshop-sheet", booking.pk, "seats")
    assert 'value="2"' in client.get(address).content.decode()
    more = client.post(address, {"capacity": "21", "minimum": "2", "key": "k1"})
    assert (more.status_code, Workshop.objects.get().capacity) == (409, 2)
    fields = {"capacity": "4", "minimum": "3", "decide_on": "2026-12-10", "key": "k2"}
    assert client.post(address, fields)["Location"] == url("booking-detail", booking.pk)
    assert Workshop.objects.get().minimum == 3
    assert client.get(url("workshop-sheet", booking.pk, "curtains")).status_code == 404


def test_the_decision_is_recorded_with_its_reason(client, booking):
    enrol(booking, "ada")
    address = url("workshop-sheet", booking.pk, "decide")
    assert "Below the minimum" in text_of(client.get(address, headers=HTMX))
    assert client.post(address, {"hold": "no", "key": "k"}).status_code == 422
    fields = {"hold": "no", "reason": "Only one came forward.", "key": "k"}
    for _time in range(2):
        assert client.post(address, fields).status_code == 302
    told = text_of(client.get(url("booking-detail", booking.pk)))
    assert "Cancelled for low enrolment" in told
    assert "Only one came forward." in told


def test_notice_is_recorded_in_a_form_of_its_own(client, booking):
    address = url("workshop-sheet", booking.pk, "recording")
    client.post(address, {"notice_given": "on", "key": "k"})
    assert Workshop.objects.get().notice_at == NOW


# --- who sees and does what -----------------------------------------------------------------


def test_contacts_of_the_location_enrol_and_only_staff_decide(sign_in, booking):
    contact = sign_in(factories.location_contact(booking.location))
    assert add(contact, booking).status_code == 302
    for sheet in ("seats", "decide", "recording"):
        assert contact.get(url("workshop-sheet", booking.pk, sheet)).status_code == 404
    assert contact.post(url("workshop-act", booking.pk, "record")).status_code == 404
    page = contact.get(url("booking-detail", booking.pk)).content.decode()
    assert url("workshop-sheet", booking.pk, "decide") not in page
    viewer = sign_in(factories.viewer(booking.customer))
    assert "Ada" in text_of(viewer.get(url("booking-detail", booking.pk)))
    assert add(viewer, booking).status_code == 404


def test_a_stranger_finds_neither_workshop_nor_attendees(sign_in, booking):
    (ada,) = enrol(booking, "ada")
    elsewhere = factories.location_contact(factories.location(booking.customer))
    for person in (factories.csam(factories.host().customer), elsewhere):
        stranger = sign_in(person)
        assert not Attendee.objects.visible_to(person).exists()
        assert not Workshop.objects.visible_to(person).exists()
        assert add(stranger, booking).status_code == 404
        assert stranger.post(url("attendee-act", ada.pk, "withdraw")).status_code == 404
        assert stranger.get(f"/api/v1/attendees/{ada.pk}/").status_code == 404
        assert stranger.get(f"/api/v1/workshops/{booking.pk}/").status_code == 404
        body = {"workshop": booking.pk, "people": [{"name": "Eve", "email": "eve@x.example"}]}
        made = stranger.post("/api/v1/attendees/", body, content_type="application/json")
        assert made.status_code == 400
    assert Attendee.objects.count() == 1


# --- the API --------------------------------------------------------------------------------


def post(client, path, body, **headers):
    return client.post(f"/api/v1/{path}/", body, content_type="application/json", headers=headers)


def test_the_api_enrols_all_or_none_once_for_a_key(client, booking):
    body = {
        "workshop": booking.pk,
        "people": [{"name": name, "email": f"{name}@x.example"} for name in ("ada", "ben", "cho")],
    }
    full = post(client, "attendees", body)
    assert (full.status_code, full.json()["code"]) == (422, "seats_full")
    assert full.json()["figures"] == {"row": 3, "seats": 2}
    body["may_wait"] = True
    for _time in range(2):
        made = post(client, "attendees", body, **{"Idempotency-Key": "k"})
        assert [one["state"] for one in made.json()] == ["enrolled", "enrolled", "waiting"]
    assert Attendee.objects.count() == 3
    listed = client.get(f"/api/v1/attendees/?workshop={booking.pk}&state=waiting").json()
    assert [one["name"] for one in listed["results"]] == ["cho"]


def test_the_api_withdraws_consents_records_sizes_and_decides(client, booking):
    ada, ben, cho = enrol(booking, "ada", "ben", "cho", may_wait=True)
    assert post(client, f"attendees/{ada.pk}/withdraw", {}).json()["state"] == "withdrawn"
    for one in (ben, cho):
        assert post(client, f"attendees/{one.pk}/consent", {"given": True}).json()["agrees"]
    address = f"workshops/{booking.pk}/recording"
    assert post(client, address, {"on": True}).json()["code"] == "notice_missing"
    facts = {"notice_given": True, "permission_needed": False, "permission_given": False}
    assert post(client, address, facts).json()["missing_for_recording"] == []
    assert post(client, address, {"on": True}).json()["recorded_since"] is not None
    assert post(client, address, {"on": True, **facts}).status_code == 400
    assert client.post(f"/api/v1/{address}/", 5, content_type="application/json").status_code == 400
    sizes = {"capacity": 3, "minimum": 3, "decide_on": "2026-12-10"}
    assert post(client, f"workshops/{booking.pk}/seats", sizes).json()["capacity"] == 3
    decided = post(client, f"workshops/{booking.pk}/decide", {"hold": False, "reason": "Few."})
    assert decided.json()["decision"] == "cancel"


def test_workshops_are_listed_in_few_queries(client, booking, django_assert_max_num_queries):
    enrol(booking, "ada", "ben")
    for _number in range(3):
        enrol(factories.booking(factories.holding(booking.order)), "cho")
    with django_assert_max_num_queries(6):
        rows = client.get("/api/v1/workshops/").json()["results"]
    assert [len(row["missing_for_recording"]) for row in rows] == [2, 2, 2, 2]
