"""The administration: who enters, what they find, and what its actions do."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.actions import keys, messages, outbox
from accounts.models import ApiToken, Invitation, Message, User
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 24, tzinfo=UTC)
ACCOUNTS = sorted(
    model._meta.model_name for model in admin.site._registry if model._meta.app_label == "accounts"
)
OPEN_TO_SYSTEM = {"user", "team", "invitation", "apitoken", "message"}


@pytest.fixture
def system(sign_in) -> Client:
    """A system administrator at the desk."""
    return sign_in(factories.user(User.Role.SYSTEM_ADMINISTRATOR))


@pytest.fixture
def root(sign_in) -> Client:
    """A superuser at the desk."""
    return sign_in(User.objects.create_superuser("root@example.com", name="Root"))


def act(client: Client, model: str, action: str, *rows: object) -> None:
    """Run a bulk action on rows."""
    client.post(
        f"/admin/accounts/{model}/",
        {"action": action, "_selected_action": [row.pk for row in rows]},
    )


@pytest.mark.parametrize("model", ACCOUNTS)
def test_a_system_administrator_sees_people_and_operations_but_no_customer(model, system):
    factories.contact(factories.host())
    answer = system.get(f"/admin/accounts/{model}/")
    assert answer.status_code == (200 if model in OPEN_TO_SYSTEM else 403)


@pytest.mark.parametrize("model", ACCOUNTS)
def test_a_superuser_sees_all_of_it(model, root):
    place = factories.host()
    factories.csam(place.customer)
    assert root.get(f"/admin/accounts/{model}/").status_code == 200
    assert root.get(f"/admin/accounts/{model}/?q=a").status_code == 200


def test_the_administration_is_read_in_the_other_language_by_one_button(system):
    here = "/admin/"
    assert f'name="next" value="{here}"' in system.get(here).content.decode()
    answer = system.post(reverse("accounts:language-switch"), {"language": "zh-hans", "next": here})
    assert answer.url == here
    assert "管理" in system.get(here).content.decode()


def test_a_catalogue_administrator_sees_nobody(sign_in):
    client = sign_in(factories.user(User.Role.CATALOGUE_ADMINISTRATOR))
    assert client.get("/admin/accounts/user/").status_code == 403
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("role", ["csam", "csam_lead", "customer_administrator", "customer_viewer"])
def test_others_dont_find_the_administration(role, sign_in):
    client = sign_in(factories.user(role))
    assert client.get("/admin/accounts/user/", follow=True).status_code == 404


def test_nobody_makes_themselves_a_superuser(sign_in):
    person = factories.user(User.Role.SYSTEM_ADMINISTRATOR)
    client = sign_in(person)
    form = {
        "email": person.email, "name": "Me", "role": person.role, "language": "en",
        "time_zone": "UTC", "theme": "auto", "is_active": "on", "is_superuser": "on",
    }  # fmt: skip
    client.post(f"/admin/accounts/user/{person.pk}/change/", form)
    person.refresh_from_db()
    assert (person.name, person.is_superuser) == ("Me", False)


def test_deactivating_ends_sessions_and_tokens_but_never_ones_own(sign_in):
    boss, leaver = factories.user(User.Role.SYSTEM_ADMINISTRATOR), factories.csam()
    _token, secret = keys.make_token(user=leaver, name="script", now=NOW)
    theirs = sign_in(leaver)
    act(sign_in(boss), "user", "deactivate", boss, leaver)
    boss.refresh_from_db()
    leaver.refresh_from_db()
    assert (boss.is_active, leaver.is_active) == (True, False)
    assert theirs.get("/profile/").status_code == 302
    answer = Client().get("/api/v1/me/", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_reactivating_brings_no_token_back(system):
    leaver = factories.csam(is_active=False)
    keys.make_token(user=leaver, name="script", now=NOW)
    ApiToken.objects.update(revoked_at=NOW)
    act(system, "user", "reactivate", leaver)
    leaver.refresh_from_db()
    assert leaver.is_active
    assert ApiToken.objects.get().revoked_at == NOW


def test_people_are_neither_added_nor_deleted_here(root):
    person = factories.user()
    assert root.get("/admin/accounts/user/add/").status_code == 403
    assert root.get(f"/admin/accounts/user/{person.pk}/delete/").status_code == 403


def test_a_given_up_mail_is_brought_back(system):
    (mail,) = messages.write_messages(
        recipient=factories.user(), subject_key="s", subject="Secret figures", text="t", now=NOW,
        channels=[Message.Channel.EMAIL],
    )  # fmt: skip
    Message.objects.update(dead_at=NOW, attempts=outbox.MAX_ATTEMPTS)
    act(system, "message", "send_again", mail)
    mail.refresh_from_db()
    assert (mail.dead_at, mail.attempts) == (None, 0)


def test_the_outbox_shows_envelopes_and_not_what_is_written(system):
    (mail,) = messages.write_messages(
        recipient=factories.user(), subject_key="deadline-1", subject="Secret figures",
        text="Secret text", now=NOW, channels=[Message.Channel.EMAIL],
    )  # fmt: skip
    pages = [
        system.get("/admin/accounts/message/").content.decode(),
        system.get(f"/admin/accounts/message/{mail.pk}/change/").content.decode(),
    ]
    assert all("deadline-1" in page and "Secret" not in page for page in pages)


@pytest.mark.parametrize("state", ["waiting", "sent", "dead", "nonsense"])
def test_mails_are_filtered_by_state(state, system):
    assert system.get(f"/admin/accounts/message/?state={state}").status_code == 200


def test_tokens_are_revoked_and_their_secrets_shown_to_nobody(system):
    token, secret = keys.make_token(user=factories.csam(), name="script", now=NOW)
    page = system.get("/admin/accounts/apitoken/").content.decode()
    assert secret not in page
    assert hashlib.sha256(secret.encode()).hexdigest() not in page
    act(system, "apitoken", "revoke", token)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_an_invitation_to_a_customer_isnt_shown_to_the_system_administrator(system):
    customer = factories.customer()
    Invitation.objects.create(
        email="new@example.com", name="New", role=User.Role.CUSTOMER_VIEWER, customer=customer,
        secret_hash="0" * 64, invited_by=factories.csam(customer), invited_at=NOW, expires_at=NOW,
    )  # fmt: skip
    assert "new@example.com" not in system.get("/admin/accounts/invitation/").content.decode()


def test_the_administration_carries_nothing_inline(root):
    page = root.get("/admin/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "css/admin" in page


def entered(page, **changes):
    """The form of a page of the administration as it stands, with changes."""
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    for formset in (one.formset for one in page.context["inline_admin_formsets"]):
        for part in (formset.management_form, *formset.forms):
            values |= {part[name].html_name: part[name].value() for name in part.fields}
    return {k: "on" if v is True else v for k, v in {**values, **changes}.items() if v or v == 0}


@pytest.mark.clause("0-C9", "0-C13")
@pytest.mark.parametrize(
    ("changes", "stale"),
    [
        ({}, False),
        ({"time_zone": "Asia/Tokyo"}, True),
        ({"closes": "18:00:00"}, True),
        ({"weekend": ["fri", "sat"]}, True),
        (
            {
                "own_holidays-TOTAL_FORMS": 1,
                "own_holidays-0-on": "2026-12-24",
                "own_holidays-0-name": "Eve",
            },
            True,
        ),
    ],
)
def test_a_changed_place_has_its_customers_dates_reckoned_again(changes, stale, root):
    place = factories.host()
    url = f"/admin/accounts/location/{place.pk}/change/"
    assert root.post(url, entered(root.get(url), **changes)).status_code == 302
    place.customer.refresh_from_db()
    assert place.customer.dates_stale is stale


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["someday"], "someday"),
        (["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "business day"),
    ],
)
def test_a_weekend_that_is_none_is_refused_beside_its_days(days, said, root):
    place = factories.host()
    url = f"/admin/accounts/location/{place.pk}/change/"
    answer = root.post(url, entered(root.get(url), weekend=days))
    assert said in str(answer.context["adminform"].form.errors["weekend"])
    place.refresh_from_db()
    assert place.weekend == "sat,sun"


def test_a_zone_changed_beside_its_customer_is_noticed_too(root):
    place = factories.host()
    url = f"/admin/accounts/customer/{place.customer.pk}/change/"
    assert root.post(url, entered(root.get(url), name="New")).status_code == 302
    place.customer.refresh_from_db()
    assert (place.customer.name, place.customer.dates_stale) == ("New", False)
    changes = {"locations-0-time_zone": "Asia/Tokyo"}
    assert root.post(url, entered(root.get(url), **changes)).status_code == 302
    place.customer.refresh_from_db()
    assert place.customer.dates_stale


@pytest.mark.parametrize("ticked", ["x", "1e309", "", "９"])
def test_what_is_no_row_is_not_acted_on(ticked, root):
    person = factories.csam()
    answer = root.post(
        "/admin/accounts/user/",
        {"action": "deactivate", "_selected_action": [str(person.pk), ticked]},
        follow=True,
    )
    assert "nothing was changed" in answer.content.decode()
    person.refresh_from_db()
    assert person.is_active


def test_failed_sign_ins_are_listed_without_a_button_that_fails(system):
    assert "cleanup_expired" not in system.get("/admin/axes/accessattempt/").content.decode()
