"""Charges: agreed in advance, recorded once, taken back by a row of their own."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from tests.workorders import scenes
from workorders.actions.charges import record_charge, take_back_charge
from workorders.models import Charge
from workorders.queries.invoices import bill_of
from workorders.rules.billing_parts import check_travel

pytestmark = pytest.mark.django_db
VISIT, AGREED = date(2026, 3, 5), date(2026, 2, 1)


@pytest.fixture
def scene(at, now):
    at(now)
    return scenes.contoso()


def record(scene, **changes):
    fields = {
        "order": scene.order,
        "location": scene.detroit,
        "kind": "travel",
        "amount": Money(123_456, "EUR"),
        "on": VISIT,
        "agreed_on": AGREED,
        "text": "Workshop on site",
        "by": scene.csam,
        "now": factories.NOW,
    }
    return record_charge(**{**fields, **changes})


def take_back(scene, charge, **changes):
    fields = {"reason": "The visit was held remotely", "by": scene.csam, "now": factories.NOW}
    return take_back_charge(charge=charge, **{**fields, **changes})


# --- travel --------------------------------------------------------------------------------


@pytest.mark.clause("2.7-T29", "2.3-P7")
@pytest.mark.parametrize(
    ("agreed_on", "prepaid", "code"),
    [
        (None, False, "travel_not_agreed"),
        (date(2026, 3, 6), False, "travel_not_agreed"),
        (VISIT, True, "travel_prepaid"),
    ],
)
def test_travel_is_billed_only_when_agreed_beforehand_and_not_prepaid(agreed_on, prepaid, code):
    with pytest.raises(Refused) as caught:
        check_travel(agreed_on=agreed_on, visit_on=VISIT, prepaid=prepaid)
    assert caught.value.code == code
    assert "2.7-T29" in caught.value.clauses
    check_travel(agreed_on=VISIT, visit_on=VISIT, prepaid=False)


def test_a_charge_keeps_the_days_on_which_it_rests(scene):
    charge = record(scene)
    assert (charge.billable_on, charge.subject_key, charge.clauses) == (
        VISIT,
        "visit:2026-03-05:agreed:2026-02-01",
        ["2.7-T29", "2.3-P7"],
    )


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"agreed_on": None}, "travel_not_agreed", "agreed_on"),
        ({"prepaid": True}, "travel_prepaid", "prepaid"),
        ({"kind": "cancellation"}, "charge_not_recorded_by_hand", "kind"),
        ({"amount": Money(1, "USD")}, "charge_in_other_currency", "amount"),
        ({"amount": Money(0, "EUR")}, "charge_not_positive", "amount"),
        ({"amount": Money(-5, "EUR")}, "charge_not_positive", "amount"),
        ({"on": date(2020, 1, 1)}, "order_not_begun", "on"),
        ({"on": date(2099, 1, 1)}, "order_ended", "on"),
        ({"billable_on": date(2026, 3, 4)}, "billed_before_due", "billable_on"),
        ({"text": "  "}, "reason_required", "text"),
        ({"text": "x" * 201}, "too_long", "text"),
        ({"location": "foreign"}, "location_not_listed", "location"),
        ({"by": "viewer"}, "not_allowed", ""),
    ],
)
def test_what_can_t_be_charged_is_refused_and_writes_nothing(scene, changes, code, field):
    if changes.get("location"):
        changes = {"location": factories.location(scene.customer)}
    if changes.get("by"):
        changes = {"by": scene.viewer}
    with pytest.raises(Refused) as caught:
        record(scene, **changes)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not Charge.objects.exists()


def test_a_draft_is_charged_nothing(scene):
    draft = factories.draft(scene.customer, by=scene.csam)
    with pytest.raises(Refused, match="not_executed"):
        record(scene, order=draft, location=scene.host)


# --- once ----------------------------------------------------------------------------------


def test_a_key_used_before_answers_with_the_charge_of_that_time(scene):
    first = record(scene, idempotency_key="k")
    assert record(scene, idempotency_key="k") == first
    with pytest.raises(Refused, match="idempotency_key_reused"):
        record(scene, idempotency_key="k", amount=Money(1, "EUR"))
    assert record(scene, idempotency_key="l") != first
    assert Charge.objects.count() == 2


def test_a_charge_is_taken_back_once_and_stays_as_it_was(scene):
    charge = record(scene)
    whole = bill_of(scene.order, viewer=scene.csam).total
    back = take_back(scene, charge, idempotency_key="b")
    assert (back.amount_minor, back.reverses, back.billable_on) == (
        -123_456,
        charge,
        date(2026, 11, 23),
    )
    assert take_back(scene, charge, idempotency_key="b") == back
    with pytest.raises(Refused, match="already_reversed"):
        take_back(scene, charge)
    with pytest.raises(Refused, match="takes_back_itself"):
        take_back(scene, back)
    charge.refresh_from_db()
    assert charge.amount_minor == 123_456
    assert bill_of(scene.order, viewer=scene.csam).total == whole - Money(123_456, "EUR")


def test_what_lies_ahead_is_taken_back_on_its_own_day(scene):
    charge = record(scene, billable_on=date(2026, 12, 24))
    assert take_back(scene, charge).billable_on == date(2026, 12, 24)


@pytest.mark.parametrize(("reason", "code"), [(" ", "reason_required"), ("x" * 201, "too_long")])
def test_taking_back_needs_a_reason(scene, reason, code):
    with pytest.raises(Refused, match=code):
        take_back(scene, record(scene), reason=reason)


def test_only_who_manages_agreements_takes_back(scene):
    with pytest.raises(Refused, match="not_allowed"):
        take_back(scene, record(scene), by=scene.administrator)


def test_the_table_itself_takes_no_charge_of_nothing(scene):
    charge = record(scene)
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(amount_minor=0)


# --- pages ---------------------------------------------------------------------------------


def form_of(scene, **changes):
    fields = {
        "kind": "travel",
        "location": scene.detroit.pk,
        "offering": "",
        "amount": "1,234.56",
        "on": "2026-03-05",
        "agreed_on": "2026-02-01",
        "billable_on": "",
        "text": "Workshop on site",
        "key": "one-form",
    }
    return {**fields, **changes}


def test_a_form_sent_twice_records_one_charge(scene, sign_in):
    client = sign_in(scene.csam)
    address = reverse("workorders:charge-record", args=[scene.order.pk])
    assert client.get(address).context["key"]
    answers = [client.post(address, form_of(scene)) for _click in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/orders/{scene.order.pk}/invoices/"}
    assert Charge.objects.get().amount_minor == 123_456
    page = client.get(answers[0]["Location"]).content.decode()
    assert "visit on 5 Mar 2026, agreed on 1 Feb 2026" in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"agreed_on": ""}, "travel_not_agreed"),
        ({"prepaid": "on"}, "travel_prepaid"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.234"}, "amount"),
        ({"on": "yesterday"}, "on"),
        ({"kind": "extra"}, "kind"),
        ({"location": "0"}, "location"),
        ({"text": ""}, "text"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(scene, sign_in, changes, told):
    address = reverse("workorders:charge-record", args=[scene.order.pk])
    answer = sign_in(scene.csam).post(address, form_of(scene, **changes))
    refusal = answer.context["refusal"]
    assert answer.status_code == 422
    assert told in ([refusal.code] if refusal else list(answer.context["form"].errors))
    assert "1,234.56" in answer.content.decode() or "amount" in changes
    assert not Charge.objects.exists()


def test_a_charge_is_taken_back_on_its_page(scene, sign_in):
    charge = record(scene)
    client = sign_in(scene.csam)
    address = reverse("workorders:charge-take-back", args=[charge.pk])
    assert "Take €1,234.56 back" in client.get(address).content.decode()
    assert client.post(address, {"reason": "", "key": "k"}).status_code == 422
    assert client.post(address, {"reason": "Held remotely", "key": "k"}).status_code == 302
    page = client.post(address, {"reason": "Again", "key": "l"})
    assert (page.status_code, page.context["refusal"].code) == (409, "already_reversed")


@pytest.mark.parametrize("role", ["administrator", "viewer", "contact", "stranger"])
def test_pages_that_charge_don_t_exist_for_others(scene, sign_in, role):
    charge = record(scene)
    client = sign_in(getattr(scene, role))
    for name, pk in (("charge-record", scene.order.pk), ("charge-take-back", charge.pk)):
        assert client.get(reverse(f"workorders:{name}", args=[pk])).status_code == 404


# --- the API -------------------------------------------------------------------------------


def api_of(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_the_api_records_once_for_a_key_and_takes_back(scene):
    api, path = api_of(scene.csam), f"/api/v1/orders/{scene.order.pk}/charges/"
    data = {
        "kind": "travel",
        "location": scene.detroit.pk,
        "amount": "1234.56",
        "on": "2026-03-05",
        "agreed_on": "2026-02-01",
        "text": "Workshop on site",
    }

    def post(to, body, key):
        return api.post(to, body, format="json", headers={"Idempotency-Key": key})

    first = post(path, data, "a")
    assert first.status_code == 201
    assert post(path, data, "a").json() == first.json()
    assert post(path, {**data, "amount": "1.00"}, "a").status_code == 422
    assert post(path, {**data, "amount": "1.005"}, "b").status_code == 400
    refused = post(path, {**data, "agreed_on": None}, "c")
    assert (refused.status_code, refused.json()["code"], refused.json()["clauses"]) == (
        422, "travel_not_agreed", ["2.7-T29", "2.3-P7"],
    )  # fmt: skip
    back = post(f"{path}{first.json()['id']}/take-back/", {"reason": "Remote"}, "d")
    assert back.json()["amount"] == {"amount": "-1234.56", "currency": "EUR"}
    assert [row["reverses"] for row in api.get(path).json()["results"]] == [
        first.json()["id"], None,
    ]  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [("viewer", 422), ("contact", 422), ("stranger", 404)])
def test_the_api_charges_for_nobody_else(scene, role, status):
    path = f"/api/v1/orders/{scene.order.pk}/charges/"
    data = {"kind": "other", "location": scene.detroit.pk, "amount": "1.00", "on": "2026-03-05"}
    answer = api_of(getattr(scene, role)).post(path, {**data, "text": "x"}, format="json")
    assert answer.status_code == status
    assert not Charge.objects.exists()


def test_a_location_contact_reads_the_charges_of_their_location(scene):
    there, elsewhere = record(scene), record(scene, location=scene.host)
    assert set(Charge.objects.visible_to(scene.contact)) == {there}
    assert set(Charge.objects.visible_to(scene.viewer)) == {there, elsewhere}
    assert not Charge.objects.visible_to(scene.stranger).exists()
