"""Signing in: by e-mail, locked after five failures, and nothing told about who exists."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.socialaccount.adapter import get_adapter
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions import outbox
from accounts.models import Message, User
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
WRONG = "wrong horse battery staple"
LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


@pytest.fixture
def mara() -> User:
    """A person with a password."""
    return factories.user(email="mara@example.com", name="Mara Keller", password=PASSWORD)


def try_to_sign_in(email: str, password: str, client: Client | None = None):
    """One attempt on the sign-in page."""
    return (client or Client()).post(LOGIN, {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    """Whether the session belongs to a person."""
    return "_auth_user_id" in client.session


def test_a_person_signs_in_with_email_and_password_whatever_its_case(mara):
    client = Client()
    answer = try_to_sign_in("Mara@Example.com", PASSWORD, client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_after_signing_in_one_gets_where_one_wanted_to_go(mara):
    client = Client()
    answer = client.post(LOGIN, {"login": mara.email, "password": PASSWORD, "next": "/catalogue/"})
    assert answer["Location"] == "/catalogue/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(mara, target):
    answer = Client().post(LOGIN, {"login": mara.email, "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_a_deactivated_person_cannot_sign_in(mara):
    User.objects.update(is_active=False)
    client = Client()
    try_to_sign_in(mara.email, PASSWORD, client)
    assert not is_signed_in(client)


def test_deactivating_ends_the_sessions_of_a_person(mara):
    client = Client()
    try_to_sign_in(mara.email, PASSWORD, client)
    User.objects.update(is_active=False)
    assert client.get("/")["Location"].startswith(LOGIN)


def test_the_sixth_attempt_is_locked_out_even_with_the_right_password(mara):
    statuses = [try_to_sign_in(mara.email, WRONG).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    client = Client()
    answer = try_to_sign_in(mara.email, PASSWORD, client)
    assert answer.status_code == 429
    assert not is_signed_in(client)
    assert "15 minutes" in answer.content.decode()


def test_a_lock_holds_for_one_email_alone(mara):
    factories.user(email="jonas@example.com", password=PASSWORD)
    for _ in range(5):
        try_to_sign_in(mara.email, WRONG)
    assert try_to_sign_in("jonas@example.com", PASSWORD).status_code == 302


def test_a_lock_holds_whatever_the_case_of_the_email(mara):
    for n in range(5):
        try_to_sign_in(mara.email.upper() if n % 2 else mara.email, WRONG)
    assert try_to_sign_in("MARA@example.com", PASSWORD).status_code == 429


def test_a_lock_ends_by_itself(mara, time_machine):
    start = datetime.now(UTC)
    for _ in range(5):
        try_to_sign_in(mara.email, WRONG)
    time_machine.move_to(start + timedelta(minutes=16))
    assert try_to_sign_in(mara.email, PASSWORD).status_code == 302


def test_success_forgets_the_failures_before_it(mara):
    for _ in range(4):
        try_to_sign_in(mara.email, WRONG)
    assert try_to_sign_in(mara.email, PASSWORD).status_code == 302
    assert try_to_sign_in(mara.email, WRONG).status_code == 200


def same(one, other, *emails: str) -> bool:
    """Whether two pages are equal but for what was typed and the form's token."""
    first, second = (page.content.decode() for page in (one, other))
    for email in emails:
        first, second = first.replace(email, ""), second.replace(email, "")
    return without_tokens(first) == without_tokens(second)


def without_tokens(page: str) -> str:
    """A page without what differs from one request to the next."""
    lines = page.splitlines()
    return "\n".join(line for line in lines if "csrf" not in line.lower() and "nonce" not in line)


def test_a_failed_sign_in_doesnt_tell_whether_the_email_exists(mara):
    known, unknown = try_to_sign_in(mara.email, WRONG), try_to_sign_in("none@example.com", WRONG)
    assert known.status_code == unknown.status_code == 200
    assert same(known, unknown, mara.email, "none@example.com")


def test_an_unknown_email_is_locked_like_a_known_one(mara):
    answers = [try_to_sign_in("none@example.com", WRONG).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_asking_for_a_new_password_doesnt_tell_whether_the_email_exists(mara):
    known = Client().post(RESET, {"email": mara.email})
    unknown = Client().post(RESET, {"email": "none@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    outbox.drain(now=timezone.now())
    assert [one.to for one in mail.outbox] == [[mara.email]]


def test_a_new_password_is_set_through_the_link_once(mara):
    Client().post(RESET, {"email": mara.email})
    outbox.drain(now=timezone.now())
    assert Message.objects.get().text == "", "the link is forgotten once it is sent"
    link = next(w for w in mail.outbox[0].body.split() if "/accounts/password/reset/key/" in w)
    path = link.partition("testserver")[2]
    client = Client()
    form = client.get(path, follow=True)
    new = {"password1": "a wholly new password", "password2": "a wholly new password"}
    client.post(form.redirect_chain[-1][0], new)
    assert try_to_sign_in(mara.email, "a wholly new password").status_code == 302
    assert try_to_sign_in(mara.email, PASSWORD).status_code == 200
    again = Client()
    page = again.get(path, follow=True)
    assert "password1" not in page.content.decode()


def test_nobody_signs_up_by_themselves():
    answer = Client().post(
        "/accounts/signup/",
        {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert answer.status_code == 200
    assert not User.objects.filter(email="new@example.com").exists()


def test_signing_out_needs_a_post(mara):
    client = Client()
    try_to_sign_in(mara.email, PASSWORD, client)
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_a_form_without_its_token_is_refused_in_words(mara):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(LOGIN, {"login": mara.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert "Support Portal" in answer.content.decode()


@pytest.mark.parametrize(
    "value", ["\x00", "x" * 5000, "🙂@example.com", "‮mara@example.com", "<script>"]
)
def test_bad_input_on_the_sign_in_page_is_answered(value):
    assert try_to_sign_in(value, value).status_code in {200, 400, 429}
    assert Client().post(RESET, {"email": value}).status_code in {200, 302, 400}


def test_the_sign_in_page_is_in_the_language_of_the_browser_or_the_cookie():
    asked = Client(headers={"accept-language": "zh-CN,zh;q=0.9"}).get(LOGIN)
    assert '<html lang="zh-hans"' in asked.content.decode()
    client = Client()
    client.post("/language/", {"language": "zh-hans", "next": LOGIN})
    assert '<html lang="zh-hans"' in client.get(LOGIN).content.decode()


def test_a_person_reads_in_their_own_language_whatever_the_browser_says(sign_in):
    client = sign_in(factories.user(language="zh-hans"))
    page = client.get("/catalogue/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="zh-hans"' in page


# --- single sign-on -------------------------------------------------------------------------


def provider_of(issuer: str, rf, settings):
    """The provider as configured for an issuer."""
    app = {
        "provider_id": "oidc", "name": "Org", "client_id": "portal", "secret": "s",
        "settings": {"server_url": issuer},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return get_adapter().get_provider(rf.get("/"), "oidc")


def test_a_subject_is_a_key_at_its_own_issuer_alone(rf, settings):
    claims = {"userinfo": {"sub": "s" * 255}, "id_token": {"sub": "s" * 255}}
    one = provider_of("https://login.example.com", rf, settings).extract_uid(claims)
    same = provider_of("https://login.example.com/", rf, settings).extract_uid(claims)
    other = provider_of("https://login.example.org", rf, settings).extract_uid(claims)
    assert one == same
    assert one != other
    assert len(one) <= 191


def test_single_sign_on_makes_no_new_people(rf):
    assert get_adapter().is_open_for_signup(rf.get("/"), None) is False
