"""The pages that `make screenshots` takes pictures of. One row a page; add yours.

`path` is where to go. With `follow`, the first link there whose address matches is opened
instead: so a page of a particular order or incident needs no id.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """Whose page, where, and under which name the picture is kept."""

    name: str
    role: str
    path: str
    follow: str = ""


CSAM, CUSTOMER, CATALOGUE, NOBODY = "csam", "customer_administrator", "catalogue_administrator", ""
SYSTEM = "system_administrator"

PAGES = [
    Page("sign_in", NOBODY, "/"),
    Page("today", CSAM, "/"),
    Page("customers", CSAM, "/customers/"),
    Page("customer", CSAM, "/customers/", r"/customers/\d+/"),
    Page("orders", CSAM, "/orders/"),
    Page("order", CSAM, "/orders/?state=in_force", r"/orders/\d+/"),
    Page("order_flex", CSAM, "/orders/?state=in_force", r"/orders/\d+/flex/"),
    Page("order_credits", CSAM, "/orders/?state=in_force", r"/orders/\d+/credits/"),
    Page("order_deadlines", CSAM, "/orders/?state=in_force", r"/orders/\d+/deadlines/"),
    Page("order_history", CSAM, "/orders/?state=in_force", r"/orders/\d+/history/"),
    Page("order_statement", CSAM, "/orders/?state=in_force", r"/orders/\d+/statement/"),
    Page("order_invoices", CSAM, "/orders/?state=in_force", r"/orders/\d+/invoices/"),
    Page("order_documents", CSAM, "/orders/?state=in_force", r"/orders/\d+/documents/"),
    Page("order_exchanges", CSAM, "/orders/?state=in_force", r"/orders/\d+/exchanges/"),
    Page("exchange", CSAM, "/orders/1/exchanges/", r"/orders/exchanges/\d+/"),
    Page("entitlement", CSAM, "/orders/entitlements/1/"),
    Page("onboarding", CSAM, "/schedule/orders/1/onboarding/"),
    Page("order_edit", CSAM, "/orders/?state=draft", r"/orders/\d+/edit/"),
    Page("deadlines", CSAM, "/orders/deadlines/"),
    Page("deadline", CSAM, "/orders/deadlines/", r"/orders/deadlines/\d+/"),
    Page("schedule", CSAM, "/schedule/"),
    Page("schedule_month", CSAM, "/schedule/?view=month"),
    Page("schedule_week", CSAM, "/schedule/?view=week"),
    Page("forecast", CSAM, "/schedule/forecast/"),
    Page("forecast_customer", CSAM, "/schedule/forecast/", r"/schedule/forecast/\d+/"),
    Page("planner", CSAM, "/schedule/forecast/", r"/schedule/planner/\d+/"),
    Page("schedule_term", CUSTOMER, "/schedule/?view=term"),
    Page("booking", CSAM, "/schedule/", r"/schedule/\d+/"),
    Page("booking_cancel", CSAM, "/schedule/", r"/schedule/\d+/cancel/"),
    Page("booking_move", CSAM, "/schedule/", r"/schedule/\d+/move/"),
    Page("booking_new", CSAM, "/schedule/new/"),
    Page("booking_team", CSAM, "/schedule/", r"/schedule/\d+/team/"),
    Page("workshop_short", CSAM, "/schedule/?q=Clinical", r"/schedule/\d+/"),
    Page("workshop_full", CSAM, "/schedule/?q=SQL+Server+%E9%AB%98", r"/schedule/\d+/"),
    Page("booking_guests", CSAM, "/schedule/guests/1/", r"/schedule/\d+/guests/"),
    Page("guests", CSAM, "/schedule/guests/1/"),
    Page("azure_events", CSAM, "/schedule/events/"),
    Page("azure_event", CSAM, "/schedule/events/", r"/schedule/\d+/event/"),
    Page("azure_event_past", CSAM, "/schedule/events/?period=past", r"/schedule/\d+/event/"),
    Page("azure_event_new", CSAM, "/schedule/events/new/"),
    Page("reviews", CSAM, "/customers/1/", r"/schedule/customers/\d+/reviews/"),
    Page("engineers", CSAM, "/schedule/engineers/"),
    Page("engineer", CSAM, "/schedule/engineers/", r"/schedule/engineers/\d+/"),
    Page("series", CSAM, "/schedule/series/1/"),
    Page("hours", CSAM, "/schedule/hours/"),
    Page("hours_of_service", CSAM, "/schedule/hours/", r"/schedule/hours/\d+/"),
    Page("engineer_new", CSAM, "/schedule/engineers/new/"),
    Page("requests", CSAM, "/schedule/requests/"),
    Page("request", CSAM, "/schedule/requests/", r"/schedule/requests/\d+/"),
    Page("incidents", CSAM, "/incidents/"),
    Page("incident", CSAM, "/incidents/", r"/incidents/\d+/"),
    Page("incident_replay", CSAM, "/incidents/replay/1/"),
    Page("incident_new", CSAM, "/incidents/new/"),
    Page("incident_paused", CSAM, "/incidents/?severity=B", r"/incidents/\d+/"),
    Page("incident_history", CSAM, "/incidents/history/"),
    Page("problems", CSAM, "/incidents/problems/"),
    Page("problem", CSAM, "/incidents/problems/", r"/incidents/problems/\d+/"),
    Page("events", CSAM, "/incidents/events/"),
    Page("emergencies", CSAM, "/incidents/emergencies/"),
    Page("emergency", CSAM, "/incidents/emergencies/", r"/incidents/emergencies/\d+/"),
    Page("catalogue", CSAM, "/catalogue/"),
    Page("offering", CSAM, "/catalogue/", r"/catalogue/offerings/[\w-]+/"),
    Page("readings", CSAM, "/catalogue/readings/"),
    Page("clause", CSAM, "/catalogue/clauses/2.8-C20/"),
    Page("charts", CSAM, "/catalogue/charts/"),
    Page("chart", CSAM, "/catalogue/charts/uer/?severity=A&class=other"),
    Page("products", CSAM, "/catalogue/products/"),
    Page("product", CSAM, "/catalogue/products/", r"/catalogue/products/.+/"),
    Page("profile", CSAM, "/profile/"),
    Page("inbox", CSAM, "/inbox/"),
    Page("not_found", CSAM, "/customers/0/"),
    Page("customer_home", CUSTOMER, "/"),
    Page("success_plan", CUSTOMER, "/", r"/schedule/customers/\d+/success/"),
    Page("customer_catalogue", CUSTOMER, "/catalogue/"),
    Page("customer_request", CUSTOMER, "/schedule/requests/new/"),
    Page("customer_incidents", CUSTOMER, "/incidents/"),
    Page("operations", SYSTEM, "/operations/"),
    Page("admin", CATALOGUE, "/admin/"),
    Page("admin_offerings", CATALOGUE, "/admin/catalog/offering/"),
    Page(
        "admin_row",
        CATALOGUE,
        "/admin/incidents/chartrow/",
        r"/admin/incidents/chartrow/\d+/change/",
    ),
]
