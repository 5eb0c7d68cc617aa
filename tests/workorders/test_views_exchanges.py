"""Exchanges on the page: quoted first, asked once, made or declined."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.workorders import scenes
from workorders.models import Account, Entitlement, Exchange, Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(at, now):
    at(now)
    return scenes.contoso()


def tab_url(scene):
    return reverse("workorders:order-exchanges", args=[scene.order.pk])


def ask_url(scene):
    return reverse("workorders:exchange-ask", args=[scene.order.pk])


def workshops(scene, place=None):
    return Entitlement.objects.get(
        order=scene.order, offering__code="workshops", location=place or scene.host
    )


def wish(scene, **changes):
    source = Account.objects.get(entitlement=workshops(scene), bucket="available")
    return {
        "source": source.pk,
        "quantity": "2",
        "offering": factories.offering(scenes.DESIGNATED, scene.order.edition).pk,
        "wanted_quantity": "1",
        "location": scene.host.pk,
        "price": "15,000",
        "note": "",
        **changes,
    }


def squeezed(markup):
    return re.sub(r"\s+", " ", re.sub(r'value="\w{20,}"', "", markup)).strip()


def asked_for(scene, client, **changes):
    answer = client.post(ask_url(scene), {**wish(scene), "key": "k1", **changes})
    assert answer.status_code == 302
    return Exchange.objects.get()


def test_the_quote_shows_value_equal_part_and_remainder_and_writes_nothing(scene, sign_in):
    answer = sign_in(scene.administrator).get(ask_url(scene), wish(scene))
    figures = answer.context["quote"].figures
    assert (figures.equal_part.minor, figures.extra_to_pay.minor, figures.remainder.minor) == (
        1_500_000,
        0,
        420_000,
    )
    assert not Exchange.objects.exists()


def test_the_quote_by_htmx_is_the_quote_of_the_page(scene, sign_in):
    client = sign_in(scene.csam)
    page = client.get(ask_url(scene), wish(scene)).content.decode()
    fragment = client.get(ask_url(scene), wish(scene), headers={"HX-Request": "true"})
    assert squeezed(fragment.content.decode()) in squeezed(page)


def test_the_tab_by_htmx_is_the_tab_of_the_page(scene, sign_in):
    client = sign_in(scene.csam)
    page = client.get(tab_url(scene)).content.decode()
    fragment = client.get(tab_url(scene), headers={"HX-Request": "true"}).content.decode()
    assert squeezed(fragment) in squeezed(page)


def test_asked_once_however_often_it_is_sent(scene, sign_in):
    client = sign_in(scene.administrator)
    data = {**wish(scene), "key": "k1"}
    answers = [client.post(ask_url(scene), data) for _click in range(3)]
    exchange = Exchange.objects.get()
    page = reverse("workorders:exchange-detail", args=[exchange.pk])
    assert {answer["Location"] for answer in answers} == {page}
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"quantity": "9"}, "insufficient_units"), ({"offering": "credits"}, "over_cap")],
)
def test_what_isn_t_possible_is_said_beside_the_quote(scene, sign_in, changes, code):
    lots = factories.offering("proactive-credits", scene.order.edition).pk
    data = wish(scene, **{k: lots if v == "credits" else v for k, v in changes.items()})
    answer = sign_in(scene.csam).get(ask_url(scene), data)
    refusal = answer.context["refusal"]
    assert refusal.code == code


@pytest.mark.parametrize("name", ["source", "offering", "location", "quantity", "price"])
def test_bad_input_is_never_an_error_of_the_portal(scene, sign_in, name):
    client = sign_in(scene.csam)
    for bad in ("0", "-1", "x", "9" * 30):
        data = wish(scene, **{name: bad})
        assert client.get(ask_url(scene), data).status_code == 200
        assert client.post(ask_url(scene), data).status_code in (200, 409, 422)
    assert not Exchange.objects.exists()


def test_made_with_consent_the_page_says_what_moved(scene, sign_in):
    client = sign_in(scene.csam)
    exchange = asked_for(scene, client)
    page = reverse("workorders:exchange-detail", args=[exchange.pk])
    shown = client.get(page).context["quote"]
    make = reverse("workorders:exchange-decide", args=[exchange.pk, "make"])
    data = {
        "consent_of": "Iris Vogel",
        "written_agreement": "Letter 7",
        "price": "15,000",
        "price_seen": 1_500_000,
        "extra": shown.figures.extra_to_pay.minor,
        "remainder": shown.figures.remainder.minor,
        "key": "k2",
    }
    assert client.post(make, {**data, "consent_of": ""}).status_code == 422
    stale = client.post(make, {**data, "remainder": 1})
    assert (stale.status_code, stale.context["refusal"].code) == (422, "quote_changed")
    for _click in range(2):
        assert client.post(make, data)["Location"] == page
    exchange.refresh_from_db()
    assert (exchange.consent_of, exchange.remainder_minor) == ("Iris Vogel", 420_000)
    assert Transfer.objects.filter(subject_key=f"exchange:{exchange.pk}").count() == 3
    answer = client.get(page)
    assert "Iris Vogel" in answer.content.decode()
    assert client.get(tab_url(scene)).context["decided"] == [exchange]


def test_another_price_shows_its_figures_before_it_counts(scene, sign_in):
    client = sign_in(scene.csam)
    exchange = asked_for(scene, client)
    make = reverse("workorders:exchange-decide", args=[exchange.pk, "make"])
    data = {"consent_of": "I", "written_agreement": "L", "price": "20,000", "price_seen": 1_500_000}
    first = client.post(make, data)
    assert first.context["refusal"].code == "quote_changed"
    assert first.context["quote"].figures.extra_to_pay.minor == 80_000
    again = client.post(make, {**data, "price_seen": 2_000_000, "extra": 80_000, "remainder": 0})
    assert again.status_code == 302
    exchange.refresh_from_db()
    assert exchange.extra_minor == 80_000


def test_the_customer_takes_back_what_it_asked_and_makes_nothing(scene, sign_in):
    client = sign_in(scene.administrator)
    exchange = asked_for(scene, client)
    make, decline = (
        reverse("workorders:exchange-decide", args=[exchange.pk, act])
        for act in ("make", "decline")
    )
    assert client.post(make, {"consent_of": "Me"}).status_code == 404
    assert client.post(decline, {"reason": ""}).status_code == 422
    assert client.post(decline, {"reason": "Solved"}).status_code == 302
    exchange.refresh_from_db()
    assert exchange.declined_reason == "Solved"


def test_strangers_and_viewers_get_404(scene, sign_in):
    exchange = asked_for(scene, sign_in(scene.csam))
    page = reverse("workorders:exchange-detail", args=[exchange.pk])
    assert sign_in(scene.stranger).get(page).status_code == 404
    assert sign_in(scene.stranger).get(tab_url(scene)).status_code == 404
    assert sign_in(scene.viewer).get(ask_url(scene)).status_code == 404
    assert sign_in(scene.viewer).get(page).status_code == 200
    assert sign_in(scene.contact).get(page).status_code == 404


def test_the_tab_costs_the_same_with_many_holdings(scene, sign_in):
    client = sign_in(scene.csam)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(tab_url(scene))
        return len(captured)

    client.get(tab_url(scene))
    few = queries()
    for _n in range(20):
        factories.holding(scene.order, location=scene.host)
    assert queries() == few


# --- the same in the API --------------------------------------------------------------------


def api(scene, *rest):
    return "/".join((f"/api/v1/orders/{scene.order.pk}/exchanges", *map(str, rest), ""))


def asked_by_api(scene):
    return {
        "entitlement": workshops(scene).pk,
        "quantity": 2,
        "offering": scenes.DESIGNATED,
        "location": scene.host.pk,
        "price": "15000.00",
    }


def post(client, address, data, key=""):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(address, data, content_type="application/json", headers=headers)


def test_the_api_quotes_asks_makes_and_lists(scene, sign_in):
    client = sign_in(scene.csam)
    quote = client.get(api(scene, "quote"), asked_by_api(scene)).json()
    assert (quote["equal_part"]["amount"], quote["remainder"]["amount"]) == ("15000.00", "4200.00")
    answers = [post(client, api(scene), asked_by_api(scene), "k") for _again in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    exchange = Exchange.objects.get()
    consent = {"consent_of": "Iris Vogel", "written_agreement": "Letter 7"}
    refused = post(client, api(scene, exchange.pk, "make"), {"consent_of": ""})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_agreed")
    made = [post(client, api(scene, exchange.pk, "make"), consent, "m") for _again in range(2)]
    assert [one.json()["state"] for one in made] == ["made", "made"]
    other = post(client, api(scene, exchange.pk, "make"), {"consent_of": "X"}, "m")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert [one["id"] for one in client.get(api(scene)).json()["results"]] == [exchange.pk]
    decline = post(client, api(scene, exchange.pk, "decline"), {"reason": "late"})
    assert decline.json()["code"] == "already_decided"


def test_the_api_names_what_could_be_rescued(scene, sign_in):
    rows = sign_in(scene.contact).get(api(scene, "rescue")).json()
    assert {row["location"]["name"] for row in rows} == {"Detroit"}
    assert all(row["proposals"] or row["barred"] for row in rows)


@pytest.mark.parametrize(
    "changes",
    [
        {"entitlement": 10**12},
        {"offering": "nothing"},
        {"location": "x"},
        {"quantity": 0},
        {"price": "abc"},
        {"price": 5},
    ],
)
def test_the_api_says_which_field_is_wrong(scene, sign_in, changes):
    answer = post(sign_in(scene.csam), api(scene), {**asked_by_api(scene), **changes})
    assert answer.status_code == 400
    assert not Exchange.objects.exists()


def test_strangers_find_no_exchanges_in_the_api(scene, sign_in):
    client = sign_in(scene.stranger)
    assert client.get(api(scene, "rescue")).status_code == 404
    assert post(client, api(scene), asked_by_api(scene)).status_code == 404
    assert client.get(api(scene)).json()["results"] == []
