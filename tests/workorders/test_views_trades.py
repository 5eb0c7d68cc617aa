"""Credits redeemed and moved on the page: quoted first, done once."""

import re

import pytest
from django.urls import reverse

from tests import factories
from tests.workorders import scenes
from workorders.models import Account, Redemption, Transfer
from workorders.queries.credits import credit_balances

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(at, now):
    at(now)
    return scenes.contoso()


def move_url(scene):
    return reverse("workorders:credits-move", args=[scene.order.pk])


def redeem_url(scene):
    return reverse("workorders:credits-redeem", args=[scene.order.pk])


def move_of(scene, number=37, **changes):
    return {"source": scene.host.pk, "target": scene.detroit.pk, "credits": number, **changes}


def usable(scene):
    balances = credit_balances(scene.order, on=factories.NOW.date())
    return {balance.location.name: balance.usable for balance in balances}


def squeezed(markup):
    return re.sub(r"\s+", " ", re.sub(r'value="\w{20,}"', "", markup)).strip()


def test_the_quote_shows_both_sides_rounding_and_tax_and_moves_nothing(scene, sign_in):
    answer = sign_in(scene.csam).get(move_url(scene), move_of(scene))
    quote = answer.context["quote"]
    page = answer.content.decode()
    assert (quote.debited, quote.received, answer.context["left_after"]) == (37, 37, 263)
    assert answer.context["rounding_words"] == "+0.018"
    assert "§2.6 M18" in page
    assert usable(scene) == {"Stuttgart": 300, "Detroit": 120, "Pune": 80}


def test_the_quote_by_htmx_is_the_quote_of_the_page(scene, sign_in):
    client = sign_in(scene.csam)
    page = client.get(move_url(scene), move_of(scene)).content.decode()
    fragment = client.get(move_url(scene), move_of(scene), headers={"HX-Request": "true"})
    assert squeezed(fragment.content.decode()) in squeezed(page)


def test_a_confirmed_quote_moves_once_however_often_it_is_sent(scene, sign_in):
    client = sign_in(scene.administrator)
    shown = client.get(move_url(scene), move_of(scene, 200)).context
    data = move_of(scene, 200, received=shown["quote"].received, key=shown["key"])
    answers = [client.post(move_url(scene), data) for _click in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert usable(scene) == {"Stuttgart": 100, "Detroit": 320, "Pune": 80}
    assert Transfer.objects.filter(kind="transfer_out").count() == 1


def test_a_quote_that_changed_is_shown_again_instead_of_being_done(scene, sign_in):
    client = sign_in(scene.csam)
    data = move_of(scene, received="38", key="k1")
    answer = client.post(move_url(scene), data)
    assert (answer.status_code, answer.context["refusal"].code) == (422, "quote_changed")
    assert answer.context["quote"].received == 37
    assert usable(scene)["Stuttgart"] == 300


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"credits": 301}, "insufficient_credits"),
        ({"target": "same"}, "credits_there_already"),
        ({"target": "pune"}, "tax_exception"),
    ],
)
def test_a_move_that_isn_t_possible_is_refused_with_its_clause(scene, sign_in, changes, code):
    scene.pune.tax_exception = True
    scene.pune.save()
    places = {"same": scene.host.pk, "pune": scene.pune.pk}
    data = move_of(scene, **{k: places.get(v, v) for k, v in changes.items()})
    answer = sign_in(scene.csam).get(move_url(scene), data)
    assert answer.context["refusal"].code == code
    posted = sign_in(scene.csam).post(move_url(scene), {**data, "key": "k2"})
    assert posted.status_code in (409, 422)
    assert not Transfer.objects.filter(kind="transfer_out").exists()


@pytest.mark.parametrize(
    "number", ["0", "-1", "1.5", "abc", "9" * 30, "", "１２３４５６７８９０１２３４５"]
)
def test_credits_are_whole_and_positive(scene, sign_in, number):
    answer = sign_in(scene.csam).get(move_url(scene), move_of(scene, number))
    assert list(answer.context["form"].errors) == ["credits"]


def test_a_foreign_location_is_no_choice(scene, sign_in):
    data = move_of(scene, target=factories.location().pk)
    answer = sign_in(scene.csam).post(move_url(scene), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["target"])


def redemption_of(scene, **changes):
    workshops = factories.offering("workshops", scene.order.edition)
    return {
        "location": scene.host.pk,
        "offering_0": workshops.pk,
        "value_0": "2,500",
        "offering_1": workshops.pk,
        "value_1": "2,500",
        **changes,
    }


def test_each_service_is_quoted_and_rounded_on_its_own(scene, sign_in):
    context = sign_in(scene.csam).get(redeem_url(scene), redemption_of(scene)).context
    assert [number for _offering, number in context["quoted_lines"]] == [31, 31]
    assert context["quote"].redemption.result.balance_after == 238
    assert not Redemption.objects.exists()


def test_a_confirmed_redemption_happens_once(scene, sign_in):
    client = sign_in(scene.csam)
    key = client.get(redeem_url(scene), redemption_of(scene)).context["key"]
    data = redemption_of(scene, deducted="62", key=key)
    for _click in range(2):
        answer = client.post(redeem_url(scene), data)
        assert answer["Location"] == f"/orders/{scene.order.pk}/credits/"
    assert (Redemption.objects.count(), usable(scene)["Stuttgart"]) == (2, 238)


def test_credits_don_t_buy_credits_or_custom_work(scene, sign_in):
    choices = sign_in(scene.csam).get(redeem_url(scene)).context["form"].offerings.values()
    codes = {offering.code for offering in choices}
    assert codes.isdisjoint({"proactive-credits", "custom-proactive-services", "advisory-support"})
    assert "workshops" in codes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value_0": ""}, "value_0"),
        ({"value_0": "-1"}, "value_0"),
        ({"value_0": "0"}, "value_0"),
        ({"offering_0": "0"}, "offering_0"),
        ({"offering_0": ""}, "offering_0"),
        ({"location": "0"}, "location"),
    ],
)
def test_what_is_missing_is_told_beside_its_field(scene, sign_in, changes, field):
    answer = sign_in(scene.csam).get(redeem_url(scene), redemption_of(scene, **changes))
    assert field in answer.context["form"].errors


def test_more_than_the_balance_is_refused_with_the_figures(scene, sign_in):
    data = redemption_of(scene, value_0="90,000")
    answer = sign_in(scene.csam).post(redeem_url(scene), {**data, "key": "k"})
    refusal = answer.context["refusal"]
    assert (answer.status_code, refusal.code) == (409, "insufficient_credits")
    assert 'value="90,000"' in answer.content.decode()
    assert not Redemption.objects.exists()
    assert (
        Account.objects.get(
            entitlement__location=scene.host, bucket="available", unit="credit"
        ).balance
        == 300
    )
