"""Use it or lose it: what was not used by its last day lapses on the day after."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from accounts.rules.calendar_days import local_date
from workorders.actions import ledger
from workorders.models import Account, Transfer
from workorders.models.orders import STANDING_UNITS
from workorders.queries.locations import zone_of
from workorders.queries.terms import flex_year_of, last_day_of

Bucket = Account.Bucket
Kind = Transfer.Kind


def lapse_entitlements(*, now: datetime) -> int:
    """Lapse what is left of everything whose last usable day is over; the number of holdings.

    A day is over at the host location (0-C13). Safe to repeat and in many workers: what
    lies on the account at that moment moves once. What is still booked stays booked
    until the booking is cancelled, and lapses then. Standing subscriptions don't lapse:
    they end as delivered.
    """
    count = 0
    for pk in list(_candidates(now).values_list("pk", flat=True)):
        with transaction.atomic():
            count += _lapse(pk, now)
    return count


def _candidates(now: datetime) -> QuerySet[Account]:
    """Accounts with something left whose last day may be over somewhere on earth."""
    latest = (now + timedelta(hours=14)).date()
    entitled = Q(holding=Account.Holding.ENTITLEMENT)
    value = Q(holding=Account.Holding.VALUE)
    ended = Q(order__ends_on__lt=latest) | Q(order__terminated_on__lt=latest)
    return Account.objects.filter(
        entitled & (Q(entitlement__usable_until__lt=latest) | ended)
        | value & (Q(flex_year__isnull=False) | ended),
        bucket=Bucket.AVAILABLE,
        balance__gt=0,
    ).order_by("pk")


def _lapse(pk: int, now: datetime) -> int:
    account = Account.objects.select_related(
        "order__customer", "order__edition", "entitlement"
    ).get(pk=pk)
    last_day = _last_day(account)
    today = local_date(now, zone_of(account.order.customer))
    if today <= last_day:
        return 0
    # A standing subscription was served to its last day: nothing of it is lost.
    served = account.unit in STANDING_UNITS
    target, kind = (Bucket.DELIVERED, Kind.DELIVER) if served else (Bucket.LAPSED, Kind.LAPSE)
    held = {
        one.bucket: one
        for one in ledger.take(
            Account.objects.filter(
                order=account.order,
                holding=account.holding,
                entitlement=account.entitlement,
                location=account.location,
                flex_year=account.flex_year,
                unit=account.unit,
                bucket__in=[Bucket.AVAILABLE, target],
            )
        )
    }
    left = held[Bucket.AVAILABLE].balance
    if not left:
        return 0
    ledger.post(
        debit=held[Bucket.AVAILABLE],
        credit=held[target],
        amount=left,
        kind=kind,
        on=_day_of_lapse(account, last_day, today),
        now=now,
        by=None,
        subject_key=f"entitlement:{account.entitlement_id}" if account.entitlement_id else "",
        clauses=("2.2-F4", "2.7-T10") if _flex_year(account) else ("2.7-T10",),
    )
    return 1


def _last_day(account: Account) -> date:
    """The last day of use; the order's own end comes first (X-29)."""
    order_end = last_day_of(account.order)
    if account.entitlement is not None:
        return min(account.entitlement.usable_until, order_end)
    if account.flex_year is not None:
        return flex_year_of(account.order, account.flex_year).last_day
    return order_end


def _flex_year(account: Account) -> int | None:
    return account.entitlement.flex_year if account.entitlement else account.flex_year


def _day_of_lapse(account: Account, last_day: date, today: date) -> date:
    """The day after the last one; today when something moved there after that."""
    latest = Transfer.objects.filter(Q(debit=account) | Q(credit=account)).aggregate(Max("on"))
    following = last_day + timedelta(days=1)
    return today if latest["on__max"] and latest["on__max"] > following else following
