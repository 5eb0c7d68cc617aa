"""Every page of work orders for every role, in both languages; strangers get 404."""

import pytest
from django.urls import reverse

from tests import factories
from tests.workorders import scenes
from workorders.models import Deadline, Entitlement

pytestmark = pytest.mark.django_db

READ = (
    "order-detail", "order-credits", "order-deadlines", "order-history", "order-statement",
    "statement-export", "statement-xlsx", "order-documents",
    "order-amendments",
)  # fmt: skip
WRITE = (
    "order-edit", "order-execute", "order-terminate", "order-delete", "credits-redeem",
    "order-renew", "order-review", "order-ended",
)  # fmt: skip
ROLES = ("csam", "lead", "administrator", "viewer", "contact")


@pytest.fixture
def scene():
    return scenes.contoso()


def page_of(client, name, *args, **query):
    return client.get(reverse(f"workorders:{name}", args=args), query)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("role", ROLES)
def test_everybody_concerned_reads_the_order_in_their_language(
    scene, sign_in, at, now, role, language
):
    at(now)
    person = scene.people[role]
    person.language = language
    person.save()
    client = sign_in(person)
    for name in READ:
        answer = page_of(client, name, scene.order.pk)
        assert (name, answer.status_code) == (name, 200)
        assert answer.headers["Content-Language"] == language
    for name in ("order-list", "order-export", "deadline-list"):
        assert page_of(client, name).status_code == 200
    assert page_of(client, "deadline-list", view="month").status_code == 200
    for deadline in Deadline.objects.visible_to(person)[:2]:
        assert page_of(client, "deadline-detail", deadline.pk).status_code == 200
    for entitlement in Entitlement.objects.visible_to(person):
        assert page_of(client, "entitlement-detail", entitlement.pk).status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_draft_pages_open_in_both_languages(sign_in, at, now, language):
    at(now)
    scene = scenes.contoso(executed=False)
    scene.csam.language = language
    scene.csam.save()
    client = sign_in(scene.csam)
    for name in ("order-edit", "order-execute", "order-review", "order-delete", "line-pick"):
        assert page_of(client, name, scene.order.pk).status_code == 200
    for line in scene.order.lines.all():
        assert page_of(client, "line-edit", scene.order.pk, line.pk).status_code == 200
    assert page_of(client, "order-draft").status_code == 200


@pytest.mark.parametrize("name", [*READ, *WRITE, "order-flex", "credits-move"])
def test_a_stranger_finds_nothing(scene, sign_in, name):
    for person in (scene.stranger, factories.csam(), factories.user("catalogue_administrator")):
        assert page_of(sign_in(person), name, scene.order.pk).status_code == 404


def test_a_strangers_list_is_empty(scene, sign_in, at, now):
    at(now)
    answer = page_of(sign_in(scene.stranger), "order-list")
    assert answer.context["rows"] == []
    assert page_of(sign_in(scene.stranger), "deadline-list").context["rows"] == []


@pytest.mark.parametrize("role", ["administrator", "viewer", "contact"])
@pytest.mark.parametrize("name", WRITE)
def test_pages_that_change_an_order_don_t_exist_for_customers(scene, sign_in, role, name):
    assert page_of(sign_in(scene.people[role]), name, scene.order.pk).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "viewer", "contact"])
def test_customers_never_see_a_draft(sign_in, role):
    scene = scenes.contoso(executed=False)
    client = sign_in(scene.people[role])
    for name in READ:
        assert page_of(client, name, scene.order.pk).status_code == 404


def test_a_location_contact_sees_the_columns_of_their_location_alone(scene, sign_in, at, now):
    at(now)
    answer = page_of(sign_in(scene.contact), "order-detail", scene.order.pk)
    assert answer.context["matrix"].locations == [scene.detroit]
    assert answer.context["cards"] == []
    foreign = Entitlement.objects.filter(location=scene.host).first()
    assert page_of(sign_in(scene.contact), "entitlement-detail", foreign.pk).status_code == 404


def test_a_location_contact_has_no_allowance_page(scene, sign_in, at, now):
    at(now)
    answer = page_of(sign_in(scene.contact), "order-flex", scene.order.pk)
    assert answer.status_code == 404


def test_moving_credits_is_for_managers_and_the_customers_administrator(scene, sign_in, at, now):
    at(now)
    found = {
        role: page_of(sign_in(person), "credits-move", scene.order.pk).status_code
        for role, person in scene.people.items()
    }
    assert found == {"csam": 200, "lead": 200, "administrator": 200, "viewer": 404, "contact": 404}


def test_an_executed_order_is_not_edited_but_shown(scene, sign_in, at, now):
    at(now)
    answer = page_of(sign_in(scene.csam), "order-edit", scene.order.pk)
    assert answer["Location"] == f"/orders/{scene.order.pk}/"


def test_a_draft_has_no_tabs_but_the_builder(sign_in, at, now):
    at(now)
    scene = scenes.contoso(executed=False)
    for name in ("order-detail", "order-flex", "order-credits", "order-history"):
        answer = page_of(sign_in(scene.csam), name, scene.order.pk)
        assert answer["Location"] == f"/orders/{scene.order.pk}/edit/"


@pytest.mark.parametrize("path", ["/orders/999999999999999999999999/", "/orders/deadlines/0/"])
def test_numbers_that_no_row_can_have_are_not_found(scene, sign_in, path):
    assert sign_in(scene.csam).get(path).status_code == 404
