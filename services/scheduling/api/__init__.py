"""The schedule in the API: bookings, requests, engineers, plans, forecast, planner."""

from rest_framework.routers import SimpleRouter

from services.scheduling.api.bookings import BookingViewSet
from services.scheduling.api.engineers import EngineerViewSet
from services.scheduling.api.events import AzureEventViewSet, EventRiskViewSet
from services.scheduling.api.forecast import ForecastViewSet, PlannerViewSet
from services.scheduling.api.guests import GuestViewSet
from services.scheduling.api.hours import HourLogViewSet
from services.scheduling.api.meetings import TeamMeetingViewSet
from services.scheduling.api.onboarding import (
    ImprovementPlanViewSet,
    MonitoringScenarioViewSet,
    OnboardingTaskViewSet,
    OnboardingViewSet,
)
from services.scheduling.api.requests import ServiceRequestViewSet
from services.scheduling.api.seats import AttendeeViewSet, WorkshopViewSet
from services.scheduling.api.series import SeriesViewSet
from services.scheduling.api.success import SuccessPlanViewSet
from services.scheduling.api.success_rows import (
    SuccessActionViewSet,
    SuccessActivityViewSet,
    SuccessObjectiveViewSet,
)

router = SimpleRouter()
router.register("bookings", BookingViewSet, basename="booking")
router.register("azure-events", AzureEventViewSet, basename="azure-event")
router.register("event-risks", EventRiskViewSet, basename="event-risk")
router.register("service-requests", ServiceRequestViewSet, basename="service-request")
router.register("guests", GuestViewSet, basename="guest")
router.register("hour-logs", HourLogViewSet, basename="hour-log")
router.register("series", SeriesViewSet, basename="series")
router.register("workshops", WorkshopViewSet, basename="workshop")
router.register("attendees", AttendeeViewSet, basename="attendee")
router.register("engineers", EngineerViewSet, basename="engineer")
router.register("onboardings", OnboardingViewSet, basename="onboarding")
router.register("onboarding-tasks", OnboardingTaskViewSet, basename="onboarding-task")
router.register("monitoring-scenarios", MonitoringScenarioViewSet, basename="monitoring-scenario")
router.register("improvement-plans", ImprovementPlanViewSet, basename="improvement-plan")
router.register("team-meetings", TeamMeetingViewSet, basename="team-meeting")
router.register("success-plans", SuccessPlanViewSet, basename="success-plan")
router.register("success-objectives", SuccessObjectiveViewSet, basename="success-objective")
router.register("success-activities", SuccessActivityViewSet, basename="success-activity")
router.register("success-actions", SuccessActionViewSet, basename="success-action")
router.register("forecast", ForecastViewSet, basename="forecast")
router.register(
    r"customers/(?P<customer>\d{1,18})/planner", PlannerViewSet, basename="customer-planner"
)
