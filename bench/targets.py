"""A hundred thousand running targets reckoned again in one batch."""

from datetime import timedelta
from time import perf_counter

from django.db import connection

from accounts.queries.calendars import business_hours
from bench.measure import Report, say, settle
from incidents.models import Incident
from incidents.queries.clocks import response_clock
from incidents.queries.reevaluation import reevaluate
from tests import factories

COUNT = 100_000
ROWS = 300
REPETITIONS = 5
GOAL = 10


def run(report: Report) -> None:
    """The batch against the same, row by row, as a page shows them."""
    seed()
    now = factories.NOW + timedelta(days=3)
    standing = reevaluate(now=now)
    if standing.count != COUNT or standing.differing:
        raise AssertionError("the batch doesn't find what was loaded")
    ratios, whole = [], []
    for _ in range(REPETITIONS):
        begun = perf_counter()
        for incident in Incident.objects.unanswered().order_by("pk")[:ROWS]:
            response_clock(incident, business_hours(incident.location), now)
        row = (perf_counter() - begun) / ROWS
        begun = perf_counter()
        reevaluate(now=now)
        whole.append(perf_counter() - begun)
        ratios.append(row * COUNT / whole[-1])
    say(f"{COUNT:,} running targets in {sorted(whole)[len(whole) // 2]:.2f} s")
    report.add(f"{COUNT:,} running targets reckoned again, × row by row", ratios, GOAL)


def seed() -> None:
    """Copies of four incidents, of every severity, by SQL."""
    order = factories.executed()
    models = [factories.incident(order, severity=severity) for severity in ("1", "A", "B", "C")]
    names = [
        column.column
        for column in Incident._meta.concrete_fields
        if column.column not in {"id", "number", "submission_key"}
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    each = COUNT // len(models)
    numbers = (
        f"SELECT n FROM generate_series(1, {each - 1}) AS series(n)"
        if connection.vendor == "postgresql"
        else f"WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series"
        f" WHERE n < {each - 1}) SELECT n FROM series"
    )
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(
                f"INSERT INTO incidents_incident (number, {columns})"
                f" SELECT 'B{model.pk}-' || n, {columns}"
                f" FROM incidents_incident, ({numbers}) AS numbers WHERE id = %s",
                [model.pk],
            )
    settle()
