from datetime import datetime, time

import pytest

from accounts.rules.business_time import BusinessHours
from accounts.rules.refusal import Refused
from services.scheduling.rules.booking import (
    Enrolment,
    check_seats,
    check_session,
    enrolment,
    missing_for_recording,
    session_zone,
)

SHANGHAI = BusinessHours("Asia/Shanghai")


def session(hours: BusinessHours, start: str, end: str) -> None:
    check_session(
        hours, starts_at=datetime.fromisoformat(start), ends_at=datetime.fromisoformat(end)
    )


@pytest.mark.clause("2.3-OT5", "2.5-ED10", "2.5-RD15")
@pytest.mark.parametrize(
    ("business_hours", "zone"),
    [
        ("standard", "Asia/Shanghai"),
        ("standard_agreed_zone", "America/New_York"),
        ("by_severity", None),
        ("24x7", None),
        ("", None),
    ],
)
def test_the_catalogue_says_whose_hours_bind_a_session(business_hours, zone):
    assert zone == session_zone(
        business_hours, location_zone="Asia/Shanghai", agreed_zone="America/New_York"
    )


@pytest.mark.clause("2.3-RE24", "0-C13")
def test_without_an_agreed_zone_the_hours_of_the_location_bind():
    zone = session_zone("standard_agreed_zone", location_zone="Asia/Shanghai")
    assert zone == "Asia/Shanghai"


@pytest.mark.clause("2.5-ED10", "0-C6")
def test_a_session_may_fill_the_day_from_opening_to_closing():
    session(SHANGHAI, "2025-03-17T09:00:00+08:00", "2025-03-17T17:30:00+08:00")


@pytest.mark.clause("2.3-OT5", "2.5-ED10", "2.5-RD15", "0-C6")
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-03-17T16:30:00+08:00", "2025-03-17T17:30:01+08:00"),
        ("2025-03-17T08:59:59+08:00", "2025-03-17T10:00:00+08:00"),
        ("2025-03-15T10:00:00+08:00", "2025-03-15T11:00:00+08:00"),
        ("2025-03-17T16:00:00+08:00", "2025-03-18T10:00:00+08:00"),
        ("2025-03-17T18:00:00+08:00", "2025-03-17T19:00:00+08:00"),
    ],
)
def test_a_session_that_leaves_business_hours_is_refused(start, end):
    with pytest.raises(Refused) as refusal:
        session(SHANGHAI, start, end)
    assert refusal.value.code == "outside_business_hours"
    told = {name: refusal.value.figures[name] for name in ("opens", "closes", "zone")}
    assert told == {"opens": time(9), "closes": time(17, 30), "zone": "Asia/Shanghai"}


@pytest.mark.clause("2.3-RE24")
def test_hours_of_an_agreed_zone_count_there():
    new_york = BusinessHours("America/New_York")
    session(new_york, "2025-03-17T22:00:00+08:00", "2025-03-17T23:00:00+08:00")
    with pytest.raises(Refused, match="outside_business_hours"):
        session(new_york, "2025-03-17T10:00:00+08:00", "2025-03-17T11:00:00+08:00")


def test_a_session_that_ends_before_it_starts_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="ends after it starts"):
        session(SHANGHAI, "2025-03-17T10:00:00+08:00", "2025-03-17T10:00:00+08:00")


@pytest.mark.clause("2.3-TR8")
def test_the_last_seat_can_be_taken_and_no_seat_after_it():
    check_seats("attendee", seats=20, registered=19)
    with pytest.raises(Refused) as refusal:
        check_seats("attendee", seats=20, registered=20)
    assert (refusal.value.code, refusal.value.clauses) == ("seats_full", ("2.3-TR8",))


@pytest.mark.clause("2.3-TR8")
def test_a_dedicated_delivery_has_no_seat_count():
    check_seats("dedicated", seats=20, registered=20)
    check_seats("attendee", seats=None, registered=500)


@pytest.mark.clause("2.3-TR9")
@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"notice_given": True, "attendees": 20, "consents_given": 20}, ()),
        ({"notice_given": True, "attendees": 20, "consents_given": 19}, ("consent",)),
        ({"notice_given": False, "attendees": 12, "consents_given": 12}, ("notice",)),
        (
            {"notice_given": True, "attendees": 12, "consents_given": 12,
             "region_needs_written_permission": True},
            ("written_permission",),
        ),
        (
            {"notice_given": True, "attendees": 12, "consents_given": 12,
             "region_needs_written_permission": True, "written_permission": True},
            (),
        ),
    ],
)  # fmt: skip
def test_a_recording_needs_notice_every_consent_and_the_regions_permission(facts, missing):
    assert missing_for_recording(**facts) == missing


@pytest.mark.clause("2.7-T12")
@pytest.mark.parametrize(
    ("minimum", "registered", "below"), [(8, 7, True), (8, 8, False), (None, 0, False)]
)
def test_a_session_below_its_minimum_is_flagged_and_never_cancels_itself(
    minimum, registered, below
):
    assert enrolment(minimum=minimum, registered=registered) == Enrolment(
        below_minimum=below, cancelled_automatically=False
    )
