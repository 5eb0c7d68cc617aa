"""A person's own settings and API tokens, and what anybody switches on any page."""

import pytest
from django.test import Client

from accounts.actions import keys
from accounts.models import ApiToken, User
from tests import factories

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Mara Keller",
    "language": "zh-hans",
    "time_zone": "Asia/Shanghai",
    "theme": "dark",
    "informational_mail": "on",
}


@pytest.fixture
def mara() -> User:
    """The person at the desk."""
    return factories.csam(name="Mara")


def test_a_person_changes_their_settings_and_reads_on_in_the_new_language(mara, sign_in):
    client = sign_in(mara)
    page = client.post("/profile/", FORM, follow=True).content.decode()
    mara.refresh_from_db()
    assert (mara.name, mara.language, mara.time_zone, mara.theme) == (
        "Mara Keller", "zh-hans", "Asia/Shanghai", "dark",
    )  # fmt: skip
    assert '<html lang="zh-hans" data-bs-theme="dark">' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("language", "tlh"),
        ("time_zone", "Europe/Atlantis"),
        ("time_zone", "../../etc/passwd"),
        ("theme", "pink"),
    ],
)
def test_a_setting_that_isnt_possible_is_refused_beside_its_field(field, value, mara, sign_in):
    answer = sign_in(mara).post("/profile/", {**FORM, field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    mara.refresh_from_db()
    assert mara.name == "Mara"


def test_a_refused_profile_leaves_the_frame_as_it_is(mara, sign_in):
    page = sign_in(mara).post("/profile/", {**FORM, "time_zone": "x", "theme": "pink"})
    assert 'data-bs-theme="auto"' in page.content.decode()


@pytest.mark.parametrize("name", ["😀 Mara", "مارا", "<script>alert(1)</script>", "O'Neil & Söhne"])
def test_any_name_is_shown_as_typed(name, mara, sign_in):
    client = sign_in(mara)
    client.post("/profile/", {**FORM, "name": name})
    mara.refresh_from_db()
    assert mara.name == name
    assert "<script>alert" not in client.get("/profile/").content.decode()


def test_role_team_and_address_cant_be_changed_by_oneself(mara, sign_in):
    form = {**FORM, "role": "csam_lead", "email": "boss@example.com", "is_superuser": "1"}
    sign_in(mara).post("/profile/", form)
    after = User.objects.get(pk=mara.pk)
    assert (after.role, after.email, after.is_superuser) == (mara.role, mara.email, False)


def test_allauths_page_of_addresses_leads_to_the_profile(mara, sign_in):
    assert sign_in(mara).get("/accounts/email/")["Location"] == "/profile/"


# --- tokens ---------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_opens_the_api(mara, sign_in):
    client = sign_in(mara)
    page = client.post("/profile/tokens/", {"name": "nightly export"}).content.decode()
    secret = page.partition('id="new-token">')[2].partition("<")[0]
    answer = Client().get("/api/v1/me/", headers={"authorization": f"Bearer {secret}"})
    assert answer.json()["email"] == mara.email
    assert secret not in client.get("/profile/").content.decode()
    assert secret not in str(ApiToken.objects.values_list())


def test_a_token_needs_a_name(mara, sign_in):
    assert sign_in(mara).post("/profile/tokens/", {"name": ""}).status_code == 422
    assert ApiToken.objects.count() == 0


def test_a_revoked_token_opens_nothing(mara, sign_in, now):
    token, secret = keys.make_token(user=mara, name="t", now=now)
    sign_in(mara).post(f"/profile/tokens/{token.pk}/revoke/")
    answer = Client().get("/api/v1/me/", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "authentication_failed"


def test_somebody_elses_token_doesnt_exist(mara, sign_in, now):
    token, _secret = keys.make_token(user=factories.csam(), name="t", now=now)
    assert sign_in(mara).post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


# --- switches -------------------------------------------------------------------------------


def test_language_and_theme_are_kept_with_the_person(mara, sign_in):
    client = sign_in(mara)
    client.post("/language/", {"language": "zh-hans", "next": "/profile/"})
    client.post("/theme/", {"theme": "dark", "next": "/profile/"})
    mara.refresh_from_db()
    assert (mara.language, mara.theme) == ("zh-hans", "dark")


def test_a_visitors_theme_is_kept_in_a_cookie():
    client = Client()
    client.post("/theme/", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(("path", "name"), [("/language/", "language"), ("/theme/", "theme")])
def test_a_switch_ignores_what_it_doesnt_know_and_stays_on_the_site(path, name, mara, sign_in):
    answer = sign_in(mara).post(path, {name: "nonsense", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    after = User.objects.get(pk=mara.pk)
    assert (after.language, after.theme) == (mara.language, mara.theme)
    assert sign_in(mara).get(path).status_code == 405


@pytest.mark.parametrize("next_page", ["home", "-1", "2026-10-25T02:30"])
def test_a_switch_leads_to_an_address_never_to_the_name_of_a_page(next_page, client, db):
    answer = client.post("/theme/", {"theme": "dark", "next": next_page})
    assert (answer.status_code, answer.url) == (302, next_page)
