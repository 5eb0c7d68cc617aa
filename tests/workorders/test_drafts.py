"""Drafts: written, changed, guarded against edits that don't know of one another."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.rules.refusal import Refused
from tests import factories
from workorders.actions import orders
from workorders.models import FlexYear, LineAllocation, WorkOrder, WorkOrderLine

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 16, 9, tzinfo=UTC)
TERM = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


@pytest.fixture
def draft():
    return factories.draft()


def by(order):
    return {"by": order.created_by, "now": NOW}


def test_a_draft_stands_on_the_published_edition_and_lists_the_host():
    host = factories.host()
    draft = factories.draft(host.customer)
    assert (draft.edition.state, draft.version, draft.is_draft) == ("published", 1, True)
    assert [row.location for row in draft.order_locations.all()] == [host]
    assert draft.currency == host.customer.currency


def test_numbers_follow_one_another_within_the_year():
    customer = factories.host().customer
    numbers = [factories.draft(customer).number for _ in range(2)]
    later = factories.draft(customer, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    assert [*numbers, later.number] == ["WO-2026-0001", "WO-2026-0002", "WO-2027-0001"]


def test_a_draft_needs_a_published_edition():
    customer = factories.host().customer
    edition = factories.draft_edition()
    for chosen in (None, edition):
        with pytest.raises(Refused, match="edition_not_published"):
            orders.draft_order(
                customer=customer, by=factories.csam(customer), now=NOW, edition=chosen, **TERM
            )


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"ends_on": date(2025, 12, 31)}, "term_invalid", "ends_on"),
        ({"ends_on": date(2046, 12, 31)}, "term_too_long", "ends_on"),
        ({"base_price_minor": -1}, "amount_invalid", "base_price_minor"),
        ({"base_price_minor": 2**63}, "value_invalid", "base_price_minor"),
        ({"units_per_usd": Decimal(0)}, "amount_invalid", "units_per_usd"),
        ({"units_per_usd": Decimal("1e12")}, "value_invalid", "units_per_usd"),
        ({"currency": "euro"}, "value_invalid", "currency"),
        ({"title": "x" * 161}, "value_invalid", "title"),
        ({"number": "x" * 31}, "value_invalid", "number"),
    ],
)
def test_what_cant_be_written_is_refused_with_its_field(draft, fields, code, field):
    with pytest.raises(Refused) as refusal:
        orders.change_order(order=draft, **by(draft), **fields)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert WorkOrder.objects.get().version == 1


def test_emoji_and_right_to_left_text_are_accepted(draft):
    title = "Unified 🚀 دعم 统一支持"
    assert orders.change_order(order=draft, title=title, **by(draft)).title == title


def test_a_number_is_given_once(draft):
    with pytest.raises(Refused, match="number_taken"):
        factories.draft(draft.customer, number=draft.number)


def test_an_order_renews_one_of_its_own_customer(draft):
    with pytest.raises(ValueError, match="same customer"):
        orders.change_order(order=draft, renews=factories.draft(), **by(draft))


def test_a_stale_edit_tells_what_changed_by_whom(draft):
    colleague = factories.csam(draft.customer, name="Ana")
    at = NOW + timedelta(hours=1)
    orders.change_order(order=draft, title="A", by=colleague, now=at, version=1)
    orders.set_flex_years(order=draft, allotments={1: 100}, by=colleague, now=at, version=2)
    for attempt in (
        lambda: orders.change_order(order=draft, title="B", version=1, **by(draft)),
        lambda: orders.set_locations(order=draft, locations={}, version=1, **by(draft)),
        lambda: orders.set_flex_years(order=draft, allotments={}, version=2, **by(draft)),
        lambda: factories.line(draft, version=1),
        lambda: orders.discard_draft(order=draft, version=1, **by(draft)),
        lambda: orders.execute_order(order=draft, version=1, **by(draft)),
    ):
        with pytest.raises(Refused, match="stale_edit"):
            attempt()
    with pytest.raises(Refused) as refusal:
        orders.change_order(order=draft, title="B", version=1, **by(draft))
    assert refusal.value.figures == {
        "yours": 1,
        "current": 3,
        "changed_by": "Ana",
        "changed_at": at,
        "changes": ["changed: title", "allowance"],
    }
    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("A", 3)


def test_writing_what_stands_there_counts_as_no_edit(draft):
    same = orders.change_order(order=draft, title=draft.title, **by(draft))
    assert same.version == 1


@pytest.mark.parametrize("role", ["customer_administrator", "location_contact", "customer_viewer"])
def test_customers_write_nothing(draft, role):
    person = factories.member(draft.customer, role)
    line = factories.line(draft)
    who = {"by": person, "now": NOW}
    for attempt in (
        lambda: orders.draft_order(customer=draft.customer, **who, **TERM),
        lambda: orders.change_order(order=draft, title="x", **who),
        lambda: orders.remove_line(line=line, **who),
        lambda: orders.execute_order(order=draft, **who),
        lambda: orders.terminate_order(order=draft, on=date(2026, 5, 1), reason="x", **who),
        lambda: orders.record_intake(line=line, at=NOW, **who),
        lambda: orders.override_refusal(
            customer=draft.customer, subject_key="x", code="host_only", reason="x", **who
        ),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            attempt()


def test_locations_are_listed_with_their_rates(draft):
    host = draft.order_locations.get().location
    paris = factories.location(draft.customer, name="Paris")
    orders.set_locations(order=draft, locations={host: None, paris: Decimal("0.92")}, **by(draft))
    rows = draft.order_locations.order_by("pk").values_list("location__name", "units_per_usd")
    assert list(rows) == [(host.name, None), ("Paris", Decimal("0.92"))]
    orders.set_locations(order=draft, locations={paris: Decimal(1)}, **by(draft))
    assert list(draft.order_locations.values_list("units_per_usd", flat=True)) == [Decimal(1)]


def test_a_location_with_shares_stays_listed(draft):
    factories.line(draft)
    with pytest.raises(Refused) as refusal:
        orders.set_locations(order=draft, locations={}, **by(draft))
    assert (refusal.value.code, refusal.value.figures["location"]) == (
        "location_in_use",
        draft.order_locations.get().location.name,
    )


def test_locations_of_strangers_and_rates_of_nothing_are_no_input(draft):
    with pytest.raises(ValueError, match="order's customer"):
        orders.set_locations(order=draft, locations={factories.host(): None}, **by(draft))
    place = draft.order_locations.get().location
    with pytest.raises(Refused, match="amount_invalid"):
        orders.set_locations(order=draft, locations={place: Decimal(-1)}, **by(draft))


def test_the_allowance_belongs_to_years_of_the_term(draft):
    orders.set_flex_years(order=draft, allotments={1: 5_000_000}, **by(draft))
    assert list(FlexYear.objects.values_list("number", "allotment_minor")) == [(1, 5_000_000)]
    for year in (0, 2):
        with pytest.raises(Refused) as refusal:
            orders.set_flex_years(order=draft, allotments={year: 1}, **by(draft))
        assert (refusal.value.code, refusal.value.figures) == (
            "no_such_year",
            {"year": year, "years": 1},
        )
    with pytest.raises(Refused, match="amount_invalid"):
        orders.set_flex_years(order=draft, allotments={1: -1}, **by(draft))
    with pytest.raises(Refused, match="value_invalid"):
        orders.set_flex_years(order=draft, allotments={1: 2**63}, **by(draft))
    orders.set_flex_years(order=draft, allotments={}, **by(draft))
    assert not FlexYear.objects.exists()


def test_lines_are_added_changed_and_removed(draft):
    scopes = [orders.Scope("product", " SQL Server ")]
    line = factories.line(draft, quantity=3, scopes=scopes, note="先做")
    host = line.allocations.get().location
    paris = factories.location(draft.customer, name="Paris")
    assert (line.position, line.scopes.get().identifier) == (0, "SQL Server")
    changed = orders.change_line(
        line=line, allocations=[(host, 1), (paris, 2)], price_minor=7, **by(draft)
    )
    assert (changed.price_minor, changed.note, changed.scopes.count()) == (7, "先做", 1)
    assert sorted(LineAllocation.objects.values_list("quantity", flat=True)) == [1, 2]
    assert factories.line(draft).position == 1
    orders.remove_line(line=line, **by(draft))
    assert [one.position for one in draft.lines.all()] == [1]
    changes = draft.history.order_by("version").values_list("history_change_reason", flat=True)
    assert list(changes) == [
        "drafted",
        "line added: workshops",
        "line changed: workshops",
        "line added: workshops",
        "line removed: workshops",
    ]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"funding": "flex"}, "year_required", "flex_year"),
        ({"price_minor": -1}, "amount_invalid", "price_minor"),
        ({"price_minor": 2**63}, "value_invalid", "price_minor"),
        ({"note": "x" * 301}, "value_invalid", "note"),
        ({"unit": "dozen"}, "value_invalid", "unit"),
        ({"funding": "barter"}, "value_invalid", "funding"),
        ({"scopes": [orders.Scope("tenant", "x")] * 2}, "scope_twice", "scopes"),
        ({"scopes": [orders.Scope("tenant", " ")]}, "value_invalid", "identifier"),
        ({"scopes": [orders.Scope("planet", "x")]}, "value_invalid", "kind"),
        ({"scopes": [orders.Scope("tenant", "x" * 161)]}, "value_invalid", "identifier"),
    ],
)
def test_what_a_line_cant_hold_is_refused(draft, fields, code, field):
    with pytest.raises(Refused) as refusal:
        factories.line(draft, **fields)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not WorkOrderLine.objects.exists()


@pytest.mark.parametrize(
    ("quantities", "code"),
    [([0], "quantity_invalid"), ([-3], "quantity_invalid"), ([1, 1], "allocated_twice"),
     ([2**63], "value_invalid")],
)  # fmt: skip
def test_shares_are_positive_and_once_a_location(draft, quantities, code):
    place = draft.order_locations.get().location
    with pytest.raises(Refused, match=code):
        factories.line(draft, allocations=[(place, quantity) for quantity in quantities])


def test_shares_of_strangers_locations_are_a_bug(draft):
    with pytest.raises(ValueError, match="order's customer"):
        factories.line(draft, allocations=[(factories.host(), 1)])


def test_a_line_paid_otherwise_has_no_contract_year(draft):
    assert factories.line(draft, funding="money", flex_year=1).flex_year is None


def test_a_proposed_line_is_checked_and_not_saved(draft):
    place = draft.order_locations.get().location
    workshops = factories.offering("workshops", draft.edition)
    fields = {"unit": "each", "funding": "flex", "flex_year": 1, "price_minor": 500}
    proposal = orders.propose_line(
        order=draft, offering=workshops, allocations=[(place, 1)], **fields
    )
    found = orders.check_order(draft, NOW.date(), proposal=proposal)
    assert [one.code for one in found if one.severity == "error"] == ["over_allotment"]
    assert not WorkOrderLine.objects.exists()


def test_a_proposed_change_stands_in_for_the_line(draft):
    line = factories.line(draft)
    place = line.allocations.get().location
    proposal = orders.propose_line(
        order=draft,
        offering=line.offering,
        line=line,
        allocations=[(place, 1)],
        unit="minute",
        funding="money",
    )
    found = orders.check_order(draft, NOW.date(), proposal=proposal)
    errors = [(one.code, one.line.pk) for one in found if one.severity == "error"]
    assert errors == [("unit_mismatch", line.pk)]


def test_an_executed_order_is_frozen():
    order = factories.executed()
    line = order.lines.get()
    for attempt in (
        lambda: orders.change_order(order=order, title="x", **by(order)),
        lambda: orders.set_locations(order=order, locations={}, **by(order)),
        lambda: orders.set_flex_years(order=order, allotments={}, **by(order)),
        lambda: factories.line(order),
        lambda: orders.change_line(line=line, note="x", **by(order)),
        lambda: orders.remove_line(line=line, **by(order)),
        lambda: orders.discard_draft(order=order, **by(order)),
        lambda: orders.execute_order(order=order, **by(order)),
    ):
        with pytest.raises(Refused, match="already_executed"):
            attempt()


def test_a_discarded_draft_stays_in_the_history(draft):
    orders.discard_draft(order=draft, **by(draft))
    last = WorkOrder.history.first()
    assert (last.history_type, last.history_change_reason, last.history_user) == (
        "-",
        "discarded",
        draft.created_by,
    )


def test_a_draft_that_is_renewed_isnt_discarded(draft):
    factories.draft(draft.customer, renews=draft)
    with pytest.raises(Refused, match="order_in_use"):
        orders.discard_draft(order=draft, **by(draft))
