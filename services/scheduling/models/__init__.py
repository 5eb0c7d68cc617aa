"""What is being delivered: requests, bookings, who delivers them, onboarding."""

from services.scheduling.models.bookings import Booking, BookingQuerySet
from services.scheduling.models.engineers import Engineer, EngineerAssignment, EngineerSlot
from services.scheduling.models.events import EventBrief, EventRisk
from services.scheduling.models.guests import Guest, GuestQuerySet
from services.scheduling.models.hours import HourLog
from services.scheduling.models.meetings import TeamMeeting
from services.scheduling.models.modes import Mode, Work
from services.scheduling.models.onboarding import (
    ImprovementPlan,
    MonitoringScenario,
    MonitorTrigger,
    OnboardingTask,
)
from services.scheduling.models.requests import (
    RequestDatum,
    ServiceRequest,
    ServiceRequestQuerySet,
)
from services.scheduling.models.seats import Attendee, AttendeeQuerySet, Workshop, WorkshopQuerySet
from services.scheduling.models.series import Series
from services.scheduling.models.success import (
    DutyEvidence,
    SuccessAction,
    SuccessActivity,
    SuccessObjective,
)

__all__ = [
    "Attendee",
    "AttendeeQuerySet",
    "Booking",
    "BookingQuerySet",
    "DutyEvidence",
    "Engineer",
    "EngineerAssignment",
    "EngineerSlot",
    "EventBrief",
    "EventRisk",
    "Guest",
    "GuestQuerySet",
    "HourLog",
    "ImprovementPlan",
    "Mode",
    "MonitorTrigger",
    "MonitoringScenario",
    "OnboardingTask",
    "RequestDatum",
    "Series",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "SuccessAction",
    "SuccessActivity",
    "SuccessObjective",
    "TeamMeeting",
    "Work",
    "Workshop",
    "WorkshopQuerySet",
]
