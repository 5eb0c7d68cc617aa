"""Locations, their calendars, contacts and assignments: pages and actions."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.actions import customers
from accounts.models import Assignment, Contact, Customer, Location, LocationHoliday, User
from accounts.queries.calendars import special_days
from accounts.queries.people import contact_gaps
from accounts.rules.refusal import Refused
from tests import factories

pytestmark = pytest.mark.django_db

PLACE = {
    "name": "Leeds", "role": "downstream", "country": "GB", "subdivision": "",
    "time_zone": "Europe/London", "currency": "GBP", "opens": "09:00", "closes": "17:30",
    "weekend": ["sat", "sun"], "national_holidays": "on", "provider_language": "en",
}  # fmt: skip


@pytest.fixture
def customer() -> Customer:
    """A customer with a host."""
    return factories.host().customer


@pytest.fixture
def csam(customer):
    """The customer's CSAM."""
    return factories.csam(customer)


def path(customer: Customer, *parts: object) -> str:
    """Below the customer's page."""
    return "/".join(["", "customers", str(customer.pk), *map(str, parts), ""])


def refused(act) -> str:
    """The reason code."""
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


# --- customers ------------------------------------------------------------------------------


def test_a_lead_takes_a_customer_and_then_its_host(sign_in):
    lead = factories.lead(factories.team())
    client = sign_in(lead)
    form = {"name": "Fabrikam Health", "short_name": "Fabrikam", "currency": "USD"}
    answer = client.post("/customers/add/", form)
    owner = Customer.objects.get()
    assert (answer["Location"], owner.team) == (path(owner, "locations", "add"), lead.team)
    page = client.get(answer["Location"]).content.decode()
    assert '<option value="host" selected>' in page


def test_a_customers_name_that_is_taken_is_refused(customer):
    lead = factories.lead(factories.team())
    act = partial(
        customers.add_customer, name=customer.name, short_name="x", currency="EUR", by=lead
    )
    assert refused(act) == "name_taken"


def test_others_take_no_customers(customer, csam, sign_in):
    assert sign_in(csam).get("/customers/add/").status_code == 404
    act = partial(customers.add_customer, name="x", short_name="x", currency="EUR", by=csam)
    assert refused(act) == "not_allowed"


# --- locations ------------------------------------------------------------------------------


def test_a_csam_adds_a_location(customer, csam, sign_in):
    answer = sign_in(csam).post(path(customer, "locations", "add"), PLACE)
    place = customer.locations.get(name="Leeds")
    assert answer["Location"] == path(customer, "locations", place.pk)
    assert place.history.get().history_user == csam


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("country", "XX"),
        ("time_zone", "Mars/Base"),
        ("currency", "XYZ"),
        ("opens", "25:00"),
        ("weekend", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        ("weekend", ["someday"]),
        ("provider_language", "tlh"),
    ],
)
def test_what_isnt_possible_is_refused_beside_its_field(field, value, customer, csam, sign_in):
    answer = sign_in(csam).post(path(customer, "locations", "add"), {**PLACE, field: value})
    assert answer.status_code == 422
    assert f"id_{field}_error" in answer.content.decode()
    assert not customer.locations.filter(role=Location.Role.DOWNSTREAM).exists()


def test_a_location_that_closes_before_it_opens_is_refused(customer, csam, sign_in):
    form = {**PLACE, "opens": "17:30", "closes": "09:00"}
    answer = sign_in(csam).post(path(customer, "locations", "add"), form)
    assert answer.status_code == 422
    assert 'data-code="closes_before_it_opens"' in answer.content.decode()
    assert customer.locations.count() == 1


def test_a_second_host_is_refused_with_its_clause(customer, csam, sign_in):
    answer = sign_in(csam).post(path(customer, "locations", "add"), {**PLACE, "role": "host"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-code="one_host"' in page
    assert "§2.6 M2" in page
    assert 'value="Leeds"' in page


def test_the_host_stays_the_host(customer, csam):
    host = customer.locations.get()
    act = partial(customers.change_location, location=host, by=csam, seen=1, role="downstream")
    assert refused(act) == "one_host"


def test_a_name_that_is_taken_is_refused(customer, csam, sign_in):
    factories.location(customer, name="Leeds")
    answer = sign_in(csam).post(path(customer, "locations", "add"), PLACE)
    assert 'data-code="name_taken"' in answer.content.decode()


def test_an_edit_over_somebody_elses_is_noticed_and_keeps_what_was_typed(customer, csam, sign_in):
    place = factories.location(customer, name="Leeds")
    client = sign_in(csam)
    edit = path(customer, "locations", place.pk, "edit")
    assert 'name="version" value="1"' in client.get(edit).content.decode()
    form = {**PLACE, "version": "1"}
    assert client.post(edit, {**form, "closes": "18:00"}).status_code == 302
    answer = client.post(edit, {**form, "closes": "16:00"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-code="stale_edit"' in page
    assert 'value="16:00"' in page
    place.refresh_from_db()
    assert place.closes.hour == 18


@pytest.mark.parametrize("make", [factories.customer_administrator, factories.viewer])
def test_a_customers_people_read_locations_and_dont_change_them(make, customer, sign_in):
    client, place = sign_in(make(customer)), customer.locations.get()
    assert client.get(path(customer, "locations", place.pk)).status_code == 200
    assert client.get(path(customer, "locations", place.pk, "edit")).status_code == 404
    assert client.get(path(customer, "locations", "add")).status_code == 404
    assert client.post(path(customer, "locations", place.pk, "edit"), PLACE).status_code == 404


@pytest.mark.parametrize("kind", ["stranger", "lead", "system", "location contact"])
def test_strangers_find_neither_location_nor_contacts(kind, customer, sign_in):
    person = {
        "stranger": lambda: factories.csam(factories.customer()),
        "lead": lambda: factories.lead(factories.team()),
        "system": lambda: factories.user(User.Role.SYSTEM_ADMINISTRATOR),
        "location contact": lambda: factories.location_contact(factories.location()),
    }[kind]()
    client, place = sign_in(person), customer.locations.get()
    contact = customer.contacts.first()
    for tail in (
        ("locations", place.pk), ("locations", place.pk, "edit"), ("locations", "add"),
        ("contacts",), ("contacts", "add"), ("contacts", contact.pk), ("assignments",),
    ):  # fmt: skip
        assert client.get(path(customer, *tail)).status_code == 404, tail


def test_a_location_under_another_customers_address_doesnt_exist(customer, csam, sign_in):
    other = factories.location()
    factories.assignment(user=csam, customer=other.customer)
    assert sign_in(csam).get(path(customer, "locations", other.pk)).status_code == 404


def test_a_location_contact_sees_their_own_location_alone(customer, sign_in):
    mine, other = factories.location(customer), factories.location(customer, name="Elsewhere")
    client = sign_in(factories.location_contact(mine))
    assert client.get(path(customer, "locations", mine.pk)).status_code == 200
    assert client.get(path(customer, "locations", other.pk)).status_code == 404
    assert "Elsewhere" not in client.get(path(customer, "contacts")).content.decode()


# --- calendars ------------------------------------------------------------------------------


def test_own_days_win_over_the_national_calendar():
    place = factories.location(country="DE", subdivision="BW", national_holidays=True)
    LocationHoliday.objects.create(location=place, on=date(2026, 12, 24), name="Shutdown")
    LocationHoliday.objects.create(
        location=place, on=date(2026, 6, 4), name="We work", is_working_day=True
    )
    days = {one.on: (one.name, one.works) for one in special_days(place, 2026, "en")}
    assert days[date(2026, 12, 24)] == ("Shutdown", False)
    assert days[date(2026, 6, 4)] == ("We work", True)
    assert days[date(2026, 1, 6)] == ("Epiphany", False)


def test_chinese_make_up_days_are_working_days():
    place = factories.location(country="CN", time_zone="Asia/Shanghai", national_holidays=True)
    days = {one.on: one.works for one in special_days(place, 2026, "zh-hans")}
    assert (days[date(2026, 2, 14)], days[date(2026, 2, 17)]) == (True, False)


@pytest.mark.parametrize("make", ["csam", "customer_administrator"])
def test_a_day_off_is_added_and_removed(make, customer, sign_in):
    client = sign_in(getattr(factories, make)(customer))
    place = customer.locations.get()
    answer = client.post(
        path(customer, "locations", place.pk, "holidays"), {"on": "2027-12-24", "name": "Eve"}
    )
    assert answer["Location"].endswith("?year=2027#calendar")
    holiday = place.own_holidays.get()
    client.post(path(customer, "locations", place.pk, "holidays", holiday.pk, "delete"))
    assert not place.own_holidays.exists()


def test_a_second_entry_on_a_day_is_refused(customer, csam, sign_in):
    place = customer.locations.get()
    LocationHoliday.objects.create(location=place, on=date(2027, 12, 24), name="Eve")
    answer = sign_in(csam).post(
        path(customer, "locations", place.pk, "holidays"), {"on": "2027-12-24", "name": "Bis"}
    )
    assert answer.status_code == 422
    assert 'data-code="day_taken"' in answer.content.decode()


@pytest.mark.parametrize("on", ["", "2027-02-30", "tomorrow", "99999-01-01"])
def test_a_wrong_date_is_refused_beside_its_field(on, customer, csam, sign_in):
    place = customer.locations.get()
    answer = sign_in(csam).post(
        path(customer, "locations", place.pk, "holidays"), {"on": on, "name": "Eve"}
    )
    assert answer.status_code == 422
    assert "id_on_error" in answer.content.decode()


@pytest.mark.parametrize("year", ["1800", "2999", "x", "", "20261", "٢٠٢٦"])
def test_any_year_shows_a_calendar(year, customer, csam, sign_in):
    place = customer.locations.get()
    assert (
        sign_in(csam).get(path(customer, "locations", place.pk) + f"?year={year}").status_code
        == 200
    )


# --- contacts -------------------------------------------------------------------------------


def contact_form(customer: Customer, **fields) -> dict:
    """Somebody for the host's reactive duty."""
    place = customer.locations.get(role=Location.Role.HOST)
    return {
        "location": place.pk, "role": "reactive", "name": "Jana Vogt",
        "email": "jana@example.com", "phone": "",
    } | fields  # fmt: skip


def test_duties_that_nobody_has_are_flagged_with_their_clause(customer):
    downstream = factories.location(customer, name="Pune")
    gaps = contact_gaps(customer.locations.all(), customer.contacts.all())
    host = customer.locations.get(role=Location.Role.HOST)
    assert [(gap.location, gap.role, gap.clause) for gap in gaps] == [
        (host, Contact.Role.REACTIVE, "2.8-C6"),
        (downstream, Contact.Role.REACTIVE, "2.8-C6"),
    ]
    customer.contacts.all().delete()
    gaps = contact_gaps([host], [])
    assert [gap.clause for gap in gaps] == ["2.8-C4", "2.8-C6"]


@pytest.mark.parametrize("make", ["csam", "customer_administrator"])
def test_a_contact_is_named_changed_and_removed(make, customer, sign_in):
    client = sign_in(getattr(factories, make)(customer))
    client.post(path(customer, "contacts", "add"), contact_form(customer))
    contact = customer.contacts.get(role="reactive")
    edit = path(customer, "contacts", contact.pk)
    client.post(edit, contact_form(customer, name="Jana Neu", version="1"))
    contact.refresh_from_db()
    assert contact.name == "Jana Neu"
    client.post(path(customer, "contacts", contact.pk, "delete"))
    assert not customer.contacts.filter(role="reactive").exists()
    assert Contact.history.filter(id=contact.pk).count() == 3


def test_a_contact_is_joined_to_the_person_with_the_same_address(customer, csam):
    person = factories.viewer(customer, email="jana@example.com")
    contact = customers.add_contact(
        customer=customer, by=csam, location=customer.locations.get(), role="reactive",
        name="Jana", email="JANA@example.com", phone="",
    )  # fmt: skip
    assert contact.user == person


def test_the_same_duty_twice_is_refused(customer, csam, sign_in):
    client = sign_in(csam)
    client.post(path(customer, "contacts", "add"), contact_form(customer))
    answer = client.post(path(customer, "contacts", "add"), contact_form(customer))
    assert 'data-code="contact_taken"' in answer.content.decode()


def test_a_foreign_location_isnt_a_choice(customer, csam, sign_in):
    form = contact_form(customer, location=factories.location().pk)
    answer = sign_in(csam).post(path(customer, "contacts", "add"), form)
    assert answer.status_code == 422
    assert "id_location_error" in answer.content.decode()


def test_a_viewer_reads_contacts_and_changes_none(customer, sign_in):
    client, contact = sign_in(factories.viewer(customer)), customer.contacts.first()
    assert client.get(path(customer, "contacts")).status_code == 200
    assert client.post(path(customer, "contacts", "add"), contact_form(customer)).status_code == 404
    assert client.post(path(customer, "contacts", contact.pk, "delete")).status_code == 404
    assert customer.contacts.count() == 1


def test_the_list_of_contacts_costs_the_same_with_one_and_with_thirty(
    customer, csam, sign_in, django_assert_max_num_queries
):
    client = sign_in(csam)
    place = customer.locations.get()
    for _ in range(30):
        factories.contact(place)
    client.get(path(customer, "contacts"))
    with django_assert_max_num_queries(8):
        client.get(path(customer, "contacts"))


# --- assignments ----------------------------------------------------------------------------


def test_a_lead_assigns_covers_and_ends(customer, sign_in):
    lead = factories.lead(customer.team)
    mara, jonas = (factories.user(User.Role.CSAM, team=customer.team) for _ in range(2))
    client, today = sign_in(lead), timezone.localdate()
    client.post(path(customer, "assignments"), {"user": mara.pk, "starts_on": today})
    until = today + timedelta(days=11)
    client.post(
        path(customer, "assignments"),
        {"user": jonas.pk, "covers_for": mara.pk, "starts_on": today, "ends_on": until},
    )
    assert set(Customer.objects.visible_to(jonas)) == {customer}
    row = Assignment.objects.get(user=mara)
    client.post(path(customer, "assignments", row.pk, "end"))
    row.refresh_from_db()
    assert row.ends_on is not None


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"user": "999999"}, "user"),
    ],
)
def test_a_wrong_assignment_is_refused_beside_its_field(form, field, customer, sign_in):
    mara = factories.user(User.Role.CSAM, team=customer.team)
    values = {"user": mara.pk, "starts_on": "2026-11-23"} | form
    answer = sign_in(factories.lead(customer.team)).post(path(customer, "assignments"), values)
    assert answer.status_code == 422
    assert f"id_{field}_error" in answer.content.decode()


def test_a_cover_without_an_end_is_refused(customer, sign_in):
    mara, jonas = (factories.user(User.Role.CSAM, team=customer.team) for _ in range(2))
    values = {"user": jonas.pk, "covers_for": mara.pk, "starts_on": "2026-11-23"}
    answer = sign_in(factories.lead(customer.team)).post(path(customer, "assignments"), values)
    assert "id_ends_on_error" in answer.content.decode()
    assert not Assignment.objects.exists()


def test_only_the_lead_assigns(customer, csam, sign_in):
    values = {"user": csam.pk, "starts_on": "2026-11-23"}
    assert sign_in(csam).post(path(customer, "assignments"), values).status_code == 404
    row = Assignment.objects.get()
    sign_in(csam).post(path(customer, "assignments", row.pk, "end"))
    row.refresh_from_db()
    assert row.ends_on is None


def test_a_lead_ends_no_assignment_of_another_team(customer, csam, sign_in):
    row = Assignment.objects.get()
    answer = sign_in(factories.lead(factories.team())).post(
        path(customer, "assignments", row.pk, "end")
    )
    assert answer.status_code == 404
