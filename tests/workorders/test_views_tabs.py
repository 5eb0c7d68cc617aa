"""The tabs of an order: the same by HTMX and by reload, the right figures in each."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.rules.money import Money
from tests import factories
from tests.workorders import scenes
from workorders.actions import holdings
from workorders.actions.orders import Scope, execute_order, terminate_order
from workorders.models import Deadline, Entitlement, Override
from workorders.queries.risk import value_at_risk

pytestmark = pytest.mark.django_db

TABS = ("order-detail", "order-flex", "order-credits", "order-deadlines", "order-history")


@pytest.fixture
def scene(at, now):
    at(now)
    return scenes.contoso()


def squeezed(markup):
    return re.sub(r"\s+", " ", markup).strip()


def url_of(name, order):
    return reverse(f"workorders:{name}", args=[order.pk])


@pytest.mark.parametrize("name", TABS)
def test_a_tab_by_htmx_is_the_tab_of_the_reloaded_page(scene, sign_in, name):
    client = sign_in(scene.csam)
    url = url_of(name, scene.order)
    page = squeezed(client.get(url).content.decode())
    fragment = squeezed(client.get(url, headers={"HX-Request": "true"}).content.decode())
    assert f'<div id="order-tab" class="p-stackgap"> {fragment}' in page
    assert "<html" not in fragment


def test_the_proof_of_a_deadline_opens_within_the_card(scene, sign_in):
    client = sign_in(scene.csam)
    expiry = Deadline.objects.get(order=scene.order, kind="expiry")
    url = url_of("order-detail", scene.order)
    headers = {"HX-Request": "true", "HX-Target": "next-deadlines"}
    page = squeezed(client.get(url, {"proof": expiry.pk}).content.decode())
    fragment = squeezed(client.get(url, {"proof": expiry.pk}, headers=headers).content.decode())
    assert fragment in page
    assert fragment.startswith('<section class="p-card" aria-labelledby="next"')
    closed = client.get(url, {"proof": "none"}).context
    assert (closed["opened"], client.get(url).context["opened"]) == (
        None,
        Deadline.objects.get(order=scene.order, kind="request_cutoff").pk,
    )


def test_the_matrix_adds_up(scene, sign_in):
    held = Entitlement.objects.get(
        order=scene.order, offering__code="workshops", location=scene.host
    )
    common = {"by": scene.csam, "on": date(2026, 3, 2), "now": factories.NOW}
    booking = {"entitlement": held, "subject_key": "booking:1", **common}
    holdings.reserve_units(quantity=3, **booking)
    holdings.deliver_units(quantity=1, **booking)
    holdings.charge_units(quantity=1, **booking)
    matrix = sign_in(scene.csam).get(url_of("order-detail", scene.order)).context["matrix"]
    row = next(row for row in matrix.groups[0].rows if row.offering.code == "workshops")
    cell = row.cells[0]
    assert (cell.granted, cell.reserved, cell.used, cell.lapsed, cell.left) == (4, 1, 2, 0, 1)
    assert (row.left, row.price, row.values_left) == (
        5,
        Money(960_000, "EUR"),
        [Money(4_800_000, "EUR")],
    )
    for group in matrix.groups:
        for each in group.rows:
            for one in filter(None, each.cells):
                assert one.granted == one.reserved + one.used + one.lapsed + one.left


def test_the_groups_of_the_matrix_name_what_pays_and_until_when(scene, sign_in):
    matrix = sign_in(scene.csam).get(url_of("order-detail", scene.order)).context["matrix"]
    assert [(group.title, group.clause) for group in matrix.groups] == [
        (
            "Paid with the flex allowance of year 2, to be delivered by 31 Jan 2027",
            "2.2-F4",
        ),
        ("Bought in addition, to be used by 31 Jan 2027", "2.7-T10"),
    ]
    assert (matrix.lapse_on, matrix.totals) == (date(2027, 1, 31), [Money(17_480_000, "EUR")])


def test_what_runs_to_its_end_is_not_value_that_can_lapse(scene, sign_in):
    standing = factories.holding(
        scene.order, unit="subscription", quantity=1, value=Money(9_000_000, "EUR")
    )
    answer = sign_in(scene.csam).get(url_of("order-detail", scene.order))
    matrix = answer.context["matrix"]
    rows = [row for group in matrix.groups for row in group.rows]
    row = next(row for row in rows if row.unit == "subscription")
    assert (row.left, row.values_left, row.runs_until) == (1, [], date(2027, 1, 31))
    assert matrix.totals == [Money(17_480_000, "EUR")]
    assert sum(one.value.minor for one in value_at_risk(scene.csam, now=factories.NOW)) == (
        matrix.totals[0].minor
    )
    assert "runs until 31 Jan 2027" in answer.content.decode()
    page = sign_in(scene.csam).get(url_of("entitlement-detail", standing)).content.decode()
    assert "It stands ready without being booked" in page
    assert "What isn&#x27;t delivered" not in page


def test_the_last_day_to_lapse_is_not_that_of_what_runs_on(scene, sign_in):
    factories.holding(scene.order, unit="tenant", quantity=1, usable_until=date(2026, 12, 24))
    matrix = sign_in(scene.csam).get(url_of("order-detail", scene.order)).context["matrix"]
    assert matrix.lapse_on == date(2027, 1, 31)


def test_the_allowance_counts_what_runs_on_as_booked_not_as_lapsing(scene, sign_in):
    before = sign_in(scene.csam).get(url_of("order-flex", scene.order)).context["card"].flex
    factories.holding(
        scene.order,
        unit="subscription",
        quantity=1,
        value=Money(9_000_000, "EUR"),
        funding="flex",
        flex_year=2,
    )
    card = sign_in(scene.csam).get(url_of("order-flex", scene.order)).context["card"]
    assert (card.flex.open, card.flex.booked) == (
        before.open,
        before.booked + Money(9_000_000, "EUR"),
    )
    assert sum(use.open.minor for use in card.uses) == card.flex.open.minor
    assert sum(use.booked.minor for use in card.uses) == card.flex.booked.minor


def test_credits_that_moved_count_where_they_are(scene, sign_in):
    move = {"source": scene.host, "target": scene.detroit, "credits_moved": 100}
    holdings.transfer_credits(
        order=scene.order, by=scene.csam, on=date(2026, 11, 23), now=factories.NOW, **move
    )
    matrix = sign_in(scene.csam).get(url_of("order-detail", scene.order)).context["matrix"]
    row = next(row for row in matrix.groups[0].rows if row.unit == "credit")
    assert [(cell.granted, cell.left) for cell in row.cells] == [(200, 200), (220, 220), (80, 80)]


@pytest.mark.parametrize(("asked", "shown"), [("", 2), ("1", 1), ("all", None), ("9", 2), ("x", 2)])
def test_the_contract_year_can_be_chosen(scene, sign_in, asked, shown):
    answer = sign_in(scene.csam).get(url_of("order-detail", scene.order), {"year": asked})
    assert answer.context["year"] == shown


def test_the_allowance_shows_what_each_use_takes(scene, sign_in):
    card = sign_in(scene.csam).get(url_of("order-flex", scene.order)).context["cards"][1]
    assert [(use.title, use.committed) for use in card.uses] == [
        ("Proactive credits, capped", Money(4_000_000, "EUR")),
        ("Custom proactive, capped", Money(1_000_000, "EUR")),
        ("Everything else, no ceiling", Money(7_680_000, "EUR")),
    ]
    assert card.ceiling_words == (
        "Year 2 ceiling = the higher of 20\u00a0% × €260,000 = €52,000 and US$50,000 × 0.9200 = €46,000"
    )
    assert (card.capped_free, card.flex.forfeited.result) == (
        Money(200_000, "EUR"),
        Money(13_320_000, "EUR"),
    )


def test_the_first_year_was_given_up_whole(scene, sign_in):
    page = sign_in(scene.csam).get(url_of("order-flex", scene.order))
    assert page.context["cards"][0].flex.forfeited.result == Money(25_000_000, "EUR")
    assert "Given up at execution" in page.content.decode()


def test_credits_are_shown_by_location_and_lot(scene, sign_in):
    context = sign_in(scene.csam).get(url_of("order-credits", scene.order)).context
    assert [(b.location, b.usable, len(lots)) for b, lots in context["places"]] == [
        (scene.host, 300, 1),
        (scene.detroit, 120, 1),
        (scene.pune, 80, 1),
    ]
    assert context["total"] == 500


def test_the_history_tells_who_did_what(scene, sign_in):
    terminate_order(
        order=scene.order,
        on=date(2026, 12, 31),
        reason="Sold the plant",
        by=scene.csam,
        now=factories.NOW,
    )
    story = sign_in(scene.csam).get(url_of("order-history", scene.order)).context["story"]
    told = [(event.title, str(event.by)) for event in story]
    assert told[0] == ("Terminated", "Mara Keller")
    assert ("Executed", "Mara Keller") in told
    assert ("Unallocated allowance given up", "Mara Keller") in told
    changed = next(event for event in story if event.title == "Draft changed")
    assert "Line added: Workshops" in changed.details
    mine = sign_in(scene.viewer).get(url_of("order-history", scene.order)).context["story"]
    assert "Draft changed" not in [event.title for event in mine]


def test_a_terminated_order_ends_on_the_ribbon_where_it_ended(scene, sign_in):
    terminate_order(
        order=scene.order, on=date(2026, 12, 31), reason="Sold", by=scene.csam, now=factories.NOW
    )
    context = sign_in(scene.csam).get(url_of("order-detail", scene.order)).context
    words = {words.text for words in context["picture"].ribbon.words}
    assert {"Terminated", "31 Dec 2026"} <= words
    assert context["picture"].headline == "38 days to expiry, request cut-off passed"


def test_the_ribbon_has_a_text_for_those_who_don_t_see_it(scene, sign_in):
    picture = sign_in(scene.csam).get(url_of("order-detail", scene.order)).context["picture"]
    assert picture.text == (
        "1 Feb 2025 start; 1 Feb 2026 contract year 2 begins; 23 Nov 2026 today;"
        " 2 Dec 2026 last day to request proactive services; 31 Jan 2027 last day in force"
    )
    assert picture.headline == "69 days to expiry, 9 days to the request cut-off"


@pytest.mark.parametrize(
    ("moment", "headline"),
    [
        (datetime(2025, 1, 30, 9, tzinfo=UTC), "begins in 2 days"),
        (datetime(2027, 2, 2, 9, tzinfo=UTC), "ended 2 days ago"),
    ],
)
def test_the_headline_before_and_after_the_term(scene, sign_in, at, moment, headline):
    at(moment)
    context = sign_in(scene.csam).get(url_of("order-detail", scene.order)).context
    assert context["picture"].headline == headline


@pytest.mark.parametrize("name", TABS)
def test_a_tab_needs_the_same_queries_however_much_is_on_it(scene, sign_in, name, count_queries):
    client = sign_in(scene.csam)
    url = url_of(name, scene.order)
    client.get(url)
    few = count_queries(lambda: client.get(url))
    line = scene.order.lines.first()
    for number in range(20):
        factories.holding(scene.order, line=line, quantity=1 + number)
        row = Deadline.objects.filter(order=scene.order).first()
        row.pk, row.subject_key = None, f"more:{number}"
        row.save()
    assert count_queries(lambda: client.get(url)) == few


@pytest.fixture
def count_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(act):
        with CaptureQueriesContext(connection) as captured:
            assert act().status_code == 200
        return len(captured)

    return count


def test_an_entitlement_shows_every_movement(scene, sign_in):
    held = Entitlement.objects.get(
        order=scene.order, offering__code="workshops", location=scene.host
    )
    holdings.reserve_units(
        entitlement=held, quantity=1, subject_key="booking:7", by=scene.csam,
        on=date(2026, 3, 2), now=factories.NOW,
    )  # fmt: skip
    context = sign_in(scene.csam).get(f"/orders/entitlements/{held.pk}/").context
    assert [(row.kind, row.amount) for row in context["movements"]] == [
        ("grant", 4),
        ("reserve", 1),
    ]
    assert (context["standing"].left, context["value_left"]) == (3, Money(2_880_000, "EUR"))
    assert (context["request_by"], context["is_over"]) == (date(2026, 12, 2), False)


# --- what happens in the life of an order ---------------------------------------------------


@pytest.fixture
def lived(scene):
    """Credits redeemed and moved, a deadline waived, the second year over."""
    workshops = factories.offering("workshops", scene.order.edition)
    common = {"by": scene.csam, "now": factories.NOW}
    today = date(2026, 11, 23)
    holdings.redeem_credits(
        order=scene.order, location=scene.host, lines=[(workshops, Money(250_000, "EUR"))],
        approved_on=today, **common,
    )  # fmt: skip
    holdings.transfer_credits(
        order=scene.order,
        source=scene.host,
        target=scene.pune,
        credits_moved=20,
        on=today,
        **common,
    )
    return scene


def test_redemptions_and_moves_are_told_with_their_figures(lived, sign_in):
    context = sign_in(lived.csam).get(url_of("order-credits", lived.order)).context
    assert [(one.credits, str(one.offering)) for one in context["redemptions"]] == [
        (31, "Workshops")
    ]
    assert [(m["source"], m["target"], m["out"], m["into"]) for m in context["moves"]] == [
        (lived.host, lived.pune, 20, 22)
    ]


def test_a_location_contact_sees_the_end_of_a_move_that_is_theirs(lived, sign_in):
    person = factories.location_contact(lived.pune)
    context = sign_in(person).get(url_of("order-credits", lived.order)).context
    assert [(m["out"], m["into"]) for m in context["moves"]] == [(0, 22)]


def test_what_was_bought_with_credits_is_a_group_of_its_own(lived, sign_in):
    matrix = sign_in(lived.csam).get(url_of("order-detail", lived.order)).context["matrix"]
    assert matrix.groups[-1].title == "Bought with credits, to be used by 31 Jan 2027"


def test_the_history_tells_of_credits_waivers_and_overrides(lived, sign_in):
    deadline = Deadline.objects.get(order=lived.order, kind="expiry")
    Deadline.objects.filter(pk=deadline.pk).update(
        waived_at=factories.NOW, waived_by=lived.csam, waived_reason="Renewed already"
    )
    line = lived.order.lines.first()
    Override.objects.create(
        customer=lived.customer, subject_key=f"line:{line.pk}", code="host_only",
        reason="As agreed", by=lived.csam, at=factories.NOW,
    )  # fmt: skip
    story = sign_in(lived.csam).get(url_of("order-history", lived.order)).context["story"]
    details = {event.title: event.details for event in story}
    assert details["Credits redeemed"] == ("31 credits of Stuttgart for Workshops",)
    assert details["Credits moved away"] == ("20 credits · Proactive Credits · Stuttgart",)
    assert details["Deadline waived"] == ("work order expires", "Renewed already")
    assert details["Refusal overridden"] == ("As agreed",)
    assert details["Unallocated allowance given up"][0] == "€250,000 · contract year 1"


def test_what_a_closed_year_lost_is_told_below_the_matrix(at, now, sign_in):
    at(now)
    order, csam = scenes.draft_order()
    factories.line(order, price_minor=960_000, quantity=2, funding="flex", flex_year=1)
    execute_order(order=order, by=csam, now=factories.SIGNED)
    held = Entitlement.objects.get(order=order)
    holdings.lapse_units(
        entitlement=held, quantity=2, subject_key="lapse", by=None, on=date(2026, 2, 1), now=now
    )
    answer = sign_in(csam).get(url_of("order-detail", order))
    assert [(lost.year, lost.values) for lost in answer.context["lapsed"]] == [
        (1, [Money(960_000, "EUR")])
    ]
    assert "Nothing granted here" in answer.content.decode()


def test_the_onboarding_of_mcsap_is_drawn_on_the_ribbon(at, now, sign_in):
    at(now)
    order, csam = scenes.draft_order(flex=False)
    scopes = [Scope("subscription", "sub-1")]
    factories.line(order, "mcsap", 1, unit="subscription", scopes=scopes)
    execute_order(order=order, by=csam, now=datetime(2025, 1, 30, 9, tzinfo=UTC))
    picture = sign_in(csam).get(url_of("order-detail", order)).context["picture"]
    words = {words.text for words in picture.ribbon.words}
    assert {
        "Day 14: Intake, 13 Feb 2025 (§2.4 AP10)",
        "Day 60: Onboarding ends, 1 Apr 2025 (§2.4 AP9)",
    } <= words
    assert "f-ink2" in {rect.colour for rect in picture.ribbon.rects}
