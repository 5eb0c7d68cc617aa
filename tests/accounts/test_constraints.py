"""What the database itself refuses, whatever the code above it does."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import (
    ApiToken,
    Assignment,
    Contact,
    Customer,
    IdempotencyKey,
    Invitation,
    Location,
    LocationHoliday,
    Membership,
    Message,
    Team,
    User,
)
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 24, tzinfo=UTC)


def refused(constraint: str, act: Callable[[], Any]) -> None:
    """`act` breaks exactly this constraint (SQLite names the columns of a unique one)."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def test_an_email_belongs_to_one_person_whatever_its_case():
    factories.user(email="mara@example.com")
    refused(
        "user_email_whatever_case",
        lambda: User.objects.bulk_create([User(email="Mara@Example.com", name="M", role="csam")]),
    )


def test_an_email_is_taken_once():
    factories.user(email="mara@example.com")
    refused("email", lambda: factories.user(email="mara@example.com"))


def test_a_teams_name_is_taken_once():
    factories.team(name="North")
    refused("name", lambda: Team.objects.create(name="North"))


def test_a_customers_name_is_taken_once():
    one = factories.customer(name="Contoso")
    refused(
        "customer_name_once|accounts_customer.name",
        lambda: factories.customer(name="Contoso", team=one.team),
    )


def test_a_customer_has_one_host():
    host = factories.host()
    refused(
        "location_one_host|accounts_location.customer_id",
        lambda: factories.location(host.customer, role=Location.Role.HOST),
    )


def test_a_locations_name_is_taken_once_for_a_customer():
    place = factories.location(name="Pune")
    refused(
        "location_name_once|accounts_location.name",
        lambda: factories.location(place.customer, name="Pune"),
    )


@pytest.mark.parametrize("closes", [time(9, 0), time(8, 59)])
def test_a_location_closes_after_it_opens(closes):
    customer = factories.customer()
    refused(
        "location_opens_before_it_closes",
        lambda: factories.location(customer, opens=time(9, 0), closes=closes),
    )


def test_a_day_has_one_own_holiday_at_a_location():
    place = factories.location()
    LocationHoliday.objects.create(location=place, on=date(2026, 12, 24), name="Eve")
    refused(
        "holiday_once_a_day|accounts_locationholiday.on",
        lambda: LocationHoliday.objects.create(location=place, on=date(2026, 12, 24), name="Bis"),
    )


def test_a_person_has_a_duty_once_at_a_location():
    one = factories.contact(factories.location())
    refused(
        "contact_once_for_a_duty|accounts_contact.email",
        lambda: Contact.objects.create(
            customer=one.customer, location=one.location, role=one.role, name="x", email=one.email
        ),
    )


def test_an_assignment_ends_on_its_first_day_at_the_earliest():
    customer = factories.customer()
    csam = factories.csam()
    first = date(2026, 11, 23)
    factories.assignment(user=csam, customer=customer, starts_on=first, ends_on=first)
    refused(
        "assignment_ends_after_it_starts",
        lambda: factories.assignment(
            user=csam, customer=customer, starts_on=first, ends_on=date(2026, 11, 22)
        ),
    )


def test_a_cover_has_an_end():
    customer = factories.customer()
    absent, cover = factories.csam(customer), factories.csam()
    refused(
        "assignment_cover_has_an_end",
        lambda: Assignment.objects.create(
            user=cover, customer=customer, covers_for=absent, starts_on=date(2026, 11, 1)
        ),
    )


def test_a_person_belongs_to_a_customer_once():
    customer = factories.customer()
    person = factories.viewer(customer)
    refused(
        "membership_once|accounts_membership.customer_id",
        lambda: Membership.objects.create(user=person, customer=customer),
    )


def test_a_secret_opens_one_invitation():
    def invite() -> Invitation:
        return Invitation.objects.create(
            email="new@example.com", name="New", role="csam", secret_hash="0" * 64,
            invited_by=inviter, invited_at=NOW, expires_at=NOW,
        )  # fmt: skip

    inviter = factories.user()
    invite()
    refused("secret_hash", invite)


def test_a_secret_opens_one_token():
    def make() -> ApiToken:
        return ApiToken.objects.create(
            user=person, name="t", secret_hash="0" * 64, hint="x", created_at=NOW
        )

    person = factories.user()
    make()
    refused("secret_hash", make)


def key(person: User, name: str) -> IdempotencyKey:
    """A kept answer."""
    return IdempotencyKey.objects.create(
        user=person, key=name, request_hash="", status=200, answer={}, created_at=NOW
    )


def test_a_persons_idempotency_key_keeps_one_answer():
    person = factories.user()
    key(person, "a")
    key(factories.user(), "a")
    refused("idempotency_key_once|accounts_idempotencykey.key", lambda: key(person, "a"))


def test_an_idempotency_key_isnt_empty():
    person = factories.user()
    refused("idempotency_key_not_empty", lambda: key(person, ""))


def message(**fields: Any) -> Message:
    """An e-mail in the outbox."""
    values = {
        "key": f"key-{factories.number()}",
        "channel": Message.Channel.EMAIL,
        "subject_key": "test",
        "address": "a@example.com",
        "language": "en",
        "subject": "s",
        "text": "t",
        "created_at": NOW,
        "due_at": NOW,
    }
    return Message.objects.create(**{**values, **fields})


def test_the_same_news_is_written_once():
    message(key="same")
    refused("key", lambda: message(key="same"))


def test_a_message_isnt_both_sent_and_dead():
    refused("message_sent_or_dead", lambda: message(sent_at=NOW, dead_at=NOW))


def test_every_constraint_of_these_tables_has_a_test():
    names = {
        constraint.name
        for model in (
            Assignment, Contact, Customer, IdempotencyKey, Invitation, Location, LocationHoliday,
            Membership, Message, Team, User, ApiToken,
        )
        for constraint in model._meta.constraints
    }  # fmt: skip
    source = Path(__file__).read_text()
    assert {name for name in names if name not in source} == set()
