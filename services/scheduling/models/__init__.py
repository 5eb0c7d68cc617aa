"""What is being delivered: requests for services and bookings."""

from services.scheduling.models.bookings import Booking, BookingQuerySet
from services.scheduling.models.modes import Mode, Work
from services.scheduling.models.requests import ServiceRequest, ServiceRequestQuerySet

__all__ = ["Booking", "BookingQuerySet", "Mode", "ServiceRequest", "ServiceRequestQuerySet", "Work"]
