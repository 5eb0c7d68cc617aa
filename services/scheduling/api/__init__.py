"""The schedule in the API: bookings, requests, engineers, forecast, planner."""

from rest_framework.routers import SimpleRouter

from services.scheduling.api.bookings import BookingViewSet
from services.scheduling.api.engineers import EngineerViewSet
from services.scheduling.api.forecast import ForecastViewSet, PlannerViewSet
from services.scheduling.api.requests import ServiceRequestViewSet

router = SimpleRouter()
router.register("bookings", BookingViewSet, basename="booking")
router.register("service-requests", ServiceRequestViewSet, basename="service-request")
router.register("engineers", EngineerViewSet, basename="engineer")
router.register("forecast", ForecastViewSet, basename="forecast")
router.register(
    r"customers/(?P<customer>\d{1,18})/planner", PlannerViewSet, basename="customer-planner"
)
