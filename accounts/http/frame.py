"""What every page carries: navigation by role, unread messages, theme, clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from accounts.actions.people import invitable_roles
from accounts.models import Message, User

NAV: Mapping[str, tuple[tuple[str, Any], ...]] = {
    "managers": (
        ("home", gettext_lazy("Today")),
        ("customers", gettext_lazy("Customers")),
        ("schedule", gettext_lazy("Schedule")),
        ("deadlines", gettext_lazy("Deadlines")),
        ("incidents", gettext_lazy("Incidents")),
        ("catalogue", gettext_lazy("Catalogue")),
    ),
    "customers": (
        ("home", gettext_lazy("Home")),
        ("services", gettext_lazy("Our services")),
        ("schedule", gettext_lazy("Schedule")),
        ("incidents", gettext_lazy("Incidents")),
        ("deadlines", gettext_lazy("Deadlines")),
        ("catalogue", gettext_lazy("Catalogue")),
    ),
    "administrators": (("home", gettext_lazy("Home")), ("catalogue", gettext_lazy("Catalogue"))),
    "operators": (
        ("home", gettext_lazy("Home")),
        ("operations", gettext_lazy("Operations")),
        ("catalogue", gettext_lazy("Catalogue")),
    ),
}
NAV_URLS = {
    "home": "home",
    "customers": "customer-list",
    "services": "workorders:order-list",
    "schedule": "scheduling:booking-list",
    "deadlines": "workorders:deadline-list",
    "incidents": "incidents:incident-list",
    "catalogue": "catalog:offering-list",
    "operations": "operations",
}
# The section that a page belongs to, by the namespace and name of its URL.
SECTIONS = (
    ("workorders:deadline", "deadlines"),
    ("workorders", "customers"),
    ("scheduling:order-", "customers"),
    ("scheduling:customer-", "customers"),
    ("scheduling", "schedule"),
    ("incidents", "incidents"),
    ("catalog", "catalogue"),
    ("operations", "operations"),
    ("charts", "catalogue"),
    ("customer-", "customers"),
    ("accounts:location", "customers"),
    ("accounts:contact", "customers"),
)


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation."""

    url: str
    label: str
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the layout needs: navigation by role, unread messages, theme, clock."""
    return {"frame": SimpleLazyObject(lambda: _frame(request)), "now": timezone.now()}


def _frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        theme = request.COOKIES.get("portal_theme", "auto")
        return {"nav": [], "theme": theme if theme in User.Theme.values else "auto"}
    return {
        "nav": _nav(request, user),
        "theme": user.theme,
        "unread": Message.objects.visible_to(user).unread().count(),
        "may_invite": bool(invitable_roles(user)),
        "single_sign_on": bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
        "search_url": _url("search"),
        "searched": request.GET.get("q", "")[:100] if _match(request) == "search" else "",
    }


def _nav(request: HttpRequest, user: User) -> list[NavItem]:
    side = _side(user)
    here = _section(request)
    if here == "customers" and side == "customers":
        here = "services"
    entries = ((key, label, _url(NAV_URLS[key])) for key, label in NAV[side])
    return [NavItem(url, str(label), key == here) for key, label, url in entries if url]


def _side(user: User) -> str:
    if user.manages_agreements:
        return "managers"
    if user.is_customer:
        return "customers"
    is_operator = user.role == User.Role.SYSTEM_ADMINISTRATOR
    return "operators" if is_operator else "administrators"


def _match(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _section(request: HttpRequest) -> str:
    name = _match(request)
    if name == "home":
        return "home"
    return next((section for prefix, section in SECTIONS if name.startswith(prefix)), "")


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
