"""The ledger: posting, balances and many clients on one balance (goals 4, 5 and 6)."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from time import perf_counter

import psycopg
from django.conf import settings
from django.db import connection, transaction

from accounts.rules.refusal import Refused
from bench import books
from bench.measure import Report, rate, say, seconds
from workorders.actions import ledger
from workorders.models import Account, Transfer

REPETITIONS = 5
CLIENTS = 16
CREDITS = 800
ON = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

# What has to be done at least: both balances, checked, and a row of the same columns.
FLOOR = """
WITH taken AS (
    UPDATE workorders_account SET balance = balance - 1
    WHERE id = %s AND balance >= 1 RETURNING id, order_id
), given AS (
    UPDATE workorders_account SET balance = balance + 1
    WHERE id = %s AND EXISTS (SELECT FROM taken) RETURNING id
)
INSERT INTO workorders_transfer (order_id, debit_id, credit_id, amount, kind, "on", at, by_id,
    reason, clauses, subject_key, "group", idempotency_key, reverses_id)
SELECT taken.order_id, taken.id, given.id, 1, 'exchange', %s, %s, NULL, '', '[]', '', %s, NULL,
    NULL
FROM taken, given
"""


def run(report: Report) -> None:
    """Measure on PostgreSQL all, on SQLite that many clients are never told `locked`."""
    if connection.vendor != "postgresql":
        one_balance_on_sqlite(report)
        return
    if not settings.HAS_HORDAK:
        report.skip("django-hordak (not installed: pip install -r bench/requirements.txt)")
    with books.databases():
        posting(report)
        growth(report)
    one_balance(report)


def accounts() -> list[Account]:
    """The thousand accounts, the house first."""
    return list(Account.objects.filter(key__startswith="bench:").order_by("pk"))


def ours(rows: list[Account]) -> Callable[[int], object]:
    """A posting as the portal's actions make it."""

    def post(number: int) -> Transfer:
        return ledger.post(
            debit=rows[0],
            credit=rows[1 + number % (len(rows) - 1)],
            amount=1,
            kind=Transfer.Kind.EXCHANGE,
            on=ON,
            now=NOW,
            by=None,
        )

    return post


def floor(rows: list[Account], driver: psycopg.Connection) -> Callable[[int], object]:
    """The bare statement."""

    def post(number: int) -> object:
        other = rows[1 + number % (len(rows) - 1)]
        values = [rows[0].pk, other.pk, ON, NOW, uuid.uuid4()]
        return driver.execute(FLOOR, values, prepare=True)

    return post


def peers(checked: bool) -> Callable[[int], object]:
    """A posting by django-hordak, with or without a look at the balance."""
    from hordak.models import Account as Peer
    from moneyed import Money

    rows = list(Peer.objects.order_by("pk"))
    euro = Money(1, "EUR")

    def post(number: int) -> object:
        other = rows[1 + number % (len(rows) - 1)]
        if not checked:
            return rows[0].transfer_to(other, euro)
        with transaction.atomic():
            house = Peer.objects.select_for_update().get(pk=rows[0].pk)
            assert abs(house.get_balance()["EUR"].amount) >= 0
            return house.transfer_to(other, euro)

    return post


def driver() -> psycopg.Connection:
    """A connection of one's own, without Django."""
    place = connection.settings_dict
    return psycopg.connect(
        host=place["HOST"],
        port=place["PORT"] or 5432,
        user=place["USER"],
        password=place["PASSWORD"],
        dbname=place["NAME"],
        autocommit=True,
        # Commits wait for the disk as the portal's own do here, or not.
        options=place["OPTIONS"].get("options", ""),
    )


def posting(report: Report) -> None:
    """Goal 4: one commit each, in rotation."""
    against_floor, against_peer, against_checked = [], [], []
    for _ in range(REPETITIONS):
        books.use("10k")
        rows = accounts()
        peer = rate(peers(checked=False), 200) if settings.HAS_HORDAK else 0
        mine = rate(ours(rows), 1000)
        with driver() as raw:
            bare = rate(floor(rows, raw), 1000)
        against_floor.append(mine / bare)
        say(f"postings a second: ours {mine:,.0f}, bare {bare:,.0f}, hordak {peer:,.0f}")
        if settings.HAS_HORDAK:
            against_peer.append(mine / peer)
            books.use("1M")
            slow = rate(peers(checked=True), 15)
            against_checked.append(rate(ours(accounts()), 300) / slow)
    report.add("posting against the bare statement", against_floor, 0.45)
    if settings.HAS_HORDAK:
        report.add("posting against django-hordak unchecked", against_peer, 2.5)
        report.add("posting at 1 M against django-hordak checked", against_checked, 80.0)


def growth(report: Report) -> None:
    """Goal 5: neither posting nor a balance knows how much there was before."""
    posts, balances, against_peer = [], [], []
    for _ in range(REPETITIONS):
        took, read = {}, {}
        for size in ("10k", "100k", "1M"):
            books.use(size)
            rows = accounts()
            took[size] = 1 / rate(ours(rows), 500)
            read[size] = seconds(lambda pk=rows[0].pk: Account.objects.get(pk=pk).balance, 200)
        posts.append(took["1M"] / took["10k"])
        balances.append(read["1M"] / read["10k"])
        if settings.HAS_HORDAK:
            from hordak.models import Account as Peer

            house = Peer.objects.order_by("pk").first()
            against_peer.append(seconds(house.get_balance, 3) / read["1M"])
    report.add("posting, 1 M against 10 k transfers", posts, 1.3, "less")
    report.add("a balance, 1 M against 10 k transfers", balances, 1.3, "less")
    if settings.HAS_HORDAK:
        report.add("a balance at 1 M against django-hordak", against_peer, 100.0)


def one_balance(report: Report) -> None:
    """Goal 6: sixteen clients spend exactly what is there."""
    ratios = []
    for _ in range(REPETITIONS):
        locked = spent(lock_and_save)
        mine = spent(ours_until_refused)
        say(f"of one balance a second: ours {mine:,.0f}, select_for_update {locked:,.0f}")
        ratios.append(mine / locked)
    report.add("sixteen clients on one balance against select_for_update", ratios, 2.5)


def one_balance_on_sqlite(report: Report) -> None:
    """Goal 6 on SQLite: exact, and nobody meets a lock; the ratio is 1 by definition."""
    books._base_rows()
    say(f"of one balance a second: {spent(ours_until_refused):,.0f}")
    report.add("sixteen clients on SQLite spend exactly what is there", [1.0], 1.0)


def spent(client: Callable[[Account, Account], int]) -> float:
    """Credits spent a second by all clients together; exactly `CREDITS` of them."""
    partner, pot = accounts()[1:3]
    Account.objects.filter(pk=pot.pk).update(balance=CREDITS)
    Account.objects.filter(pk=partner.pk).update(balance=0)
    start = Barrier(CLIENTS + 1)

    def work(_number: int) -> int:
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            return client(pot, partner)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [pool.submit(work, number) for number in range(CLIENTS)]
        start.wait(timeout=60)
        begun = perf_counter()
        total = sum(one.result() for one in answers)
        took = perf_counter() - begun
    left = dict(Account.objects.filter(pk__in=[pot.pk, partner.pk]).values_list("pk", "balance"))
    assert total == CREDITS, total
    assert left == {pot.pk: 0, partner.pk: CREDITS}, left
    return CREDITS / took


def ours_until_refused(pot: Account, partner: Account) -> int:
    """Spend one by one until the ledger refuses."""
    done = 0
    while True:
        try:
            ledger.post(
                debit=pot, credit=partner, amount=1, kind="exchange", on=ON, now=NOW, by=None
            )
        except Refused:
            return done
        done += 1


def lock_and_save(pot: Account, partner: Account) -> int:
    """The usual way: lock both rows, look, save both, write the transfer."""
    done = 0
    while True:
        with transaction.atomic():
            both = Account.objects.select_for_update().filter(pk__in=[pot.pk, partner.pk])
            rows = {row.pk: row for row in both.order_by("pk")}
            if rows[pot.pk].balance < 1:
                return done
            rows[pot.pk].balance -= 1
            rows[partner.pk].balance += 1
            for row in rows.values():
                row.save(update_fields=["balance"])
            Transfer.objects.create(
                order_id=pot.order_id,
                debit=pot,
                credit=partner,
                amount=1,
                kind="exchange",
                on=ON,
                at=NOW,
                group=uuid.uuid4(),
            )
        done += 1
