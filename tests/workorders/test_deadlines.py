"""Deadlines: set again, met, waived, put off; their status from facts and clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from tests import factories
from workorders.actions import deadlines
from workorders.models import Deadline
from workorders.queries.deadlines import (
    STATUS_WORDS,
    order_deadlines,
    status_of,
    upcoming_deadlines,
    with_status,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = date(2026, 3, 31)
LAST_SECOND = datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)


@pytest.fixture
def customer():
    return factories.host().customer


@pytest.fixture
def csam(customer):
    return factories.csam(customer)


def due(day=DUE, clause="2.4-AP10"):
    return Explained(day, (("executed_on", NOW.date()),), (("last_day", day),), (clause,))


def deadline(customer, day=DUE, now=NOW, **fields):
    fields = {
        "kind": "mcsap_intake",
        "subject_key": "line:1",
        "zone": "Europe/Berlin",
        "owner": "customer",
        **fields,
    }
    return deadlines.set_deadline(customer=customer, due=due(day), now=now, **fields)


@pytest.mark.clause("0-C1", "0-C13")
def test_a_deadline_holds_to_the_last_second_of_its_day_in_its_zone(customer):
    made = deadline(customer)
    assert (made.due_on, made.due_at, made.explained["result"]) == (
        DUE,
        LAST_SECOND,
        "2026-03-31",
    )


def test_the_same_date_again_changes_nothing(customer):
    assert deadline(customer) == deadline(customer, now=NOW + timedelta(days=1))
    assert Deadline.objects.count() == 1


def test_another_date_replaces_the_earlier_one_which_stays_as_history(customer):
    first, later = deadline(customer), NOW + timedelta(days=1)
    second = deadline(customer, day=date(2026, 4, 1), now=later)
    first.refresh_from_db()
    assert (first.superseded_at, list(Deadline.objects.current())) == (later, [second])


def test_a_met_deadline_that_gets_another_date_is_open_again(customer, csam):
    deadlines.meet_deadline(deadline=deadline(customer), by=csam, now=NOW)
    deadline(customer)
    assert not Deadline.objects.open().exists()
    deadline(customer, day=date(2026, 4, 1))
    assert Deadline.objects.open().get().due_on == date(2026, 4, 1)


def test_a_subject_has_one_current_deadline_of_a_kind(customer):
    made = deadline(customer)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.clause("0-C1")
@pytest.mark.parametrize(
    ("met", "status"),
    [(LAST_SECOND, "met"), (LAST_SECOND + timedelta(seconds=1), "missed")],
)
def test_done_at_the_last_second_is_in_time_and_late_stays_missed(customer, csam, met, status):
    made = deadlines.meet_deadline(deadline=deadline(customer), by=csam, now=met)
    assert status_of(made, LAST_SECOND + timedelta(days=365)) == status
    again = deadlines.meet_deadline(deadline=made, by=csam, now=met - timedelta(days=9))
    assert (again.met_at, again.met_by) == (met, csam)


def test_each_status_follows_from_facts_and_clock(customer, csam):
    rows = {
        "open": deadline(customer, subject_key="a"),
        "met": deadline(customer, subject_key="b"),
        "waived": deadline(customer, subject_key="c"),
        "missed": deadline(customer, day=date(2026, 3, 1), subject_key="d"),
        "passed": deadline(customer, day=date(2026, 3, 1), subject_key="e", kind="expiry"),
        "replaced": deadline(customer, subject_key="f"),
    }
    deadlines.meet_deadline(deadline=rows["met"], by=csam, now=NOW)
    deadlines.waive_deadline(deadline=rows["waived"], by=csam, reason="Agreed", now=NOW)
    assert deadlines.withdraw_deadlines(subject_key="f", now=NOW) == 1
    assert set(rows) == set(STATUS_WORDS)
    for status, row in rows.items():
        assert status_of(Deadline.objects.get(pk=row.pk), NOW) == status
        assert [one.pk for one in with_status(Deadline.objects.all(), status, NOW)] == [row.pk]
    with pytest.raises(ValueError, match="no such status"):
        with_status(Deadline.objects.all(), "sometime", NOW)


def test_what_was_done_late_is_among_the_missed(customer, csam):
    made = deadline(customer)
    deadlines.meet_deadline(deadline=made, by=csam, now=LAST_SECOND + timedelta(hours=1))
    assert [one.pk for one in with_status(Deadline.objects.all(), "missed", NOW)] == [made.pk]
    assert not with_status(Deadline.objects.all(), "met", NOW).exists()


def test_waiving_needs_an_account_manager_and_a_reason(customer, csam):
    made = deadline(customer)
    for reason, code in ((" ", "reason_required"), ("x" * 301, "too_long")):
        with pytest.raises(Refused, match=code):
            deadlines.waive_deadline(deadline=made, by=csam, reason=reason, now=NOW)
    with pytest.raises(Refused, match="not_allowed"):
        deadlines.waive_deadline(deadline=made, by=factories.viewer(customer), reason="x", now=NOW)
    waived = deadlines.waive_deadline(deadline=made, by=csam, reason=" Agreed ", now=NOW)
    assert (waived.waived_at, waived.waived_by, waived.waived_reason) == (NOW, csam, "Agreed")


def test_waived_met_and_replaced_exclude_one_another(customer, csam):
    waived = deadline(customer, subject_key="a")
    deadlines.waive_deadline(deadline=waived, by=csam, reason="x", now=NOW)
    with pytest.raises(Refused, match="deadline_waived"):
        deadlines.meet_deadline(deadline=waived, by=csam, now=NOW)
    met = deadline(customer, subject_key="b")
    deadlines.meet_deadline(deadline=met, by=csam, now=NOW)
    with pytest.raises(Refused, match="deadline_met"):
        deadlines.waive_deadline(deadline=met, by=csam, reason="x", now=NOW)
    gone = deadline(customer, subject_key="c")
    deadlines.withdraw_deadlines(subject_key="c", kind="mcsap_intake", now=NOW)
    with pytest.raises(Refused, match="deadline_withdrawn"):
        deadlines.meet_deadline(deadline=gone, by=csam, now=NOW)
    deadline(customer, day=date(2026, 4, 1), subject_key="c")
    with pytest.raises(Refused) as refusal:
        deadlines.meet_deadline(deadline=gone, by=csam, now=NOW)
    assert (refusal.value.code, refusal.value.figures) == (
        "deadline_replaced",
        {"due_on": date(2026, 4, 1)},
    )


def test_only_open_deadlines_of_the_kind_are_withdrawn(customer, csam):
    met = deadline(customer)
    other = deadline(customer, kind="mcsap_material")
    deadlines.meet_deadline(deadline=met, by=csam, now=NOW)
    assert deadlines.withdraw_deadlines(subject_key="line:1", kind="mcsap_intake", now=NOW) == 0
    assert deadlines.withdraw_deadlines(subject_key="line:1", now=NOW) == 1
    other.refresh_from_db()
    assert other.superseded_at == NOW


def test_snoozing_keeps_the_date_and_ends_before_it(customer, csam):
    made = deadline(customer)
    snooze = {"deadline": made, "by": csam, "now": NOW}
    later = NOW + timedelta(days=3)
    with pytest.raises(Refused, match="in_the_past"):
        deadlines.snooze_deadline(until=NOW, reason="x", **snooze)
    with pytest.raises(Refused, match="snooze_past_the_deadline"):
        deadlines.snooze_deadline(until=LAST_SECOND + timedelta(1), reason="x", **snooze)
    with pytest.raises(Refused, match="reason_required"):
        deadlines.snooze_deadline(until=later, reason="", **snooze)
    with pytest.raises(Refused, match="not_allowed"):
        deadlines.snooze_deadline(
            deadline=made, until=later, reason="x", by=factories.viewer(customer), now=NOW
        )
    put_off = deadlines.snooze_deadline(until=later, reason="Waiting", **snooze)
    assert (put_off.snoozed_until, put_off.due_on, put_off.snoozed_reason) == (
        later,
        DUE,
        "Waiting",
    )
    assert not upcoming_deadlines(csam, now=NOW, with_snoozed=False).exists()
    assert upcoming_deadlines(csam, now=later, with_snoozed=False).get() == made


def test_a_late_duty_can_be_put_off(customer, csam):
    late = LAST_SECOND + timedelta(days=2)
    made = deadlines.snooze_deadline(
        deadline=deadline(customer),
        until=late + timedelta(days=1),
        reason="Waiting",
        by=csam,
        now=late,
    )
    assert made.snoozed_until == late + timedelta(days=1)


def test_what_is_upcoming_leaves_out_what_has_simply_passed(customer, csam):
    late = deadline(customer, day=date(2026, 3, 1), subject_key="late")
    deadline(customer, day=date(2026, 3, 1), subject_key="over", kind="expiry")
    soon = deadline(customer, day=date(2026, 3, 5), subject_key="soon", kind="expiry")
    far = deadline(customer, day=date(2026, 9, 1), subject_key="far")
    assert list(upcoming_deadlines(csam, now=NOW)) == [late, soon, far]
    assert list(upcoming_deadlines(csam, now=NOW, with_late=False)) == [soon, far]
    in_a_week = NOW + timedelta(days=7)
    assert list(upcoming_deadlines(csam, now=NOW, until=in_a_week)) == [late, soon]
    elsewhere = factories.host().customer
    assert list(upcoming_deadlines(csam, now=NOW, customer=elsewhere)) == []


def test_deadlines_of_an_order(csam, customer):
    order = factories.executed(factories.draft(customer, by=csam))
    deadline(customer)
    shown = order_deadlines(order, csam)
    assert [one.kind for one in shown] == ["request_cutoff", "expiry"]
    assert upcoming_deadlines(csam, now=NOW, order=order).count() == 2
