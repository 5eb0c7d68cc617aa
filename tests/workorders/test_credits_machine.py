"""Proactive credits against a plain model: any acts in any order, one truth.

The model knows lists of numbers and nothing of accounts: lots by location, services bought with
credits, and what became of each. After every act both tell the same.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import CreditValue
from tests import factories
from workorders.actions import holdings, ledger, orders
from workorders.actions.lapses import lapse_entitlements
from workorders.models import Account, Transfer
from workorders.queries.ledger import verify_ledger

pytestmark = pytest.mark.django_db

# A run of the suite makes a thousand acts; `MACHINE_STEPS=10000` before a release.
STEPS = int(os.environ.get("MACHINE_STEPS", "1000"))
BEGIN = date(2026, 1, 5)
EUROS_PER_USD, RUPEES_PER_USD = Decimal("0.92"), Decimal("83.50")
# What a credit is worth in Stuttgart and in Pune, in minor units.
WORTH = {"Stuttgart": 80_00, "Pune": 7_200_00}
RATE = {
    ("Stuttgart", "Pune"): Fraction(80) / Fraction("0.92") / (Fraction(7200) / Fraction("83.5")),
    ("Pune", "Stuttgart"): Fraction(7200) / Fraction("83.5") / (Fraction(80) / Fraction("0.92")),
}
PLACES = st.sampled_from(sorted(WORTH))
FEW = st.integers(1, 40)


@dataclass
class Lot:
    """Credits granted together: what is left, and what became of the rest."""

    place: str
    until: date
    left: int
    became: Counter[str] = field(default_factory=Counter)


@dataclass
class Service:
    """One service bought with credits: where it stands and which lots paid for it."""

    entitlement: object
    redemption: object
    place: str
    paid: list[tuple[Lot, int]]
    state: str = "available"
    transfer: object = None


def nearest(value: Fraction) -> int:
    """Rounded to a whole, a half going up."""
    return floor(value + Fraction(1, 2))


def split(total: int, weights: list[int]) -> list[int]:
    """Whole parts in proportion; what is cut off goes to those that lost most, first come first."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [floor(one) for one in exact]
    for index in sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i)):
        if sum(parts) == total:
            break
        parts[index] += 1
    return parts


class Credits(RuleBasedStateMachine):
    """An order over two locations, whose days go by."""

    @initialize()
    def execute_an_order(self):
        stuttgart = factories.host(name="Stuttgart")
        pune = factories.location(
            stuttgart.customer,
            name="Pune",
            country="IN",
            time_zone="Asia/Kolkata",
            currency="INR",
        )
        factories.contact(pune, role="administrator")
        if not CreditValue.objects.exists():  # examples of one test share their transaction
            factories.credit_value("DE", minor=WORTH["Stuttgart"])
            factories.credit_value("IN", minor=WORTH["Pune"], currency="INR")
        draft = factories.draft(stuttgart.customer, multi_country=True, units_per_usd=EUROS_PER_USD)
        orders.set_locations(
            order=draft,
            locations={stuttgart: None, pune: RUPEES_PER_USD},
            by=draft.created_by,
            now=factories.SIGNED,
        )
        self.order = factories.executed(draft)
        self.by = self.order.created_by
        self.places = {"Stuttgart": stuttgart, "Pune": pune}
        self.credits = factories.offering("proactive-credits", self.order.edition)
        self.workshops = factories.offering("workshops", self.order.edition)
        self.today = BEGIN
        self.lots: list[Lot] = []
        self.services: list[Service] = []
        self.requests: dict[str, tuple] = {}

    # --- acts -------------------------------------------------------------------------------

    @rule(place=PLACES, quantity=FEW, days=st.integers(10, 300))
    def grant(self, place, quantity, days):
        until = min(self.today + timedelta(days=days), self.order.ends_on)
        factories.holding(
            self.order,
            offering=self.credits,
            location=self.places[place],
            unit="credit",
            quantity=quantity,
            value=Money(quantity * 8000, "EUR"),
            usable_until=until,
        )
        self.lots.append(Lot(place, until, quantity))

    @rule(place=PLACES, worth=st.integers(1, 30), half=st.booleans(), key=st.sampled_from("ab-"))
    def redeem(self, place, worth, half, key):
        value = WORTH[place] * worth + (WORTH[place] // 2 if half else 0)
        if (request := self.requests.get(key)) and request[0] != "redeem":
            return
        if request:
            place, value = request[1:3]
        price = nearest(Fraction(value, WORTH[place]))
        usable = self._usable(place)

        def act():
            return holdings.redeem_credits(
                order=self.order,
                location=self.places[place],
                lines=[(self.workshops, Money(value, self.places[place].currency))],
                approved_on=self.today,
                by=self.by,
                now=self._now(),
                idempotency_key="" if key == "-" else key,
            )

        if request:  # the same request again: the same answer, and nothing moves
            before = Transfer.objects.count()
            assert [one.pk for one in act()] == [request[3]]
            assert Transfer.objects.count() == before
            return
        if sum(lot.left for lot in usable) < price:
            self._refused(act, "insufficient_credits")
            return
        [made] = act()
        assert made.credits == price
        paid = self._draw(usable, price, "redeemed")
        self.services.append(Service(made.entitlement, made, place, paid))
        if key != "-":
            self.requests[key] = ("redeem", place, value, made.pk)

    @rule(source=PLACES, amount=FEW)
    def transfer(self, source, amount):
        target = next(name for name in WORTH if name != source)
        usable = self._usable(source)

        def act():
            return holdings.transfer_credits(
                order=self.order,
                source=self.places[source],
                target=self.places[target],
                credits_moved=amount,
                by=self.by,
                on=self.today,
                now=self._now(),
            )

        if sum(lot.left for lot in usable) < amount:
            self._refused(act, "insufficient_credits")
            return
        received = nearest(amount * RATE[source, target])
        assert act().received == received
        parts = self._draw(usable, amount, "transferred")
        arriving = split(received, [part for _lot, part in parts])
        self.lots += [
            Lot(target, lot.until, new)
            for (lot, _part), new in zip(parts, arriving, strict=True)
            if new
        ]

    @precondition(lambda self: self.services)
    @rule(data=st.data(), act=st.sampled_from(["reserve", "release", "deliver", "charge"]))
    def move_a_service(self, data, act):
        service = data.draw(st.sampled_from(self.services))
        source, target, change = {
            "reserve": ("available", "reserved", holdings.reserve_units),
            "release": ("reserved", "available", holdings.release_units),
            "deliver": ("reserved", "delivered", holdings.deliver_units),
            "charge": ("reserved", "charged", holdings.charge_units),
        }[act]

        def move():
            return change(
                entitlement=service.entitlement,
                quantity=1,
                subject_key="machine",
                by=self.by,
                on=self.today,
                now=self._now(),
            )

        if service.state != source:
            self._refused(move, "insufficient_units")
            return
        service.transfer, service.state = move(), target

    @precondition(lambda self: any(one.transfer for one in self.services))
    @rule(data=st.data())
    def reverse_the_last_move(self, data):
        service = data.draw(st.sampled_from([one for one in self.services if one.transfer]))
        transfer = service.transfer
        note = {"on": self.today, "now": self._now(), "by": self.by, "reason": "mistaken"}
        if service.state != transfer.credit.bucket:  # lapsed meanwhile
            self._refused(lambda: ledger.reverse(transfer, **note), "insufficient_units")
            return
        ledger.reverse(transfer, **note)
        service.state, service.transfer = transfer.debit.bucket, None
        self._refused(lambda: ledger.reverse(transfer, **note), "already_reversed")

    @precondition(lambda self: any(one.state == "available" for one in self.services))
    @rule(data=st.data())
    def give_the_credits_back(self, data):
        standing = [one for one in self.services if one.state == "available"]
        service = data.draw(st.sampled_from(standing))
        holdings.return_credits(
            redemption=service.redemption,
            quantity=service.redemption.credits,
            by=self.by,
            on=self.today,
            now=self._now(),
        )
        for lot, amount in service.paid:
            lot.left += amount
            lot.became["redeemed"] -= amount
        service.state, service.transfer = "given back", None

    @rule(days=st.integers(1, 25))
    def days_go_by(self, days):
        if self.today + timedelta(days=days) >= self.order.ends_on:
            return
        self.today += timedelta(days=days)

    @rule()
    def the_sweep_runs_twice(self):
        lapse_entitlements(now=self._now())
        assert lapse_entitlements(now=self._now()) == 0
        for lot in self.lots:
            if lot.until < self.today and lot.left:
                lot.became["lapsed"] += lot.left
                lot.left = 0

    # --- the comparison ---------------------------------------------------------------------

    @invariant()
    def the_books_say_what_the_model_says(self):
        if not hasattr(self, "order"):
            return
        assert self._of_books() == self._of_model()

    def teardown(self):
        if hasattr(self, "order"):
            assert verify_ledger().in_order

    def _of_books(self):
        rows = Account.objects.filter(order=self.order, balance__gt=0).exclude(bucket="issued")
        found: Counter = Counter()
        for unit, place, until, bucket, balance in rows.values_list(
            "unit", "location__name", "entitlement__usable_until", "bucket", "balance"
        ):
            found[unit, place, until if unit == "credit" else None, bucket] += balance
        return found

    def _of_model(self):
        found: Counter = Counter()
        for lot in self.lots:
            for bucket, amount in {"available": lot.left, **lot.became}.items():
                found["credit", lot.place, lot.until, bucket] += amount
        for service in self.services:
            found["each", service.place, None, service.state] += service.state != "given back"
        return +found

    def _usable(self, place):
        """The lots to be used there today, the first to lapse first."""
        lots = [one for one in self.lots if one.place == place and one.until >= self.today]
        return sorted((one for one in lots if one.left), key=lambda lot: lot.until)

    def _draw(self, lots, amount, became):
        parts = []
        for lot in lots:
            part = min(lot.left, amount)
            amount -= part
            lot.left -= part
            lot.became[became] += part
            if part:
                parts.append((lot, part))
        assert amount == 0
        return parts

    def _refused(self, act, code):
        before = Transfer.objects.count()
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == code
        assert Transfer.objects.count() == before

    def _now(self):
        return datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=UTC)


class TestCredits(TestCase, Credits.TestCase):
    settings = settings(
        max_examples=max(STEPS // 250, 1), stateful_step_count=min(STEPS, 250), deadline=None
    )
