"""Writes of the schedule: book, move, cancel, deliver; request and answer."""

from services.scheduling.actions.bookings import Wishes, book_service, book_with_credits
from services.scheduling.actions.cancelling import cancel_booking, move_booking
from services.scheduling.actions.delivery import confirm_event, deliver_booking
from services.scheduling.actions.requests import (
    complete_request,
    decide_request,
    request_service,
    withdraw_request,
)
from services.scheduling.actions.series import book_series, cancel_series
from services.scheduling.actions.staffing import add_engineer, assign_engineers, change_engineer

__all__ = [
    "Wishes",
    "add_engineer",
    "assign_engineers",
    "book_series",
    "book_service",
    "book_with_credits",
    "cancel_booking",
    "cancel_series",
    "change_engineer",
    "complete_request",
    "confirm_event",
    "decide_request",
    "deliver_booking",
    "move_booking",
    "request_service",
    "withdraw_request",
]
