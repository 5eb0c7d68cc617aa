"""Writes of the schedule: book, move, cancel, deliver; request and answer."""

from services.scheduling.actions.bookings import Wishes, book_service, book_with_credits
from services.scheduling.actions.cancelling import cancel_booking, move_booking
from services.scheduling.actions.deciding import decide_enrolment
from services.scheduling.actions.delivery import confirm_event, deliver_booking
from services.scheduling.actions.enrolment import Person, enrol_attendees, withdraw_attendee
from services.scheduling.actions.events import (
    cancel_event,
    plan_event,
    record_risk,
    settle_risk,
    tell_risks,
)
from services.scheduling.actions.guests import admit_guests, withdraw_guests
from services.scheduling.actions.hours import log_hours, take_back_hours
from services.scheduling.actions.improvement import (
    decline_plan,
    deliver_plan,
    request_plan,
    schedule_plan,
    withdraw_plan,
)
from services.scheduling.actions.meetings import hold_meeting, plan_meeting
from services.scheduling.actions.monitoring import (
    advance_scenario,
    change_thresholds,
    define_scenario,
    name_case,
    record_trigger,
    retire_scenario,
)
from services.scheduling.actions.onboarding import (
    ask_task,
    begin_onboarding,
    complete_part,
    complete_task,
    drop_task,
)
from services.scheduling.actions.onboarding_end import end_onboarding_early
from services.scheduling.actions.recording import (
    prepare_recording,
    record_consents,
    switch_recording,
)
from services.scheduling.actions.request_data import request_with_data, supply_data
from services.scheduling.actions.requests import (
    complete_request,
    decide_request,
    request_service,
    withdraw_request,
)
from services.scheduling.actions.seats import change_seats
from services.scheduling.actions.series import book_series, cancel_series
from services.scheduling.actions.staffing import add_engineer, assign_engineers, change_engineer
from services.scheduling.actions.success import (
    achieve_objective,
    add_action,
    add_objective,
    drop_from_plan,
    finish_action,
    finish_activity,
    link_deliveries,
    plan_activity,
    record_evidence,
)

__all__ = [
    "Person",
    "Wishes",
    "achieve_objective",
    "add_action",
    "add_engineer",
    "add_objective",
    "admit_guests",
    "advance_scenario",
    "ask_task",
    "assign_engineers",
    "begin_onboarding",
    "book_series",
    "book_service",
    "book_with_credits",
    "cancel_booking",
    "cancel_event",
    "cancel_series",
    "change_engineer",
    "change_seats",
    "change_thresholds",
    "complete_part",
    "complete_request",
    "complete_task",
    "confirm_event",
    "decide_enrolment",
    "decide_request",
    "decline_plan",
    "define_scenario",
    "deliver_booking",
    "deliver_plan",
    "drop_from_plan",
    "drop_task",
    "end_onboarding_early",
    "enrol_attendees",
    "finish_action",
    "finish_activity",
    "hold_meeting",
    "link_deliveries",
    "log_hours",
    "move_booking",
    "name_case",
    "plan_activity",
    "plan_event",
    "plan_meeting",
    "prepare_recording",
    "record_consents",
    "record_evidence",
    "record_risk",
    "record_trigger",
    "request_plan",
    "request_service",
    "request_with_data",
    "retire_scenario",
    "schedule_plan",
    "settle_risk",
    "supply_data",
    "switch_recording",
    "take_back_hours",
    "tell_risks",
    "withdraw_attendee",
    "withdraw_guests",
    "withdraw_plan",
    "withdraw_request",
]
