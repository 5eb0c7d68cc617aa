"""Everything that stands against an order: each refusal of the rules, as data."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Contact
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Availability
from tests import factories
from workorders.actions import orders
from workorders.actions.orders import Scope, check_order
from workorders.models import Override

pytestmark = pytest.mark.django_db
TODAY = date(2025, 12, 20)
NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
CLEAN: list[str] = []


@pytest.fixture
def draft():
    return factories.draft()


def place_of(draft):
    return draft.order_locations.first().location


def found(draft, severity="error", on=TODAY):
    return [one.code for one in check_order(draft, on) if one.severity == severity]


def only(draft, code, on=TODAY):
    """The one finding of this code."""
    (finding,) = [one for one in check_order(draft, on) if one.code == code]
    return finding


def sold(code, **fields):
    """The offering is sold in Germany, with these particulars."""
    fields = {"available": True, "onsite": True, **fields}
    return Availability.objects.create(offering_code=code, country="DE", **fields)


def flex_line(draft, code="workshops", minor=1_000_000, **fields):
    return factories.line(draft, code, 1, funding="flex", flex_year=1, price_minor=minor, **fields)


def allot(draft, **years):
    return orders.set_flex_years(
        order=draft,
        allotments={int(year[1:]): amount for year, amount in years.items()},
        by=draft.created_by,
        now=NOW,
    )


def test_nothing_stands_against_a_plain_order(draft):
    sold("workshops")
    factories.line(draft)
    assert check_order(draft, TODAY) == []


def test_where_nobody_knows_whether_it_is_sold_the_representative_is_asked(draft):
    factories.line(draft)
    finding = only(draft, "ask_representative")
    assert (finding.severity, finding.clauses, finding.figures) == (
        "warning",
        ("1-A5",),
        {"country": "DE"},
    )


# --- the order as a whole -------------------------------------------------------------------


def test_an_order_that_orders_nothing(draft):
    orders.change_order(order=draft, base_price_minor=0, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    assert found(draft) == ["no_lines"]


@pytest.mark.clause("2.7-T10", "2.1-B8")
def test_a_term_that_is_over(draft):
    assert "order_ended" in found(draft, on=date(2027, 1, 1))
    assert found(draft, on=date(2026, 12, 31)) == CLEAN


def test_an_order_without_locations(draft):
    orders.set_locations(order=draft, locations={}, by=draft.created_by, now=NOW)
    assert found(draft) == ["no_locations"]


@pytest.mark.clause("2.6-M2")
def test_an_order_without_its_host(draft):
    paris = factories.location(draft.customer)
    orders.set_locations(order=draft, locations={paris: None}, by=draft.created_by, now=NOW)
    assert found(draft) == ["one_host"]


@pytest.mark.clause("2.8-C4")
def test_a_host_without_administrator(draft):
    Contact.objects.all().delete()
    assert found(draft) == ["host_administrator_required"]


@pytest.mark.clause("2.1-B6", "2.6-M1")
def test_several_locations_need_multi_country_support(draft):
    locations = {place_of(draft): None, factories.location(draft.customer): None}
    orders.set_locations(order=draft, locations=locations, by=draft.created_by, now=NOW)
    assert found(draft) == ["multi_country_required"]
    orders.change_order(order=draft, multi_country=True, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    assert found(draft) == CLEAN


@pytest.mark.clause("1-A1")
def test_a_superseded_edition_is_told(draft):
    draft.edition.state = "superseded"
    draft.edition.save()
    assert found(draft, "warning") == ["edition_superseded"]


def test_another_base_package_in_the_same_days_is_told(draft):
    factories.executed(draft)
    again = factories.draft(draft.customer)
    finding = only(again, "overlaps_order")
    assert (finding.severity, finding.figures) == ("warning", {"number": draft.number})


@pytest.mark.clause("2.2-F7")
def test_what_will_be_forfeited_is_told_by_year(draft):
    allot(draft, y1=3_000_000)
    flex_line(draft, minor=2_000_000)
    finding = only(draft, "allowance_forfeited")
    assert (finding.severity, finding.figures) == (
        "warning",
        {"year": 1, "forfeited": Money(1_000_000, "EUR")},
    )


def test_allowance_of_a_year_that_the_shortened_term_lost(draft):
    orders.change_order(order=draft, ends_on=date(2027, 12, 31), by=draft.created_by, now=NOW)
    allot(draft, y1=1, y2=1)
    orders.change_order(order=draft, ends_on=date(2026, 12, 31), by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    assert only(draft, "no_such_year").figures == {"year": 2, "years": 1}


# --- flex -----------------------------------------------------------------------------------


@pytest.mark.clause("2.2-F5")
def test_flex_doesnt_pay_for_success_management(draft):
    allot(draft, y1=5_000_000)
    flex_line(draft, "success-management-services")
    assert only(draft, "ineligible_service").clauses == ("2.2-F5",)


@pytest.mark.clause("2.2-F3")
def test_credits_and_custom_services_share_one_ceiling(draft):
    allot(draft, y1=30_000_000)
    flex_line(draft, "proactive-credits", 4_000_000)
    flex_line(draft, "custom-proactive-services", 2_000_000)
    assert found(draft) == CLEAN
    over = flex_line(draft, "custom-proactive-services", 1)
    finding = only(draft, "over_cap")
    # 20 % of 300,000 are 60,000; the floor of 50,000 US dollars is 46,000 euros.
    assert (finding.line, finding.figures["ceiling"], finding.figures["left"]) == (
        over,
        Money(6_000_000, "EUR"),
        Money(0, "EUR"),
    )


@pytest.mark.clause("2.2-F8")
def test_the_ceiling_needs_the_orders_rate(draft):
    orders.change_order(order=draft, units_per_usd=None, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    allot(draft, y1=30_000_000)
    flex_line(draft, "workshops")
    assert found(draft) == CLEAN
    flex_line(draft, "proactive-credits")
    assert only(draft, "rate_required").field == "units_per_usd"


@pytest.mark.clause("2.2-F1")
def test_more_than_the_allotment(draft):
    allot(draft, y1=1_500_000)
    flex_line(draft)
    over = flex_line(draft, minor=500_001)
    assert (only(draft, "over_allotment").line, only(draft, "over_allotment").figures["left"]) == (
        over,
        Money(500_000, "EUR"),
    )


def test_flex_pays_an_amount_of_a_year_of_the_term(draft):
    allot(draft, y1=1_500_000)
    flex_line(draft, minor=0)
    assert found(draft) == ["amount_required"]
    line = flex_line(draft)
    orders.change_line(line=line, flex_year=3, by=draft.created_by, now=NOW)
    assert only(draft, "no_such_year").figures == {"year": 3, "years": 1}


@pytest.mark.clause("2.2-F4")
def test_a_funded_line_needs_a_day_of_its_year(draft):
    orders.change_order(order=draft, ends_on=date(2027, 12, 31), by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    allot(draft, y1=2_000_000)
    flex_line(draft, starts_on=date(2027, 1, 1))
    assert only(draft, "outside_contract_year").figures == {
        "year": 1,
        "first_day": date(2026, 1, 1),
        "last_day": date(2026, 12, 31),
    }


# --- buying ---------------------------------------------------------------------------------


@pytest.mark.clause("2.1-B1")
def test_additional_services_need_a_base_package(draft):
    orders.change_order(order=draft, base_price_minor=0, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    factories.line(draft)
    assert found(draft) == ["base_required"]
    factories.executed(factories.draft(draft.customer))
    assert found(draft) == CLEAN


def test_an_included_line_is_a_base_package_too(draft):
    orders.change_order(order=draft, base_price_minor=0, by=draft.created_by, now=NOW)
    draft.refresh_from_db()
    factories.line(draft)
    factories.line(draft, "advisory-support", 1, funding="included", price_minor=0)
    assert found(draft) == CLEAN


@pytest.mark.clause("2.3-P1")
def test_what_is_included_costs_nothing_and_what_isnt_is_bought(draft):
    factories.line(draft, "advisory-support", 1, funding="included", price_minor=5)
    factories.line(draft, "workshops", 1, funding="included", price_minor=0)
    factories.line(draft, "advisory-support", 1, price_minor=100)
    assert found(draft) == ["included_without_price", "not_included", "ineligible_service"]


@pytest.mark.clause("2.3-PC1")
def test_lines_arent_paid_with_credits(draft):
    factories.line(draft, funding="credits")
    assert found(draft) == ["redeem_credits"]


def test_families_of_services_arent_sold(draft):
    factories.line(draft, "development-focused-services")
    assert found(draft) == ["family_not_sold"]


def test_offerings_of_another_edition_arent_sold(draft):
    other = factories.draft_edition(code="other")
    orders.add_line(
        order=draft,
        offering=factories.offering("workshops", other),
        unit="each",
        funding="money",
        allocations=[(place_of(draft), 1)],
        by=draft.created_by,
        now=NOW,
    )
    assert found(draft) == ["other_edition"]


@pytest.mark.clause("1-A5", "2.7-T21")
def test_what_isnt_sold_in_the_country(draft):
    sold("workshops", available=False)
    factories.line(draft)
    assert found(draft) == ["not_available"]


def test_availability_counts_on_the_day_of_purchase(draft):
    sold("workshops", available=False, valid_to=date(2025, 12, 31))
    factories.line(draft)
    assert found(draft) == CLEAN


@pytest.mark.clause("2.5-DS4")
def test_limited_services_within_their_maximum_by_location(draft):
    sold("developer-support", max_quantity=3)
    factories.line(draft, "developer-support", 2)
    assert found(draft) == CLEAN
    factories.line(draft, "developer-support", 2)
    assert only(draft, "max_quantity").figures == {"maximum": 3, "left": 1}


def test_what_other_orders_bought_counts_towards_the_maximum(draft):
    sold("developer-support", max_quantity=3)
    factories.line(draft, "developer-support", 3)
    factories.executed(draft)
    more = factories.draft(draft.customer)
    factories.line(more, "developer-support", 1)
    assert only(more, "max_quantity").figures == {"maximum": 3, "left": 0}


@pytest.mark.clause("2.5-DS4")
def test_without_a_maximum_staff_approve_with_a_reason(draft):
    line = factories.line(draft, "developer-support", 1)
    assert found(draft) == ["staff_approval_required"]
    orders.override_refusal(
        customer=draft.customer,
        subject_key=f"line:{line.pk}",
        code="staff_approval_required",
        reason="Agreed with the product group",
        by=draft.created_by,
        now=NOW,
    )
    finding = only(draft, "staff_approval_required")
    assert (finding.severity, finding.override.reason) == (
        "warning",
        "Agreed with the product group",
    )


@pytest.mark.clause("2.4-SE5")
def test_tenants_have_to_be_listed(draft):
    line = factories.line(draft, "mcsfs-plus", 1, unit="tenant", exhibit_reference="Exhibit C")
    assert found(draft) == ["tenant_required"]
    orders.change_line(
        line=line, scopes=[Scope("tenant", "contoso.example")], by=draft.created_by, now=NOW
    )
    assert found(draft) == CLEAN


@pytest.mark.clause("2.4-G1")
def test_an_exhibit_has_to_be_named(draft):
    factories.line(
        draft, "mcsfs-plus", 1, unit="tenant", scopes=[Scope("tenant", "contoso.example")]
    )
    assert found(draft) == ["exhibit_required"]


@pytest.mark.clause("2.1-B8", "2.8-C20")
def test_a_sale_after_the_request_cutoff_is_told(draft):
    factories.line(draft)
    assert "request_too_late" not in found(draft, "warning", on=date(2026, 11, 1))
    finding = only(draft, "request_too_late", on=date(2026, 11, 2))
    assert (finding.severity, finding.figures) == (
        "warning",
        {"last_day": date(2026, 11, 1)},
    )


# --- locations ------------------------------------------------------------------------------


def with_paris(draft, listed=True, **fields):
    paris = factories.location(draft.customer, name="Paris", country="FR", **fields)
    if listed:
        locations = {place_of(draft): None, paris: None}
        orders.set_locations(order=draft, locations=locations, by=draft.created_by, now=NOW)
        orders.change_order(order=draft, multi_country=True, by=draft.created_by, now=NOW)
        draft.refresh_from_db()
    return paris


def test_a_line_needs_a_location(draft):
    factories.line(draft, allocations=[])
    assert found(draft) == ["location_required"]


@pytest.mark.clause("2.5-ED8", "X-40")
def test_ede_of_a_multi_country_order_is_planned_only_at_a_location(draft):
    factories.line(draft, "enhanced-designated-engineering", allocations=[])
    assert "location_required" in found(draft)
    with_paris(draft)
    finding = only(draft, "ede_location_required")
    assert (finding.clauses, finding.field) == (("2.5-ED8",), "allocations")


@pytest.mark.clause("2.6-M8", "2.6-M3")
def test_a_location_that_isnt_listed(draft):
    factories.line(draft, at=with_paris(draft, listed=False))
    finding = only(draft, "location_not_listed")
    assert (finding.clauses, finding.figures) == (("2.6-M8",), {"location": "Paris"})


@pytest.mark.clause("2.5-ED12")
def test_designated_engineering_goes_to_one_location(draft):
    paris = with_paris(draft)
    factories.line(
        draft,
        "enhanced-designated-engineering",
        unit="minute",
        allocations=[(place_of(draft), 600), (paris, 600)],
        scopes=[Scope("product", "SQL Server")],
    )
    assert found(draft) == ["single_location"]


@pytest.mark.clause("2.5-UE22", "0-C17")
def test_uer_is_bought_for_the_host_unless_staff_override(draft):
    paris = with_paris(draft)
    line = factories.line(draft, "unified-enhanced-response", 1, unit="subscription", at=paris)
    finding = only(draft, "host_only")
    assert (finding.severity, finding.overridable, finding.line) == ("error", True, line)
    orders.override_refusal(
        customer=draft.customer,
        subject_key=f"line:{line.pk}",
        code="host_only",
        reason="Asked for by the subsidiary",
        by=draft.created_by,
        now=NOW,
    )
    assert (found(draft), only(draft, "host_only").severity) == (CLEAN, "warning")


@pytest.mark.clause("2.6-M9")
def test_a_tax_exception_location_has_its_own_order(draft):
    paris = with_paris(draft, tax_exception=True)
    factories.line(draft, at=paris)
    assert found(draft) == ["own_work_order_required"]
    own = factories.draft(draft.customer, base_price_minor=0)
    orders.set_locations(order=own, locations={paris: None}, by=own.created_by, now=NOW)
    factories.line(own, at=paris)
    factories.executed(factories.draft(draft.customer))
    assert found(own) == CLEAN


# --- quantities, modes, papers --------------------------------------------------------------


def test_a_service_is_counted_in_its_own_unit(draft):
    factories.line(draft, "reactive-support-management-additional", unit="each",
                   agreed_time_zone="Asia/Tokyo")  # fmt: skip
    assert only(draft, "unit_mismatch").figures == {"unit": "each", "expected": ["minute"]}


@pytest.mark.clause("2.3-MA5")
@pytest.mark.parametrize(("onsite", "days", "codes"), [
    (True, 2, []), (True, 3, ["max_days"]), (False, 1, []), (False, 2, ["max_days"]),
])  # fmt: skip
def test_assessment_help_is_two_days_onsite_or_one_remote(draft, onsite, days, codes):
    factories.line(draft, "on-demand-assessment-assistance", days, unit="day", sold_onsite=onsite)
    assert found(draft) == codes


@pytest.mark.clause("2.3-P6")
def test_onsite_has_to_exist_there(draft):
    sold("workshops", onsite=False)
    factories.line(draft, sold_onsite=True)
    assert found(draft) == ["not_available"]


def test_reactive_support_is_never_onsite(draft):
    factories.line(
        draft,
        "reactive-support-management-additional",
        600,
        unit="minute",
        sold_onsite=True,
        agreed_time_zone="Asia/Tokyo",
    )
    assert found(draft) == ["remote_only"]


@pytest.mark.clause("2.3-RE24")
@pytest.mark.parametrize(
    ("zone", "codes"),
    [("", ["agreed_zone_required"]), ("Mars/Olympus", ["unknown_time_zone"]), ("Asia/Tokyo", [])],
)
def test_extra_hours_run_in_a_zone_agreed_in_writing(draft, zone, codes):
    factories.line(
        draft,
        "reactive-support-management-additional",
        600,
        unit="minute",
        agreed_time_zone=zone,
    )
    assert found(draft) == codes


# --- programmes -----------------------------------------------------------------------------

ENROLLED = [Scope("subscription", "6f0c-production")]


@pytest.mark.clause("2.4-AP2", "2.4-AP3")
def test_mcsap_needs_an_enrolled_subscription_of_the_customer(draft):
    line = factories.line(draft, "mcsap", 1, unit="subscription")
    assert found(draft) == ["subscription_required"]
    strangers = [Scope("subscription", "bought-by-others", affiliate=False)]
    orders.change_line(line=line, scopes=strangers, by=draft.created_by, now=NOW)
    assert found(draft) == ["subscription_required"]
    assert only(draft, "scope_excluded").figures == {"identifier": "bought-by-others"}
    orders.change_line(line=line, scopes=ENROLLED, by=draft.created_by, now=NOW)
    assert found(draft) == CLEAN


@pytest.mark.clause("2.4-AP5", "2.4-AP6", "2.4-AP7")
@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, ["plus_not_eligible"]),
        ({"assessed_spend_usd_minor": 6_000_000_000}, ["plus_not_eligible"]),
        ({"plus_noted": True}, ["plus_not_eligible"]),
        ({"plus_noted": True, "assessed_spend_usd_minor": 5_999_999_999}, ["plus_not_eligible"]),
        ({"plus_noted": True, "assessed_spend_usd_minor": 6_000_000_000}, []),
        ({"plus_noted": True, "floor_price_paid": True}, []),
    ],
)
def test_plus_needs_spend_or_floor_price_and_a_note(draft, fields, codes):
    factories.line(draft, "mcsap-plus", 1, unit="subscription", scopes=ENROLLED, **fields)
    assert found(draft) == codes


@pytest.mark.clause("2.5-ED11")
def test_designated_engineering_names_its_products(draft):
    factories.line(draft, "enhanced-designated-engineering", 600, unit="minute")
    assert "products_expected" in found(draft, "warning")


@pytest.mark.clause("0-C16", "2.4-AP46")
def test_a_line_stays_within_the_term(draft):
    def line(code, unit, **days):
        made = factories.line(draft, code, 1, unit=unit, scopes=ENROLLED, **days)
        codes = [one for one in check_order(draft, TODAY) if one.line == made]
        made.delete()
        return [one.code for one in codes if one.code != "ask_representative"]

    assert line("workshops", "each", starts_on=date(2025, 12, 31)) == ["outside_term"]
    assert line("workshops", "each", starts_on=date(2027, 1, 1)) == ["outside_term"]
    assert line("workshops", "each", starts_on=date(2026, 5, 1), ends_on=date(2026, 4, 30)) == [
        "ends_before_start"
    ]
    assert line("workshops", "each", ends_on=date(2027, 1, 1)) == ["ends_with_agreement"]
    assert line("mcsap", "subscription", ends_on=date(2027, 1, 1)) == ["suspended_without_base"]
    assert line("workshops", "each", ends_on=date(2026, 12, 31)) == []


# --- overrides ------------------------------------------------------------------------------


@pytest.mark.clause("0-C17")
@pytest.mark.parametrize("code", ["over_cap", "insufficient_credits", "tax_exception"])
def test_money_and_balances_are_never_overridden(draft, code):
    with pytest.raises(Refused, match="not_overridable"):
        orders.override_refusal(
            customer=draft.customer,
            subject_key="line:1",
            code=code,
            reason="x",
            by=draft.created_by,
            now=NOW,
        )


def test_an_override_needs_a_reason(draft):
    with pytest.raises(Refused, match="reason_required"):
        orders.override_refusal(
            customer=draft.customer,
            subject_key="line:1",
            code="host_only",
            reason="  ",
            by=draft.created_by,
            now=NOW,
        )
    assert not Override.objects.exists()


# --- all of it ------------------------------------------------------------------------------


def test_a_finding_is_a_refusal_as_well(draft):
    factories.line(draft, at=with_paris(draft, listed=False))
    refusal = only(draft, "location_not_listed").as_refusal()
    assert (refusal.code, refusal.clauses, refusal.field, refusal.figures) == (
        "location_not_listed",
        ("2.6-M8",),
        "location",
        {"location": "Paris"},
    )


def test_checking_costs_the_same_with_one_and_with_thirty_lines(draft):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            check_order(draft, TODAY)
        return len(seen)

    factories.line(draft)
    check_order(draft, TODAY)  # reads the terms of the edition, which are kept from then on
    first = queries()
    for _n in range(29):
        factories.line(draft, "developer-support", 1)
    assert queries() == first
    assert first <= 20


def test_a_line_that_is_added_while_the_draft_is_read_isnt_met_half(draft):
    """Read committed: a colleague's line can appear between two queries of the same check."""
    factories.line(draft)
    added = []

    def add_once(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if "workorders_workorderline" in sql and not added:
            added.append(True)
            factories.line(draft, "custom-proactive-services", 1)
        return answer

    with connection.execute_wrapper(add_once):
        assert found(draft) == CLEAN
    assert draft.lines.count() == 2
