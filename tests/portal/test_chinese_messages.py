"""Messages to people who read Chinese: mails and inbox alike."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actions import people
from accounts.models import Message, User
from incidents.actions.progress import close_incident
from incidents.actions.severity import change_severity
from services.scheduling import actions as scheduling
from tests import factories
from tests.chinese import Reader, faults, typed
from workorders.actions.reminders import announce_deadlines

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def season():
    """An executed order of a Chinese customer whose people all read Chinese."""
    host = factories.host(
        factories.customer(name="蓝湖制造", short_name="蓝湖", currency="CNY"),
        name="苏州",
        country="CN",
        time_zone="Asia/Shanghai",
        currency="CNY",
    )
    reads = {"language": "zh-hans", "time_zone": "Asia/Shanghai"}
    factories.csam(host.customer, name="Mara Keller", **reads)
    factories.customer_administrator(host.customer, name="周敏", **reads)
    return factories.season(host.customer, by=factories.csam(host.customer, **reads))


def assert_chinese(*subject_keys: str) -> None:
    """Messages about these were written, and all messages are Chinese, text and page alike."""
    written, allowed = Message.objects.all(), typed()
    assert {one.language for one in written} == {"zh-hans"}
    for key in subject_keys:
        assert written.filter(subject_key__startswith=key).exists(), key
    texts = [text for one in written for text in (one.subject, *one.text.splitlines())]
    pages = [text for one in written for text in Reader(one.html).texts]
    assert faults([*texts, *pages], allowed) == []


def test_an_executed_order_and_its_reminders_are_told_in_chinese(season):
    announce_deadlines(now=datetime(2027, 4, 20, 2, tzinfo=UTC))
    assert_chinese("order", "deadline")


def test_a_bookings_life_is_told_in_chinese(season):
    by = season.created_by
    booking = factories.booking(factories.holding(season))
    moved = scheduling.move_booking(
        booking=booking,
        starts_at=booking.starts_at + timedelta(days=7),
        ends_at=booking.ends_at + timedelta(days=7),
        reason="客户另有安排",
        by=by,
        now=NOW,
    )
    scheduling.cancel_booking(
        booking=moved, party="customer", reason="客户取消", by=by, now=NOW + timedelta(hours=1)
    )
    assert_chinese("booking")


def test_requests_are_told_in_chinese(season):
    held = factories.holding(season)
    asking = User.objects.get(name="周敏")
    for number in range(2):
        asked = factories.service_request(
            held, by=asking, wanted_from=date(2027, 1, 18 + number), now=NOW
        )
        if number:
            scheduling.withdraw_request(service_request=asked, by=asking, now=NOW)
        else:
            scheduling.decide_request(
                service_request=asked,
                accept=False,
                by=season.created_by,
                reason="人手不足",
                now=NOW,
            )
    assert_chinese("request")


def test_incidents_are_told_in_chinese(season):
    incident = factories.incident(season)
    change_severity(incident=incident, to="A", reason="产线停工", by=season.created_by, now=NOW)
    close_incident(
        incident=incident, by=season.created_by, now=NOW + timedelta(hours=2), text="已恢复"
    )
    assert_chinese("incident")


def test_an_invitation_is_written_in_chinese(season):
    people.invite_person(
        email="luo.wei@example.com",
        name="罗伟",
        role=User.Role.CUSTOMER_VIEWER,
        language="zh-hans",
        customer=season.customer,
        by=season.created_by,
        now=NOW,
    )
    assert_chinese("invitation")
