"""People, places, inbox, language and theme."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views import assignments, contacts, feeds, inbox, locations, people, profile, switches

app_name = "accounts"

urlpatterns = [
    path("language/", switches.language_switch, name="language-switch"),
    path("theme/", switches.theme_switch, name="theme-switch"),
    path("profile/", profile.profile, name="profile"),
    # Who somebody is doesn't change by a form: instead of allauth's page of addresses.
    path("accounts/email/", RedirectView.as_view(pattern_name="accounts:profile")),
    path("profile/tokens/", profile.token_create, name="token-create"),
    path("profile/tokens/<int:pk>/revoke/", profile.token_revoke, name="token-revoke"),
    path("profile/calendars/", feeds.feed_create, name="feed-create"),
    path("profile/calendars/<int:pk>/renew/", feeds.feed_renew, name="feed-renew"),
    path("profile/calendars/<int:pk>/revoke/", feeds.feed_revoke, name="feed-revoke"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read, name="inbox-read"),
    path("inbox/<int:pk>/open/", inbox.message_open, name="message-open"),
    path("people/", people.person_list, name="person-list"),
    path("people/invite/", people.invitation_create, name="invitation-create"),
    path("people/invitations/<int:pk>/revoke/", people.invitation_revoke, name="invitation-revoke"),
    path("invitations/<str:secret>/", people.invitation_accept, name="invitation-accept"),
    path("customers/add/", locations.customer_create, name="customer-create"),
    path(
        "customers/<int:customer>/assignments/",
        assignments.assignment_list,
        name="assignment-list",
    ),
    path(
        "customers/<int:customer>/assignments/<int:pk>/end/",
        assignments.assignment_end,
        name="assignment-end",
    ),
    path("customers/<int:customer>/contacts/", contacts.contact_list, name="contact-list"),
    path("customers/<int:customer>/contacts/add/", contacts.contact_create, name="contact-create"),
    path("customers/<int:customer>/contacts/<int:pk>/", contacts.contact_edit, name="contact-edit"),
    path(
        "customers/<int:customer>/contacts/<int:pk>/delete/",
        contacts.contact_delete,
        name="contact-delete",
    ),
    path(
        "customers/<int:customer>/locations/add/",
        locations.location_create,
        name="location-create",
    ),
    path(
        "customers/<int:customer>/locations/<int:pk>/",
        locations.location_detail,
        name="location-detail",
    ),
    path(
        "customers/<int:customer>/locations/<int:pk>/edit/",
        locations.location_edit,
        name="location-edit",
    ),
    path(
        "customers/<int:customer>/locations/<int:pk>/holidays/",
        locations.holiday_create,
        name="holiday-create",
    ),
    path(
        "customers/<int:customer>/locations/<int:pk>/holidays/<int:holiday>/delete/",
        locations.holiday_delete,
        name="holiday-delete",
    ),
]
