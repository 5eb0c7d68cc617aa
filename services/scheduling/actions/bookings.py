"""Book a service against an entitlement, or against credits that buy it first."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from services.scheduling.actions.checks import hold, hold_order
from services.scheduling.actions.dates import set_dates, subject_of
from services.scheduling.actions.news import tell_of_booking
from services.scheduling.actions.seats import open_enrolment
from services.scheduling.actions.staffing import hold_engineers
from services.scheduling.models import Booking, Engineer, Series, ServiceRequest
from services.scheduling.queries.objections import (
    is_late_request,
    mode_of,
    objections,
    without_late_request,
)
from services.scheduling.queries.proposals import Proposal
from services.scheduling.queries.terms import terms_to_freeze
from workorders.actions import ledger
from workorders.actions.holdings import redeem_credits, reserve_units
from workorders.actions.orders import override_refusal
from workorders.models import Entitlement, Transfer, WorkOrder
from workorders.queries.locations import zone_of


class Wishes(TypedDict, total=False):
    """What a booking may say beyond where, when and how much."""

    mode: str
    language: str
    language_agreed: bool
    written_agreement: bool
    fee_recorded: bool
    visit_prepaid: bool
    attendees: int | None
    minimum_attendees: int | None
    decide_on: date | None
    work: str
    event_solution: str
    event_cloud: str
    event_confirmed_on: date | None
    short_notice_agreed: bool
    restricted_staff: bool
    fewer_events: bool


@transaction.atomic
def book_service(
    *,
    entitlement: Entitlement,
    location: Location,
    starts_at: datetime,
    ends_at: datetime,
    quantity: int,
    by: User,
    now: datetime,
    title: str = "",
    note: str = "",
    late_reason: str = "",
    request: ServiceRequest | None = None,
    engineers: Sequence[Engineer] = (),
    idempotency_key: str = "",
    **wishes: Unpack[Wishes],
) -> Booking:
    """Set `quantity` of the entitlement aside for these times; its terms are frozen.

    Refused for the first of `objections`. A request after the last day is taken with a
    `late_reason` of staff, which is kept (2.8-C20); one that a customer made in time
    stays in time. The time of `engineers` is held; refused when one of them is taken. The
    same `idempotency_key` again answers with the booking of that time.
    """
    require_account_manager(by)

    def act() -> Booking:
        asked = _asked_at(request)
        proposal = Proposal(held, location, starts_at, ends_at, quantity, **asked, **wishes)
        return make_booking(
            proposal,
            title=title,
            note=note,
            late_reason=late_reason,
            request=request,
            engineers=engineers,
            by=by,
            now=now,
            key=key,
        )

    held = hold(entitlement)
    key = f"book:{by.pk}:{idempotency_key}" if idempotency_key else None
    return ledger.once(key, act=act, earlier=_booking_of)


@transaction.atomic
def book_with_credits(
    *,
    order: WorkOrder,
    offering: Offering,
    value: Money,
    location: Location,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    now: datetime,
    title: str = "",
    note: str = "",
    late_reason: str = "",
    request: ServiceRequest | None = None,
    engineers: Sequence[Engineer] = (),
    idempotency_key: str = "",
    **wishes: Unpack[Wishes],
) -> Booking:
    """Redeem the location's credits for one delivery worth `value` and book it: both or none.

    The rate is that of today at the host location, the day of approval (2.3-PC2).
    """
    require_account_manager(by)
    key = f"{by.pk}:{idempotency_key}" if idempotency_key else ""
    hold_order(order.pk)
    current = WorkOrder.objects.select_related("customer", "edition").get(pk=order.pk)
    today = local_date(now, zone_of(current.customer))
    redemption = redeem_credits(
        order=current,
        location=location,
        lines=[(offering, value)],
        approved_on=today,
        by=by,
        now=now,
        idempotency_key=key,
    )[0]
    return book_service(
        entitlement=redemption.entitlement,
        location=location,
        starts_at=starts_at,
        ends_at=ends_at,
        quantity=1,
        by=by,
        now=now,
        title=title,
        note=note,
        late_reason=late_reason,
        request=request,
        engineers=engineers,
        idempotency_key=idempotency_key,
        **wishes,
    )


@transaction.atomic
def make_booking(
    proposal: Proposal,
    *,
    by: User,
    now: datetime,
    title: str = "",
    note: str = "",
    late_reason: str = "",
    request: ServiceRequest | None = None,
    engineers: Sequence[Engineer] = (),
    series: Series | None = None,
    key: str | None = None,
    news: str = "booked",
) -> Booking:
    """Check the proposal, write the booking, reserve its units and its engineers' time.

    Its dates are set, and people are told; without `news` that is for the caller.
    """
    is_late = _refuse_objections(proposal, now=now, late_reason=late_reason)
    booking = _written_down(
        proposal,
        title=written(title, field="title", limit=160),
        note=written(note, field="note", limit=500),
        series=series,
        by=by,
        now=now,
    )
    reserve_units(
        entitlement=proposal.entitlement,
        quantity=proposal.quantity,
        subject_key=subject_of(booking),
        by=by,
        on=local_date(now, proposal.host_zone),
        now=now,
        idempotency_key=key,
    )
    hold_engineers(booking, engineers, by=by, now=now)
    if is_late:
        override_refusal(
            customer=booking.customer,
            subject_key=subject_of(booking),
            code="late_request",
            reason=late_reason,
            by=by,
            now=now,
        )
    if request is not None:
        _answer(request, booking, by=by, now=now)
    set_dates(booking, proposal, now=now)
    open_enrolment(booking, proposal, now=now)
    if news:
        tell_of_booking(booking, news, by=by, now=now)
    return booking


def _refuse_objections(proposal: Proposal, *, now: datetime, late_reason: str) -> bool:
    """Raise what stands against it; whether it is late and taken for a reason."""
    if proposal.quantity < 1:
        raise Refused("quantity_invalid", field="quantity", quantity=proposal.quantity)
    found = objections(proposal, now=now)
    for refusal in without_late_request(found):
        raise refusal
    late = next((refusal for refusal in found if is_late_request(refusal)), None)
    if late is None:
        return False
    if not written(late_reason, field="late_reason", limit=1000):
        raise late
    return True


def _written_down(
    proposal: Proposal,
    *,
    title: str,
    note: str,
    series: Series | None,
    by: User,
    now: datetime,
) -> Booking:
    entitlement, used = proposal.entitlement, proposal.language_used.result
    booking = Booking.objects.create(
        # Taken until the key is known; the reference is made of it.
        reference=uuid.uuid4().hex[:20],
        customer=entitlement.order.customer,
        order=entitlement.order,
        entitlement=entitlement,
        location=proposal.location,
        series=series,
        title=title,
        starts_at=proposal.starts_at,
        ends_at=proposal.ends_at,
        mode=proposal.mode,
        language=used,
        language_wanted=proposal.language if proposal.language != used else "",
        language_agreed=proposal.language_agreed,
        attendees=proposal.attendees,
        minimum_attendees=proposal.minimum_attendees,
        work=proposal.work,
        event_solution=proposal.event_solution,
        event_cloud=proposal.event_cloud,
        event_confirmed_on=proposal.event_confirmed_on,
        short_notice_agreed=proposal.short_notice_agreed,
        quantity=proposal.quantity,
        fee_minor=proposal.fee.minor,
        currency=proposal.fee.currency,
        terms=terms_to_freeze(entitlement.order.edition, proposal.zone),
        written_agreement=proposal.written_agreement,
        fee_recorded=proposal.fee_recorded,
        visit_prepaid=proposal.visit_prepaid,
        travel_billed=mode_of(proposal).travel_billed,
        note=note,
        booked_at=now,
        booked_by=by,
    )
    booking.reference = f"BK-{booking.pk:04d}"
    booking.save(update_fields=["reference"])
    return booking


def _asked_at(request: ServiceRequest | None) -> dict[str, datetime]:
    """When a customer asked and its data was complete; nothing for what staff book."""
    if request is None:
        return {}
    if request.data_completed_at is None:
        raise Refused("data_missing", clause="2.8-C20", field="data")
    return {"requested_at": request.requested_at, "data_at": request.data_completed_at}


def _answer(request: ServiceRequest, booking: Booking, *, by: User, now: datetime) -> None:
    """The request is answered by the booking; one answer a request."""
    waiting = ServiceRequest.objects.waiting().filter(pk=request.pk, order=booking.order_id)
    answered = waiting.update(
        decided_at=now,
        decided_by=by,
        decision=ServiceRequest.Decision.BOOKED,
        booking=booking,
    )
    if not answered:
        raise Refused("already_decided", field="request")


def _booking_of(transfer: Transfer) -> Booking:
    """The booking of an earlier reservation."""
    return Booking.objects.get(pk=transfer.subject_key.removeprefix("booking:"))
