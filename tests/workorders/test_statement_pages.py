"""A statement a page at a time: the same figures and the same movements as read whole."""

from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.http.paging import key_page
from accounts.rules.money import Money
from tests import factories
from tests.workorders import scenes
from tests.workorders.recomputed import customer_statement, statement
from workorders.actions import holdings, ledger
from workorders.models import Entitlement, Transfer
from workorders.queries.statement_page import KEYS, statement_page, whole

pytestmark = pytest.mark.django_db

PERIODS = [
    {"as_of": date(2026, 12, 31)},
    {"as_of": date(2026, 3, 31)},
    {"as_of": date(2026, 5, 31), "since": date(2026, 3, 2)},
    {"as_of": date(2026, 3, 31), "since": date(2026, 3, 1), "known_at": factories.NOW},
    {"as_of": date(2026, 3, 31), "known_at": factories.NOW},
    {"as_of": date(2025, 1, 1)},
]


@pytest.fixture
def scene(at, now):
    """Workshops booked, delivered and released, credits redeemed and moved, one correction."""
    at(now)
    made = scenes.contoso()
    held = Entitlement.objects.get(order=made.order, offering__code="workshops", location=made.host)
    common = {"by": made.csam, "now": factories.NOW, "subject_key": "booking:1"}
    holdings.reserve_units(entitlement=held, quantity=3, on=date(2026, 3, 2), **common)
    holdings.deliver_units(entitlement=held, quantity=2, on=date(2026, 6, 1), **common)
    holdings.release_units(entitlement=held, quantity=1, on=date(2026, 3, 20), **common)
    holdings.redeem_credits(
        order=made.order,
        location=made.host,
        lines=[(factories.offering("workshops", made.order.edition), Money(4_000_00, "EUR"))],
        approved_on=date(2026, 3, 5),
        by=made.csam,
        now=factories.NOW,
    )
    ledger.reverse(
        Transfer.objects.get(kind="deliver"),
        on=date(2026, 3, 25),
        now=datetime(2027, 1, 1, tzinfo=UTC),
        by=None,
        reason="Backdated",
    )
    return made


def cut(size, **mark):
    return partial(key_page, keys=KEYS, size=size, **mark)


def standing(balances):
    return {bucket: amount for bucket, amount in balances.items() if amount}


def told(sections):
    """All that a statement says of each section, without its movements."""
    return [
        (
            (one.order, one.holding, one.offering, one.location, one.flex_year, one.unit),
            standing(one.opening),
            standing(one.closing),
            (one.opening_left, one.closing_left, one.added, one.taken),
            [
                (lot.number, lot.entitlement, lot.granted_on, lot.came_by, standing(lot.balances))
                for lot in one.lots
            ],
        )
        for one in sections
    ]


def lines(section):
    return [
        (
            (one.transfer, one.from_bucket, one.to_bucket, one.change, one.left, one.paid_for),
            one.lot and (one.lot.number, one.lot.entitlement),
            [(part.lot.number, part.lot.entitlement, part.credits) for part in one.paid_with],
        )
        for one in section.movements
    ]


def whole_of(scene, subject, **options):
    if subject == "order":
        return statement(scene.order, **options)
    return customer_statement(scene.customer, **options)


@pytest.mark.parametrize("subject", ["order", "customer"])
def test_pages_together_tell_what_the_whole_statement_tells(scene, subject):
    for period in PERIODS:
        for size in (3, 500):
            compare(scene, subject, period, size)


def compare(scene, subject, period, size):
    all_of_it = whole_of(scene, subject, viewer=scene.csam, **period)
    found = {index: [] for index in range(len(all_of_it.sections))}
    after, pages = "", 0
    left = [one.opening_left for one in all_of_it.sections]
    while after or not pages:
        page = statement_page(
            scene.customer,
            scene.order if subject == "order" else None,
            viewer=scene.csam,
            cut=cut(size, after=after),
            **period,
        )
        assert told(page.sections) == told(all_of_it.sections)
        assert (page.since, page.totals) == (all_of_it.since, all_of_it.totals)
        assert [one.brought_left for one in page.sections] == left
        left = [one.carried_left for one in page.sections]
        for index, section in enumerate(page.sections):
            found[index] += lines(section)
            assert section.count == len(all_of_it.sections[index].movements)
        after, pages = page.after, pages + 1
    assert left == [one.closing_left for one in all_of_it.sections]
    assert found == {index: lines(one) for index, one in enumerate(all_of_it.sections)}
    assert pages == max(-(-all_of_it.movements // size), 1)


def test_a_file_of_a_period_tells_what_the_whole_statement_tells(scene):
    for period in PERIODS:
        file = statement_page(scene.customer, viewer=scene.csam, cut=whole, **period)
        found = customer_statement(scene.customer, viewer=scene.csam, **period)
        assert told(file.sections) == told(found.sections)
        assert [lines(one) for one in file.sections] == [lines(one) for one in found.sections]
        assert (file.since, file.clauses) == (found.since, found.clauses)


def test_the_page_leads_to_the_next_and_back(scene, sign_in, monkeypatch):
    monkeypatch.setattr("workorders.views.statements.key_page", partial(key_page, size=3))
    client = sign_in(scene.csam)
    address = reverse("workorders:order-statement", args=[scene.order.pk])
    first = client.get(address)
    assert "Brought forward" not in first.content.decode()
    assert "Carried forward" in first.content.decode()
    second = client.get(address, {"after": first.context["page"].after})
    assert "Brought forward" in second.content.decode()
    back = client.get(address, {"before": second.context["page"].before})
    assert lines(back.context["statement"].sections[0]) == lines(
        first.context["statement"].sections[0]
    )
    assert client.get(address, {"after": "no mark"}).status_code == 200


def test_a_holding_whose_movements_are_all_told_is_closed_on_any_page(scene, sign_in, monkeypatch):
    monkeypatch.setattr("workorders.views.statements.key_page", partial(key_page, size=3))
    client, after, seen = sign_in(scene.csam), None, []
    address = reverse("workorders:order-statement", args=[scene.order.pk])
    while after != "":
        answer = client.get(address, {"after": after} if after else {})
        page, after = answer.content.decode(), answer.context["page"].after
        sections = answer.context["statement"].sections
        seen.append([(one.passed, len(one.movements), one.goes_on) for one in sections])
        assert page.count("Carried forward") == sum(one.goes_on for one in sections)
        assert page.count("Brought forward") == sum(one.passed > 0 for one in sections)
        for one in sections:
            assert one.goes_on == (one.passed + len(one.movements) < one.count)
            assert one.goes_on or one.carried_left == one.closing_left
    told_by_page = [[passed for passed, _told, _on in page] for page in seen]
    told_before = [
        [sum(page[i][1] for page in seen[:n]) for i in range(len(seen[0]))]
        for n in range(len(seen))
    ]
    assert told_by_page == told_before
    assert any(not on for _passed, told, on in seen[0] if told)


def test_going_back_tells_the_same_page(scene):
    ask = partial(
        statement_page, scene.customer, scene.order, viewer=scene.csam, as_of=date(2026, 12, 31)
    )
    first = ask(cut=cut(3))
    second = ask(cut=cut(3, after=first.after))
    again = ask(cut=cut(3, before=second.before))
    for one, other in zip(first.sections, again.sections, strict=True):
        assert (lines(one), one.brought, one.carried) == (
            lines(other),
            other.brought,
            other.carried,
        )


def test_a_contact_has_pages_of_their_location(scene):
    options = {"viewer": scene.contact, "as_of": date(2026, 12, 31)}
    page = statement_page(scene.customer, scene.order, cut=cut(500), **options)
    assert told(page.sections) == told(statement(scene.order, **options).sections)
    assert {one.location for one in page.sections} == {scene.detroit}
    chosen = {"viewer": scene.csam, "as_of": date(2026, 12, 31), "location": scene.pune}
    page = statement_page(scene.customer, scene.order, cut=cut(500), **chosen)
    assert told(page.sections) == told(statement(scene.order, **chosen).sections)


def test_a_page_asks_as_often_whatever_it_holds(scene):
    def asked(size):
        options = {"viewer": scene.csam, "as_of": date(2026, 12, 31)}
        with CaptureQueriesContext(connection) as queries:
            statement_page(scene.customer, scene.order, cut=cut(size), **options)
        return len(queries)

    assert asked(500) <= 7
    assert asked(2) <= asked(500)


# --- through the API ------------------------------------------------------------------------


@pytest.mark.parametrize("subject", ["order", "customer"])
def test_the_api_leads_through_all_pages_and_back(scene, sign_in, subject):
    client = sign_in(scene.csam)
    address = {
        "order": f"/api/v1/orders/{scene.order.pk}/statement/",
        "customer": f"/api/v1/customers/{scene.customer.pk}/statement/",
    }[subject]
    period = {"as_of": "2026-05-31", "since": "2026-03-02"}
    all_of_it = whole_of(
        scene, subject, viewer=scene.csam, as_of=date(2026, 5, 31), since=date(2026, 3, 2)
    )
    told_movements = [
        [(row.transfer.pk, row.change, row.left) for row in one.movements]
        for one in all_of_it.sections
    ]
    page = client.get(address, {**period, "page_size": 2}).json()
    assert page["previous"] is None
    pages = [page]
    while page["next"]:
        page = client.get(page["next"]).json()
        pages.append(page)
    assert len(pages) == -(-all_of_it.movements // 2)
    for number, section in enumerate(all_of_it.sections):
        told_pages = [one["sections"][number] for one in pages]
        movements = [row for one in told_pages for row in one["movements"]]
        assert [
            (row["transfer"], row["change"], row["left"]) for row in movements
        ] == told_movements[number]
        for one in told_pages:
            assert (one["opening"], one["closing"]) == (
                standing(section.opening),
                standing(section.closing),
            )
            figures = (section.count, section.added, section.taken)
            assert (one["count"], one["added"], one["taken"]) == figures
        for one, following in pairwise(told_pages):
            assert standing(one["carried"]) == standing(following["brought"])
    assert client.get(page["previous"]).json() == pages[-2]


def test_the_api_tells_a_cursor_of_no_page_and_a_size_beyond_the_most(scene, sign_in):
    client = sign_in(scene.csam)
    address = f"/api/v1/orders/{scene.order.pk}/statement/"
    for cursor in ("no mark", "-", "WzEsMl0", "-WyJ4IiwxXQ"):
        answer = client.get(address, {"cursor": cursor})
        assert answer.status_code == (200 if cursor == "-" else 404), cursor
    answer = client.get(address, {"page_size": 201})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["page_size"])
