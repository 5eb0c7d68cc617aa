"""The schedule in the API: bookings, requests, engineers."""

from rest_framework.routers import SimpleRouter

from services.scheduling.api.bookings import BookingViewSet
from services.scheduling.api.engineers import EngineerViewSet
from services.scheduling.api.hours import HourLogViewSet
from services.scheduling.api.requests import ServiceRequestViewSet
from services.scheduling.api.series import SeriesViewSet

router = SimpleRouter()
router.register("bookings", BookingViewSet, basename="booking")
router.register("service-requests", ServiceRequestViewSet, basename="service-request")
router.register("hour-logs", HourLogViewSet, basename="hour-log")
router.register("series", SeriesViewSet, basename="series")
router.register("engineers", EngineerViewSet, basename="engineer")
