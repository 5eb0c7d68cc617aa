"""Each constraint of the agreements' tables, provoked."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests import factories
from workorders.models import (
    Account,
    Deadline,
    Entitlement,
    FlexYear,
    LineAllocation,
    LineScope,
    OrderLocation,
    Override,
    Redemption,
    Transfer,
    WorkOrder,
    WorkOrderLine,
)

pytestmark = pytest.mark.django_db
NOW = factories.SIGNED


@pytest.fixture
def order():
    draft = factories.draft()
    factories.line(draft)
    return factories.executed(draft)


def refuses(name, attempt):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        attempt()
    # SQLite names the columns of a unique constraint instead of the constraint.
    assert name in str(error.value) or "UNIQUE constraint failed" in str(error.value)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("order_ends_after_it_starts", {"ends_on": date(2025, 12, 31)}),
        ("order_rate_positive", {"units_per_usd": Decimal(0)}),
        ("order_executed_by_somebody", {"executed_by": None}),
        ("order_executed_by_somebody", {"executed_at": None}),
        ("order_price_not_negative", {"base_price_minor": -1}),
    ],
)
def test_orders(order, name, values):
    refuses(name, lambda: WorkOrder.objects.filter(pk=order.pk).update(**values))


def test_a_draft_isnt_terminated():
    draft = WorkOrder.objects.filter(pk=factories.draft().pk)
    refuses(
        "order_terminated_after_execution", lambda: draft.update(terminated_on=date(2026, 5, 1))
    )


def test_numbers_are_unique(order):
    other = WorkOrder.objects.filter(pk=factories.draft().pk)
    refuses("workorders_workorder_number", lambda: other.update(number=order.number))


def test_a_location_is_listed_once(order):
    listed = order.order_locations.get()
    refuses(
        "order_lists_once",
        lambda: OrderLocation.objects.create(order=order, location=listed.location),
    )


def test_flex_years(order):
    FlexYear.objects.create(order=order, number=1, allotment_minor=0)
    refuses(
        "flex_year_once",
        lambda: FlexYear.objects.create(order=order, number=1, allotment_minor=1),
    )
    refuses(
        "flex_allotment_not_negative",
        lambda: FlexYear.objects.create(order=order, number=2, allotment_minor=-1),
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("line_price_not_negative", {"price_minor": -1}),
        ("line_flex_has_its_year", {"funding": "flex"}),
        ("line_flex_has_its_year", {"flex_year": 1}),
    ],
)
def test_lines(order, name, values):
    refuses(name, lambda: WorkOrderLine.objects.update(**values))


def test_allocations_and_scopes(order):
    line = order.lines.get()
    share = line.allocations.get()
    refuses(
        "allocation_once",
        lambda: LineAllocation.objects.create(line=line, location=share.location, quantity=1),
    )
    refuses("allocation_positive", lambda: LineAllocation.objects.update(quantity=0))
    scope = {"line": line, "kind": "tenant", "identifier": "x"}
    LineScope.objects.create(**scope)
    refuses("scope_once", lambda: LineScope.objects.create(**scope))


def test_an_override_has_a_reason(order):
    refuses(
        "override_has_a_reason",
        lambda: Override.objects.create(
            customer=order.customer, code="x", reason="", by=order.created_by, at=NOW
        ),
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("entitlement_positive", {"granted": 0}),
        ("entitlement_value_not_negative", {"value_minor": -1}),
        ("entitlement_usable_a_day", {"usable_until": date(2025, 12, 31)}),
    ],
)
def test_entitlements(order, name, values):
    refuses(name, lambda: Entitlement.objects.update(**values))


@pytest.mark.parametrize("values", [{"credits": -1}, {"value_minor": 0}])
def test_redemptions(order, values):
    owed = Entitlement.objects.get()
    fields = {
        "order": order,
        "location": owed.location,
        "offering": owed.offering,
        "entitlement": owed,
        "value_minor": 1,
        "currency": "EUR",
        "credits": 0,
        "explained": {},
        "approved_on": date(2026, 1, 1),
        "at": NOW,
        "by": order.created_by,
    }
    refuses("redemption_positive", lambda: Redemption.objects.create(**{**fields, **values}))


def test_accounts(order):
    account = Account.objects.first()
    refuses(
        "account_not_negative", lambda: Account.objects.filter(pk=account.pk).update(balance=-1)
    )
    refuses(
        "account_holds_one_thing",
        lambda: Account.objects.filter(pk=account.pk).update(holding="flex"),
    )
    refuses(
        "workorders_account_key",
        lambda: Account.objects.create(
            key=account.key, order=order, holding="flex", unit="EUR", bucket="issued"
        ),
    )


def test_transfers(order):
    issued, available = Account.objects.order_by("pk")[:2]
    fields = {
        "order": order,
        "debit": issued,
        "credit": available,
        "amount": 1,
        "kind": "grant",
        "on": date(2026, 1, 1),
        "at": NOW,
        "group": "00000000-0000-0000-0000-000000000001",
    }

    def row(**values):
        return lambda: Transfer.objects.create(**{**fields, **values})

    refuses("transfer_positive", row(amount=0))
    refuses("transfer_between_two_accounts", row(credit=issued))
    first = row(idempotency_key="k")()
    with pytest.raises(IntegrityError), transaction.atomic():
        row(idempotency_key="k")()
    row(reverses=first)()
    with pytest.raises(IntegrityError), transaction.atomic():
        row(reverses=first)()


def test_deadlines(order):
    row = Deadline.objects.get(kind="expiry")
    refuses(
        "deadline_waived_with_a_reason",
        lambda: Deadline.objects.filter(pk=row.pk).update(
            waived_at=NOW, waived_by=order.created_by
        ),
    )
    refuses(
        "deadline_once_for_a_subject",
        lambda: Deadline.objects.filter(kind="request_cutoff").update(kind="expiry"),
    )
