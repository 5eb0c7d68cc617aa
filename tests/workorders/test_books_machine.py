"""The ledger against a plain model: any acts in any order, tried again and undone, one truth.

One machine makes every act there is on one order over two locations and two contract years:
grant, redeem, reserve, deliver, cancel, give back, transfer, exchange, lapse, reverse and retry.
After each of them the books say what `books_model` says, account by account.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.rules.money import Money
from tests.workorders.books_beside import MOSTLY, MOVES, Beside, identity
from tests.workorders.books_model import (
    CURRENCY,
    END,
    WORTH,
    Holding,
    Pot,
)
from workorders.actions import holdings, ledger
from workorders.actions.lapses import lapse_entitlements
from workorders.models import Account, Charge, Transfer

pytestmark = pytest.mark.django_db

# A run of the suite makes some hundred acts; `make drills` asks for ten thousand.
STEPS = int(os.environ.get("MACHINE_STEPS", "800"))
EACH = 250 if STEPS >= 10_000 else 80
PLACES = st.sampled_from(sorted(WORTH))
YEARS = st.sampled_from([None, None, 1, 2])
FEW = st.integers(1, 40)
UNITS = st.integers(1, 6)
KEYED = st.booleans()
WANTED = st.sampled_from(["workshops", "custom-proactive-services", "proactive-credits"])
ACTS = {
    *MOVES, "grant", "redeem", "give back", "transfer", "exchange", "exchange value", "lapse",
    "nothing lapses",
    "reverse", "reverse again", "retry", "another act under the key", "days go by",
}  # fmt: skip
REFUSED = {
    "reserve", "deliver", "cancel in time", "cancel late", "let lapse", "redeem", "give back",
    "transfer", "exchange", "exchange value", "reverse",
}  # fmt: skip


class Agreement(Beside):
    """Any acts on the order, whose days go by."""

    # --- acts -------------------------------------------------------------------------------

    @rule(
        place=PLACES, code=WANTED, units=FEW, each=st.integers(0, 900_00), year=YEARS,
        days=st.integers(10, 500),
    )  # fmt: skip
    def grant_something(self, **drawn):
        self.grant(**drawn)

    @rule(place=PLACES, credits_worth=st.integers(1, 12), half=st.booleans(), keyed=KEYED)
    def redeem(self, place, credits_worth, half, keyed):
        value = WORTH[place] * credits_worth + (WORTH[place] // 2 if half else 0)

        def act(key):
            return holdings.redeem_credits(
                order=self.order,
                location=self.places[place],
                lines=[(self._offering("workshops"), Money(value, CURRENCY[place]))],
                approved_on=self.model.today,
                by=self.by,
                now=self._now(),
                idempotency_key=key,
            )

        both = self._both("redeem", lambda: self.model.redeem(place, value), act, keyed)
        if both:
            service, [made] = both
            assert made.credits == sum(amount for _lot, amount in service.paid)
            service.pk, service.redemption = made.entitlement_id, made

    @precondition(lambda self: any(one.redemption for one in self.model.holdings))
    @rule(data=st.data(), share=st.integers(1, 100))
    def give_credits_back(self, data, share):
        bought = [one for one in self.model.holdings if one.redemption]
        service = data.draw(st.sampled_from(bought))
        amount = -(-service.redemption.credits * share // 100)

        def act(_key):
            return holdings.return_credits(
                redemption=service.redemption, quantity=amount, **self._note()
            )

        if amount:
            self._both("give back", lambda: self.model.give_back(service, amount), act)

    @rule(source=PLACES, amount=st.integers(1, 15), keyed=KEYED)
    def transfer(self, source, amount, keyed):
        target = next(name for name in WORTH if name != source)

        def act(key):
            return holdings.transfer_credits(
                order=self.order,
                source=self.places[source],
                target=self.places[target],
                credits_moved=amount,
                idempotency_key=key,
                **self._note(),
            )

        both = self._both(
            "transfer", lambda: self.model.transfer(source, target, amount), act, keyed
        )
        if both:
            (received, lots), made = both
            assert (made.debited, made.received) == (amount, received)
            arrived = Transfer.objects.filter(group=made.group, kind="transfer_in").order_by("pk")
            new = arrived.values_list("credit__entitlement", flat=True)
            for lot, pk in zip(lots, new, strict=True):
                lot.pk = pk

    @rule(data=st.data(), units=UNITS, keyed=KEYED)
    def reserve(self, data, units, keyed):
        self._move("reserve", data, units, keyed)

    @rule(data=st.data(), units=UNITS, keyed=KEYED)
    def deliver(self, data, units, keyed):
        self._move("deliver", data, units, keyed)

    @rule(data=st.data(), units=UNITS, keyed=KEYED, late=st.booleans())
    def cancel(self, data, units, keyed, late):
        self._move("cancel late" if late else "cancel in time", data, units, keyed)

    @rule(data=st.data(), units=UNITS, keyed=KEYED)
    def let_lapse(self, data, units, keyed):
        self._move("let lapse", data, units, keyed)

    @rule(
        data=st.data(), units=st.integers(1, 12), code=WANTED, wanted=st.integers(1, 60),
        price=st.integers(1, 25_000_00), same_price=st.booleans(),
        consent=MOSTLY, paper=MOSTLY,
    )  # fmt: skip
    def exchange(self, data, units, code, wanted, price, same_price, consent, paper):
        pots = [one for one in self.model.pots if one.left]
        sources = pots if pots and not data.draw(MOSTLY) else self.model.holdings
        given = data.draw(st.sampled_from(sources))
        of_value = isinstance(given, Pot)
        if same_price and not of_value:
            price = given.worth(given.left) - given.worth(max(given.left - units, 0)) or price
        currency = given.currency
        new = Holding(code, given.place, wanted, price, currency, END)
        if data.draw(MOSTLY):
            new.value = max(price, self.model.least_for(new))
        asked = []

        def act(key):
            if not asked:
                asked.append(self._ask(given, units, new))
            return holdings.make_exchange(
                exchange=asked[0],
                consent_of="Iris Vogel" if consent else "",
                written_agreement="Letter of 2 March" if paper else "",
                idempotency_key=key,
                by=self.by,
                now=self._now(),
            )

        both = self._both(
            "exchange value" if of_value else "exchange",
            lambda: self.model.exchange(given, units, new, consent=consent, paper=paper),
            act,
            keyed=True,
        )
        if both is None:
            if asked:
                holdings.decline_exchange(
                    exchange=asked[0], reason="no", by=self.by, now=self._now()
                )
            return
        told, made = both
        told.received.pk = made.received_id
        assert (made.extra_minor, made.remainder_minor) == (told.extra, told.remainder)
        billed = Charge.objects.filter(order=self.order).values_list("amount_minor", flat=True)
        assert sum(billed) == self.model.charged

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def reverse(self, data):
        index = data.draw(st.integers(0, len(self.posted) - 1))
        moved, holding = self.posted[index]
        source, target = moved.credit.bucket, moved.debit.bucket
        both = self._both(
            "reverse",
            lambda: self.model.move(holding, source, target, moved.amount),
            lambda _key: ledger.reverse(moved, reason="mistaken", **self._note()),
        )
        if both:
            self.undone.append(self.posted.pop(index)[0])

    @precondition(lambda self: self.undone)
    @rule(data=st.data())
    def reverse_again(self, data):
        moved = data.draw(st.sampled_from(self.undone))
        again = lambda: ledger.reverse(moved, reason="mistaken", **self._note())  # noqa: E731
        self._refused(again, "already_reversed")
        self.done["reverse again"] += 1

    @precondition(lambda self: self.asked_before)
    @rule(data=st.data())
    def retry(self, data):
        """Days later the same answer, and nothing moves."""
        key = data.draw(st.sampled_from(sorted(self.asked_before)))
        name, act, answer = self.asked_before[key]
        before = Transfer.objects.count()
        assert identity(act(key)) == answer
        self.done["retry"] += 1
        if name in MOVES:
            with pytest.raises(ValueError, match="belongs to another movement"):
                act(key, 9)
            self.done["another act under the key"] += 1
        assert Transfer.objects.count() == before

    @rule(days=st.integers(1, 20))
    def days_go_by(self, days):
        if self.model.today <= END:
            self.model.today += timedelta(days=days)
            self.done["days go by"] += 1

    @rule()
    def the_sweep_runs_twice(self):
        lost = self.model.lapse()
        assert lapse_entitlements(now=self._now()) == lost
        assert lapse_entitlements(now=self._now()) == 0
        self.done["lapse" if lost else "nothing lapses"] += 1

    # --- the comparison ---------------------------------------------------------------------

    @invariant()
    def the_books_say_what_the_model_says(self):
        if not hasattr(self, "order"):
            return
        rows = Account.objects.filter(order=self.order).exclude(balance=0)
        found = {
            (pk or (place, year, unit), bucket): balance
            for pk, place, year, unit, bucket, balance in rows.values_list(
                "entitlement", "location__name", "flex_year", "unit", "bucket", "balance"
            )
        }
        # The allowance was forfeited at the execution; what it paid for counts by its year.
        found = {key: balance for key, balance in found.items() if key[0] not in self._allowance()}
        assert found == self.model.balances()


def test_any_acts_in_any_order_agree_with_the_model(record_property):
    Agreement.done.clear()
    Agreement.refused.clear()
    run_state_machine_as_test(
        Agreement,
        settings=settings(
            # Some steps find nothing to do: a day after the end, a share of no credits.
            max_examples=-(-STEPS * 4 // 3 // EACH),
            stateful_step_count=EACH,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    made = dict(sorted(Agreement.done.items()))
    refused = dict(sorted(Agreement.refused.items()))
    record_property("told", f"acts made: {made}; refused: {refused}")
    assert set(made) <= ACTS
    assert set(refused) <= REFUSED
    if STEPS >= 10_000:
        assert set(made) == ACTS
        assert set(refused) >= REFUSED - {"exchange value"}  # seldom comes, seldomer refused
        assert sum(made.values()) + sum(refused.values()) >= STEPS
