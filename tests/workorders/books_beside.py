"""An order in the books and in the model, side by side: the ground of the state machine."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import CreditValue
from tests import factories
from tests.workorders.books_model import (
    CURRENCY,
    END,
    WORTH,
    YEAR_ENDS,
    Books,
    Holding,
    No,
    Pot,
)
from workorders.actions import holdings, orders
from workorders.models import Transfer
from workorders.queries.ledger import verify_ledger

MOSTLY = st.sampled_from([True, True, True, False])
MOVES = {
    "reserve": (holdings.reserve_units, "available", "reserved"),
    "deliver": (holdings.deliver_units, "reserved", "delivered"),
    "cancel in time": (holdings.release_units, "reserved", "available"),
    "cancel late": (holdings.charge_units, "reserved", "charged"),
    "let lapse": (holdings.lapse_units, "available", "lapsed"),
}


class Beside(RuleBasedStateMachine):
    """An order over two locations and two contract years, and the model of it.

    `done` and `refused` count the acts of all examples by name.
    """

    done: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()

    @initialize()
    def execute_an_order(self):
        self.alone = transaction.atomic()  # an example leaves nothing to the next
        self.alone.__enter__()
        stuttgart = factories.host(name="Stuttgart")
        pune = factories.location(
            stuttgart.customer, name="Pune", country="IN", time_zone="Asia/Kolkata", currency="INR"
        )
        factories.contact(pune, role="administrator")
        for country, place in (("DE", "Stuttgart"), ("IN", "Pune")):
            CreditValue.objects.filter(country=country).delete()
            factories.credit_value(country, minor=WORTH[place], currency=CURRENCY[place])
        draft = factories.draft(
            stuttgart.customer, multi_country=True, ends_on=END, units_per_usd=Decimal("0.92")
        )
        note = {"by": draft.created_by, "now": factories.SIGNED}
        orders.set_locations(
            order=draft, locations={stuttgart: None, pune: Decimal("83.50")}, **note
        )
        draft.refresh_from_db()
        orders.set_flex_years(order=draft, allotments={1: 10_000_000, 2: 10_000_000}, **note)
        draft.refresh_from_db()
        self.order = factories.executed(draft)
        self.by = self.order.created_by
        self.places = {"Stuttgart": stuttgart, "Pune": pune}
        self.model = Books()
        self.posted: list[tuple[Transfer, Holding]] = []
        self.undone: list[Transfer] = []
        self.asked_before: dict[str, tuple] = {}
        for place in self.places:
            self.grant(place, "proactive-credits", 40, 80_00, None, 500)
        self.grant("Stuttgart", "workshops", 12, 3_000_00, 1, 300)
        self.grant("Stuttgart", "workshops", 6, 1_000_00, None, 500)

    def teardown(self):
        if not hasattr(self, "order"):
            return
        try:
            assert verify_ledger().in_order
        finally:
            transaction.set_rollback(True)
            self.alone.__exit__(None, None, None)

    def grant(self, place, code, units, each, year, days):
        until = min(self.model.today + timedelta(days=days), YEAR_ENDS.get(year, END))
        if code == "custom-proactive-services":
            year = None  # what is capped is bought before, or by an exchange
        new = Holding(code, place, units, units * each, "EUR", until, year)
        made = factories.holding(
            self.order,
            offering=self._offering(code),
            location=self.places[place],
            unit=new.unit,
            quantity=units,
            value=Money(new.value, "EUR"),
            usable_until=until,
            funding="flex" if year else "money",
            flex_year=year,
        )
        new.pk = made.pk
        self.model.grant(new)
        self.done["grant"] += 1

    def _move(self, name, data, units, keyed):
        """One of `MOVES`, mostly of a holding that has something there."""
        change, source, target = MOVES[name]
        # Credits are redeemed, and the service is booked.
        moved = [one for one in self.model.holdings if one.unit == "each" or name == "let lapse"]
        filled = [one for one in moved if one.buckets[source]] if data.draw(MOSTLY) else moved
        holding = data.draw(st.sampled_from(filled or moved))

        def act(key, quantity=units):
            return change(
                entitlement=self._entitlement(holding),
                quantity=quantity,
                subject_key="machine",
                idempotency_key=key or None,
                **self._note(),
            )

        both = self._both(name, lambda: self.model.move(holding, source, target, units), act, keyed)
        if both:
            self.posted.append((both[1], holding))

    def _allowance(self):
        return {(None, year, "EUR") for year in YEAR_ENDS}

    def _both(self, name, in_model, in_books, keyed=False):
        """The act in the model and in the books: both make it, or both refuse with one code."""
        key = f"machine {factories.number()}" if keyed else ""
        try:
            told = in_model()
        except No as no:
            refusal = self._refused(lambda: in_books(key), no.code)
            figures = {name: refusal.figures.get(name) for name in no.figures}
            assert figures == no.figures  # noqa: PT017 - the model's own
            self.refused[name] += 1
            return None
        answer = in_books(key)
        self.done[name] += 1
        if keyed:
            self.asked_before[key] = (name, in_books, identity(answer))
        return told, answer

    def _refused(self, act, code):
        before = Transfer.objects.count()
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == code
        assert Transfer.objects.count() == before
        return refusal.value

    def _ask(self, given, units, new):
        of_value = isinstance(given, Pot)
        return holdings.ask_exchange(
            order=self.order,
            entitlement=None if of_value else self._entitlement(given),
            flex_year=given.year if of_value else None,
            quantity=None if of_value else units,
            offering=self._offering(new.code),
            location=self.places[given.place],
            wanted_quantity=new.granted,
            price=Money(new.value, new.currency),
            by=self.by,
            now=self._now(),
        )

    def _entitlement(self, holding):
        return self.order.entitlements.select_related("offering", "location").get(pk=holding.pk)

    def _offering(self, code):
        return factories.offering(code, self.order.edition)

    def _note(self):
        return {"by": self.by, "on": self.model.today, "now": self._now()}

    def _now(self):
        day: date = self.model.today
        return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def identity(answer):
    """By what one sees that two answers are the same."""
    if isinstance(answer, list):
        return [one.pk for one in answer]
    if isinstance(answer, holdings.CreditMove):
        return (answer.group, answer.debited, answer.received)
    return (type(answer), answer.pk, getattr(answer, "received_id", None))
