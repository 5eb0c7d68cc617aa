"""What is being delivered: requests for services, bookings, onboarding."""

from services.scheduling.models.bookings import Booking, BookingQuerySet
from services.scheduling.models.modes import Mode, Work
from services.scheduling.models.onboarding import (
    ImprovementPlan,
    MonitoringScenario,
    MonitorTrigger,
    OnboardingTask,
)
from services.scheduling.models.requests import ServiceRequest, ServiceRequestQuerySet

__all__ = [
    "Booking",
    "BookingQuerySet",
    "ImprovementPlan",
    "Mode",
    "MonitorTrigger",
    "MonitoringScenario",
    "OnboardingTask",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "Work",
]
