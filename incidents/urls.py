"""Addresses."""

from django.urls import path

from incidents.views import acts, charts, components, detail, listing, opening, replay

app_name = "incidents"

urlpatterns = [
    path("", listing.incident_list, name="incident-list"),
    path("export.csv", listing.incident_export, name="incident-export"),
    path("new/", opening.incident_open, name="incident-open"),
    path("replay/<int:customer>/", replay.incident_replay, name="incident-replay"),
    path(
        "replay/<int:customer>/export.csv",
        replay.incident_replay_export,
        name="incident-replay-export",
    ),
    path("<int:pk>/", detail.incident_detail, name="incident-detail"),
    path("<int:pk>/response/", acts.incident_respond, name="incident-respond"),
    path("<int:pk>/update/", acts.incident_update, name="incident-update"),
    path("<int:pk>/severity/", acts.incident_severity, name="incident-severity"),
    path("<int:pk>/ask/", acts.incident_ask, name="incident-ask"),
    path("<int:pk>/duties/<int:duty>/met/", acts.duty_meet, name="duty-meet"),
    path("<int:pk>/mitigated/", acts.incident_mitigate, name="incident-mitigate"),
    path("<int:pk>/analysis/", acts.incident_analyse, name="incident-analyse"),
    path("<int:pk>/close/", acts.incident_close, name="incident-close"),
]

# What an edition says of incidents: pages of the catalogue.
catalogue_patterns = [
    path("charts/", charts.chart_list, name="chart-list"),
    path("charts/<slug:code>/", charts.chart_detail, name="chart-detail"),
    path("products/", components.component_list, name="component-list"),
    path("products/<path:name>/", components.component_detail, name="component-detail"),
]
