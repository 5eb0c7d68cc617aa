"""Addresses."""

from django.urls import path

from incidents.views import acts, charts, components, conduct, detail, listing, opening

app_name = "incidents"

urlpatterns = [
    path("", listing.incident_list, name="incident-list"),
    path("export.csv", listing.incident_export, name="incident-export"),
    path("new/", opening.incident_open, name="incident-open"),
    path("<int:pk>/", detail.incident_detail, name="incident-detail"),
    path("<int:pk>/response/", acts.incident_respond, name="incident-respond"),
    path("<int:pk>/update/", acts.incident_update, name="incident-update"),
    path("<int:pk>/severity/", acts.incident_severity, name="incident-severity"),
    path("<int:pk>/ask/", acts.incident_ask, name="incident-ask"),
    path("<int:pk>/duties/<int:duty>/met/", acts.duty_meet, name="duty-meet"),
    path("<int:pk>/duties/<int:duty>/pause/", conduct.duty_pause, name="duty-pause"),
    path("<int:pk>/duties/<int:duty>/resume/", conduct.duty_resume, name="duty-resume"),
    path("<int:pk>/duties/<int:duty>/failed/", conduct.duty_failed, name="duty-failed"),
    path("<int:pk>/lower/", conduct.incident_lower, name="incident-lower"),
    path("<int:pk>/step-down/", conduct.incident_step_down, name="incident-step-down"),
    path("<int:pk>/restore/", conduct.incident_restore, name="incident-restore"),
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
