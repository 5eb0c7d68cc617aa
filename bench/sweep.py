"""The sweep: claiming what is due among a million open deadlines, and dispatch (goals 10 and 11)."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import perf_counter, sleep

import psycopg
from celery import Celery
from django.db import connection, transaction

from bench import books
from bench.kills import free_port, listens
from bench.ledger import driver
from bench.measure import Report, rate, say, seconds, settle
from tests import factories
from workorders.actions.reminders import LEASE, claim_due
from workorders.models import Deadline

REPETITIONS = 5
SIZES = {"10k": 10_000, "1M": 1_000_000}
DUE = 5_000
ROWS_ONE_BY_ONE = 200
TASKS_ONE_BY_ONE = 500
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=30), NOW - timedelta(days=1)

SEED = """
INSERT INTO workorders_deadline (customer_id, order_id, kind, subject_key, subject_label, owner,
    due_on, due_at, zone, explained, clauses, created_at, waived_reason, remind_at, snoozed_reason)
SELECT %s, %s, 'delivery', 'bench:' || n, '', 'csam', '2027-03-01', '2027-03-01 22:59:59+00',
    'Europe/Berlin', '{}', '[]', '2026-01-01', '',
    '2026-12-23 09:00+00'::timestamptz + n * interval '1 second', ''
FROM generate_series(1, %s) AS n
"""
SEED_ONE_FILE = """
WITH RECURSIVE numbers(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
INSERT INTO workorders_deadline (customer_id, order_id, kind, subject_key, subject_label, owner,
    due_on, due_at, zone, explained, clauses, created_at, waived_reason, remind_at, snoozed_reason)
SELECT %s, %s, 'delivery', 'bench:' || n, '', 'csam', '2027-03-01', '2027-03-01 22:59:59',
    'Europe/Berlin', '{}', '[]', '2026-01-01 00:00:00', '',
    datetime('2026-12-23 09:00:00', n || ' seconds'), ''
FROM numbers
"""
MAKE_DUE_ONE_FILE = """
UPDATE workorders_deadline SET remind_at = datetime(%s, (id %% 1000) || ' seconds')
WHERE id IN (SELECT id FROM workorders_deadline WHERE subject_key LIKE 'bench:%%'
             ORDER BY id LIMIT %s)
"""
MAKE_DUE = """
UPDATE workorders_deadline SET remind_at = %s + (id %% 1000) * interval '1 second'
WHERE id IN (SELECT id FROM workorders_deadline WHERE subject_key LIKE 'bench:%%'
             ORDER BY id LIMIT %s)
"""
# What has to be done at least: one statement a batch.
FLOOR = """
UPDATE workorders_deadline SET remind_at = %s WHERE id IN (
    SELECT id FROM workorders_deadline
    WHERE remind_at <= %s AND met_at IS NULL AND waived_at IS NULL AND superseded_at IS NULL
    ORDER BY remind_at LIMIT 500 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def run(report: Report) -> None:
    """How many wait must not matter, how many are due does; on SQLite without rivals."""
    if connection.vendor != "postgresql":
        one_file(report)
        return
    with databases():
        claims(report)
        growth(report)
        dispatch(report)


@contextmanager
def databases() -> Iterator[None]:
    """One database for each size with the same number due; dropped at the end."""
    order = factories.executed(factories.draft())
    template = connection.settings_dict["NAME"]
    try:
        for size, count in SIZES.items():
            say(f"{count:,} open deadlines")
            books._copy(template, books._name(template, size))
            books._switch(books._name(template, size))
            with connection.cursor() as cursor:
                cursor.execute(SEED, [order.customer_id, order.pk, count])
            Deadline.objects.exclude(subject_key__startswith="bench:").delete()
            settle()
        books._switch(template)
        yield
    finally:
        books._switch("postgres")
        with connection.cursor() as cursor:
            for size in SIZES:
                name = books._name(template, size)
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        books._switch(template)


def make_due() -> None:
    """The same rows are due again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(MAKE_DUE, [EARLIER, DUE])
        else:
            cursor.execute(MAKE_DUE_ONE_FILE, [f"{EARLIER:%Y-%m-%d %H:%M:%S}", DUE])


def ours() -> int:
    """Claim everything as the portal's sweep does."""
    claimed = 0
    while batch := claim_due(now=NOW):
        claimed += len(batch)
    return claimed


def bare(raw: psycopg.Connection) -> int:
    """Claim everything by the one statement."""
    claimed = 0
    while batch := raw.execute(FLOOR, [NOW + LEASE, NOW], prepare=True).fetchall():
        claimed += len(batch)
    return claimed


def one_by_one(_number: int) -> None:
    """The usual way: the first that is due, then the next."""
    with transaction.atomic():
        row = Deadline.objects.to_remind(NOW).order_by("remind_at").first()
        assert row is not None
        Deadline.objects.filter(pk=row.pk, remind_at=row.remind_at).update(remind_at=NOW + LEASE)


def claimed_a_second(claim: Callable[[], int]) -> float:
    """All that is due, claimed once, each row by one claim."""
    make_due()
    begun = perf_counter()
    count = claim()
    took = perf_counter() - begun
    assert count == DUE, count
    assert not Deadline.objects.to_remind(NOW).exists()
    return count / took


def claims(report: Report) -> None:
    """Goal 10: against one statement, and against a row at a time, among a million."""
    books.use("1M")
    against_floor, against_rows = [], []
    with driver() as raw:
        for _ in range(REPETITIONS):
            make_due()
            slow = rate(one_by_one, ROWS_ONE_BY_ONE)
            mine = claimed_a_second(ours)
            fast = claimed_a_second(lambda: bare(raw))
            say(f"claims a second: ours {mine:,.0f}, bare {fast:,.0f}, one by one {slow:,.0f}")
            against_floor.append(mine / fast)
            against_rows.append(mine / slow)
    report.add("claims among 1 M open against the bare statement", against_floor, 0.3)
    report.add("claims among 1 M open against a row at a time", against_rows, 40.0)


def growth(report: Report) -> None:
    """Goal 10: idle or with the same rows due, a million open cost what ten thousand do."""
    idle, busy = [], []
    for _ in range(REPETITIONS):
        waits, claimed = {}, {}
        for size in SIZES:
            books.use(size)
            make_due()
            claimed[size] = 1 / claimed_a_second(ours)
            waits[size] = seconds(lambda: claim_due(now=EARLIER - timedelta(days=1)), 200)
        idle.append(waits["1M"] / waits["10k"])
        busy.append(claimed["1M"] / claimed["10k"])
    report.add("an idle sweep, 1 M against 10 k open", idle, 1.5, "less")
    report.add("claiming the same rows, 1 M against 10 k open", busy, 1.5, "less")


def one_file(report: Report) -> None:
    """Goal 10 on SQLite: the file is measured with ten thousand open, then with a million."""
    order = factories.executed(factories.draft())
    waits: dict[str, list[float]] = {}
    claimed: dict[str, list[float]] = {}
    have = 0
    for size, count in SIZES.items():
        say(f"{count:,} open deadlines")
        with connection.cursor() as cursor:
            cursor.execute(SEED_ONE_FILE, [have + 1, count, order.customer_id, order.pk])
        Deadline.objects.exclude(subject_key__startswith="bench:").delete()
        have = count
        waits[size], claimed[size] = [], []
        for _ in range(REPETITIONS):
            claimed[size].append(1 / claimed_a_second(ours))
            waits[size].append(seconds(lambda: claim_due(now=EARLIER - timedelta(days=1)), 200))
    against_rows = []
    for took in claimed["1M"]:
        make_due()
        against_rows.append(1 / took / rate(one_by_one, ROWS_ONE_BY_ONE))
    report.add("claims among 1 M open against a row at a time", against_rows, 40.0)
    idle, busy = (
        [large / small for small, large in zip(found["10k"], found["1M"], strict=True)]
        for found in (waits, claimed)
    )
    report.add("an idle sweep, 1 M against 10 k open", idle, 1.5, "less")
    report.add("claiming the same rows, 1 M against 10 k open", busy, 1.5, "less")
    report.skip("dispatch on SQLite (the queue is measured with PostgreSQL)")


def dispatch(report: Report) -> None:
    """Goal 11: one ring and batches of ids from the database against a task for each item.

    Both end with the rows claimed: a task that may run twice has to take its row first.
    """
    if not shutil.which("redis-server"):
        report.skip("dispatch (no redis-server on this machine)")
        return
    books.use("1M")
    ratios = []
    with broker() as app:
        queue = app.connection_for_write().SimpleQueue("bench")

        def through_the_queue(pk: int) -> None:
            app.send_task("bench.look", args=[pk], queue="bench")
            queue.get(timeout=10).ack()

        def a_task_each(pks: list[int]) -> Callable[[int], object]:
            def look(number: int) -> None:
                through_the_queue(pks[number])
                row = Deadline.objects.to_remind(NOW).filter(pk=pks[number])
                assert row.update(remind_at=NOW + LEASE) == 1

            return look

        def rung() -> int:
            through_the_queue(0)
            return ours()

        for _ in range(REPETITIONS):
            make_due()
            pks = list(Deadline.objects.to_remind(NOW).values_list("pk", flat=True))
            each = rate(a_task_each(pks), TASKS_ONE_BY_ONE)
            mine = claimed_a_second(rung)
            say(f"ids a second: by batch {mine:,.0f}, a task each {each:,.0f}")
            ratios.append(mine / each)
        queue.close()
    report.add("ids by batch against a task for each", ratios, 50.0)


@contextmanager
def broker() -> Iterator[Celery]:
    """A Redis of its own."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            ["redis-server", "--port", str(port), "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            while not listens(port):
                sleep(0.05)
            yield Celery("bench", broker=f"redis://127.0.0.1:{port}/0")
        finally:
            process.kill()
            process.wait()
