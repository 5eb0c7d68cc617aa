"""Cancel a booking, or cancel and book again: what the frozen terms keep, and no more."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling.actions.bookings import make_booking
from services.scheduling.actions.checks import refuse_if_over, reread, take
from services.scheduling.actions.dates import drop_dates, subject_of
from services.scheduling.actions.event_papers import PAPERS
from services.scheduling.actions.followers import Change, Follower
from services.scheduling.actions.guests import GUESTS
from services.scheduling.actions.news import tell_of_booking
from services.scheduling.actions.seats import ENROLMENT
from services.scheduling.actions.staffing import free_engineers
from services.scheduling.models import Booking, Engineer
from services.scheduling.queries.cancellations import Quote, quote
from services.scheduling.queries.engineers import team_of
from services.scheduling.queries.shifts import moved
from services.scheduling.rules.settlement import Settlement
from workorders.actions import ledger
from workorders.actions.holdings import (
    add_exchange_value,
    charge_units,
    redeem_credits,
    release_units,
    return_credits,
)
from workorders.actions.orders import override_refusal
from workorders.models import Entitlement
from workorders.queries.locations import zone_of

Party = Booking.Party
EXCHANGE_CLAUSES = ("2.7-T22", "2.2-F6")
# In this order. What a further noun does when its booking falls or moves belongs beside the noun.
FOLLOWERS: tuple[Follower, ...] = (ENROLMENT, GUESTS, PAPERS)


@transaction.atomic
def cancel_booking(
    *,
    booking: Booking,
    party: str,
    reason: str,
    by: User,
    now: datetime,
    agreed_loss: int | None = None,
    idempotency_key: str = "",
) -> Booking:
    """Cancel for the share of the fee that the booking's own terms keep on this day.

    Nothing is kept when Microsoft cancels (2.7-T12). `agreed_loss` is the loss that the
    person saw, in the quote's measure: refused (`quote_changed`) when it is another one
    by now. Once: two clicks have one effect, the second is refused.
    """
    require_acting_person(by)
    by_microsoft = Party(party) == Party.MICROSOFT
    if by_microsoft:
        require_account_manager(by)
    why = written(reason, field="reason", limit=300, required=True)

    def act() -> Booking:
        current = take(booking)
        quoted = quote(current, now=now, party="microsoft" if by_microsoft else "customer")
        _check_agreed(quoted, agreed_loss)
        return fall(current, quoted, party=party, reason=why, by=by, now=now, key=key)

    key = f"cancel:{booking.pk}:{idempotency_key}" if idempotency_key else None
    return ledger.once(key, act=act, earlier=lambda _transfer: reread(booking))


def fall(
    current: Booking,
    quoted: Quote,
    *,
    party: str,
    reason: str,
    by: User,
    now: datetime,
    key: str | None = None,
) -> Booking:
    """Cancel a booking that is held for what `quoted` says; people are told."""
    _mark_cancelled(current, quoted.explained, party=party, reason=reason, by=by, now=now)
    _settle(quoted, by=by, now=now, reason=reason, key=key)
    free_engineers(current)
    drop_dates(current, now=now)
    tell_of_booking(current, "cancelled", by=by, now=now)
    for follower in FOLLOWERS:
        if follower.falls is not None:
            follower.falls(current, Change(by, now))
    return current


@transaction.atomic
def move_booking(
    *,
    booking: Booking,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    now: datetime,
    reason: str,
    waive_reason: str = "",
    late_reason: str = "",
    agreed_loss: int | None = None,
    engineers: Sequence[Engineer] | None = None,
    idempotency_key: str = "",
    **changes: Any,
) -> Booking:
    """Cancel and book again in one act (2.7-T19); the new booking is the answer.

    The move costs what cancelling costs unless staff waive that with a reason, which is
    kept; then the first request still counts as the one that asked for it. `changes` are
    other wishes than the old booking's. An event's new date is confirmed anew. The engineers
    come along, or `engineers` in their place; refused when one is taken at the new time.
    """
    require_account_manager(by)
    why = written(reason, field="reason", limit=300, required=True)
    waived = written(waive_reason, field="waive_reason", limit=300)

    def act() -> Booking:
        old = take(booking)
        quoted = quote(old, now=now)
        if waived and not quoted.outcome.costs_nothing:
            quoted = _waived(quoted, now=now, by=by, reason=waived)
        _check_agreed(quoted, agreed_loss)
        _mark_cancelled(old, quoted.explained, party=Party.CUSTOMER, reason=why, by=by, now=now)
        people = team_of(old) if engineers is None else engineers
        free_engineers(old)
        keeps_service = quoted.outcome.costs_nothing
        _settle(quoted, by=by, now=now, reason=why, key=key, keep_service=keeps_service)
        entitlement = old.entitlement if keeps_service else _service_again(quoted, by=by, now=now)
        requested_at = old.booked_at if waived else None
        proposal = moved(old, entitlement, starts_at, ends_at, changes)
        new = make_booking(
            replace(proposal, requested_at=requested_at, data_at=requested_at),
            title=old.title,
            note=old.note,
            late_reason=late_reason,
            engineers=people,
            series=old.series,
            by=by,
            now=now,
            news="",
        )
        Booking.objects.filter(pk=old.pk).update(moved_to=new)
        for follower in FOLLOWERS:
            follower.moves(old, new, Change(by, now))
        tell_of_booking(new, "moved", by=by, now=now)
        drop_dates(old, now=now)
        return new

    key = f"move:{booking.pk}:{idempotency_key}" if idempotency_key else None
    return ledger.once(key, act=act, earlier=lambda _transfer: _successor(booking))


def _successor(booking: Booking) -> Booking:
    moved = reread(booking)
    if moved.moved_to is None:
        raise ValueError(f"{moved} wasn't moved")
    return moved.moved_to


def _check_agreed(quoted: Quote, agreed_loss: int | None) -> None:
    if agreed_loss is not None and agreed_loss != quoted.loss.count:
        raise Refused("quote_changed", clause="2.7-T18, 2.7-T19", loss=str(quoted.loss))


def _mark_cancelled(
    booking: Booking,
    explained: Explained[Settlement],
    *,
    party: str,
    reason: str,
    by: User,
    now: datetime,
) -> None:
    """One conditional UPDATE: of two that cancel, one changes the row."""
    charge = explained.map(lambda outcome: outcome.charge)
    facts = {
        "cancelled_at": now,
        "cancelled_by": by,
        "cancelled_for": party,
        "cancellation_reason": reason,
        "charge": charge.as_data(),
        "charge_minor": charge.result.minor,
        "version": booking.version + 1,
    }
    if not Booking.objects.standing().filter(pk=booking.pk).update(**facts):
        refuse_if_over(reread(booking))
        raise ValueError(f"{booking} can't be cancelled")
    for name, value in facts.items():
        setattr(booking, name, value)


def _settle(
    quoted: Quote,
    *,
    by: User,
    now: datetime,
    reason: str,
    key: str | None,
    keep_service: bool = False,
) -> None:
    """Move units, value and credits as the settlement says; one group of transfers.

    With `keep_service` a service bought with credits stays bought: it is booked again.
    """
    booking, outcome = quoted.booking, quoted.outcome
    on = local_date(now, zone_of(booking.customer))
    note: dict[str, Any] = {
        "by": by,
        "on": on,
        "now": now,
        "reason": reason,
        "group": uuid.uuid4(),
    }
    of_booking = {**note, "subject_key": subject_of(booking)}
    clauses = quoted.explained.clauses
    moves = ((charge_units, outcome.kept), (release_units, outcome.released))
    first_key = key
    for move, amount in moves:
        if amount:
            move(
                entitlement=booking.entitlement,
                quantity=amount,
                clauses=clauses,
                idempotency_key=first_key,
                **of_booking,
            )
            first_key = None
    if outcome.exchange_value:
        add_exchange_value(
            order=booking.order,
            location=booking.entitlement.location,
            value=outcome.exchange_value,
            flex_year=booking.entitlement.flex_year,
            clauses=(*clauses, *EXCHANGE_CLAUSES),
            **of_booking,
        )
    if quoted.redemption and outcome.credits_returned and not keep_service:
        return_credits(
            redemption=quoted.redemption,
            quantity=outcome.credits_returned,
            clauses=clauses,
            **note,
        )


def _waived(quoted: Quote, *, now: datetime, by: User, reason: str) -> Quote:
    """The same move at no charge, with the reason kept beside what it would have cost."""
    booking = quoted.booking
    override_refusal(
        customer=booking.customer,
        subject_key=subject_of(booking),
        code="rescheduling_charge",
        reason=reason,
        by=by,
        now=now,
    )
    free = quote(booking, now=now, party="microsoft")
    explained = Explained(
        free.outcome,
        inputs=quoted.explained.inputs,
        steps=(
            ("lead_days", quoted.lead_days),
            ("waived_percent", quoted.percent),
            ("charge", free.outcome.charge),
        ),
        clauses=("2.7-T19",),
        readings=quoted.explained.readings,
        zone=quoted.explained.zone,
    )
    return replace(free, party="customer", explained=explained)


def _service_again(quoted: Quote, *, by: User, now: datetime) -> Entitlement:
    """What pays for the new booking: the same entitlement, or fresh credits at today's rate."""
    redemption = quoted.redemption
    if redemption is None:
        return quoted.booking.entitlement
    again = redeem_credits(
        order=redemption.order,
        location=redemption.location,
        lines=[(redemption.offering, Money(redemption.value_minor, redemption.currency))],
        approved_on=local_date(now, zone_of(redemption.order.customer)),
        by=by,
        now=now,
    )
    return again[0].entitlement
