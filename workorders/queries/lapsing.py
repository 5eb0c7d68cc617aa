"""What is lost, in money, when a deadline passes unused."""

from collections import defaultdict

from accounts.models import Location
from accounts.rules.money import Money
from services.catalog.queries import facts_of
from services.catalog.rules.offering import request_deadline_binds
from workorders.models import Account, Deadline
from workorders.models.orders import STANDING_UNITS
from workorders.queries.entitlements import worth

Bucket = Account.Bucket
Kind = Deadline.Kind


def lapsing_with(deadline: Deadline, *, at: Location | None = None) -> list[Money]:
    """What is left and not booked and can't be used after the deadline, one amount a currency.

    With the request cut-off what has to be requested by then, with the end of a contract
    year what its allowance paid for, with the expiry everything. `at` looks at one
    location alone.
    """
    if deadline.order_id is None or deadline.kind not in LOSSES:
        return []
    rows = Account.objects.filter(
        order=deadline.order_id,
        holding=Account.Holding.ENTITLEMENT,
        bucket=Bucket.AVAILABLE,
        balance__gt=0,
    ).exclude(unit__in=STANDING_UNITS)
    if at is not None:
        rows = rows.filter(location=at)
    if deadline.kind == Kind.CONTRACT_YEAR_END:
        rows = rows.filter(entitlement__usable_until=deadline.due_on)
        rows = rows.filter(entitlement__flex_year__isnull=False)
    sums: dict[str, int] = defaultdict(int)
    rows = rows.select_related("entitlement__offering")
    for account in rows.prefetch_related("entitlement__offering__limits"):
        entitlement = account.entitlement
        if entitlement is None:
            continue
        bound = request_deadline_binds(facts_of(entitlement.offering))
        if deadline.kind != Kind.REQUEST_CUTOFF or bound:
            sums[entitlement.currency] += worth(entitlement, account.balance)
    return [Money(minor, currency) for currency, minor in sorted(sums.items()) if minor]


LOSSES = frozenset({Kind.REQUEST_CUTOFF, Kind.CONTRACT_YEAR_END, Kind.EXPIRY})
