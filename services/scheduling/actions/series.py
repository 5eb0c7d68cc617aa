"""Book sessions in a series, all or none; cancel what is left of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Unpack

from django.db import transaction

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import Location, User
from accounts.rules.refusal import Refused
from services.scheduling.actions.bookings import Wishes, make_booking
from services.scheduling.actions.cancelling import cancel_booking
from services.scheduling.actions.checks import hold, hold_order
from services.scheduling.actions.news import tell_of_series
from services.scheduling.models import Booking, Engineer, Series
from services.scheduling.queries.proposals import Proposal
from services.scheduling.queries.series import rest_of, series_quote
from services.scheduling.rules.series import Pattern, Session, of_session, series_sessions
from workorders.actions import ledger
from workorders.models import Entitlement, Transfer
from workorders.models.orders import Unit


@transaction.atomic
def book_series(
    *,
    entitlement: Entitlement,
    location: Location,
    pattern: Pattern,
    by: User,
    now: datetime,
    quantity: int | None = None,
    title: str = "",
    note: str = "",
    late_reason: str = "",
    engineers: Sequence[Engineer] = (),
    idempotency_key: str = "",
    **wishes: Unpack[Wishes],
) -> Series:
    """Book a session on each day of the pattern, on the wall of the delivery location.

    `quantity` is what each session takes; by default its minutes where hours are booked,
    one elsewhere. Every session is a booking with its own terms. All are booked or none:
    what stands against one refuses the series and names its day (`session_on`).
    """
    require_account_manager(by)
    key = f"series:{by.pk}:{idempotency_key}" if idempotency_key else None
    held = hold(entitlement)
    if held.unit in {Unit.CREDIT, Unit.EVENT}:
        raise Refused("series_not_possible", clause="2.3-PC4, 2.4-AE10", field="every")

    def act() -> Series:
        sessions = series_sessions(pattern, location.time_zone)
        series = _written_down(held, location, pattern, title=title, by=by, now=now)
        for number, session in enumerate(sessions):
            proposal = Proposal(
                held,
                location,
                session.starts_at,
                session.ends_at,
                quantity or _natural(held, session),
                **wishes,
            )
            _book(
                proposal,
                session,
                series=series,
                title=title,
                note=note,
                late_reason=late_reason,
                engineers=engineers,
                by=by,
                now=now,
                key=None if number else key,
            )
        tell_of_series(series, "series", by=by, now=now)
        return series

    return ledger.once(key, act=act, earlier=_series_of)


def _written_down(
    held: Entitlement, location: Location, pattern: Pattern, *, title: str, by: User, now: datetime
) -> Series:
    return Series.objects.create(
        customer=held.order.customer,
        order=held.order,
        entitlement=held,
        location=location,
        title=written(title, field="title", limit=160),
        every=pattern.every,
        first_day=pattern.first_day,
        count=pattern.count,
        starts=pattern.starts,
        ends=pattern.ends,
        time_zone=location.time_zone,
        booked_at=now,
        booked_by=by,
    )


def _natural(held: Entitlement, session: Session) -> int:
    """What a session takes when nobody says otherwise."""
    if held.unit != Unit.MINUTE:
        return 1
    return max(1, (session.ends_at - session.starts_at) // timedelta(minutes=1))


def _book(
    proposal: Proposal,
    session: Session,
    *,
    series: Series,
    title: str,
    note: str,
    late_reason: str,
    engineers: Sequence[Engineer],
    by: User,
    now: datetime,
    key: str | None,
) -> Booking:
    """One session; a refusal names its day."""
    try:
        return make_booking(
            proposal,
            title=title,
            note=note,
            late_reason=late_reason,
            engineers=engineers,
            series=series,
            by=by,
            now=now,
            key=key,
            news="",
        )
    except Refused as refusal:
        raise of_session(refusal, session.day) from None


def _series_of(transfer: Transfer) -> Series:
    """The series of an earlier first reservation."""
    booking = Booking.objects.select_related("series").get(
        pk=transfer.subject_key.removeprefix("booking:")
    )
    if booking.series is None:
        raise ValueError(f"{booking} belongs to no series")
    return booking.series


@transaction.atomic
def cancel_series(
    *,
    series: Series,
    party: str,
    reason: str,
    by: User,
    now: datetime,
    agreed_loss: int | None = None,
) -> list[Booking]:
    """Cancel the sessions that haven't begun, each for what its own terms keep on this day.

    `agreed_loss` is the sum that the person saw; refused (`quote_changed`) when it is
    another one by now. Refused (`series_over`) when no session is left.
    """
    require_acting_person(by)
    hold_order(series.order_id)
    left = list(rest_of(series, now=now))
    if not left:
        raise Refused("series_over", clause="2.7-T19")
    quoted = series_quote(left, now=now)
    if party == Booking.Party.CUSTOMER and agreed_loss not in (None, quoted.loss.count):
        raise Refused("quote_changed", clause="2.7-T18, 2.7-T19", loss=str(quoted.loss))
    return [
        cancel_booking(booking=booking, party=party, reason=reason, by=by, now=now)
        for booking in left
    ]
