"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from incidents.urls import catalogue_patterns as chart_patterns
from ussd_portal import health
from ussd_portal.api import router
from ussd_portal.views import (
    calendar,
    customers,
    editions,
    errors,
    frame,
    home,
    operations,
    reviews,
    search,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("queue.csv", home.queue_export, name="queue-export"),
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/<int:pk>/", customers.customer_detail, name="customer-detail"),
    path("search/", search.search, name="search"),
    path("operations/", operations.operations, name="operations"),
    path("operations/messages/resend/", operations.messages_resend, name="messages-resend"),
    path("operations/messages/<int:pk>/resend/", operations.message_resend, name="message-resend"),
    path("calendar/<str:secret>.ics", calendar.calendar_feed, name="calendar-feed"),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("catalogue/", include("services.catalog.urls")),
    path("catalogue/", include((chart_patterns, "charts"))),
    path(
        "catalogue/editions/<str:code>/compare/", editions.edition_compare, name="edition-compare"
    ),
    path("orders/", include("workorders.urls")),
    path("schedule/customers/<int:pk>/reviews/", reviews.customer_reviews, name="customer-reviews"),
    path("schedule/", include("services.scheduling.urls")),
    path("incidents/", include("incidents.urls")),
    path("admin/login/", frame.admin_sign_in),
    path("admin/", admin.site.urls),
    path("api/v1/", include((router.urls, "api"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"
    ),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
