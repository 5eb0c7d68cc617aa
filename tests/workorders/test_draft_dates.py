"""The dates of drafts and of subjects in general: written, refreshed, met by what resolves them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Message
from accounts.rules.explained import Explained
from tests import factories
from workorders.actions import deadlines, orders
from workorders.actions.deadlines import Due, Subject
from workorders.actions.orders import scenarios
from workorders.actions.reminders import announce_deadlines
from workorders.models import Deadline
from workorders.queries.deadlines import status_of

pytestmark = pytest.mark.django_db
SIGNED = factories.SIGNED
REVIEW, ENROLMENT = "quarterly_review", "minimum_enrolment"


def of_order(order, kind):
    return Deadline.objects.current().filter(kind=kind, subject_key=f"order:{order.pk}")


def allotted(order, minor=200_000):
    return orders.set_flex_years(
        order=order, allotments={1: minor}, by=order.created_by, now=SIGNED
    )


# --- a subject's dates ----------------------------------------------------------------------


@pytest.fixture
def subject():
    host = factories.host()
    return Subject("line:7", "UER", host.customer, location=host)


def due(kind, day):
    return Due(kind, "csam", Explained(day, clauses=("2.5-UE20",), zone="Europe/Berlin"))


def refresh(subject, *dates, kinds=(REVIEW, ENROLMENT), now=SIGNED):
    return deadlines.refresh_deadlines(subject=subject, dates=dates, kinds=kinds, now=now)


def test_refreshing_writes_replaces_and_withdraws(subject):
    first, other = due(REVIEW, date(2026, 3, 31)), due(ENROLMENT, date(2026, 4, 1))
    kept, gone = refresh(subject, first, other)
    assert (kept.zone, kept.location, kept.subject_label) == (
        "Europe/Berlin",
        subject.location,
        "UER",
    )
    assert refresh(subject, first) == [kept]
    gone.refresh_from_db()
    assert gone.superseded_at == SIGNED
    (moved,) = refresh(subject, due(REVIEW, date(2026, 3, 30)))
    assert list(Deadline.objects.current()) == [moved]


def test_refreshing_leaves_dates_of_other_kinds_alone(subject):
    refresh(subject, due(ENROLMENT, date(2026, 4, 1)))
    refresh(subject, due(REVIEW, date(2026, 3, 31)), kinds=(REVIEW,))
    assert Deadline.objects.open().count() == 2
    with pytest.raises(ValueError, match="aren't refreshed"):
        refresh(subject, due(ENROLMENT, date(2026, 4, 1)), kinds=(REVIEW,))


def test_what_was_met_stays_so_when_the_date_goes(subject):
    (row,) = refresh(subject, due(REVIEW, date(2026, 3, 31)))
    met = {"subject_key": "line:7", "kind": REVIEW, "by": None, "now": SIGNED}
    assert deadlines.meet_deadlines(**met) == 1
    assert deadlines.meet_deadlines(**met) == 0
    refresh(subject)
    row.refresh_from_db()
    assert status_of(row, SIGNED) == "met"


# --- drafts ---------------------------------------------------------------------------------


@pytest.mark.clause("2.2-F7")
def test_allowance_of_a_draft_is_to_be_allocated_by_its_start():
    draft = factories.draft()
    assert not of_order(draft, "allocation").exists()
    allotted(draft)
    row = of_order(draft, "allocation").get()
    assert (row.due_on, row.owner, row.clauses) == (draft.starts_on, "csam", ["2.2-F7"])
    orders.change_order(order=draft, by=draft.created_by, now=SIGNED, starts_on=date(2026, 1, 15))
    assert of_order(draft, "allocation").get().due_on == date(2026, 1, 15)
    allotted(draft, minor=0)
    assert not of_order(draft, "allocation").exists()


def test_a_draft_that_began_already_has_no_date_that_is_over():
    draft = factories.draft()
    began = datetime(2026, 1, 2, 9, tzinfo=UTC)
    orders.set_flex_years(order=draft, allotments={1: 200_000}, by=draft.created_by, now=began)
    assert not Deadline.objects.exists()


@pytest.mark.clause("2.2-F7")
def test_executing_with_everything_allocated_meets_it():
    draft = factories.draft()
    allotted(draft)
    factories.line(draft, quantity=2, price_minor=200_000, funding="flex", flex_year=1)
    factories.executed(draft)
    assert status_of(of_order(draft, "allocation").get(), SIGNED) == "met"


@pytest.mark.clause("2.2-F7")
def test_executing_with_a_rest_waives_it_and_says_what_was_given_up():
    draft = factories.draft()
    allotted(draft, minor=300_000)
    factories.line(draft, quantity=2, price_minor=200_000, funding="flex", flex_year=1)
    factories.executed(draft)
    row = of_order(draft, "allocation").get()
    assert (row.waived_by, row.waived_reason) == (
        draft.created_by,
        "Executed with €1,000 not allocated.",
    )


@pytest.mark.clause("2.7-T10", "0-C16")
def test_a_renewal_is_to_be_executed_before_it_begins_and_then_it_is_met():
    renewed = factories.executed()
    draft = orders.draft_renewal(order=renewed, by=renewed.created_by, now=SIGNED)
    row = of_order(draft, "renewal_start").get()
    assert (row.due_on, row.owner) == (renewed.ends_on, "csam")
    factories.executed(draft, now=SIGNED + timedelta(days=300))
    row.refresh_from_db()
    assert (row.met_at, row.met_by) == (SIGNED + timedelta(days=300), draft.created_by)


def test_an_adopted_scenario_brings_its_dates_and_a_scenario_has_none_of_its_own():
    draft = factories.draft()
    allotted(draft)
    by = {"by": draft.created_by, "now": SIGNED}
    scenario = scenarios.add_scenario(order=draft, title="Later", **by)
    orders.change_order(order=scenario, starts_on=date(2026, 2, 1), **by)
    assert Deadline.objects.get().due_on == date(2026, 1, 1)
    scenarios.adopt_scenario(scenario=scenario, **by)
    assert of_order(draft, "allocation").get().due_on == date(2026, 2, 1)


def test_the_dates_of_a_draft_are_known_to_account_managers_alone():
    draft = factories.draft()
    allotted(draft)
    administrator = factories.customer_administrator(draft.customer)
    assert not Deadline.objects.visible_to(administrator).exists()
    assert Deadline.objects.visible_to(draft.created_by).count() == 1
    announce_deadlines(now=datetime(2025, 12, 19, 9, tzinfo=UTC))
    told = Message.objects.filter(channel="inbox").values_list("recipient", flat=True)
    assert list(told) == [draft.created_by.pk]
    factories.line(draft, quantity=2, price_minor=200_000, funding="flex", flex_year=1)
    factories.executed(draft)
    assert Deadline.objects.visible_to(administrator).filter(kind="allocation").exists()
