"""What every page shows beyond the frame: the edition in force, and the demo's sign-ins."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from services.catalog.queries import current_edition
from ussd_portal.demo.credentials import demo_password, demo_people

KEPT_SECONDS = 60


def workspace(request: HttpRequest) -> dict[str, Any]:
    """`edition_code` for the footer; `demo` for the sign-in page of a demo installation."""
    context: dict[str, Any] = {"edition_code": SimpleLazyObject(edition_code)}
    if settings.DEMO:
        context["demo"] = SimpleLazyObject(_demo)
    return context


def edition_code() -> str:
    """The published edition's code; asked for once a minute."""
    code = cache.get("edition-code")
    if code is None:
        edition = current_edition()
        code = edition.code if edition else ""
        cache.set("edition-code", code, KEPT_SECONDS)
    return str(code)


def _demo() -> dict[str, Any]:
    return {"people": demo_people(), "password": demo_password()}
