"""Addresses."""

from django.urls import path

from incidents.views import (
    acts,
    afterwards,
    charts,
    components,
    conduct,
    detail,
    lesson_acts,
    lessons,
    listing,
    opening,
    queue,
    replay,
)

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
    path(
        "replay/<int:customer>/paper.pdf",
        replay.incident_replay_paper,
        name="incident-replay-paper",
    ),
    path("bulk/", queue.incident_bulk, name="incident-bulk"),
    path("views/", queue.view_save, name="view-save"),
    path("views/<int:pk>/delete/", queue.view_delete, name="view-delete"),
    path("history/", queue.incident_history, name="incident-history"),
    path("problems/", lessons.problem_list, name="problem-list"),
    path("problems/<int:pk>/", lessons.problem_detail, name="problem-detail"),
    path("problems/<int:pk>/solve/", lesson_acts.problem_solve, name="problem-solve"),
    path("problems/<int:pk>/actions/", lesson_acts.problem_action, name="problem-action"),
    path(
        "problems/<int:pk>/actions/<int:follow_up>/done/",
        lesson_acts.problem_action_done,
        name="problem-action-done",
    ),
    path("events/", lessons.event_list, name="event-list"),
    path("events/<int:pk>/", lessons.event_detail, name="event-detail"),
    path("events/<int:pk>/close/", lesson_acts.event_close, name="event-close"),
    path("emergencies/", lessons.emergency_list, name="emergency-list"),
    path("emergencies/new/", lesson_acts.emergency_start, name="emergency-start"),
    path("emergencies/<int:pk>/", lessons.emergency_detail, name="emergency-detail"),
    path("emergencies/<int:pk>/scope/", lesson_acts.emergency_scope, name="emergency-scope"),
    path(
        "emergencies/<int:pk>/contract/", lesson_acts.emergency_contract, name="emergency-contract"
    ),
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
    path("<int:pk>/analysis/", afterwards.incident_analyse, name="incident-analyse"),
    path("<int:pk>/roles/", afterwards.role_request, name="role-request"),
    path("<int:pk>/roles/<int:role>/", afterwards.role_assign, name="role-assign"),
    path("<int:pk>/engineer-time/", afterwards.engineer_time, name="engineer-time"),
    path("<int:pk>/analysis/info/", afterwards.analysis_info, name="analysis-info"),
    path(
        "<int:pk>/analysis/<int:analysis>/quote/", afterwards.analysis_quote, name="analysis-quote"
    ),
    path(
        "<int:pk>/analysis/<int:analysis>/agree/", afterwards.analysis_agree, name="analysis-agree"
    ),
    path(
        "<int:pk>/analysis/<int:analysis>/deliver/",
        afterwards.analysis_deliver,
        name="analysis-deliver",
    ),
    path("<int:pk>/material/<int:material>/", afterwards.material_hand_in, name="material-hand-in"),
    path("<int:pk>/review/plan/", afterwards.review_plan, name="review-plan"),
    path("<int:pk>/review/", afterwards.review_hold, name="review-hold"),
    path("<int:pk>/actions/", afterwards.follow_up_add, name="follow-up-add"),
    path(
        "<int:pk>/actions/<int:follow_up>/done/", afterwards.follow_up_done, name="follow-up-done"
    ),
    path("<int:pk>/problem/add/", afterwards.problem_add, name="problem-add"),
    path("<int:pk>/problem/", afterwards.problem_open, name="problem-open"),
    path("<int:pk>/close/", acts.incident_close, name="incident-close"),
]

# What an edition says of incidents: pages of the catalogue.
catalogue_patterns = [
    path("charts/", charts.chart_list, name="chart-list"),
    path("charts/<slug:code>/", charts.chart_detail, name="chart-detail"),
    path("products/", components.component_list, name="component-list"),
    path("products/<path:name>/", components.component_detail, name="component-detail"),
]
