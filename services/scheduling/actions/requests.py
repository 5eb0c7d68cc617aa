"""A customer asks for a service; the CSAM books it or declines with a reason."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import Location, User
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from services.scheduling.actions.bookings import book_service, book_with_credits
from services.scheduling.actions.checks import hold, hold_order
from services.scheduling.actions.news import tell_of_request
from services.scheduling.models import Booking, Mode, ServiceRequest
from services.scheduling.queries.requests import cutoff_of, request_objections
from workorders.models import Entitlement
from workorders.models.orders import Unit
from workorders.queries.locations import zone_of
from workorders.rules.requests import check_request

Decision = ServiceRequest.Decision


@transaction.atomic
def request_service(
    *,
    entitlement: Entitlement,
    location: Location,
    wanted_from: date,
    wanted_until: date,
    by: User,
    now: datetime,
    quantity: int = 1,
    offering: Offering | None = None,
    mode: str = Mode.REMOTE,
    language: str = "en",
    note: str = "",
    data_complete: bool = True,
) -> ServiceRequest:
    """Ask for `quantity` of an entitlement some time in a period, both days included.

    With credits, `offering` is the service that they are to buy. Refused for the first
    of `request_objections`; the data may follow, by the last day (2.8-C20).
    """
    require_acting_person(by)
    words = written(note, field="note", limit=4000)
    held = hold(entitlement)
    for refusal in request_objections(
        held,
        location=location,
        offering=offering,
        quantity=quantity,
        wanted=(wanted_from, wanted_until),
        now=now,
    ):
        raise refusal
    request = ServiceRequest.objects.create(
        customer=held.order.customer,
        order=held.order,
        entitlement=held,
        offering=offering or held.offering,
        location=location,
        quantity=quantity,
        wanted_from=wanted_from,
        wanted_until=wanted_until,
        mode=mode,
        language=language,
        note=words,
        requested_at=now,
        requested_by=by,
        data_completed_at=now if data_complete else None,
    )
    tell_of_request(request, "requested", by=by, now=now)
    return request


@transaction.atomic
def complete_request(*, service_request: ServiceRequest, by: User, now: datetime) -> ServiceRequest:
    """Record that all necessary data is in; late after the last day, like the request."""
    require_acting_person(by)
    current = take_waiting(service_request)
    if current.data_completed_at is not None:
        return current
    last_day = cutoff_of(current)
    if last_day is not None:
        check_request(
            last_day.result,
            requested=current.requested_at,
            data=now,
            zone=zone_of(current.customer),
        )
    current.data_completed_at = now
    current.save(update_fields=["data_completed_at"])
    return current


@transaction.atomic
def decide_request(
    *,
    service_request: ServiceRequest,
    accept: bool,
    by: User,
    now: datetime,
    reason: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    value: Money | None = None,
    **booking: Any,
) -> Booking | None:
    """Book what was asked for, or decline it with a reason; one answer a request.

    The request's day counts for the cut-off. `value` is what the service costs where
    credits pay; `booking` are further wishes.
    """
    require_account_manager(by)
    current = take_waiting(service_request)
    if not accept:
        why = written(reason, field="reason", limit=300, required=True)
        _close(current, Decision.DECLINED, reason=why, by=by, now=now)
        tell_of_request(current, "declined", by=by, now=now)
        return None
    if starts_at is None or ends_at is None:
        raise ValueError("an accepted request is booked at a time")
    wishes: dict[str, Any] = {
        "quantity": current.quantity,
        "location": current.location,
        "mode": current.mode,
        "language": current.language,
        **booking,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "by": by,
        "now": now,
    }
    return _book(current, value, wishes)


def _book(request: ServiceRequest, value: Money | None, wishes: dict[str, Any]) -> Booking:
    if request.entitlement.unit != Unit.CREDIT:
        return book_service(entitlement=request.entitlement, request=request, **wishes)
    if value is None:
        raise Refused("value_required", clause="2.3-PC3", field="value")
    del wishes["quantity"]  # so many credits as the value costs
    return book_with_credits(
        order=request.order, offering=request.offering, value=value, request=request, **wishes
    )


@transaction.atomic
def withdraw_request(
    *, service_request: ServiceRequest, by: User, now: datetime, reason: str = ""
) -> ServiceRequest:
    """Take a request back before it is answered; nothing was set aside for it."""
    require_acting_person(by)
    current = take_waiting(service_request)
    why = written(reason, field="reason", limit=300)
    _close(current, Decision.WITHDRAWN, reason=why, by=by, now=now)
    tell_of_request(current, "withdrawn", by=by, now=now)
    return current


def take_waiting(request: ServiceRequest) -> ServiceRequest:
    """The request and its order, kept until the transaction ends; refused once answered."""
    hold_order(request.order_id)
    rows = ServiceRequest.objects.filter(pk=request.pk)
    list(rows.select_for_update(of=("self",)).values_list("pk"))
    current = rows.select_related(
        "customer",
        "location",
        "offering",
        "order__customer",
        "order__edition",
        "entitlement__line",
        "entitlement__location",
        "entitlement__offering",
        "entitlement__order__customer",
        "entitlement__order__edition",
    ).get()
    if current.decided_at is not None:
        raise Refused(
            "already_decided", field="request", decision=str(current.get_decision_display())
        )
    return current


def _close(request: ServiceRequest, decision: str, *, reason: str, by: User, now: datetime) -> None:
    request.decided_at = now
    request.decided_by = by
    request.decision = decision
    request.decision_reason = reason
    request.save(update_fields=["decided_at", "decided_by", "decision", "decision_reason"])
