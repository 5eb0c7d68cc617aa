"""The hours that UER includes, distributed by the host among the listed locations."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Location, User
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from workorders.actions import ledger
from workorders.actions.holdings.units import SERVICE_BUCKETS, grant
from workorders.models import Account, Entitlement, Transfer
from workorders.queries.entitlements import are_the_hosts_hours, worth
from workorders.queries.locations import listed_locations, support_locations
from workorders.queries.terms import last_day_of
from workorders.rules.locations import check_hours_target, check_uer_allocation
from workorders.rules.term import check_day_in_term

Bucket = Account.Bucket
Kind = Transfer.Kind
CLAUSES = ("2.5-UE24", "2.6-M5")


@transaction.atomic
def allocate_hours(
    *,
    entitlement: Entitlement,
    target: Location,
    minutes: int,
    by: User,
    on: date,
    now: datetime,
    idempotency_key: str = "",
) -> Entitlement:
    """Give hours of the host's UER to another listed location; the entitlement that it got.

    They keep their funding, their share of the value and their last day. The host's
    administrator distributes, its account manager manages. A key used before answers
    with the entitlement of that time.
    """
    order = entitlement.order
    places = support_locations(order, listed_locations(order))
    by_administrator = by.manages_agreements or by.role == User.Role.CUSTOMER_ADMINISTRATOR

    def act() -> Entitlement:
        check_uer_allocation(
            places[entitlement.location_id], by_administrator=by_administrator, minutes=minutes
        )
        if not are_the_hosts_hours(entitlement):
            raise Refused("ineligible_service", clause="2.5-UE24", field="entitlement")
        check_hours_target(places[entitlement.location_id], places.get(target.pk))
        check_day_in_term(on, last_day=min(last_day_of(order), entitlement.usable_until))
        if minutes <= 0:
            raise ValueError(f"hours given are a positive number of minutes, not {minutes}")
        return _give(entitlement, target, minutes, by=by, on=on, now=now, key=key)

    key = f"hours:{entitlement.pk}:{idempotency_key}" if idempotency_key else None
    return ledger.once(key, act=act, earlier=_given_with)


def _give(
    entitlement: Entitlement,
    target: Location,
    minutes: int,
    *,
    by: User,
    on: date,
    now: datetime,
    key: str | None,
) -> Entitlement:
    accounts = ledger.open_holding(
        (*SERVICE_BUCKETS, Bucket.TRANSFERRED),
        order=entitlement.order,
        holding=Account.Holding.ENTITLEMENT,
        unit=entitlement.unit,
        location=entitlement.location,
        entitlement=entitlement,
    )
    sent = ledger.post(
        debit=accounts[Bucket.AVAILABLE],
        credit=accounts[Bucket.TRANSFERRED],
        amount=minutes,
        kind=Kind.TRANSFER_OUT,
        on=on,
        now=now,
        by=by,
        subject_key=f"entitlement:{entitlement.pk}",
        reason=target.name,
        clauses=CLAUSES,
        idempotency_key=key,
    )
    return grant(
        order=entitlement.order,
        line=entitlement.line,
        offering=entitlement.offering,
        location=target,
        unit=entitlement.unit,
        quantity=minutes,
        value=Money(worth(entitlement, minutes), entitlement.currency),
        funding=entitlement.funding,
        flex_year=entitlement.flex_year,
        usable_from=entitlement.usable_from,
        usable_until=entitlement.usable_until,
        by=by,
        on=on,
        now=now,
        kind=Kind.TRANSFER_IN,
        reason=entitlement.location.name,
        clauses=CLAUSES,
        group=sent.group,
    )


def _given_with(transfer: Transfer) -> Entitlement:
    """The entitlement that an earlier transfer of the same key led to."""
    arrived = Transfer.objects.select_related("credit__entitlement").get(
        group=transfer.group, kind=Kind.TRANSFER_IN
    )
    given: Entitlement = arrived.credit.entitlement  # type: ignore[assignment]
    return given
