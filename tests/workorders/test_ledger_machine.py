"""The ledger against a plain model: any sequence of acts leaves the same balances."""

import os
from datetime import UTC, date, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from workorders.actions import holdings, ledger
from workorders.models import Account, Transfer
from workorders.queries.ledger import verify_ledger

ON = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
AMOUNTS = st.integers(1, 7)
# As in the machine of the credits: more before a release.
STEPS = int(os.environ.get("MACHINE_STEPS", "200"))
MOVES = {
    "reserve": (holdings.reserve_units, "available", "reserved"),
    "release": (holdings.release_units, "reserved", "available"),
    "deliver": (holdings.deliver_units, "reserved", "delivered"),
    "charge": (holdings.charge_units, "reserved", "charged"),
    "lapse": (holdings.lapse_units, "available", "lapsed"),
}


class Books(RuleBasedStateMachine):
    """One entitlement; the model is a dictionary of numbers."""

    @initialize()
    def open_books(self):
        self.owed = factories.holding(quantity=20)
        self.model = dict.fromkeys(holdings.accounts_of(self.owed), 0)
        self.model.update(issued=20, available=20)
        self.posted = []
        self.keys = {}
        self.value = 0

    @rule(name=st.sampled_from(sorted(MOVES)), amount=AMOUNTS)
    def move(self, name, amount):
        act, source, target = MOVES[name]
        self._try(lambda: act(quantity=amount, **self._note()), source, target, amount)

    @rule(amount=AMOUNTS)
    def grant_more(self, amount):
        accounts = holdings.accounts_of(self.owed)
        self.posted.append(
            ledger.post(
                debit=accounts["issued"],
                credit=accounts["available"],
                amount=amount,
                kind="grant",
                on=ON,
                now=NOW,
                by=None,
            )
        )
        self.model["issued"] += amount
        self.model["available"] += amount

    @rule(key=st.sampled_from("abc"), amount=AMOUNTS)
    def reserve_under_a_key(self, key, amount):
        amount = self.keys.get(key, amount)
        again = key in self.keys
        before = Transfer.objects.count()
        try:
            holdings.reserve_units(
                quantity=amount, idempotency_key=f"{self.owed.pk}:{key}", **self._note()
            )
        except Refused:
            assert not again
            assert self.model["available"] < amount
            return
        assert Transfer.objects.count() == before + (not again)
        if not again:
            self.keys[key] = amount
            self.model["available"] -= amount
            self.model["reserved"] += amount

    @rule(amount=AMOUNTS)
    def exchange(self, amount):
        """At 200 euros each for something that costs 150 for each: 50 remain as value."""
        order = self.owed.order

        def ask():
            return holdings.ask_exchange(
                order=order,
                entitlement=self.owed,
                offering=factories.offering("enhanced-designated-engineering", order.edition),
                location=self.owed.location,
                quantity=amount,
                wanted_quantity=60,
                price=Money(15_000 * amount, "EUR"),
                by=order.created_by,
                now=NOW,
            )

        if self.model["available"] < amount:
            with pytest.raises(Refused):
                ask()
            return
        asked = ask()
        consent = {"by": order.created_by, "now": NOW, "consent_of": "Iris Vogel"}
        key = f"exchange {asked.pk}"
        made = holdings.make_exchange(exchange=asked, idempotency_key=key, **consent)
        again = holdings.make_exchange(exchange=asked, idempotency_key=key, **consent)
        assert (made.pk, made.received_id) == (again.pk, again.received_id)
        received = Account.objects.filter(entitlement=made.received, balance__gt=0)
        assert dict(received.values_list("bucket", "balance")) == {"issued": 60, "available": 60}
        self.model["available"] -= amount
        self.model["exchanged"] += amount
        self.value += 5_000 * amount

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def reverse_something(self, data):
        transfer = data.draw(st.sampled_from(self.posted))
        source, target = transfer.credit.bucket, transfer.debit.bucket
        undone = Transfer.objects.filter(reverses=transfer).exists()
        reverse = {"on": ON, "now": NOW, "by": None, "reason": "x"}
        if undone or self.model[source] < transfer.amount:
            with pytest.raises(Refused) as refusal:
                ledger.reverse(transfer, **reverse)
            assert (refusal.value.code == "already_reversed") == undone
            return
        ledger.reverse(transfer, **reverse)
        self.model[source] -= transfer.amount
        self.model[target] += -transfer.amount if target == "issued" else transfer.amount

    @invariant()
    def the_books_agree_with_the_model(self):
        if not hasattr(self, "owed"):
            return
        rows = Account.objects.filter(entitlement=self.owed)
        assert dict(rows.values_list("bucket", "balance")) == self.model
        value = Account.objects.filter(order=self.owed.order, holding="value", bucket="available")
        assert sum(value.values_list("balance", flat=True)) == self.value
        assert verify_ledger().in_order

    def _note(self):
        return {"entitlement": self.owed, "subject_key": "b", "by": None, "on": ON, "now": NOW}

    def _try(self, act, source, target, amount):
        if self.model[source] < amount:
            with pytest.raises(Refused) as refusal:
                act()
            figures = {"left": self.model[source], "asked": amount, "unit": "each"}
            assert refusal.value.figures == figures
            return
        self.posted.append(act())
        self.model[source] -= amount
        self.model[target] += amount


class TestBooks(TestCase, Books.TestCase):
    settings = settings(max_examples=max(STEPS // 25, 8), stateful_step_count=25, deadline=None)


pytestmark = pytest.mark.django_db
