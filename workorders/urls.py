"""Addresses of work orders: orders, their builder, credits, entitlements, deadlines."""

from django.urls import path

from workorders.views import (
    amendments,
    builder,
    builder_lines,
    deadlines,
    documents,
    ending,
    entitlements,
    exchanges,
    execution,
    imports,
    invoices,
    orders,
    review,
    scenarios,
    statements,
    tabs,
    trades,
)

app_name = "workorders"

urlpatterns = [
    # lists
    path("", orders.order_list, name="order-list"),
    path("export.csv", orders.order_export, name="order-export"),
    path("deadlines/", deadlines.deadline_list, name="deadline-list"),
    path("deadlines/<int:pk>/", deadlines.deadline_detail, name="deadline-detail"),
    path("deadlines/<int:pk>/row/", deadlines.deadline_show_row, name="deadline-row"),
    path("deadlines/<int:pk>/<slug:act>/", deadlines.deadline_act, name="deadline-act"),
    path("entitlements/<int:pk>/", entitlements.entitlement_detail, name="entitlement-detail"),
    # all orders of a customer
    path(
        "statements/<int:pk>/",
        statements.customer_statement_page,
        name="customer-statement",
    ),
    path(
        "statements/<int:pk>/statement.csv",
        statements.customer_statement_file,
        {"form": "csv"},
        name="customer-statement-export",
    ),
    path(
        "statements/<int:pk>/statement.xlsx",
        statements.customer_statement_file,
        {"form": "xlsx"},
        name="customer-statement-xlsx",
    ),
    path(
        "statements/<int:pk>/statement.pdf",
        statements.customer_statement_file,
        {"form": "pdf"},
        name="customer-statement-pdf",
    ),
    # one order
    path("<int:pk>/", tabs.order_detail, name="order-detail"),
    path("<int:pk>/flex/", tabs.order_flex, name="order-flex"),
    path("<int:pk>/credits/", tabs.order_credits, name="order-credits"),
    path("<int:pk>/credits/move/", trades.credits_move, name="credits-move"),
    path("<int:pk>/credits/redeem/", trades.credits_redeem, name="credits-redeem"),
    path("<int:pk>/exchanges/", exchanges.order_exchanges, name="order-exchanges"),
    path("<int:pk>/exchanges/ask/", exchanges.exchange_ask, name="exchange-ask"),
    path("exchanges/<int:pk>/", exchanges.exchange_detail, name="exchange-detail"),
    path("exchanges/<int:pk>/<slug:act>/", exchanges.exchange_decide, name="exchange-decide"),
    path("<int:pk>/deadlines/", tabs.order_deadlines, name="order-deadlines"),
    path("<int:pk>/amendments/", amendments.order_amendments, name="order-amendments"),
    path("<int:pk>/history/", tabs.order_history, name="order-history"),
    path("<int:pk>/invoices/", invoices.order_invoices, name="order-invoices"),
    path("<int:pk>/invoices.csv", invoices.invoice_file, {"form": "csv"}, name="invoices-export"),
    path("<int:pk>/invoices.xlsx", invoices.invoice_file, {"form": "xlsx"}, name="invoices-xlsx"),
    path("<int:pk>/charges/new/", invoices.charge_record, name="charge-record"),
    path("charges/<int:pk>/take-back/", invoices.charge_take_back, name="charge-take-back"),
    path("<int:pk>/documents/", documents.order_documents, name="order-documents"),
    path("<int:pk>/order.csv", documents.order_file, {"form": "csv"}, name="order-lines-export"),
    path("<int:pk>/order.xlsx", documents.order_file, {"form": "xlsx"}, name="order-lines-xlsx"),
    path("<int:pk>/statement/", statements.order_statement, name="order-statement"),
    path(
        "<int:pk>/statement.csv",
        statements.statement_file,
        {"form": "csv"},
        name="statement-export",
    ),
    path(
        "<int:pk>/statement.xlsx",
        statements.statement_file,
        {"form": "xlsx"},
        name="statement-xlsx",
    ),
    path(
        "<int:pk>/statement.pdf", statements.statement_file, {"form": "pdf"}, name="statement-pdf"
    ),
    path("<int:pk>/terminate/", ending.order_terminate, name="order-terminate"),
    path("<int:pk>/ended/", ending.order_ended, name="order-ended"),
    # its draft
    path("draft/", builder.order_draft, name="order-draft"),
    path("<int:pk>/edit/", builder.order_edit, name="order-edit"),
    path("<int:pk>/edit/term/", builder.edit_section, {"section": "term"}, name="edit-term"),
    path("<int:pk>/edit/places/", builder.edit_section, {"section": "places"}, name="edit-places"),
    path(
        "<int:pk>/edit/allowance/",
        builder.edit_section,
        {"section": "allowance"},
        name="edit-allowance",
    ),
    path("<int:pk>/edit/lines/", builder_lines.line_pick, name="line-pick"),
    path("<int:pk>/edit/lines/add/", builder_lines.line_add, name="line-add"),
    path("<int:pk>/edit/lines/check/", builder_lines.line_check, name="line-check"),
    path("<int:pk>/edit/lines/import/", imports.lines_import, name="lines-import"),
    path(
        "<int:pk>/edit/lines/import/confirm/",
        imports.lines_import_confirm,
        name="lines-import-confirm",
    ),
    path(
        "<int:pk>/edit/lines/import/verdicts.csv",
        imports.lines_import_verdicts,
        name="lines-import-verdicts",
    ),
    path(
        "<int:pk>/edit/lines/import/template.csv",
        imports.lines_import_template,
        name="lines-import-template",
    ),
    path("<int:pk>/edit/lines/override/", builder_lines.line_override, name="line-override"),
    path("<int:pk>/edit/lines/<int:line>/", builder_lines.line_edit, name="line-edit"),
    path("<int:pk>/edit/lines/<int:line>/remove/", builder_lines.line_remove, name="line-remove"),
    path("<int:pk>/edit/delete/", builder.order_delete, name="order-delete"),
    path("<int:pk>/scenarios/", scenarios.order_scenarios, name="order-scenarios"),
    path("<int:pk>/scenarios/adopt/", scenarios.scenario_adopt, name="scenario-adopt"),
    path("<int:pk>/scenarios/delete/", scenarios.scenario_delete, name="scenario-delete"),
    path("<int:pk>/review/", review.order_review, name="order-review"),
    path("<int:pk>/review/<slug:act>/", review.review_act, name="review-act"),
    path("<int:pk>/execute/", execution.order_execute, name="order-execute"),
]
