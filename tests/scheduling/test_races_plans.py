"""Several people define scenarios and ask for plans at once: PostgreSQL decides."""

import pytest
from django.db import IntegrityError

from services.scheduling.actions import hold_meeting, improvement, meetings
from services.scheduling.models import ImprovementPlan, MonitoringScenario, TeamMeeting
from tests import factories
from tests.scheduling.plans import line_of, onboarded, plan, scenario
from tests.scheduling.test_races import at_once
from workorders.models import WorkOrderLine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.mark.clause("2.4-AP35")
def test_of_eight_scenarios_for_the_last_number_one_is_defined():
    line = line_of(onboarded())
    for n in range(6):
        scenario(line, name=f"Scenario {n}")
    got = at_once(8, lambda: scenario(line, name="Seventh"))
    assert got == ["done", *["scenario_limit"] * 7]
    standing = MonitoringScenario.objects.standing()
    assert sorted(standing.values_list("slot", flat=True)) == [*range(1, 8)]


@pytest.mark.clause("2.4-AP29")
def test_of_eight_plans_asked_for_at_once_two_count():
    line = line_of(onboarded())
    by = factories.customer_administrator(line.order.customer)
    got = at_once(8, lambda: plan(line, by=by))
    assert got == ["done", "done", *["sip_limit"] * 6]
    assert ImprovementPlan.objects.counting().count() == 2


def test_without_holding_the_customer_more_than_two_would_count(monkeypatch):
    line = line_of(onboarded())
    by = factories.customer_administrator(line.order.customer)

    def unheld(row: WorkOrderLine) -> WorkOrderLine:
        rows = WorkOrderLine.objects.select_related("offering", "order__customer", "order__edition")
        return rows.get(pk=row.pk)

    monkeypatch.setattr(improvement, "_hold", unheld)
    at_once(8, lambda: plan(line, by=by))
    assert ImprovementPlan.objects.counting().count() > 2


def minutes_by(line: WorkOrderLine) -> TeamMeeting:
    return hold_meeting(
        line=line,
        quarter=1,
        on=factories.NOW.date(),
        attendees="All",
        minutes="Fine",
        by=line.order.created_by,
        now=factories.NOW,
    )


@pytest.mark.clause("2.5-UE20")
def test_of_sixteen_minutes_of_one_meeting_one_is_kept():
    line = line_of(onboarded("unified-enhanced-response"))
    got = at_once(16, lambda: minutes_by(line))
    assert got == ["already_recorded"] * 15 + ["done"]
    assert TeamMeeting.objects.count() == 1


def test_without_holding_the_line_only_the_constraint_stops_the_second(monkeypatch):
    line = line_of(onboarded("unified-enhanced-response"))
    rows = WorkOrderLine.objects.select_related("offering", "order__customer", "order__edition")
    monkeypatch.setattr(meetings, "hold_line", lambda row: rows.get(pk=row.pk))
    with pytest.raises(IntegrityError):
        at_once(16, lambda: minutes_by(line))
    assert TeamMeeting.objects.count() == 1
