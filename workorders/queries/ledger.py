"""The books recomputed from the transfers and compared with what stands on the accounts."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from workorders.models import Account, Transfer
from workorders.models.triggers import missing_triggers

ISSUED = Account.Bucket.ISSUED


@dataclass(frozen=True, slots=True)
class Difference:
    """An account whose balance isn't what its transfers add up to."""

    account: str
    balance: int
    recomputed: int


@dataclass(frozen=True, slots=True)
class Imbalance:
    """An order and unit in which more, or less, lies in the buckets than was issued."""

    order: int
    unit: str
    issued: int
    held: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What a recomputation of the whole ledger found."""

    accounts: int
    transfers: int
    differences: tuple[Difference, ...]
    imbalances: tuple[Imbalance, ...]
    missing_triggers: tuple[str, ...]

    @property
    def in_order(self) -> bool:
        """Nothing differs and the database guards the transfers."""
        return not (self.differences or self.imbalances or self.missing_triggers)


def verify_ledger() -> Verification:
    """Recompute every balance and the sum of each order from the transfers alone."""
    moved: dict[int, int] = defaultdict(int)
    for side, sign in (("debit", -1), ("credit", 1)):
        sums = Transfer.objects.order_by().values_list(side).annotate(Sum("amount"))
        for account, amount in sums.iterator():
            moved[account] += sign * amount
    differences = []
    issued: dict[tuple[int, str], int] = defaultdict(int)
    held: dict[tuple[int, str], int] = defaultdict(int)
    rows = Account.objects.order_by("pk").values_list(
        "pk", "key", "order_id", "unit", "bucket", "balance"
    )
    count = 0
    for pk, key, order, unit, bucket, balance in rows.iterator():
        count += 1
        # What was put into the books is counted upwards, against the other buckets.
        recomputed = -moved[pk] if bucket == ISSUED else moved[pk]
        if recomputed != balance:
            differences.append(Difference(key, balance, recomputed))
        (issued if bucket == ISSUED else held)[order, unit] += balance
    return Verification(
        accounts=count,
        transfers=Transfer.objects.count(),
        differences=tuple(differences),
        imbalances=tuple(
            Imbalance(order, unit, issued[order, unit], held[order, unit])
            for order, unit in sorted({*issued, *held})
            if issued[order, unit] != held[order, unit]
        ),
        missing_triggers=tuple(missing_triggers(connection)),
    )
