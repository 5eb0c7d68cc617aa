"""Reminders: in time, in the reader's language and hours, once."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from accounts.models import LocationHoliday, Message
from accounts.rules.business_time import BusinessHours
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from tests import factories
from workorders.actions import reminders
from workorders.actions.deadlines import (
    meet_deadline,
    set_deadline,
    waive_deadline,
    withdraw_deadlines,
)
from workorders.actions.holdings.value import add_exchange_value
from workorders.actions.reminders import announce_deadlines
from workorders.models import Deadline
from workorders.queries.lapsing import lapsing_with
from workorders.queries.reminders import POLICIES
from workorders.tasks import announce_deadlines as announce_task
from workorders.tasks import lapse_entitlements as lapse_task

pytestmark = pytest.mark.django_db
OFFICE = BusinessHours("Europe/Berlin", time(8), time(18))
# Wednesday 30 September 2026; the request cut-off of the orders below is 1 November, a Sunday.
ORDERED = datetime(2026, 1, 7, 9, tzinfo=UTC)


def utc(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def deadline(customer, due=date(2026, 11, 1), now=ORDERED, **fields):
    fields = {
        "kind": "request_cutoff",
        "subject_key": "order:1",
        "zone": "Europe/Berlin",
        "owner": "customer",
        "due": Explained(due, clauses=("2.8-C20",)),
        **fields,
    }
    return set_deadline(customer=customer, now=now, **fields)


@pytest.fixture
def host():
    return factories.host()


@pytest.fixture
def csam(host):
    return factories.csam(host.customer)


def sent(person=None):
    rows = Message.objects.filter(channel="email", subject_key__startswith="deadline:")
    rows = rows.filter(recipient=person) if person else rows
    return [row.key.split("|")[2] for row in rows.order_by("pk")]


# --- when -----------------------------------------------------------------------------------


def test_every_kind_has_its_policy_the_farthest_offset_first():
    assert set(POLICIES) == set(Deadline.Kind.values)
    for policy in POLICIES.values():
        assert list(policy.offsets) == sorted(policy.offsets, reverse=True)
        assert policy.escalate_at in {None, *policy.offsets}
    assert POLICIES["request_cutoff"].offsets == (90, 75, 60, 30, 14, 7, 3, 1, 0)


# --- once -----------------------------------------------------------------------------------


def test_each_offset_is_announced_once(host, csam):
    deadline(host.customer)
    moment, counts = utc(7, 1, 12), {}
    while moment < utc(11, 3):
        written = announce_deadlines(now=moment)
        if written:
            counts[moment.date()] = written
        moment += timedelta(hours=6)
    assert sent(csam) == ["90", "75", "60", "30", "14", "7", "3", "0"]
    assert counts[date(2026, 8, 3)] == 2  # by mail and in the portal
    assert announce_deadlines(now=utc(10, 30, 12)) == 0


def test_of_several_missed_ones_the_most_urgent_is_sent(host, csam):
    deadline(host.customer)
    assert announce_deadlines(now=utc(10, 20, 9)) == 2
    assert sent() == ["14"]
    assert announce_deadlines(now=utc(10, 20, 9)) == 0


def test_between_reminders_the_sweep_looks_at_nothing(host, csam):
    row = deadline(host.customer)
    assert list(Deadline.objects.to_remind(ORDERED)) == [row]
    announce_deadlines(now=ORDERED)
    row.refresh_from_db()
    assert row.remind_at == utc(8, 3, 6)  # 90 days before, 08:00 in Berlin
    assert not Deadline.objects.to_remind(utc(8, 3, 5, 59)).exists()


def test_after_the_last_second_nobody_is_reminded_any_more(host, csam):
    row = deadline(host.customer)
    assert announce_deadlines(now=utc(11, 2, 9)) == 0
    row.refresh_from_db()
    assert row.remind_at is None


@pytest.mark.parametrize("how", ["met", "withdrawn"])
def test_what_is_settled_is_not_announced(host, csam, how):
    row = deadline(host.customer)
    if how == "met":
        meet_deadline(deadline=row, by=csam, now=ORDERED)
    else:
        withdraw_deadlines(subject_key="order:1", now=ORDERED)
    assert announce_deadlines(now=utc(10, 20, 9)) == 0


def test_a_date_that_moved_is_announced_anew(host, csam):
    deadline(host.customer)
    announce_deadlines(now=utc(10, 20, 9))
    deadline(host.customer, due=date(2026, 10, 25), now=utc(10, 20, 10))
    announce_deadlines(now=utc(10, 20, 10))
    assert sent() == ["14", "7"]


# --- who ------------------------------------------------------------------------------------


def test_account_managers_covers_administrators_and_the_locations_contacts(host, csam):
    paris = factories.location(host.customer)
    cover = factories.user()
    factories.assignment(
        user=cover,
        customer=host.customer,
        covers_for=csam,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
    )
    over = factories.user()
    factories.assignment(user=over, customer=host.customer, ends_on=date(2026, 9, 30))
    administrator = factories.customer_administrator(host.customer)
    contact = factories.location_contact(paris)
    factories.location_contact(host)
    factories.viewer(host.customer)
    deadline(host.customer, location=paris)
    announce_deadlines(now=utc(10, 20, 9))
    told = Message.objects.filter(channel="inbox").values_list("recipient", flat=True)
    assert sorted(told) == sorted(one.pk for one in (csam, cover, administrator, contact))


def test_what_microsoft_owes_is_announced_to_account_managers(host, csam):
    factories.customer_administrator(host.customer)
    deadline(host.customer, kind="mcsap_monitors", owner="microsoft")
    announce_deadlines(now=utc(10, 20, 9))
    assert set(Message.objects.values_list("recipient", flat=True)) == {csam.pk}


def test_each_reader_is_reminded_at_eight_in_their_own_zone(host, csam):
    shanghai = factories.customer_administrator(host.customer, time_zone="Asia/Shanghai")
    deadline(host.customer)
    assert announce_deadlines(now=utc(10, 1, 23, 59)) == 4  # the reminder of 60 days, late
    assert announce_deadlines(now=utc(10, 2, 0)) == 2
    assert (sent(shanghai), sent(csam)) == (["60", "30"], ["60"])
    assert announce_deadlines(now=utc(10, 2, 6)) == 2
    assert sent(csam) == ["60", "30"]


def test_holidays_of_the_location_bring_the_reminder_forward(host, csam):
    administrator = factories.customer_administrator(host.customer)
    LocationHoliday.objects.create(location=host, on=date(2026, 10, 2), name="Bridge day")
    deadline(host.customer)
    announce_deadlines(now=utc(9, 20, 9))
    announce_deadlines(now=utc(10, 1, 6))
    assert (sent(administrator), sent(csam)) == (["60", "30"], ["60"])


# --- what it says ---------------------------------------------------------------------------


@pytest.fixture
def order(host, csam):
    draft = factories.draft(host.customer, by=csam)
    factories.line(draft, quantity=3, price_minor=300_000)
    factories.line(draft, "mcsap", 1, unit="subscription",
                   scopes=[factories.orders.Scope("subscription", "x")])  # fmt: skip
    return factories.executed(draft)


def message(person, kind="request_cutoff"):
    row = Deadline.objects.get(kind=kind)
    return Message.objects.get(recipient=person, channel="email", subject_key=f"deadline:{row.pk}")


def test_it_says_what_until_when_and_what_lapses(order, host, csam):
    announce_deadlines(now=utc(10, 20, 9))
    mail = message(csam)
    page = f"/orders/deadlines/{Deadline.objects.get(kind='request_cutoff').pk}/"
    assert mail.subject == (
        f"{host.customer.short_name}: last day to request proactive services"
        f" ({order.number}), in 12 days"
    )
    assert mail.text == (
        f"{host.customer.name}\n"
        f"last day to request proactive services ({order.number})\n\n"
        "Until Sun 1 Nov 2026, 23:59:59 CET (in 12 days).\n"
        "Left and not booked, lost after that: €3,000.\n"
        "Clause §2.8 C20.\n\n"
        f"http://testserver{page}\n"
    )
    assert mail.link == page
    assert mail.html.count(f'href="http://testserver{page}"') == 1


def test_a_reader_elsewhere_sees_both_clocks_in_chinese(order, host):
    reader = factories.customer_administrator(
        host.customer, language="zh-hans", time_zone="Asia/Shanghai"
    )
    announce_deadlines(now=utc(10, 20, 9))
    mail = message(reader)
    assert mail.language == "zh-hans"
    assert "2026年11月2日 06:59:59（上海时间）" in mail.text
    assert "2026年11月1日 23:59:59（柏林时间）" in mail.text


def test_the_expiry_counts_everything_left_and_the_year_what_it_paid_for(host, csam):
    draft = factories.draft(host.customer, by=csam)
    factories.orders.set_flex_years(
        order=draft, allotments={1: 200_000}, by=csam, now=factories.SIGNED
    )
    factories.line(draft, quantity=1, price_minor=200_000, funding="flex", flex_year=1)
    factories.line(draft, quantity=1, price_minor=50_000)
    factories.executed(draft)
    announce_deadlines(now=utc(12, 20, 9))
    assert "€2,500." in message(csam, "expiry").text
    assert "€2,000." in message(csam, "contract_year_end").text


def test_exchange_value_is_lost_too_by_the_year_whose_allowance_it_comes_from(host, csam):
    """250 of money and 70 of the year's allowance; a workshop of 500 is left as well."""
    draft = factories.draft(host.customer, by=csam)
    factories.line(draft, quantity=1, price_minor=50_000)
    order = factories.executed(draft)
    for minor, year in ((25_000, None), (7_000, 1)):
        add_exchange_value(
            order=order,
            location=host,
            value=Money(minor, "EUR"),
            flex_year=year,
            subject_key="booking:1",
            by=csam,
            on=order.starts_on,
            now=factories.SIGNED,
        )
    lost = {
        kind: lapsing_with(Deadline(order=order, kind=kind, due_on=order.ends_on))
        for kind in ("request_cutoff", "expiry", "contract_year_end")
    }
    everything, of_the_year = [Money(82_000, "EUR")], [Money(7_000, "EUR")]
    assert lost == {
        "request_cutoff": everything,
        "expiry": everything,
        "contract_year_end": of_the_year,
    }


def test_the_last_free_day_says_what_cancelling_costs_after_it(host, csam):
    cost = Money(50_000, "EUR")
    free = Explained(date(2026, 11, 1), inputs=(("charge_from_next_day", cost),))
    fields = {"kind": "free_cancellation", "subject_key": "booking:1", "owner": "customer"}
    set_deadline(customer=host.customer, due=free, zone="Europe/Berlin", now=ORDERED, **fields)
    announce_deadlines(now=utc(10, 29, 9))
    mail = message(csam, "free_cancellation")
    assert "From the next day on cancelling costs €500." in mail.text
    assert "From the next day on cancelling costs €500." in mail.html


def test_a_locations_contact_reads_of_their_location_alone(order, host):
    paris = factories.location(host.customer)
    contact = factories.location_contact(paris)
    deadline(host.customer, order=order, location=paris, subject_key="other")
    announce_deadlines(now=utc(10, 20, 9))
    (mail,) = Message.objects.filter(recipient=contact, channel="email")
    assert "Left and not booked" not in mail.text


def test_the_link_leads_to_where_one_acts(host, csam, sign_in):
    deadline(host.customer)
    announce_deadlines(now=utc(10, 20, 9))
    assert sign_in(csam).get(Message.objects.first().link).status_code == 200


def test_mail_written_at_night_waits_while_the_portal_tells_at_once(host, csam):
    deadline(host.customer)
    announce_deadlines(now=utc(10, 20, 20))
    mail = Message.objects.get(channel="email")
    assert (mail.created_at, mail.due_at) == (utc(10, 20, 20), utc(10, 21, 6))


@pytest.mark.parametrize("how", ["met", "waived", "withdrawn", "moved"])
def test_mail_that_waits_is_taken_back_when_its_deadline_is_settled(host, csam, how):
    row, night = deadline(host.customer), utc(10, 20, 20)
    other = deadline(host.customer, subject_key="order:2")
    announce_deadlines(now=night)
    match how:
        case "met":
            meet_deadline(deadline=row, by=csam, now=night)
        case "waived":
            waive_deadline(deadline=row, by=csam, reason="Not wanted", now=night)
        case "withdrawn":
            withdraw_deadlines(subject_key="order:1", now=night)
        case "moved":
            deadline(host.customer, due=date(2026, 11, 15), now=night)
    mail = Message.objects.filter(channel="email")
    assert {one.subject_key for one in mail} == {f"deadline:{other.pk}"}
    assert Message.objects.filter(channel="inbox", subject_key=f"deadline:{row.pk}").exists()


def test_mail_that_is_due_or_on_its_way_is_not_taken_back(host, csam):
    row = deadline(host.customer)
    announce_deadlines(now=utc(10, 20, 20))
    Message.objects.update(lease_until=utc(10, 20, 22))
    meet_deadline(deadline=row, by=csam, now=utc(10, 20, 21))
    Message.objects.update(lease_until=None)
    deadline(host.customer, now=utc(10, 21, 6))
    assert Message.objects.filter(channel="email", subject_key=f"deadline:{row.pk}").exists()


def test_the_tasks_read_the_clock_and_do_nothing_else(order, at, csam):
    at(utc(10, 20, 9))
    assert announce_task() == 4
    at(datetime(2027, 1, 1, 9, tzinfo=UTC))
    assert lapse_task() == 2


def test_all_that_is_due_is_announced_in_batches(host, csam, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    for number in range(5):
        deadline(host.customer, subject_key=f"order:{number}")
    assert announce_deadlines(now=utc(10, 20, 9)) == 10


def test_an_idle_sweep_costs_one_query(host, csam, django_assert_num_queries):
    for number in range(30):
        deadline(host.customer, subject_key=f"order:{number}")
    announce_deadlines(now=ORDERED)
    with django_assert_num_queries(1):
        assert announce_deadlines(now=ORDERED) == 0


# --- many workers ---------------------------------------------------------------------------


def test_what_a_killed_worker_had_claimed_comes_back_after_its_lease(host, csam):
    deadline(host.customer)
    now = utc(10, 20, 9)
    assert len(reminders.claim_due(now=now)) == 1
    assert announce_deadlines(now=now) == 0
    assert announce_deadlines(now=now + reminders.LEASE) == 2


def test_what_was_settled_after_the_claim_is_not_announced(host, csam, monkeypatch):
    row = deadline(host.customer)
    now = utc(10, 20, 9)
    claim = reminders.claim_due

    def claim_and_settle(*, now):
        batch = claim(now=now)
        meet_deadline(deadline=row, by=csam, now=now)
        return batch

    monkeypatch.setattr(reminders, "claim_due", claim_and_settle)
    assert announce_deadlines(now=now) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_sweeps_at_once_claim_each_deadline_once(monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 3)
    batches = claimed_in_parallel()
    assert sorted(batches) == sorted(set(batches))
    assert len(batches) == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_without_the_lock_two_sweeps_claim_the_same(monkeypatch):
    """The twin: the race is real, the skipped locks are what wins it."""
    unlocked = type(Deadline.objects.all())
    monkeypatch.setattr(unlocked, "select_for_update", lambda self, **_options: self)
    monkeypatch.setattr(reminders, "BATCH", 20)
    batches = claimed_in_parallel(pause=True)
    assert len(batches) > len(set(batches))


def claimed_in_parallel(*, pause: bool = False) -> list[int]:
    """What two workers that start at the same moment claim until nothing is left.

    With a `pause` both have read before one writes, and each claims once.
    """
    place = factories.host()
    for number in range(20):
        deadline(place.customer, subject_key=f"order:{number}")
    start, read, claimed = threading.Barrier(2), threading.Barrier(2), []
    original = type(Deadline.objects.all()).update

    def late_update(self, **values):
        read.wait(timeout=10)
        return original(self, **values)

    def work():
        start.wait(timeout=10)
        batch = reminders.claim_due(now=utc(10, 20, 9))
        while batch:
            claimed.extend(batch)
            batch = [] if pause else reminders.claim_due(now=utc(10, 20, 9))
        connection.close()

    with pytest.MonkeyPatch.context() as patch:
        if pause:
            patch.setattr(type(Deadline.objects.all()), "update", late_update)
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    return claimed
