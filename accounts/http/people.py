"""Who asks: language and zone of the request, sign-in, rights in the administration."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actions import doorbell, messages
from accounts.http.problems import is_api, is_number_too_large, problem
from accounts.models import User

Respond = Callable[[HttpRequest], HttpResponseBase]


NUL = "\0"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PersonMiddleware:
    """Activates the person's language and time zone; turns away what no text may contain."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """A number that no id can be names nothing: 404, as any other unknown id."""
        if not is_number_too_large(exception):
            return None
        return render(request, "404.html", status=404)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            timezone.activate(ZoneInfo(user.time_zone))
        try:
            response = unreadable(request) if has_nul(request) else self.get_response(request)
        finally:
            timezone.deactivate()
        if response.status_code == 405 and not is_api(request):
            response = not_this_way(request, response)
        response.headers.setdefault("Vary", "HX-Request")
        if user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def has_nul(request: HttpRequest) -> bool:
    """Whether path, query or form hold a NUL: PostgreSQL can't keep it, nobody types it."""
    if NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    if request.method != "POST" or request.content_type not in FORMS or is_api(request):
        return False
    return any(NUL in value for _name, values in request.POST.lists() for value in values)


def unreadable(request: HttpRequest) -> HttpResponseBase:
    """400, as a page or as a problem document."""
    words = _("It contains characters that have no place in an address.")
    if not is_api(request):
        return render(request, "400.html", {"text": words}, status=400)
    return problem(400, "unreadable", words)


def not_this_way(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """405 as a page: who signs in again comes by a link to where a form had been sent."""
    page = render(request, "405.html", status=405)
    page.headers["Allow"] = response.headers.get("Allow", "")
    return page


def signing_in_as(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The e-mail by which failed sign-ins are counted, whatever its case."""
    given = credentials or {}
    email = given.get("email") or given.get("login") or request.POST.get("login", "")
    return str(email).strip().lower()


class RoleBackend(ModelBackend):
    """Signs in by e-mail and password; the role decides what the administration shows."""

    def _get_user_permissions(self, user_obj: User) -> "models.QuerySet[Any]":
        return user_obj.user_permissions.none()

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        """Permissions follow from the role alone; superusers hold all."""
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        app, _separator, action = perm.partition(".")
        return user_obj.is_superuser or any(
            app == allowed and action.split("_", 1)[-1] not in barred
            for allowed, barred in ADMINISTERED.get(user_obj.role, {}).items()
        )

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the administration lists the app for this person."""
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        return user_obj.is_superuser or app_label in ADMINISTERED.get(user_obj.role, {})


# Role → app → models that stay out of reach. Administrators see no customer's data.
CUSTOMER_DATA = frozenset(
    {
        "customer",
        "location",
        "locationholiday",
        "contact",
        "membership",
        "assignment",
        "idempotencykey",
        "historicalcustomer",
        "historicallocation",
        "historicalcontact",
        "historicalassignment",
    }
)
INCIDENT_DATA = frozenset({"incident", "incidentupdate", "incidentassignment", "incidentduty"})
ADMINISTERED: Mapping[str, Mapping[str, frozenset[str]]] = {
    User.Role.CATALOGUE_ADMINISTRATOR: {"catalog": frozenset(), "incidents": INCIDENT_DATA},
    User.Role.SYSTEM_ADMINISTRATOR: {
        "accounts": CUSTOMER_DATA,
        "axes": frozenset(),
        "mfa": frozenset(),
        "socialaccount": frozenset({"socialapp", "socialtoken"}),
    },
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: people are invited. Mails go through the outbox."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox, in the person's language; the answer takes no longer for anybody."""
        person = context.get("user")
        language = person.language if isinstance(person, User) else get_language() or "en"
        with translation.override(language):
            mail = self.render_mail(template_prefix, email, {**context, "email": email})
        messages.write_mail(
            address=email,
            language=language,
            subject_key=template_prefix.rpartition("/")[2],
            subject=mail.subject,
            text=mail.body,
            now=timezone.now(),
        )
        doorbell.ring("accounts.tasks.drain_outbox")

    def format_email_subject(self, subject: str) -> str:
        """Without the host's name in brackets."""
        return subject

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on is keyed by issuer and subject; it makes no new people."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Always closed: the account is linked from the profile first."""
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Any:
        """A subject means something at its own issuer alone: another issuer is another key."""
        found = super().get_provider(request, provider, client_id=client_id)
        issuer = found.app.settings.get("server_url", "") if found.app else ""
        if issuer:
            found.extract_uid = partial(_uid, issuer, found.extract_uid)
        return found


def _uid(issuer: str, subject_of: Callable[[Any], str], data: Any) -> str:
    """A digest of both: either alone may be longer than the column."""
    key = f"{issuer.rstrip('/')}|{subject_of(data)}"
    return hashlib.sha256(key.encode()).hexdigest()
