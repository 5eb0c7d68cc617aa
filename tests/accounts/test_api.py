"""People, places and messages by the API: same rights, same refusals, problem documents."""

import pytest
from django.test import Client

from accounts.actions import keys, messages
from accounts.models import Contact, Customer, Location, Message, User
from tests import factories

pytestmark = pytest.mark.django_db

JSON = "application/json"


class Program:
    """A program that speaks for a person."""

    def __init__(self, person: User, now) -> None:
        _token, secret = keys.make_token(user=person, name="program", now=now)
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def __getattr__(self, method):
        def call(path, data=None, **more):
            kwargs = {"data": data, "content_type": JSON} if method != "get" else {"data": data}
            return getattr(self.client, method)(f"/api/v1/{path}", **kwargs, **more)

        return call


@pytest.fixture
def customer() -> Customer:
    """A customer with a host."""
    return factories.host().customer


@pytest.fixture
def csam(customer) -> User:
    """The customer's CSAM."""
    return factories.csam(customer)


@pytest.fixture
def api(csam, now) -> Program:
    """The CSAM's program."""
    return Program(csam, now)


PLACE = {
    "name": "Leeds", "role": "downstream", "country": "GB", "time_zone": "Europe/London",
    "currency": "GBP", "opens": "09:00", "closes": "17:30", "weekend": ["sun", "sat"],
    "provider_language": "en",
}  # fmt: skip


def ids(answer) -> set[int]:
    """The rows of a list."""
    return {row["id"] for row in answer.json()["results"]}


# --- who asks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Bearer a b", "Basic bWU6bWU=", "Bearer \u00fc"]
)
def test_without_a_valid_token_nothing_is_told(header):
    answer = Client(headers={"authorization": header} if header else {}).get("/api/v1/customers/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] in {"not_authenticated", "authentication_failed"}


def test_a_deactivated_persons_token_opens_nothing(api, csam):
    User.objects.filter(pk=csam.pk).update(is_active=False)
    assert api.get("me/").status_code == 401


def test_use_of_a_token_is_noted(api, csam):
    api.get("me/")
    assert csam.api_tokens.get().last_used_at is not None


def test_a_session_works_as_well_but_needs_the_forms_token_to_write(csam, sign_in):
    assert sign_in(csam).get("/api/v1/me/").json()["email"] == csam.email
    client = Client(enforce_csrf_checks=True)
    client.force_login(csam, backend="accounts.http.people.RoleBackend")
    assert client.post("/api/v1/tokens/", {"name": "x"}, content_type=JSON).status_code == 403


# --- rights ---------------------------------------------------------------------------------


def test_lists_hold_what_the_person_may_see_and_nothing_else(api, customer):
    foreign = factories.host()
    assert ids(api.get("customers/")) == {customer.pk}
    assert ids(api.get("locations/")) == {customer.locations.get().pk}
    assert ids(api.get("contacts/")) == {customer.contacts.get().pk}
    for path in (
        f"customers/{foreign.customer.pk}/",
        f"locations/{foreign.pk}/",
        f"contacts/{foreign.contacts.get().pk}/",
    ):
        answer = api.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_filter_never_widens_what_is_seen(api):
    foreign = factories.host()
    assert ids(api.get("locations/", {"customer": foreign.customer.pk})) == set()


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", "1.5", "%00"])
def test_an_id_that_names_nothing_is_404_or_400(number, api):
    assert api.get(f"locations/{number}/").status_code in {400, 404}


@pytest.mark.parametrize(
    "query",
    ["customer=x", "customer=99999999999999999999", "role=king", "page_size=x", "cursor=broken",
     "country=%00", "tax_exception=maybe"],
)  # fmt: skip
def test_a_query_that_cant_be_read_is_an_error_of_the_caller(query, api):
    assert api.get(f"locations/?{query}").status_code in {200, 400, 404}


# --- writing --------------------------------------------------------------------------------


def test_a_location_is_added_read_and_changed(api, customer):
    made = api.post("locations/", {**PLACE, "customer": customer.pk})
    assert made.status_code == 201
    body = made.json()
    assert (body["weekend"], body["version"]) == (["sat", "sun"], 1)
    changed = api.patch(f"locations/{body['id']}/", {"closes": "18:00", "version": 1})
    assert (changed.json()["closes"], changed.json()["version"]) == ("18:00:00", 2)
    assert Location.objects.get(pk=body["id"]).name == "Leeds"


def test_a_stale_change_is_a_conflict(api, customer):
    place = customer.locations.get()
    api.patch(f"locations/{place.pk}/", {"closes": "18:00", "version": 1})
    answer = api.patch(f"locations/{place.pk}/", {"closes": "16:00", "version": 1})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "stale_edit")
    assert body["figures"] == {"yours": 1, "current": 2}


def test_a_change_without_a_version_is_invalid(api, customer):
    place = customer.locations.get()
    answer = api.patch(f"locations/{place.pk}/", {"closes": "18:00"})
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"version"}


def test_a_refusal_tells_code_clauses_and_field(api, customer):
    answer = api.post("locations/", {**PLACE, "customer": customer.pk, "role": "host"})
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code == body["status"] == 422
    assert (body["code"], body["clauses"], body["field"]) == ("one_host", ["2.6-M2"], "role")
    assert body["detail"] == "There has to be exactly one host. Name one location as host."


def test_a_location_doesnt_move_to_another_customer(api, csam, customer):
    other = factories.customer()
    factories.assignment(user=csam, customer=other)
    place = customer.locations.get()
    api.patch(f"locations/{place.pk}/", {"customer": other.pk, "version": 1})
    place.refresh_from_db()
    assert place.customer == customer


def test_a_foreign_customer_is_as_unknown_as_none(api):
    answer = api.post("locations/", {**PLACE, "customer": factories.customer().pk})
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"customer"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", None), ("name", "x" * 81), ("name", "a\x00b"), ("name", {"a": 1}),
        ("country", "XX"), ("time_zone", "Mars/Base"), ("opens", "25:00"), ("weekend", "sat"),
        ("weekend", ["someday"]),
        ("weekend", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), ("tax_exception", "perhaps"),
        ("customer", "x"), ("customer", -1), ("customer", 10**30),
    ],
)  # fmt: skip
def test_bad_input_is_told_field_by_field(field, value, api, customer):
    answer = api.post("locations/", {**PLACE, "customer": customer.pk, field: value})
    assert answer.status_code == 400
    body = answer.json()
    assert (body["code"], set(body["fields"])) == ("invalid_input", {field})
    assert customer.locations.count() == 1


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "42", '"text"'])
def test_a_body_that_isnt_an_object_is_an_error_of_the_caller(body, api):
    answer = api.client.post("/api/v1/locations/", body, content_type=JSON)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_another_media_type_is_refused(api):
    answer = api.client.post("/api/v1/locations/", {"name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_customers_administrator_changes_contacts_and_no_locations(customer, now):
    api = Program(factories.customer_administrator(customer), now)
    place = customer.locations.get()
    answer = api.patch(f"locations/{place.pk}/", {"closes": "18:00", "version": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_allowed")
    made = api.post(
        "contacts/",
        {"location": place.pk, "role": "reactive", "name": "Jana", "email": "j@example.com"},
    )
    assert (made.status_code, made.json()["customer"]) == (201, customer.pk)
    assert api.delete(f"contacts/{made.json()['id']}/").status_code == 204


def test_a_viewer_changes_nothing(customer, now):
    api = Program(factories.viewer(customer), now)
    contact = customer.contacts.get()
    assert api.delete(f"contacts/{contact.pk}/").json()["code"] == "not_allowed"
    answer = api.patch(f"contacts/{contact.pk}/", {"name": "x", "version": 1})
    assert answer.json()["code"] == "not_allowed"
    assert Contact.objects.get().name == contact.name


def test_a_calendar_is_read_and_a_day_added_and_removed(api, customer):
    place = customer.locations.get()
    made = api.post(
        "holidays/",
        {"location": place.pk, "on": "2027-12-24", "name": "Eve", "is_working_day": False},
    )
    assert made.status_code == 201
    days = api.get(f"locations/{place.pk}/calendar/", {"year": 2027}).json()
    assert days == [{"on": "2027-12-24", "name": "Eve", "works": False, "own": made.json()["id"]}]
    again = api.post("holidays/", {"location": place.pk, "on": "2027-12-24", "name": "Bis"})
    assert again.json()["code"] == "day_taken"
    assert api.delete(f"holidays/{made.json()['id']}/").status_code == 204
    assert api.get(f"locations/{place.pk}/calendar/", {"year": 1}).status_code == 400


# --- oneself --------------------------------------------------------------------------------


def test_oneself_is_read_and_settings_are_changed(api, csam):
    body = api.get("me/").json()
    assert (body["email"], body["role"]) == (csam.email, "csam")
    answer = api.patch("me/settings/", {"time_zone": "Asia/Tokyo", "role": "csam_lead"})
    assert (answer.json()["time_zone"], answer.json()["role"]) == ("Asia/Tokyo", "csam")
    assert api.patch("me/settings/", {"time_zone": "Mars/Base"}).status_code == 400


def test_tokens_are_made_listed_and_revoked(api):
    made = api.post("tokens/", {"name": "second"}).json()
    assert len(made["secret"]) > 30
    listed = api.get("tokens/").json()["results"]
    assert {row["name"] for row in listed} == {"program", "second"}
    assert all("secret" not in row for row in listed)
    assert api.delete(f"tokens/{made['id']}/").status_code == 204
    answer = Client(headers={"authorization": f"Bearer {made['secret']}"}).get("/api/v1/me/")
    assert answer.status_code == 401


def test_the_inbox_is_read_and_marked(api, csam, now):
    (mine,) = messages.write_messages(
        recipient=csam, subject_key="s", subject="News", text="t", now=now,
        channels=[Message.Channel.INBOX],
    )  # fmt: skip
    assert ids(api.get("inbox/", {"unread": "true"})) == {mine.pk}
    assert api.post(f"inbox/{mine.pk}/read/").json()["read_at"] is not None
    assert ids(api.get("inbox/", {"unread": "true"})) == set()


# --- pages ----------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_repetition(api, customer):
    place = customer.locations.get()
    for _ in range(9):
        factories.contact(place)
    seen, path = [], "/api/v1/contacts/?page_size=4"
    while path:
        body = api.client.get(path).json()
        seen += [row["id"] for row in body["results"]]
        path = body["next"]
    assert len(seen) == len(set(seen)) == 10


def test_a_page_has_at_most_two_hundred_rows(api, customer):
    place = customer.locations.get()
    Contact.objects.bulk_create(
        Contact(
            customer=customer, location=place, role="outage", name="x", email=f"{n}@example.com"
        )
        for n in range(210)
    )
    assert len(api.get("contacts/", {"page_size": 10_000}).json()["results"]) == 200
    assert len(api.get("contacts/").json()["results"]) == 50


def test_a_list_costs_the_same_with_one_and_with_thirty_rows(
    api, customer, django_assert_num_queries
):
    place = customer.locations.get()
    api.get("contacts/")
    with django_assert_num_queries(2):  # the token with its person, the page
        api.get("contacts/")
    for _ in range(29):
        factories.contact(place)
    with django_assert_num_queries(2):
        api.get("contacts/")


def test_problems_are_told_in_the_callers_language(customer, now):
    api = Program(factories.csam(customer, language="zh-hans"), now)
    answer = api.post("locations/", {**PLACE, "customer": customer.pk, "role": "host"})
    assert answer.json()["code"] == "one_host"
    assert answer["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("year", ["0", "0.0", "10000", "2026.5", "soon"])
def test_holidays_of_a_year_that_is_none_are_refused(year, api):
    answer = api.get("holidays/", {"year": year})
    assert answer.status_code == 400
    assert "year" in str(answer.json())
