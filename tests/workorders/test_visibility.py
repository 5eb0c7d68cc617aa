"""Who sees which rows of which agreement."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.rules.money import Money
from tests import factories
from workorders.actions import holdings, orders
from workorders.actions.charges import record_charge
from workorders.models import (
    Account,
    Charge,
    Deadline,
    Entitlement,
    Exchange,
    Override,
    Redemption,
    Transfer,
    WorkOrder,
)

pytestmark = pytest.mark.django_db
MODELS = (
    WorkOrder,
    Entitlement,
    Exchange,
    Redemption,
    Account,
    Transfer,
    Deadline,
    Override,
    Charge,
)


@pytest.fixture
def world():
    """A customer with an order of two locations, everything in it, and a draft; and a stranger's."""
    factories.credit_value()
    host = factories.host(name="Berlin")
    paris = factories.location(host.customer, name="Paris")
    rome = factories.location(host.customer, name="Rome")
    draft = factories.draft(host.customer, multi_country=True)
    by = {"by": draft.created_by, "now": factories.SIGNED}
    orders.set_locations(order=draft, locations={host: None, paris: None}, **by)
    factories.line(draft, allocations=[(host, 1), (paris, 2)])
    factories.line(draft, "proactive-credits", 10, at=paris)
    order = factories.executed(draft)
    holdings.redeem_credits(
        order=order,
        location=paris,
        lines=[(factories.offering("workshops", order.edition), Money.of(1000, "EUR"))],
        approved_on=date(2026, 2, 1),
        by=draft.created_by,
        now=datetime(2026, 2, 1, 9, tzinfo=UTC),
    )
    given = order.entitlements.get(location=paris, line__isnull=False, unit="each")
    holdings.ask_exchange(
        order=order,
        entitlement=given,
        offering=factories.offering("enhanced-designated-engineering", order.edition),
        location=paris,
        by=draft.created_by,
        now=datetime(2026, 2, 2, 9, tzinfo=UTC),
    )
    orders.override_refusal(
        customer=host.customer, subject_key="x", code="host_only", reason="x", **by
    )
    record_charge(
        order=order,
        location=paris,
        kind="other",
        amount=Money.of(100, "EUR"),
        on=date(2026, 3, 1),
        text="Room",
        **by,
    )
    factories.draft(host.customer)
    factories.executed()
    return {"host": host, "paris": paris, "rome": rome, "order": order}


def seen_by(person):
    return {model.__name__: model.objects.visible_to(person).count() for model in MODELS}


EVERYTHING = {
    "WorkOrder": 2,
    "Entitlement": 4,
    "Exchange": 1,
    "Redemption": 1,
    "Account": 28,
    "Transfer": 5,
    "Deadline": 2,
    "Override": 1,
    "Charge": 1,
}


@pytest.mark.parametrize("role", ["csam", "csam_lead"])
def test_account_managers_see_all_of_their_customers_drafts_included(world, role):
    customer = world["host"].customer
    person = factories.csam(customer) if role == "csam" else factories.lead(customer.team)
    assert seen_by(person) == EVERYTHING


@pytest.mark.parametrize("role", ["customer_administrator", "customer_viewer"])
def test_the_customer_sees_everything_but_drafts(world, role):
    person = factories.member(world["host"].customer, role)
    assert seen_by(person) == {**EVERYTHING, "WorkOrder": 1}


def test_a_location_contact_sees_what_concerns_their_location(world):
    assert seen_by(factories.location_contact(world["paris"])) == {
        "WorkOrder": 1,
        "Entitlement": 3,
        "Exchange": 1,
        "Redemption": 1,
        "Account": 21,
        "Transfer": 4,
        "Deadline": 2,
        "Override": 1,
        "Charge": 1,
    }
    assert seen_by(factories.location_contact(world["rome"])) == {
        **dict.fromkeys(EVERYTHING, 0),
        "Deadline": 2,
        "Override": 1,
    }


@pytest.mark.parametrize(
    "person",
    [
        lambda: factories.csam(factories.host().customer),
        lambda: factories.csam(),
        lambda: factories.lead(factories.team()),
        lambda: factories.customer_administrator(factories.host().customer),
        lambda: factories.location_contact(factories.host()),
        lambda: factories.user("catalogue_administrator"),
        lambda: factories.user("system_administrator"),
        AnonymousUser,
    ],
)
def test_strangers_see_nothing(world, person):
    assert seen_by(person()) == dict.fromkeys(EVERYTHING, 0)


def test_who_may_not_sign_in_sees_nothing(world):
    person = factories.csam(world["host"].customer, is_active=False)
    assert seen_by(person) == dict.fromkeys(EVERYTHING, 0)
