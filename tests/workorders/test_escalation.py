"""When nobody acts the lead hears of it; who chose a digest gets one mail a week."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Message, User
from accounts.rules.explained import Explained
from tests import factories
from workorders.actions.deadlines import meet_deadline, set_deadline
from workorders.actions.digests import write_digests
from workorders.actions.reminders import announce_deadlines
from workorders.models import Deadline
from workorders.queries.reminders import announced
from workorders.tasks import digest_deadlines as digest_task

pytestmark = pytest.mark.django_db
ORDERED = datetime(2026, 1, 7, 9, tzinfo=UTC)
WEEKLY = User.ReminderMail.WEEKLY


def utc(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def deadline(customer, due=date(2026, 11, 2), now=ORDERED, **fields):
    fields = {
        "kind": "mcsap_intake",
        "subject_key": "line:1",
        "zone": "Europe/Berlin",
        "owner": "customer",
        "due": Explained(due, clauses=("2.4-AP10",)),
        **fields,
    }
    return set_deadline(customer=customer, now=now, **fields)


@pytest.fixture
def host():
    return factories.host()


@pytest.fixture
def csam(host):
    return factories.csam(host.customer)


@pytest.fixture
def lead(host):
    return factories.lead(host.customer.team, name="Lea Leitner")


def mails(person, channel="email"):
    rows = Message.objects.filter(recipient=person, channel=channel).order_by("pk")
    return [row.key.split("|")[2] for row in rows]


# --- escalation -----------------------------------------------------------------------------


def test_the_lead_hears_of_a_duty_a_day_before_and_not_earlier(host, csam, lead):
    deadline(host.customer)
    announce_deadlines(now=utc(10, 26, 9))
    assert (mails(csam), mails(lead)) == (["7"], [])
    announce_deadlines(now=utc(10, 30, 9))  # Sunday's reminder, on Friday
    assert (mails(csam), mails(lead)) == (["7", "1"], ["1"])
    mail = Message.objects.get(recipient=lead, channel="email")
    assert "nobody has acted yet" in mail.subject
    assert "You read this as lead of the team" in mail.text


def test_what_was_done_in_time_is_not_escalated(host, csam, lead):
    row = deadline(host.customer)
    meet_deadline(deadline=row, by=csam, now=utc(10, 28))
    announce_deadlines(now=utc(10, 30, 9))
    announce_deadlines(now=utc(11, 3, 9))
    assert mails(lead) == []


def test_a_missed_duty_is_told_once_in_office_hours_to_manager_and_lead(host, csam, lead):
    administrator = factories.customer_administrator(host.customer)
    row = deadline(host.customer)
    announce_deadlines(now=utc(11, 2, 9))
    assert announce_deadlines(now=row.due_at + timedelta(seconds=1)) == 4
    assert announce_deadlines(now=utc(11, 4, 9)) == 0
    assert (mails(csam)[-1], mails(lead)[-1]) == ("missed", "missed")
    assert "missed" not in mails(administrator)
    assert set(
        Message.objects.filter(channel="email", key__contains="|missed|").values_list(
            "due_at", flat=True
        )
    ) == {utc(11, 3, 7)}
    row.refresh_from_db()
    assert row.remind_at is None


def test_what_was_missed_long_ago_is_no_news(host, csam, lead):
    row = deadline(host.customer)
    assert announce_deadlines(now=row.due_at + timedelta(days=7, seconds=1)) == 0


def test_a_date_that_simply_passes_is_nobodys_failure(host, csam, lead):
    deadline(host.customer, kind="free_cancellation")
    announce_deadlines(now=utc(11, 2, 9))
    assert announce_deadlines(now=utc(11, 3, 9)) == 0
    assert (mails(csam), mails(lead)) == (["0"], [])


@pytest.mark.clause("2.8-C20")
def test_of_a_cut_off_the_lead_hears_while_something_is_left_to_lose(host, csam, lead):
    draft = factories.draft(host.customer, by=csam)
    factories.line(draft, quantity=3, price_minor=300_000)
    order = factories.executed(draft)
    announce_deadlines(now=utc(10, 27, 9))
    mail = Message.objects.get(recipient=lead, channel="email")
    assert "Left and not booked, lost after that: €3,000." in mail.text
    Message.objects.all().delete()
    order.entitlements.get().accounts.update(balance=0)
    Deadline.objects.update(remind_at=ORDERED)
    announce_deadlines(now=utc(10, 27, 9))
    assert (mails(lead), sorted(mails(csam))) == ([], ["7", "90"])


def test_the_lead_reads_it_in_their_own_language(host, csam):
    lead = factories.lead(host.customer.team, language="zh-hans")
    deadline(host.customer)
    announce_deadlines(now=utc(10, 30, 9))
    mail = Message.objects.get(recipient=lead, channel="email")
    assert "尚无人处理" in mail.subject


# --- the weekly digest ----------------------------------------------------------------------


@pytest.fixture
def weekly(host):
    return factories.csam(host.customer, reminder_mail=WEEKLY)


def test_who_chose_a_digest_finds_reminders_in_the_portal_and_one_mail_on_monday(host, weekly):
    deadline(host.customer)
    assert write_digests(now=utc(10, 19, 5, 59)) == 0  # before 08:00 in Berlin
    assert write_digests(now=utc(10, 19, 6)) == 1
    assert write_digests(now=utc(10, 19, 7)) == 0
    announce_deadlines(now=utc(10, 26, 9))
    assert (mails(weekly), mails(weekly, "inbox")) == (["2026-W43"], ["7"])
    digest = Message.objects.get(channel="email")
    assert digest.subject == "Your week: 0 due, 1 later"
    assert "\nDue later\n" in digest.text
    assert f"{host.customer.name}: MCSAP intake document" in digest.text
    assert "Until Mon 2 Nov 2026, 23:59:59 CET (in 14 days)." in digest.text
    assert "Clause §2.4 AP10." in digest.text
    assert digest.html.count("/orders/deadlines/") == 2


def test_what_the_next_digest_would_tell_too_late_comes_by_itself(host, weekly):
    deadline(host.customer, due=date(2026, 10, 23), now=utc(10, 20, 9))
    announce_deadlines(now=utc(10, 20, 9))
    assert mails(weekly) == ["3"]


def test_customers_are_told_each_date_by_itself(host):
    administrator = factories.customer_administrator(host.customer, reminder_mail=WEEKLY)
    deadline(host.customer)
    announce_deadlines(now=utc(10, 26, 9))
    assert write_digests(now=utc(10, 26, 9)) == 0
    assert mails(administrator) == ["7"]


def test_a_digest_of_nothing_is_not_sent_and_one_that_is_too_old_neither(host, weekly):
    assert write_digests(now=utc(10, 19, 9)) == 0
    deadline(host.customer)
    assert write_digests(now=utc(10, 22, 6)) == 0
    late = deadline(host.customer, due=date(2026, 10, 1), subject_key="late")
    assert write_digests(now=utc(10, 20, 9)) == 1
    assert Message.objects.get().subject == "Your week: 0 due, 1 late, 1 later"
    assert late.customer.name in Message.objects.get().text


def test_a_digest_is_ordered_by_urgency_and_says_what_it_leaves_out(host, weekly, monkeypatch):
    monkeypatch.setattr("workorders.actions.digests.MOST", 3)
    for number, due in enumerate(
        (date(2026, 10, 1), date(2026, 10, 22), date(2026, 11, 2), date(2026, 12, 1))
    ):
        deadline(host.customer, due=due, subject_key=f"one:{number}")
    weekly.language = "zh-hans"
    weekly.save()
    write_digests(now=utc(10, 19, 6))
    digest = Message.objects.get()
    assert digest.subject == "您的一周：1 个到期，1 个已逾期，2 个稍后"
    heads = [
        line for line in digest.text.splitlines() if line in ("逾期", "7 天内到期", "稍后到期")
    ]
    assert heads == ["逾期", "7 天内到期", "稍后到期"]
    assert f"{host.customer.name}：MCSAP" in digest.text
    assert "列出 4 个中的前 3 个；门户中有全部。" in digest.text
    assert "列出 4 个中的前 3 个；门户中有全部。" in digest.html


def test_the_task_reads_the_clock(host, weekly, at):
    deadline(host.customer)
    at(utc(10, 19, 9))
    assert digest_task() == 1


def test_a_person_chooses_the_digest_on_the_profile_and_customers_arent_asked(host, csam, sign_in):
    form = {
        "name": "Mara",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "theme": "auto",
        "reminder_mail": "weekly",
    }
    sign_in(csam).post("/profile/", form)
    csam.refresh_from_db()
    assert csam.has_digest
    viewer = factories.viewer(host.customer)
    assert "reminder_mail" not in sign_in(viewer).get("/profile/").content.decode()


# --- what was announced ---------------------------------------------------------------------


def test_a_moved_date_keeps_what_was_announced_before(host, csam, sign_in):
    first = deadline(host.customer)
    announce_deadlines(now=utc(10, 26, 9))
    second = deadline(host.customer, due=date(2026, 11, 9), now=utc(10, 26, 10))
    announce_deadlines(now=utc(11, 2, 9))
    (row,) = announced(second, viewer=csam, now=utc(11, 2, 9))
    subjects = {message.subject_key for message in row.told}
    assert subjects == {f"deadline:{first.pk}", f"deadline:{second.pk}"}
    assert row.following == utc(11, 6, 7)
    page = sign_in(csam).get(f"/orders/deadlines/{second.pk}/").content.decode()
    assert page.count("in 7 days") >= 2


def test_customers_see_what_they_themselves_were_told(host, csam):
    viewer = factories.viewer(host.customer)
    administrator = factories.customer_administrator(host.customer)
    row = deadline(host.customer)
    announce_deadlines(now=utc(10, 26, 9))
    seen = {
        person: {one.person for one in announced(row, viewer=person, now=utc(10, 26, 9))}
        for person in (csam, administrator, viewer)
    }
    assert seen == {csam: {csam, administrator}, administrator: {administrator}, viewer: set()}


def test_after_it_is_settled_nobody_is_reminded_next(host, csam):
    row = meet_deadline(deadline=deadline(host.customer), by=csam, now=ORDERED)
    assert announced(row, viewer=csam, now=utc(10, 26, 9)) == []


@pytest.mark.clause("2.7-T33")
def test_who_opted_out_of_information_is_seen_and_still_gets_notices(host, csam, sign_in):
    administrator = factories.customer_administrator(host.customer, informational_mail=False)
    deadline(host.customer)
    announce_deadlines(now=utc(10, 26, 9))
    assert mails(administrator) == ["7"]
    page = sign_in(csam).get("/people/").content.decode()
    assert page.count("opted out of information") == 1
