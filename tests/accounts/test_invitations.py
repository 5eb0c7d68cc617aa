"""Invitations: within one's own scope, by mail, a link that works once."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions import outbox, people
from accounts.models import Customer, Invitation, Message, User
from accounts.rules.refusal import Refused
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "a sentence that is long"
Role = User.Role


def invite(by: User, role: str, customer: Customer | None = None, **fields) -> Invitation:
    """An invitation by the action."""
    values = {"email": "new@example.com", "name": "Nina Neu", "language": "en"} | fields
    return people.invite_person(
        role=role, by=by, customer=customer, now=fields.pop("now", timezone.now()), **values
    )


def mailed_link() -> str:
    """The path of the link in the one mail that goes out."""
    outbox.drain(now=timezone.now())
    (letter,) = mail.outbox
    return next(word for word in letter.body.split() if "/invitations/" in word).partition(
        "testserver"
    )[2]


def refused(act) -> str:
    """The reason code."""
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


# --- who may invite whom --------------------------------------------------------------------


SCOPES = {
    Role.CSAM: {Role.CUSTOMER_ADMINISTRATOR, Role.LOCATION_CONTACT, Role.CUSTOMER_VIEWER},
    Role.CSAM_LEAD: {
        Role.CSAM, Role.CUSTOMER_ADMINISTRATOR, Role.LOCATION_CONTACT, Role.CUSTOMER_VIEWER,
    },
    Role.CUSTOMER_ADMINISTRATOR: {Role.LOCATION_CONTACT, Role.CUSTOMER_VIEWER},
    Role.LOCATION_CONTACT: set(),
    Role.CUSTOMER_VIEWER: set(),
    Role.CATALOGUE_ADMINISTRATOR: set(),
    Role.SYSTEM_ADMINISTRATOR: {
        Role.CSAM_LEAD, Role.CSAM, Role.CATALOGUE_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR,
    },
}  # fmt: skip


@pytest.mark.parametrize("inviter", Role.values)
def test_each_role_invites_within_its_own_scope(inviter):
    assert set(people.invitable_roles(factories.user(inviter))) == SCOPES[inviter]


def test_a_role_outside_the_scope_is_refused():
    csam = factories.csam(factories.customer())
    assert refused(lambda: invite(csam, Role.SYSTEM_ADMINISTRATOR)) == "outside_your_scope"


def test_a_foreign_customer_is_refused():
    csam = factories.csam(factories.customer())
    other = factories.customer()
    assert refused(lambda: invite(csam, Role.CUSTOMER_VIEWER, other)) == "outside_your_scope"


def test_a_foreign_location_is_refused():
    customer = factories.customer()
    admin = factories.customer_administrator(customer)
    place = factories.location()
    assert (
        refused(lambda: invite(admin, Role.LOCATION_CONTACT, customer, locations=[place]))
        == "outside_your_scope"
    )


def test_a_location_contact_needs_a_location():
    customer = factories.customer()
    csam = factories.csam(customer)
    assert refused(lambda: invite(csam, Role.LOCATION_CONTACT, customer)) == "no_locations"


def test_somebody_who_is_known_isnt_invited_whatever_the_case():
    customer = factories.customer()
    factories.user(email="new@example.com")
    act = partial(
        invite, factories.csam(customer), Role.CUSTOMER_VIEWER, customer, email="NEW@example.com"
    )
    assert refused(act) == "already_member"


# --- the link -------------------------------------------------------------------------------


def test_the_invited_person_chooses_a_password_and_is_signed_in():
    customer = factories.customer()
    place = factories.location(customer)
    invite(factories.csam(customer), Role.LOCATION_CONTACT, customer, locations=[place])
    client, link = Client(), mailed_link()
    assert "Nina Neu" in client.get(link).content.decode()
    answer = client.post(link, {"password": PASSWORD, "time_zone": "Europe/Berlin"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    person = User.objects.get(email="new@example.com")
    assert (person.role, person.time_zone) == (Role.LOCATION_CONTACT, "Europe/Berlin")
    assert [list(one.locations.all()) for one in person.memberships.all()] == [[place]]
    assert client.get("/profile/").status_code == 200
    assert person.check_password(PASSWORD)


def test_an_invited_csam_joins_the_leads_team():
    team = factories.team()
    invite(factories.lead(team), Role.CSAM)
    Client().post(mailed_link(), {"password": PASSWORD, "time_zone": "UTC"})
    assert User.objects.get(email="new@example.com").team == team


def test_a_link_works_once():
    invite(factories.user(Role.SYSTEM_ADMINISTRATOR), Role.CSAM)
    link = mailed_link()
    form = {"password": PASSWORD, "time_zone": "UTC"}
    Client().post(link, form)
    again = Client().post(link, form)
    assert again.status_code == 410
    assert "This invitation has been used." in again.content.decode()
    assert User.objects.filter(email="new@example.com").count() == 1


def test_a_link_expires():
    invite(factories.user(Role.SYSTEM_ADMINISTRATOR), Role.CSAM)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = Client().get(mailed_link())
    assert answer.status_code == 410
    assert "This invitation has expired." in answer.content.decode()


def test_an_unknown_link_is_404():
    assert Client().get("/invitations/nothing/").status_code == 404


@pytest.mark.parametrize("password", ["short", "password1234", "new@example.com", ""])
def test_a_weak_password_is_refused_and_makes_nobody(password):
    invite(factories.user(Role.SYSTEM_ADMINISTRATOR), Role.CSAM)
    answer = Client().post(mailed_link(), {"password": password, "time_zone": "UTC"})
    assert answer.status_code == 422
    assert not User.objects.filter(email="new@example.com").exists()


def test_the_secret_is_kept_nowhere_once_the_mail_is_sent():
    invite(factories.user(Role.SYSTEM_ADMINISTRATOR), Role.CSAM)
    secret = mailed_link().strip("/").rpartition("/")[2]
    stored = str(list(Invitation.objects.values())) + str(list(Message.objects.values()))
    assert secret not in stored


def test_the_mail_and_the_page_speak_the_invited_persons_language():
    invite(factories.user(Role.SYSTEM_ADMINISTRATOR), Role.CSAM, language="zh-hans")
    page = Client().get(mailed_link()).content.decode()
    assert '<html lang="zh-hans"' in page


# --- the pages ------------------------------------------------------------------------------


def test_inviting_by_the_page_sends_one_mail(sign_in):
    customer = factories.customer()
    client = sign_in(factories.csam(customer))
    form = {
        "email": "new@example.com", "name": "Nina", "role": Role.CUSTOMER_VIEWER,
        "language": "en", "customer": customer.pk,
    }  # fmt: skip
    assert client.post("/people/invite/", form)["Location"] == "/people/"
    assert "new@example.com" in client.get("/people/").content.decode()
    assert mailed_link()


def test_a_refused_invitation_keeps_what_was_typed(sign_in):
    customer = factories.customer()
    factories.user(email="taken@example.com")
    form = {
        "email": "taken@example.com", "name": "Nina", "role": Role.CUSTOMER_VIEWER,
        "language": "en", "customer": customer.pk,
    }  # fmt: skip
    answer = sign_in(factories.csam(customer)).post("/people/invite/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-code="already_member"' in page
    assert 'value="taken@example.com"' in page


def test_a_foreign_customer_isnt_among_the_choices(sign_in):
    other = factories.customer(name="Foreign Industries")
    client = sign_in(factories.csam(factories.customer()))
    assert "Foreign Industries" not in client.get("/people/invite/").content.decode()
    form = {
        "email": "new@example.com", "name": "Nina", "role": Role.CUSTOMER_VIEWER,
        "language": "en", "customer": other.pk,
    }  # fmt: skip
    assert client.post("/people/invite/", form).status_code == 422
    assert Invitation.objects.count() == 0


def test_those_who_invite_nobody_dont_find_the_page(sign_in):
    client = sign_in(factories.viewer(factories.customer()))
    assert client.get("/people/").status_code == 404
    assert client.get("/people/invite/").status_code == 404


def test_an_invitation_is_taken_back_by_who_could_have_sent_it(sign_in):
    customer = factories.customer()
    invitation = invite(factories.csam(customer), Role.CUSTOMER_VIEWER, customer)
    path = f"/people/invitations/{invitation.pk}/revoke/"
    assert sign_in(factories.csam()).post(path).status_code == 404
    assert sign_in(factories.lead(customer.team)).post(path).status_code == 302
    assert Client().get(mailed_link()).status_code == 410


def test_people_are_listed_within_reach_alone(sign_in):
    ours, theirs = factories.customer(), factories.customer()
    factories.viewer(ours, name="Vera Ours")
    factories.viewer(theirs, name="Theo Theirs")
    page = sign_in(factories.csam(ours)).get("/people/").content.decode()
    assert ("Vera Ours" in page, "Theo Theirs" in page) == (True, False)


def test_the_list_of_people_costs_the_same_with_few_and_with_many(
    sign_in, django_assert_max_num_queries
):
    customer = factories.customer()
    client = sign_in(factories.csam(customer))
    for _ in range(20):
        factories.location_contact(factories.location(customer))
    with django_assert_max_num_queries(10):
        client.get("/people/")
