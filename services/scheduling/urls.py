"""Addresses."""

from django.urls import URLPattern, path

from services.scheduling.views import (
    booking,
    booking_form,
    cancelling,
    engineers,
    forecast,
    guests,
    hours,
    listing,
    onboarding,
    onboarding_acts,
    planner,
    requests,
    series,
    success,
)

app_name = "scheduling"

urlpatterns: list[URLPattern] = [
    path("", listing.booking_list, name="booking-list"),
    path("export.csv", listing.booking_export, name="booking-export"),
    path("new/", booking_form.booking_create, name="booking-create"),
    path("<int:pk>/", booking.booking_detail, name="booking-detail"),
    path("<int:pk>/cancel/", cancelling.booking_cancel, name="booking-cancel"),
    path("<int:pk>/move/", cancelling.booking_move, name="booking-move"),
    path("<int:pk>/deliver/", booking.booking_deliver, name="booking-deliver"),
    path("<int:pk>/confirm/", booking.event_confirm, name="event-confirm"),
    path("orders/<int:pk>/onboarding/", onboarding.order_onboarding, name="order-onboarding"),
    path("onboarding/<str:act>/<int:pk>/", onboarding_acts.onboarding_act, name="onboarding-act"),
    path("<int:pk>/team/", engineers.booking_team, name="booking-team"),
    path("<int:pk>/guests/", guests.booking_guests, name="booking-guests"),
    path("guests/<int:pk>/", guests.guest_detail, name="guest-detail"),
    path("hours/", hours.hours_list, name="hours-list"),
    path("hours/<int:pk>/", hours.hours_detail, name="hours-detail"),
    path("series/<int:pk>/", series.series_detail, name="series-detail"),
    path("series/<int:pk>/cancel/", series.series_cancel, name="series-cancel"),
    path("engineers/", engineers.engineer_list, name="engineer-list"),
    path("engineers/new/", engineers.engineer_create, name="engineer-create"),
    path("engineers/<int:pk>/", engineers.engineer_detail, name="engineer-detail"),
    path("engineers/<int:pk>/edit/", engineers.engineer_edit, name="engineer-edit"),
    path("forecast/", forecast.forecast_list, name="forecast-list"),
    path("forecast/export.csv", forecast.forecast_export, name="forecast-export"),
    path("forecast/<int:pk>/", forecast.forecast_detail, name="forecast-detail"),
    path("planner/<int:pk>/", planner.planner_detail, name="planner-detail"),
    path("customers/<int:pk>/success/", success.customer_success, name="customer-success"),
    path("success/<str:act>/<int:pk>/", success.success_act, name="success-act"),
    path("requests/", requests.request_list, name="request-list"),
    path("requests/new/", requests.request_create, name="request-create"),
    path("requests/<int:pk>/", requests.request_detail, name="request-detail"),
    path("requests/<int:pk>/decline/", requests.request_decline, name="request-decline"),
    path("requests/<int:pk>/withdraw/", requests.request_withdraw, name="request-withdraw"),
    path("requests/<int:pk>/complete/", requests.request_complete, name="request-complete"),
]
