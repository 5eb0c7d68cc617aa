"""Every address of the portal: sign-in by default, no error for a stranger, nothing inline."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

# Open without a sign-in, and why.
PUBLIC = {
    "alive",  # for probes
    "ready",
    "metrics",  # guards itself: not public
    "accounts:language-switch",  # also on the sign-in page
    "accounts:theme-switch",
    "accounts:invitation-accept",  # the link is the key
    "account_login",
    "account_logout",  # nothing to end: to the start
    "account_signup",  # always closed
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_confirm_login_code",
    "account_request_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_trust",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "openid_connect_login",
    "openid_connect_callback",
    "workorders:calendar-feed",  # the token in the address is the key
    "calendar-feed",
    "api-schema",  # tells about nobody
    "api-docs",
    "admin/login/",  # sends to the one sign-in page
    "admin:login",
    "admin:jsi18n",
}
# allauth refuses to confirm a person who has set neither password nor second factor.
NEEDS_A_SECRET = ("account_reauthenticate", "mfa_reauthenticate")
SAMPLES = {
    "int": "987654321",
    "slug": "nothing",
    "str": "nothing",
    "path": "nothing",
    "uuid": "0" * 8,
}
UUID = "00000000-0000-4000-8000-000000000000"


def addresses() -> Iterator[tuple[str, str]]:
    """Name and an address of each pattern, with arguments that name nothing."""
    for prefix, pattern, namespace in patterns(get_resolver(), "/", ""):
        name = f"{namespace}:{pattern.name}" if namespace else str(pattern.name or pattern.pattern)
        yield name, prefix


def patterns(
    resolver: URLResolver, prefix: str, namespace: str
) -> Iterator[tuple[str, URLPattern, str]]:
    """All patterns below `resolver` with the path that leads to them."""
    for entry in resolver.url_patterns:
        path = prefix + filled(str(entry.pattern))
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from patterns(entry, path, inner)
        else:
            yield path, entry, namespace


def filled(route: str) -> str:
    """The route with arguments; routes by regular expression are read as far as we use them."""
    route = re.sub(r"<uuid:\w+>", UUID, route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)", "nothing", route)
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES.get(m[1] or "str", "nothing"), route)
    return re.sub(r"\\Z|\\|[\^$]", "", route)


def leads_somewhere(path: str) -> bool:
    """Whether the sample matches its pattern: some patterns take certain codes alone."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return not re.search(r"[(?|]|\.nothing", path)


ALL = sorted(one for one in set(addresses()) if leads_somewhere(one[1]))
# Without the administration, what ends the session and what answers for the machine.
STAYING = [
    (name, path)
    for name, path in ALL
    if not name.startswith("admin:") and name not in {"account_logout", "metrics", "ready"}
]


def test_the_walk_finds_the_portals_addresses():
    names = {name for name, _path in ALL}
    assert {"home", "accounts:profile", "catalog:offering-list", "admin:index"} <= names


def test_a_visitor_is_asked_to_sign_in():
    assert [path for name, path in ALL if not asks_to_sign_in(name, path, Client().get(path))] == []


def asks_to_sign_in(name: str, path: str, answer: HttpResponse) -> bool:
    """Whether a visitor learns nothing there but how to sign in."""
    where = answer.get("Location", "")
    if name in PUBLIC:
        return answer.status_code < 500 or name == "ready"
    if where.startswith("/admin/login/?next="):
        return Client().get(where)["Location"].startswith("/accounts/login/?next=")
    if path.startswith("/api/"):
        problem = answer["Content-Type"] == "application/problem+json"
        return answer.status_code == 401 and problem
    return answer.status_code == 302 and where.startswith("/accounts/login/?next=")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_a_page_or_404_and_never_403_or_an_error(method, sign_in):
    client = sign_in(factories.user(User.Role.CSAM))
    answers = [(name, path, getattr(client, method)(path)) for name, path in STAYING]
    assert [path for _name, path, answer in answers if answer.status_code >= 500] == []
    refused = [(name, path) for name, path, answer in answers if answer.status_code == 403]
    known = [path for name, path in refused if name.startswith(NEEDS_A_SECRET)]
    assert [path for _name, path in refused if not path.startswith("/api/")] == known


@pytest.mark.parametrize("role", User.Role.values)
def test_no_page_carries_inline_script_or_style(role, sign_in):
    client = sign_in(factories.user(role))
    found = {path: inline_in(client.get(path)) for name, path in STAYING if names_a_thing(path)}
    assert {path: what for path, what in found.items() if what} == {}


def names_a_thing(path: str) -> bool:
    """Whether the sample's arguments could name something."""
    return "nothing" not in path and "987654321" not in path and not path.startswith("/api/")


def inline_in(answer: HttpResponse) -> list[str]:
    """What a page may not hold, and what its policy may not allow."""
    if not answer.get("Content-Type", "").startswith("text/html"):
        return []
    page = answer.content.decode()
    found: list[str] = re.findall(r"<style\b|<[^>]+\sstyle=|<[^>]+\son\w+=|hx-on", page)
    scripts = re.findall(r"<script\b[^>]*>", page)
    found += [s for s in scripts if "src=" not in s and "application/json" not in s]
    policy = answer["Content-Security-Policy"]
    if "unsafe" in policy or "default-src 'none'" not in policy:
        found.append(policy)
    return found


def test_the_administration_doesnt_exist_for_people_without_it(sign_in):
    client = sign_in(factories.user(User.Role.CSAM))
    assert client.get("/admin/", follow=True).status_code == 404
    assert sign_in(factories.user(User.Role.SYSTEM_ADMINISTRATOR)).get("/admin/").status_code == 200


def test_a_page_that_doesnt_exist_is_404_for_visitors_and_people(sign_in):
    assert Client().get("/no/such/page/").status_code == 404
    assert sign_in(factories.user()).get("/no/such/page/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/%00", "/catalogue/?q=%00", "/?next=%00", "/accounts/login/?next=%00"]
)
def test_a_nul_byte_in_an_address_is_no_error(path, sign_in):
    assert sign_in(factories.user()).get(path).status_code < 500
    assert Client().get(path).status_code < 500


def test_cookies_are_out_of_reach_for_scripts():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY


def test_pages_of_a_signed_in_person_arent_kept_by_caches(sign_in):
    answer = sign_in(factories.user()).get("/")
    assert answer["Cache-Control"] == "no-store, private"
