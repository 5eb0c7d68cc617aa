"""What a statement is asked of, and the sums of what moved, added up by the database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, Sum

from accounts.models import Customer, Location, User
from workorders.models import Account, Transfer, WorkOrder
from workorders.models.ledger import TransferQuerySet

Amounts = dict[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked of."""

    viewer: User
    customer: Customer
    order: WorkOrder | None
    location: Location | None
    since: date | None
    as_of: date
    known_at: datetime | None

    def transfers(self) -> TransferQuerySet:
        """All that the viewer sees of the subject, before, in and after the period."""
        rows = Transfer.objects.visible_to(self.viewer).filter(**self._subject())
        if self.location is not None:
            rows = rows.filter(debit__location=self.location)
        return rows if self.known_at is None else rows.filter(at__lte=self.known_at)

    def movements(self) -> TransferQuerySet:
        """Those of the period."""
        rows = self.transfers().filter(on__lte=self.as_of)
        return rows if self.since is None else rows.filter(on__gte=self.since)

    def accounts(self) -> list[Account]:
        """The accounts that the viewer sees of it, with what a section tells of them."""
        rows = Account.objects.visible_to(self.viewer).filter(**self._subject())
        if self.location is not None:
            rows = rows.filter(location=self.location)
        return list(
            rows.select_related(
                "order__edition",
                "location",
                "entitlement__offering",
                "entitlement__location",
                "entitlement__line",
                "entitlement__redemption",
            ).order_by("pk")
        )

    def _subject(self) -> dict[str, object]:
        if self.order is not None:
            return {"order": self.order}
        return {"order__customer": self.customer}


class Sums:
    """What moved in and out of each account: before the page, in the period, by its end."""

    def __init__(self, asked: Asked, first: Transfer | None, accounts: Iterable[Account]) -> None:
        self.put: Amounts = defaultdict(int)
        self.drawn: Amounts = defaultdict(int)
        self.count: Amounts = defaultdict(int)
        self.passed: Amounts = defaultdict(int)
        self.skipped: Amounts = defaultdict(int)
        self.closing: Amounts = defaultdict(int)
        known = asked.known_at is not None
        if not known:
            self.closing.update({one.pk: signed(one.bucket, one.balance) for one in accounts})
        rows = asked.transfers()
        if not known and asked.since is not None:
            rows = rows.filter(on__gte=asked.since)
        if known:
            rows = rows.filter(on__lte=asked.as_of)
        for debit, credit, *figures in (
            rows.order_by().values_list("debit", "credit").annotate(**self._figures(asked, first))
        ):
            within, count, passed, skipped, other = (figure or 0 for figure in figures)
            self.count[debit] += count
            self.passed[debit] += passed
            self.drawn[debit] += within
            self.put[credit] += within
            self.skipped[debit] -= skipped
            self.skipped[credit] += skipped
            # Recorded by a day: all that moved so far; else what came after is taken back.
            change = within + other if known else -other
            self.closing[debit] -= change
            self.closing[credit] += change

    def opening(self, account: int) -> int:
        """What stood before the period."""
        return self.closing[account] - self.put[account] + self.drawn[account]

    @staticmethod
    def _figures(asked: Asked, first: Transfer | None) -> dict[str, Sum | Count]:
        within = Q(on__lte=asked.as_of)
        if asked.since is not None:
            within &= Q(on__gte=asked.since)
        other = Q(on__gt=asked.as_of)
        if asked.known_at is not None and asked.since is not None:
            other = Q(on__lt=asked.since)
        skipped = Q(pk__in=[])
        if first is not None:
            skipped = within & (Q(on__lt=first.on) | Q(on=first.on, pk__lt=first.pk))
        return {
            "within": Sum("amount", filter=within),
            "count": Count("pk", filter=within),
            "passed": Count("pk", filter=skipped),
            "skipped": Sum(F("amount"), filter=skipped),
            "other": Sum("amount", filter=other),
        }


def signed(bucket: str, balance: int) -> int:
    """Credits less debits; what was issued is counted upwards as it is debited."""
    return -balance if bucket == Account.Bucket.ISSUED else balance
