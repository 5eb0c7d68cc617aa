"""A person's calendar under a secret link: what they may see, as calendar programs read it."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import icalendar
import pytest
import vobject
from django.core import mail
from django.test import Client

from accounts.actions import feeds, outbox
from accounts.models import CalendarFeed, Message, User
from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from services.scheduling import actions as scheduling
from tests import factories
from ussd_portal.logs import without_secrets
from workorders.actions import deadlines
from workorders.actions.reminders import announce_deadlines
from workorders.models import Deadline

pytestmark = pytest.mark.django_db
NOW = factories.NOW
FUTURE = date(2027, 3, 1)


def events_by_icalendar(text: str) -> list[dict[str, object]]:
    """The entries as the library `icalendar` reads them."""
    calendar = icalendar.Calendar.from_ical(text)
    return [
        {
            "uid": str(entry["UID"]),
            "sequence": int(entry["SEQUENCE"]),
            "status": str(entry["STATUS"]),
            "summary": str(entry["SUMMARY"]),
            "starts": entry["DTSTART"].dt,
            "ends": entry["DTEND"].dt if "DTEND" in entry else None,
            "modified": entry["LAST-MODIFIED"].dt,
        }
        for entry in calendar.walk("VEVENT")
    ]


def events_by_vobject(text: str) -> list[dict[str, object]]:
    """The same by `vobject`, which shares no code with it."""
    calendar = vobject.readOne(text)
    calendar.validate()
    return [
        {
            "uid": entry.uid.value,
            "sequence": int(entry.sequence.value),
            "status": entry.status.value,
            "summary": entry.summary.value,
            "starts": entry.dtstart.value,
            "ends": entry.dtend.value if hasattr(entry, "dtend") else None,
            "modified": entry.last_modified.value,
        }
        for entry in calendar.contents.get("vevent", [])
    ]


LIBRARIES = pytest.mark.parametrize("events", [events_by_icalendar, events_by_vobject])


@pytest.fixture(autouse=True)
def _noon(at):
    at(NOW)


@pytest.fixture
def host():
    return factories.host()


@pytest.fixture
def csam(host):
    return factories.csam(host.customer)


def link_of(person: User, **fields: object) -> str:
    _feed, secret = feeds.make_feed(user=person, name="Work", now=NOW, **fields)
    return f"/calendar/{secret}.ics"


def read(link: str, query: str = "") -> str:
    answer = Client().get(link + query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return answer.content.decode()


def deadline(customer, due=FUTURE, zone="Europe/Berlin", now=NOW, **fields):
    fields = {
        "kind": "request_cutoff",
        "subject_key": "order:1",
        "owner": "customer",
        "due": Explained(due, clauses=("2.8-C20",)),
        **fields,
    }
    return deadlines.set_deadline(customer=customer, zone=zone, now=now, **fields)


# --- the link -------------------------------------------------------------------------------


def test_a_link_is_long_random_and_kept_as_a_hash_alone(csam):
    feed, secret = feeds.make_feed(user=csam, name="Work", now=NOW)
    assert len(secret) >= 43  # 32 bytes, 256 bits
    kept = CalendarFeed.objects.filter(pk=feed.pk).values_list().get()
    assert secret not in map(str, kept)
    _other, another = feeds.make_feed(user=csam, name="Work", now=NOW)
    assert another != secret


def test_the_profile_shows_the_link_once_renews_it_and_revokes_it(csam, sign_in):
    client = sign_in(csam)
    form = {"name": "Phone", "content": "everything", "customer": ""}
    page = client.post("/profile/calendars/", form)
    first = urlsplit(shown_link(page)).path
    feed = CalendarFeed.objects.get()
    assert Client().get(first).status_code == 200
    again = client.get("/profile/").content.decode()
    assert ("/calendar/" in again, "Phone" in again) == (False, True)
    second = urlsplit(shown_link(client.post(f"/profile/calendars/{feed.pk}/renew/"))).path
    assert [Client().get(one).status_code for one in (first, second)] == [404, 200]
    client.post(f"/profile/calendars/{feed.pk}/revoke/")
    assert Client().get(second).status_code == 404
    assert client.post(f"/profile/calendars/{feed.pk}/renew/").status_code == 404


def shown_link(page) -> str:
    return page.context["feed_link"]


def test_a_link_opens_nothing_once_its_person_may_not_sign_in(csam):
    link = link_of(csam)
    User.objects.filter(pk=csam.pk).update(is_active=False)
    assert Client().get(link).status_code == 404


def test_an_unknown_link_is_404_and_nothing_but_reading_is_possible(csam):
    assert Client().get("/calendar/nothing.ics").status_code == 404
    assert Client().post(link_of(csam)).status_code == 405


def test_anothers_feed_is_not_found(csam, host, sign_in):
    feed, _secret = feeds.make_feed(user=csam, name="Work", now=NOW)
    other = sign_in(factories.csam(host.customer))
    for act in ("renew", "revoke"):
        assert other.post(f"/profile/calendars/{feed.pk}/{act}/").status_code == 404


def test_a_feed_of_a_customer_that_one_doesnt_see_is_refused_beside_its_field(csam, sign_in):
    stranger = factories.customer()
    form = {"name": "x", "content": "everything", "customer": stranger.pk}
    page = sign_in(csam).post("/profile/calendars/", form)
    assert page.status_code == 422
    assert 'id="id_feed_customer_error"' not in page.content.decode()
    assert 'id="feed_customer_error"' in page.content.decode()


def test_there_are_so_many_feeds_and_no_more(csam, sign_in, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_FEEDS", 1)
    link_of(csam)
    with pytest.raises(Refused, match="too_many_feeds"):
        feeds.make_feed(user=csam, name="x", now=NOW)
    form = {"name": "x", "content": "everything", "customer": ""}
    page = sign_in(csam).post("/profile/calendars/", form)
    assert page.status_code == 409
    assert 'data-code="too_many_feeds"' in page.content.decode()


def test_a_revoked_feed_gets_no_new_link(csam):
    feed, _secret = feeds.make_feed(user=csam, name="Work", now=NOW)
    feeds.revoke_feed(feed=feed, now=NOW)
    with pytest.raises(Refused, match="feed_revoked"):
        feeds.renew_feed(feed=feed, now=NOW)


def test_the_secret_of_a_link_is_blanked_out_in_logs():
    line = {"request": "GET /calendar/s3cret-S3cret_s3cret.ics"}
    assert without_secrets(None, "info", line) == {"request": "GET /calendar/…"}


def test_reading_is_noted_to_the_hour(csam, at):
    link = link_of(csam)
    read(link)
    at(NOW + timedelta(minutes=59))
    read(link)
    assert CalendarFeed.objects.get().last_read_at == NOW
    at(NOW + timedelta(minutes=60))
    read(link)
    assert CalendarFeed.objects.get().last_read_at == NOW + timedelta(minutes=60)


def test_what_didnt_change_isnt_sent_again(csam, host):
    deadline(host.customer)
    link = link_of(csam)
    tag = Client().get(link)["ETag"]
    assert Client().get(link, headers={"If-None-Match": tag}).status_code == 304
    deadline(host.customer, due=date(2027, 3, 2))
    assert Client().get(link, headers={"If-None-Match": tag}).status_code == 200


# --- what stands in it ----------------------------------------------------------------------


@LIBRARIES
@pytest.mark.clause("0-C1", "0-C13")
@pytest.mark.parametrize(
    ("zone", "due", "instant"),
    [
        # The last second of the day before, on and after clocks go back and forward.
        ("Europe/Berlin", date(2027, 3, 27), datetime(2027, 3, 27, 22, 59, 59, tzinfo=UTC)),
        ("Europe/Berlin", date(2027, 3, 28), datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC)),
        ("Europe/Berlin", date(2027, 10, 30), datetime(2027, 10, 30, 21, 59, 59, tzinfo=UTC)),
        ("Europe/Berlin", date(2027, 10, 31), datetime(2027, 10, 31, 22, 59, 59, tzinfo=UTC)),
        ("America/New_York", date(2027, 3, 13), datetime(2027, 3, 14, 4, 59, 59, tzinfo=UTC)),
        ("America/New_York", date(2027, 3, 14), datetime(2027, 3, 15, 3, 59, 59, tzinfo=UTC)),
        ("America/New_York", date(2027, 11, 6), datetime(2027, 11, 7, 3, 59, 59, tzinfo=UTC)),
        ("America/New_York", date(2027, 11, 7), datetime(2027, 11, 8, 4, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_deadline_stands_at_its_last_second_around_clock_changes(
    events, zone, due, instant, csam, host
):
    deadline(host.customer, due=due, zone=zone)
    (entry,) = events(read(link_of(csam)))
    assert (entry["starts"], entry["ends"]) == (instant, None)


@LIBRARIES
@pytest.mark.parametrize(
    ("zone", "start", "instant"),
    [
        ("Europe/Berlin", (2027, 3, 29, 9, 0), datetime(2027, 3, 29, 7, tzinfo=UTC)),
        ("America/New_York", (2027, 3, 12, 9, 0), datetime(2027, 3, 12, 14, tzinfo=UTC)),
        ("America/New_York", (2027, 3, 15, 9, 0), datetime(2027, 3, 15, 13, tzinfo=UTC)),
    ],
)
def test_nine_oclock_at_the_place_of_delivery_stays_nine_oclock(events, zone, start, instant):
    order = factories.season()
    place = order.order_locations.get().location
    type(place).objects.filter(pk=place.pk).update(time_zone=zone)
    place.refresh_from_db()
    factories.booking(
        factories.holding(order, location=place),
        location=place,
        starts_at=instant,
        ends_at=instant + timedelta(hours=8),
    )
    link = link_of(order.created_by, content="deliveries")
    (entry,) = events(read(link))
    assert (entry["starts"], entry["ends"]) == (instant, instant + timedelta(hours=8))


@LIBRARIES
def test_a_date_that_moves_keeps_its_name_and_counts_up(events, csam, host):
    deadline(host.customer)
    link = link_of(csam)
    (first,) = events(read(link))
    later = NOW + timedelta(hours=1)
    deadline(host.customer, due=date(2027, 3, 8), now=later)
    (second,) = events(read(link))
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    assert (first["modified"], second["modified"]) == (NOW, later)
    assert second["starts"] - first["starts"] == timedelta(days=7)


@LIBRARIES
def test_what_falls_away_is_cancelled_and_comes_back_under_its_name(events, csam, host):
    deadline(host.customer)
    link = link_of(csam)
    deadlines.withdraw_deadlines(subject_key="order:1", now=NOW)
    (gone,) = events(read(link))
    assert gone["status"] == "CANCELLED"
    deadline(host.customer, now=NOW + timedelta(hours=1))
    (back,) = events(read(link))
    assert (back["status"], back["uid"]) == ("CONFIRMED", gone["uid"])
    assert back["sequence"] > gone["sequence"] > 0


@LIBRARIES
def test_a_waived_deadline_is_cancelled_and_a_met_one_says_so(events, csam, host):
    waived = deadline(host.customer)
    met = deadline(host.customer, subject_key="order:2", due=date(2027, 3, 2))
    deadlines.waive_deadline(deadline=waived, by=csam, reason="Agreed", now=NOW)
    deadlines.meet_deadline(deadline=met, by=csam, now=NOW)
    first, second = events(read(link_of(csam)))
    assert (first["status"], first["sequence"], second["status"]) == ("CANCELLED", 1, "CONFIRMED")
    assert second["summary"].startswith(f"{host.customer.short_name}: Met: ")


@LIBRARIES
def test_a_moved_booking_is_the_same_entry_and_a_cancelled_one_is_cancelled(events):
    booking = factories.booking()
    csam = booking.booked_by
    link = link_of(csam, content="deliveries")
    (first,) = events(read(link))
    moved = scheduling.move_booking(
        booking=booking,
        starts_at=booking.starts_at + timedelta(days=7),
        ends_at=booking.ends_at + timedelta(days=7),
        reason="Later",
        by=csam,
        now=NOW,
    )
    (second,) = events(read(link))
    assert (second["uid"], second["status"]) == (first["uid"], "CONFIRMED")
    assert second["starts"] == moved.starts_at
    assert second["sequence"] > first["sequence"]
    scheduling.cancel_booking(
        booking=moved, party="customer", reason="Not needed", by=csam, now=NOW
    )
    (third,) = events(read(link))
    assert (third["uid"], third["status"]) == (first["uid"], "CANCELLED")
    assert third["sequence"] > second["sequence"]


def test_each_sees_in_it_what_they_see_in_the_portal(csam, host):
    paris = factories.location(host.customer, name="Paris")
    rome = factories.location(host.customer, name="Rome")
    whole = deadline(host.customer)
    in_paris = deadline(host.customer, subject_key="a", location=paris)
    in_rome = deadline(host.customer, subject_key="b", location=rome)
    elsewhere = deadline(factories.host().customer, subject_key="c")
    seen = {
        csam: [whole, in_paris, in_rome],
        factories.location_contact(paris): [whole, in_paris],
        factories.viewer(host.customer): [whole, in_paris, in_rome],
        factories.lead(elsewhere.customer.team): [elsewhere],
        factories.user(User.Role.SYSTEM_ADMINISTRATOR): [],
    }
    for person, rows in seen.items():
        calendar = icalendar.Calendar.from_ical(read(link_of(person)))
        urls = {str(one["URL"]).rstrip("/").rpartition("/")[2] for one in calendar.walk("VEVENT")}
        assert urls == {str(row.pk) for row in rows}, person.role


def test_a_feed_can_be_of_one_customer_one_content_and_some_kinds(csam, host):
    other = factories.host().customer
    factories.assignment(user=csam, customer=other)
    deadline(host.customer)
    deadline(host.customer, subject_key="x", kind="expiry")
    deadline(other, subject_key="y")
    counts = {
        "all": len(events_by_icalendar(read(link_of(csam)))),
        "customer": len(events_by_icalendar(read(link_of(csam, customer=host.customer)))),
        "deliveries": len(events_by_icalendar(read(link_of(csam, content="deliveries")))),
        "kind": len(events_by_icalendar(read(link_of(csam), "?kind=expiry&kind=allocation"))),
        "nonsense": len(events_by_icalendar(read(link_of(csam), "?kind=%27--"))),
    }
    assert counts == {"all": 3, "customer": 2, "deliveries": 0, "kind": 1, "nonsense": 0}


def test_it_is_written_in_the_persons_language_with_both_clocks(csam, host):
    deadline(host.customer)
    User.objects.filter(pk=csam.pk).update(language="zh-hans", time_zone="Asia/Shanghai")
    (entry,) = icalendar.Calendar.from_ical(read(link_of(csam))).walk("VEVENT")
    said = str(entry["DESCRIPTION"])
    assert "2027年3月2日 06:59:59（上海时间）" in said
    assert "2027年3月1日 23:59:59（柏林时间）" in said
    assert "§2.8 C20" in said


def test_a_feed_takes_the_same_queries_for_one_entry_and_for_thirty(
    csam, host, django_assert_max_num_queries
):
    link = link_of(csam, content="deadlines")
    read(link)
    for number in range(30):
        deadline(host.customer, subject_key=f"order:{number}")
    with django_assert_max_num_queries(4):
        assert len(events_by_icalendar(read(link))) == 30


# --- in mails -------------------------------------------------------------------------------


@LIBRARIES
def test_a_reminder_carries_the_entry_of_the_feed_and_the_inbox_does_not(events, csam, host):
    deadline(host.customer, due=date(2026, 12, 1))
    announce_deadlines(now=NOW)
    outbox.drain(now=NOW)
    (sent,) = mail.outbox
    ((name, content, kind),) = sent.attachments
    assert (name, kind) == ("calendar.ics", "text/calendar")
    assert events(content) == events(read(link_of(csam)))
    assert not Message.objects.filter(channel="inbox").exclude(calendar="").exists()


def test_the_mail_of_a_move_changes_the_entry_of_the_booking():
    booking = factories.booking()
    administrator = factories.customer_administrator(booking.customer)
    moved = scheduling.move_booking(
        booking=booking,
        starts_at=booking.starts_at + timedelta(days=7),
        ends_at=booking.ends_at + timedelta(days=7),
        reason="Later",
        by=booking.booked_by,
        now=NOW,
    )
    message = Message.objects.get(
        recipient=administrator, channel="email", subject_key=f"booking:{moved.pk}:moved"
    )
    assert events_by_icalendar(message.calendar) == events_by_icalendar(
        read(link_of(administrator, content="deliveries"))
    )
    assert Deadline.objects.filter(kind="delivery").count() == 2
