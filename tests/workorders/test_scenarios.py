"""What-if: drafts cloned, compared, taken over; nowhere else to be met."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from incidents.queries.promises import promises
from tests import factories
from tests.workorders import scenes
from workorders.actions import orders
from workorders.actions.orders.scenarios import MOST_SCENARIOS, add_scenario, adopt_scenario
from workorders.models import Override, WorkOrder, WorkOrderLine
from workorders.queries.scenarios import alternatives

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 1, 20, 9, tzinfo=UTC)
TODAY = date(2025, 1, 20)


@pytest.fixture
def scene(at):
    at(NOW)
    return scenes.contoso(executed=False)


@pytest.fixture
def client(scene, sign_in):
    return sign_in(scene.csam)


def cloned(order, title="With MCSAP", **fields):
    return add_scenario(order=order, title=title, by=order.created_by, now=NOW, **fields)


def refusal(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


def content_of(order):
    """Everything that an order says, without its names and keys."""
    order = WorkOrder.objects.get(pk=order.pk)
    return (
        order.edition,
        order.currency,
        order.units_per_usd,
        order.starts_on,
        order.ends_on,
        order.base_price_minor,
        sorted(order.order_locations.values_list("location", "units_per_usd")),
        sorted(order.flex_years.values_list("number", "allotment_minor")),
        [
            (
                line.offering.code,
                line.position,
                line.unit,
                line.price_minor,
                line.funding,
                line.flex_year,
                sorted(line.allocations.values_list("location", "quantity")),
                sorted(line.scopes.values_list("kind", "identifier", "affiliate")),
                list(line.tiers.values_list("up_to_usd_minor", "percent")),
            )
            for line in order.lines.all()
        ],
    )


# --- cloned ---------------------------------------------------------------------------------


def test_a_scenario_says_what_its_draft_says(scene):
    made = cloned(scene.order)
    assert content_of(made) == content_of(scene.order)
    assert (made.number, made.title, made.scenario_of, made.copied_from, made.version) == (
        "WO-25-0117/S1",
        "With MCSAP",
        scene.order,
        scene.order,
        1,
    )


def test_cloning_leaves_the_draft_as_it_is(scene):
    before = (scene.order.version, content_of(scene.order))
    cloned(scene.order)
    scene.order.refresh_from_db()
    assert (scene.order.version, content_of(scene.order)) == before


def test_a_scenario_of_a_scenario_belongs_to_the_same_draft(scene):
    first = cloned(scene.order)
    orders.change_order(order=first, base_price_minor=1, by=scene.csam, now=NOW)
    second = cloned(first, "Both")
    assert (second.scenario_of, second.base_price_minor) == (scene.order, 1)


def test_what_was_overridden_stays_overridden_on_the_copy(scene):
    line = factories.line(scene.order, "developer-support", allocations=[(scene.host, 1)])
    orders.override_refusal(
        customer=scene.customer,
        subject_key=f"line:{line.pk}",
        code="staff_approval_required",
        reason="Approved by mail.",
        by=scene.csam,
        now=NOW,
    )
    copy = cloned(scene.order).lines.get(offering__code="developer-support")
    assert Override.objects.get(subject_key=f"line:{copy.pk}").reason == "Approved by mail."


@pytest.mark.parametrize(
    ("title", "code"), [("  ", "scenario_title_required"), ("with mcsap", "title_taken")]
)
def test_a_title_is_needed_once(scene, title, code):
    cloned(scene.order)
    assert refusal(lambda: cloned(scene.order, title)).code == code


def test_a_draft_has_as_many_scenarios_as_a_page_holds(scene):
    for n in range(MOST_SCENARIOS):
        cloned(scene.order, f"No. {n}")
    assert refusal(lambda: cloned(scene.order, "One more")).code == "too_many_scenarios"


def test_a_draft_that_changed_meanwhile_is_not_cloned_unseen(scene):
    assert refusal(lambda: cloned(scene.order, version=scene.order.version - 1)).code == (
        "stale_edit"
    )


@pytest.mark.clause("X-04")
def test_an_amendment_has_no_scenarios(scene):
    executed = scenes_executed(scene)
    amendment = factories.draft(scene.customer, by=scene.csam)
    WorkOrder.objects.filter(pk=amendment.pk).update(amends=executed, amendment_number=1)
    assert refusal(lambda: cloned(amendment)).code == "amendment_has_no_scenarios"


def scenes_executed(scene):
    return orders.execute_order(order=scene.order, by=scene.csam, now=NOW)


def test_others_than_account_managers_clone_nothing(scene):
    made = refusal(
        lambda: add_scenario(order=scene.order, title="x", by=scene.administrator, now=NOW)
    )
    assert made.code == "not_allowed"


# --- taken over -----------------------------------------------------------------------------


def test_adopting_replaces_the_content_and_keeps_the_names(scene):
    made = cloned(scene.order)
    factories.line(made, "workshops", price_minor=55_000, allocations=[(scene.pune, 1)])
    orders.set_flex_years(order=made, allotments={2: 26_000_000}, by=scene.csam, now=NOW)
    draft = adopt_scenario(scenario=made, by=scene.csam, now=NOW)
    assert content_of(draft) == content_of(made)
    assert (draft.number, draft.title, draft.scenario_of) == ("WO-25-0117", "", None)
    newest = draft.history.order_by("-version").first()
    assert newest.history_change_reason == "scenario adopted: With MCSAP"


@pytest.mark.parametrize("stale", ["draft", "scenario"])
def test_adopting_what_somebody_changed_meanwhile_is_refused_and_writes_nothing(scene, stale):
    made = cloned(scene.order)
    seen = {"version": scene.order.version, "scenario_version": made.version}
    changed = scene.order if stale == "draft" else made
    orders.change_order(order=changed, note="By a colleague", by=scene.lead, now=NOW)
    orders.change_order(order=made, base_price_minor=1, by=scene.csam, now=NOW)
    before = content_of(scene.order)
    seen["scenario_version"] += stale == "draft"
    refused = refusal(lambda: adopt_scenario(scenario=made, by=scene.csam, now=NOW, **seen))
    assert refused.code == "stale_edit"
    assert content_of(scene.order) == before


def test_an_executed_draft_takes_nothing_over(scene):
    made = cloned(scene.order)
    scenes_executed(scene)
    refused = refusal(lambda: adopt_scenario(scenario=made, by=scene.csam, now=NOW))
    assert refused.code == "already_executed"


def test_a_draft_is_no_scenario_to_adopt(scene):
    with pytest.raises(ValueError, match="only a scenario"):
        adopt_scenario(scenario=scene.order, by=scene.csam, now=NOW)


def test_a_scenario_is_never_executed(scene):
    made = cloned(scene.order)
    refused = refusal(lambda: orders.execute_order(order=made, by=scene.csam, now=NOW))
    assert refused.code == "scenario_only_compared"


# --- compared -------------------------------------------------------------------------------


@pytest.mark.clause("2.2-F3", "2.2-F7")
def test_figures_stand_side_by_side(scene):
    made = cloned(scene.order)
    orders.set_flex_years(order=made, allotments={2: 13_000_000}, by=scene.csam, now=NOW)
    draft, other = alternatives(scene.order, on=TODAY)
    # Year 1: 250,000.00 given up whole; year 2: 260,000.00 less 126,800.00 used.
    assert draft.forfeited == Money(25_000_000 + 26_000_000 - 12_680_000, "EUR")
    assert other.forfeited == Money(13_000_000 - 12_680_000, "EUR")
    assert (draft.is_draft, other.is_draft) == (True, False)
    assert draft.totals.total == other.totals.total


def test_the_page_compares_and_adds(scene, client):
    url = reverse("workorders:order-scenarios", args=[scene.order.pk])
    answer = client.post(url, {"version": scene.order.version, "title": "Two years"})
    made = WorkOrder.objects.get(scenario_of=scene.order)
    assert answer["Location"] == reverse("workorders:order-edit", args=[made.pk])
    page = client.get(url).content.decode()
    for words in ("Draft as it stands", "Two years", "Given up at execution", "Severity A"):
        assert words in page
    edit = client.get(reverse("workorders:order-edit", args=[made.pk])).content.decode()
    assert "Scenario of WO-25-0117" in edit
    assert reverse("workorders:order-execute", args=[made.pk]) not in edit


def test_a_title_that_is_taken_stays_typed(scene, client):
    cloned(scene.order)
    url = reverse("workorders:order-scenarios", args=[scene.order.pk])
    answer = client.post(url, {"version": scene.order.version, "title": "With MCSAP"})
    assert answer.status_code == 422
    assert 'value="With MCSAP"' in answer.content.decode()


def test_a_scenario_is_taken_over_and_deleted_on_the_page(scene, client):
    made = cloned(scene.order)
    orders.change_order(order=made, base_price_minor=7, by=scene.csam, now=NOW)
    made.refresh_from_db()
    seen = {"version": scene.order.version, "scenario_version": made.version}
    answer = client.post(reverse("workorders:scenario-adopt", args=[made.pk]), seen)
    assert answer["Location"] == reverse("workorders:order-edit", args=[scene.order.pk])
    scene.order.refresh_from_db()
    assert scene.order.base_price_minor == 7
    stale = client.post(reverse("workorders:scenario-adopt", args=[made.pk]), seen)
    assert (stale.status_code, "Scenario taken over" in stale.content.decode()) == (409, True)
    client.post(reverse("workorders:scenario-delete", args=[made.pk]))
    assert not WorkOrder.objects.filter(scenario_of=scene.order).exists()


def test_a_scenario_that_a_colleague_changed_is_not_deleted_unseen(scene, client):
    made = cloned(scene.order)
    seen = made.version
    orders.change_order(order=made, note="By a colleague", by=scene.lead, now=NOW)
    url = reverse("workorders:scenario-delete", args=[made.pk])
    assert client.post(url, {"version": seen}).status_code == 409
    assert WorkOrder.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize("data", [{}, {"version": "x", "scenario_version": "1"}])
def test_a_form_without_versions_takes_nothing_over(scene, client, data):
    made = cloned(scene.order)
    answer = client.post(reverse("workorders:scenario-adopt", args=[made.pk]), data)
    assert answer.status_code == 422


def test_scenarios_stand_in_no_list(scene, client):
    made = cloned(scene.order)
    for url in ("/orders/", "/orders/export.csv", "/search/?q=WO-25-0117", "/api/v1/orders/"):
        assert made.number not in client.get(url).content.decode(), url


@pytest.mark.parametrize("name", ["administrator", "viewer", "contact", "stranger"])
def test_scenarios_are_for_those_who_manage_agreements(scene, sign_in, name):
    made = cloned(scene.order)
    person = sign_in(getattr(scene, name))
    root = reverse("workorders:order-scenarios", args=[scene.order.pk])
    assert person.get(root).status_code == 404
    for act in ("adopt", "delete"):
        url = reverse(f"workorders:scenario-{act}", args=[made.pk])
        assert person.post(url).status_code == 404
    assert content_of(made) == content_of(scene.order)


# --- response times -------------------------------------------------------------------------


@pytest.mark.clause("0-C14", "2.4-AP16")
def test_a_programme_promises_sooner_answers_for_severity_one_and_a_alone(scene):
    edition = factories.published_edition()
    base = {one.severity: one.minutes for one in promises(edition, ())}
    bought = {one.severity: one.minutes for one in promises(edition, {"mcsap"})}
    assert (bought["A"], bought["1"]) == (15, 15)
    assert bought["A"] < base["A"]
    assert (bought["B"], bought["C"]) == (base["B"], base["C"])


# --- the API --------------------------------------------------------------------------------


def test_the_api_adds_compares_adopts_and_deletes(scene):
    api = APIClient()
    api.force_authenticate(scene.csam)
    path = f"/api/v1/orders/{scene.order.pk}/scenarios/"
    made = api.post(path, {"title": "Two years"}, format="json")
    assert made.status_code == 201
    pk = made.json()["id"]
    again = api.post(path, {"title": "Two years"}, format="json")
    assert (again.status_code, again.json()["code"]) == (422, "title_taken")
    factories.line(WorkOrder.objects.get(pk=pk), allocations=[(scene.host, 1)])
    told = api.get(path).json()
    assert [(row["is_draft"], row["services"]) for row in told] == [(True, 4), (False, 5)]
    adopted = api.post(f"/api/v1/orders/{pk}/adopt/", {"scenario_version": 2}, format="json")
    assert adopted.json()["id"] == scene.order.pk
    assert WorkOrderLine.objects.filter(order=scene.order).count() == 5
    stale = api.post(f"/api/v1/orders/{pk}/adopt/", {"scenario_version": 1}, format="json")
    assert stale.status_code == 409
    assert api.delete(f"/api/v1/orders/{pk}/").status_code == 204


def test_the_api_hides_scenarios_from_customers(scene):
    api = APIClient()
    api.force_authenticate(scene.administrator)
    assert api.get(f"/api/v1/orders/{scene.order.pk}/scenarios/").status_code == 404
