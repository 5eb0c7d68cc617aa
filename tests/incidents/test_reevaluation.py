"""All running targets reckoned again in one batch."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import LocationHoliday
from accounts.rules.calendar_days import local_date
from incidents.actions.progress import record_first_response
from incidents.actions.severity import change_severity
from incidents.queries.clocks import clocks_of
from incidents.queries.reevaluation import Differing, reevaluate
from tests import factories
from tests.incidents.scenes import NOW, host_of

pytestmark = pytest.mark.django_db


@pytest.mark.clause("0-C7", "0-C8")
def test_the_batch_says_of_every_target_what_its_page_says(order):
    incidents = [factories.incident(order, severity=severity) for severity in ("1", "A", "B", "C")]
    for minutes in (0, 15, 30, 45, 54, 60, 61, 90, 119, 120, 121, 600, 5_000):
        now = NOW + timedelta(minutes=minutes)
        shares = [clocks_of(one, now).response for one in incidents]
        bands = [
            100 if view.state == "late" else max(b for b in (0, 50, 75, 90) if b <= view.percent)
            for view in shares
        ]
        found = reevaluate(now=now)
        assert found.bands == {band: bands.count(band) for band in (0, 50, 75, 90, 100)}
        assert (found.count, found.differing) == (4, ())


def test_answered_and_closed_incidents_run_no_more(order):
    incident = factories.incident(order)
    record_first_response(incident=incident, channel="phone", by=order.created_by, now=NOW)
    assert reevaluate(now=NOW).count == 0


@pytest.mark.clause("0-C15")
def test_a_target_kept_after_a_change_of_severity_is_reckoned_from_where_it_was(order):
    incident = factories.incident(order, severity="B")
    for minutes, to in ((10, "1"), (20, "C")):
        change_severity(
            incident=incident,
            to=to,
            reason="It is worse than thought",
            by=order.created_by,
            now=NOW + timedelta(minutes=minutes),
        )
        incident.refresh_from_db()
        assert reevaluate(now=NOW + timedelta(minutes=30)).differing == ()


def test_a_holiday_added_later_is_told_and_changes_nothing(order):
    incident = factories.incident(order, severity="C")
    place = host_of(order)
    today = local_date(NOW, place.time_zone)
    LocationHoliday.objects.create(location=place, on=today, name="Works outing")
    (found,) = reevaluate(now=NOW).differing
    assert found == Differing(incident.number, incident.due_at, found.reckoned)
    assert found.reckoned > incident.due_at
    kept = incident.due_at
    incident.refresh_from_db()
    assert incident.due_at == kept


def test_the_command_counts_and_ends_with_one_when_some_differ(order, at):
    at(NOW)
    factories.incident(order, severity="C")
    out = StringIO()
    call_command("targets", "verify", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "running": 1,
        "used": {"0": 1, "50": 0, "75": 0, "90": 0, "100": 0},
        "differing": [],
    }
    today = local_date(NOW, host_of(order).time_zone)
    LocationHoliday.objects.create(location=host_of(order), on=today, name="Works outing")
    with pytest.raises(CommandError, match=r"1 would be set otherwise"):
        call_command("targets", "verify", stdout=out)


def test_any_number_of_incidents_takes_three_queries(order, django_assert_num_queries):
    for _ in range(3):
        factories.incident(order)
    with django_assert_num_queries(3):
        reevaluate(now=NOW)
