"""Who sees which customer, location, contact and assignment: every role, and nobody else."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Assignment, Contact, Customer, Location, Message, Team, User
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date.today()
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def ours() -> Customer:
    """A customer with a host and a downstream location and one contact at each."""
    customer = factories.customer()
    factories.host(customer)
    factories.contact(factories.location(customer))
    return customer


@pytest.fixture
def theirs() -> Customer:
    """Another customer of another team, with as much."""
    customer = factories.customer()
    factories.host(customer)
    factories.contact(factories.location(customer))
    return customer


def customers(person: object) -> set[Customer]:
    """What the person sees."""
    return set(Customer.objects.visible_to(person))


def test_a_csam_sees_the_customers_assigned_to_them(ours, theirs):
    assert customers(factories.csam(ours)) == {ours}


def test_a_csam_without_assignments_sees_nothing(ours):
    assert customers(factories.csam()) == set()


def test_an_assignment_counts_from_its_first_day(ours):
    csam = factories.csam()
    row = factories.assignment(user=csam, customer=ours, starts_on=TOMORROW)
    assert customers(csam) == set()
    Assignment.objects.filter(pk=row.pk).update(starts_on=TODAY)
    assert customers(csam) == {ours}


def test_a_cover_sees_the_customer_until_its_last_day_included(ours):
    absent, cover = factories.csam(ours), factories.csam()
    row = factories.assignment(user=cover, customer=ours, covers_for=absent, ends_on=TODAY)
    assert customers(cover) == {ours}
    Assignment.objects.filter(pk=row.pk).update(ends_on=YESTERDAY)
    assert customers(cover) == set()
    assert customers(absent) == {ours}


def test_two_assignments_to_one_customer_show_it_once(ours):
    csam = factories.csam(ours)
    factories.assignment(user=csam, customer=ours, ends_on=TOMORROW)
    assert [c.pk for c in Customer.objects.visible_to(csam)] == [ours.pk]


def test_a_lead_sees_the_customers_of_the_team_alone(ours, theirs):
    assert customers(factories.lead(ours.team)) == {ours}


def test_a_lead_without_a_team_sees_nothing(ours):
    assert customers(factories.user(User.Role.CSAM_LEAD)) == set()


@pytest.mark.parametrize("make", [factories.customer_administrator, factories.viewer])
def test_a_customers_person_sees_their_whole_customer_alone(ours, theirs, make):
    person = make(ours)
    assert customers(person) == {ours}
    assert set(Location.objects.visible_to(person)) == set(ours.locations.all())
    assert set(Contact.objects.visible_to(person)) == set(ours.contacts.all())


def test_a_location_contact_sees_their_locations_and_those_contacts_alone(ours, theirs):
    downstream = ours.locations.get(role=Location.Role.DOWNSTREAM)
    person = factories.location_contact(downstream)
    assert customers(person) == {ours}
    assert set(Location.objects.visible_to(person)) == {downstream}
    assert set(Contact.objects.visible_to(person)) == set(downstream.contacts.all())


def test_a_location_contact_without_locations_sees_none(ours):
    person = factories.member(ours, User.Role.LOCATION_CONTACT)
    assert set(Location.objects.visible_to(person)) == set()


@pytest.mark.parametrize(
    "role", [User.Role.CATALOGUE_ADMINISTRATOR, User.Role.SYSTEM_ADMINISTRATOR]
)
def test_administrators_see_no_customer(ours, role):
    person = factories.user(role)
    factories.assignment(user=person, customer=ours)
    assert customers(person) == set()


def test_a_superuser_sees_no_customer_by_default(ours):
    assert customers(User.objects.create_superuser("root@example.com", name="Root")) == set()


def test_a_membership_doesnt_help_staff_and_an_assignment_doesnt_help_customers(ours):
    csam = factories.member(ours, User.Role.CSAM)
    viewer = factories.user(User.Role.CUSTOMER_VIEWER)
    factories.assignment(user=viewer, customer=ours)
    assert customers(csam) == set()
    assert customers(viewer) == set()


def test_an_anonymous_visitor_sees_nothing(ours):
    assert customers(AnonymousUser()) == set()
    assert set(Location.objects.visible_to(AnonymousUser())) == set()


def test_a_deactivated_person_sees_nothing(ours):
    assert customers(factories.csam(ours, is_active=False)) == set()
    assert customers(factories.viewer(ours, is_active=False)) == set()


def test_assignments_are_seen_with_their_customer(ours, theirs):
    csam = factories.csam(ours)
    factories.csam(theirs)
    assert set(Assignment.objects.visible_to(csam)) == set(ours.assignments.all())


def test_an_inbox_belongs_to_one_person(ours, now):
    mine, other = factories.csam(ours), factories.csam(ours)
    rows = [
        Message.objects.create(
            key=f"k{n}", channel=Message.Channel.INBOX, subject_key="s", recipient=person,
            language="en", subject="s", text="t", created_at=now, due_at=now,
        )
        for n, person in enumerate((mine, other))
    ]  # fmt: skip
    assert list(Message.objects.visible_to(mine)) == [rows[0]]


def test_what_is_visible_costs_one_query_with_one_and_with_thirty_customers(
    django_assert_num_queries,
):
    team = Team.objects.create(name="Team of many")
    csam = factories.csam(*[factories.customer(team=team) for _ in range(30)])
    with django_assert_num_queries(1):
        assert len(Customer.objects.visible_to(csam)) == 30
