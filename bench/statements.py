"""A page of a statement grows with the page, not with history (goal 14)."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from time import perf_counter

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.http.paging import key_page
from bench.measure import Report, say, seconds, settle
from tests import factories
from tests.workorders.recomputed import statement
from workorders.models import Account, Transfer, WorkOrder
from workorders.queries.statement import Section, Statement
from workorders.queries.statement_page import KEYS, statement_page

SIZES = {"1 k": 1_000, "10 k": 10_000, "100 k": 100_000}
REPETITIONS = 5
TIMES = 15
BEGIN, END = date(2026, 1, 1), date(2028, 12, 31)
# The period of the page: as many movements as a page holds, at the end of the history.
WITHIN = 50
SINCE, LAST = date(2028, 12, 1), date(2028, 12, 31)

# Bookings and releases in turn, one a row; all before the last month but `WITHIN`.
SEED = """
INSERT INTO workorders_transfer (order_id, debit_id, credit_id, amount, kind, "on", at, by_id,
    reason, clauses, subject_key, "group", idempotency_key, reverses_id)
SELECT {order}, CASE WHEN n %% 2 = 1 THEN {left} ELSE {booked} END,
    CASE WHEN n %% 2 = 1 THEN {booked} ELSE {left} END, 1,
    CASE WHEN n %% 2 = 1 THEN 'reserve' ELSE 'release' END, {day}, {day}, NULL, '', '[]',
    'booking:' || n, {group}, NULL, NULL
FROM ({numbers}) AS numbers
"""


def run(report: Report) -> None:
    """The first page of a short period, and of the whole term, by the length of the history."""
    with transaction.atomic():
        orders = {size: history(count) for size, count in SIZES.items()}
    settle()
    for order in orders.values():
        compare(order)
    for name, query, goal in (
        ("a statement's page of a month", {"since": SINCE.isoformat()}, 1.3),
        ("a statement's first page of the whole term", {}, 3.0),
    ):
        growth(report, name, {size: page_of(one, query) for size, one in orders.items()}, goal)


def growth(report: Report, name: str, reads: dict[str, Callable[[], object]], goal: float) -> None:
    """Sizes interleaved; the longest history against the shortest."""
    ratios = []
    for _ in range(REPETITIONS):
        took = {size: seconds(read, TIMES) for size, read in reads.items()}
        ratios.append(took["100 k"] / took["1 k"])
        say(f"{name}: " + ", ".join(f"{size} {one * 1e3:.1f} ms" for size, one in took.items()))
    report.add(f"{name}, 100 k against 1 k transfers", ratios, goal, "less")


def page_of(order: WorkOrder, query: dict[str, str]) -> Callable[[], object]:
    """The page as a browser asks for it."""
    client = Client()
    client.force_login(order.created_by)
    address = reverse("workorders:order-statement", args=[order.pk])

    def read() -> object:
        answer = client.get(address, {"as_of": LAST.isoformat(), **query})
        assert answer.status_code == 200, answer.status_code
        return answer

    read()
    return read


def history(count: int) -> WorkOrder:
    """An executed order of which one service was booked and released `count` times."""
    order = factories.executed(factories.draft(ends_on=END))
    held = factories.holding(order, quantity=count)
    accounts = dict(Account.objects.filter(entitlement=held).values_list("bucket", "pk"))
    booked = accounts.get("reserved") or reserved_of(accounts["available"])
    days = (SINCE - BEGIN).days
    postgres = connection.vendor == "postgresql"
    # The last `WITHIN` rows count within the period; the others lie evenly before it.
    offset = (
        f"CASE WHEN n > {count - WITHIN} THEN {days} + (n - {count - WITHIN}) / 2"
        f" ELSE n * {days - 1} / {count} END"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            SEED.format(
                order=order.pk,
                left=accounts["available"],
                booked=booked,
                day=f"DATE '{BEGIN}' + ({offset})::int"
                if postgres
                else f"date('{BEGIN}', '+' || ({offset}) || ' days')",
                group="gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))",
                numbers=f"SELECT n FROM generate_series(1, {count}) AS series(n)"
                if postgres
                else f"WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series"
                f" WHERE n < {count}) SELECT n FROM series",
            ),
            [],
        )
    assert Transfer.objects.filter(order=order, kind__in=["reserve", "release"]).count() == count
    return order


def reserved_of(available: int) -> int:
    """The account of what is booked, beside the one of what is left."""
    account = Account.objects.get(pk=available)
    account.pk, account.bucket, account.balance = None, "reserved", 0
    account.key = account.key.removesuffix("available") + "reserved"
    account.save(force_insert=True)
    return int(account.pk)


def compare(order: WorkOrder) -> None:
    """The page says what a full recomputation says, for the term and for days long past."""
    for period in (
        {"as_of": LAST},
        {"as_of": BEGIN + timedelta(days=500), "since": BEGIN + timedelta(days=400)},
    ):
        begun = perf_counter()
        whole = statement(order, viewer=order.created_by, **period)
        read = perf_counter() - begun
        cut = partial(key_page, keys=KEYS)
        begun = perf_counter()
        page = statement_page(order.customer, order, cut=cut, viewer=order.created_by, **period)
        say(
            f"{whole.movements:,} movements: whole {read * 1e3:,.0f} ms,"
            f" page {(perf_counter() - begun) * 1e3:,.1f} ms"
        )
        _same(whole, page)


def _same(whole: Statement, page: Statement) -> None:
    assert page.since == whole.since
    for one, other in zip(whole.sections, page.sections, strict=True):
        assert _figures(one, len(one.movements)) == _figures(other, other.count)
        told = [(row.transfer.pk, row.change, row.left) for row in other.movements]
        assert told == [
            (row.transfer.pk, row.change, row.left) for row in one.movements[: len(told)]
        ]


def _figures(section: Section, count: int) -> tuple[object, ...]:
    return (
        {bucket: amount for bucket, amount in section.opening.items() if amount},
        {bucket: amount for bucket, amount in section.closing.items() if amount},
        section.added,
        section.taken,
        count,
    )
