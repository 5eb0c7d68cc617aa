"""An open incident: contacts, the first response, duties, severity, analysis, closure."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Message, User
from incidents.actions.analyses import request_analysis
from incidents.actions.progress import (
    add_update,
    ask_customer,
    close_incident,
    mark_mitigated,
    meet_duty,
    record_first_response,
)
from incidents.actions.severity import change_severity
from incidents.models import Incident
from incidents.queries.analyses import analysis_of
from tests import factories
from tests.incidents.scenes import NOW, SUBSCRIPTION, agreement, code_of, fresh, hold, host_of
from workorders.models import Deadline

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def customer(order):
    """The customer's administrator."""
    return factories.customer_administrator(order.customer)


# --- contacts and the first response --------------------------------------------------------


@pytest.mark.clause("2.3-RE14", "X-39")
@pytest.mark.parametrize(
    ("channel", "automated", "stops"),
    [
        ("phone", False, True),
        ("email", False, True),
        ("email", True, False),
        ("phone", True, False),
        ("portal", False, False),
        ("chat", False, False),
        ("web", False, False),
    ],
)
def test_a_call_or_mail_by_a_person_stops_the_clock(incident, csam, channel, automated, stops):
    update = add_update(
        incident=incident, channel=channel, automated=automated, text="Hello", by=csam, now=LATER
    )
    assert fresh(incident).first_response_at == (LATER if stops else None)
    assert update.data == ({"first_response": True, "met": True} if stops else {})


@pytest.mark.clause("2.3-RE14")
def test_what_the_customer_writes_stops_nothing(incident, customer):
    update = add_update(
        incident=incident, channel="phone", text="Any news?", by=customer, now=LATER
    )
    assert (update.kind, update.automated) == ("note", False)
    assert fresh(incident).first_response_at is None


@pytest.mark.clause("0-C8")
@pytest.mark.parametrize(("late_by", "met"), [(0, True), (1, False)])
def test_at_the_due_instant_the_response_is_in_time(incident, csam, late_by, met):
    at = incident.due_at + timedelta(microseconds=late_by)
    update = record_first_response(incident=incident, channel="phone", by=csam, now=at)
    assert update.data["met"] is met


def test_the_first_response_is_counted_once(incident, csam):
    first = LATER - timedelta(minutes=5)
    record_first_response(incident=incident, channel="phone", by=csam, now=LATER, at=first)
    fields = {"incident": incident, "channel": "email", "by": csam, "now": LATER}
    assert code_of(record_first_response, **fields) == "already_answered"
    add_update(**fields, text="More", at=NOW)
    assert fresh(incident).first_response_at == first
    assert incident.updates.filter(data__first_response=True).count() == 1


def test_a_response_by_another_channel_is_refused(incident, csam):
    fields = {"incident": incident, "by": csam, "now": LATER}
    assert code_of(record_first_response, **fields, channel="chat") == "no_response"
    assert incident.updates.count() == 1


def test_moments_lie_between_submission_and_now(incident, csam):
    fields = {"incident": incident, "channel": "phone", "by": csam, "now": LATER}
    before, after = NOW - timedelta(seconds=1), LATER + timedelta(seconds=1)
    assert code_of(record_first_response, **fields, at=before) == "before_submission"
    assert code_of(record_first_response, **fields, at=after) == "in_the_future"
    with pytest.raises(ValueError, match="offset"):
        record_first_response(**fields, at=datetime(2026, 11, 23, 10))


def test_customers_record_no_response_and_viewers_write_nothing(incident, order, customer):
    viewer = factories.viewer(order.customer)
    fields = {"incident": incident, "channel": "phone", "now": LATER}
    assert code_of(record_first_response, **fields, by=customer) == "not_allowed"
    assert code_of(add_update, **fields, by=viewer, text="x") == "not_allowed"


def test_the_same_key_adds_one_update(incident, csam):
    fields = {"incident": incident, "channel": "portal", "text": "x", "by": csam, "now": LATER}
    first = add_update(**fields, idempotency_key="k")
    assert add_update(**fields, idempotency_key="k") == first
    assert add_update(**fields) != first


def test_an_update_that_is_too_long_is_refused(incident, csam):
    fields = {"incident": incident, "channel": "portal", "by": csam, "now": LATER}
    assert code_of(add_update, **fields, text="x" * 8001) == "too_long"


# --- duties ---------------------------------------------------------------------------------


@pytest.mark.clause("A-BS13", "0-C6")
def test_change_control_has_four_business_hours_from_the_request(incident, csam):
    duty = incident.duties.get(code="change_control_access")
    asked = ask_customer(incident=incident, duty=duty, text="Access, please", by=csam, now=LATER)
    # Monday 10:54, four hours later in Berlin.
    assert asked.due_at == datetime(2026, 11, 23, 13, 54, tzinfo=UTC)
    assert asked.explained["clauses"] == ["A-BS13"]
    fields = {"incident": incident, "duty": duty, "text": "", "by": csam, "now": LATER}
    assert code_of(ask_customer, **fields) == "already_asked"


@pytest.mark.clause("A-BS16", "0-C7")
def test_at_severity_c_the_answer_has_24_hours_by_the_clock(order, csam):
    incident = factories.incident(order, severity="C")
    duty = incident.duties.get(code="respond")
    at = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    asked = ask_customer(incident=incident, duty=duty, text="", by=csam, now=at)
    assert asked.due_at == at + timedelta(hours=24)


def test_an_untimed_duty_has_no_clock(incident, csam):
    duty = incident.duties.get(code="matching_resources")
    asked = ask_customer(incident=incident, duty=duty, text="", by=csam, now=LATER)
    assert (asked.asked_at, asked.due_at, asked.explained) == (LATER, None, None)


def test_a_duty_is_met_once_and_not_before_the_request(incident, csam, customer):
    duty = incident.duties.get(code="change_control_access")
    ask_customer(incident=incident, duty=duty, text="", by=csam, now=LATER)
    fields = {"incident": incident, "duty": duty, "by": customer, "now": LATER}
    assert code_of(meet_duty, **fields, at=NOW) == "before_request"
    assert meet_duty(**fields).met_at == LATER
    assert code_of(meet_duty, **fields) == "already_recorded"
    assert incident.updates.filter(kind="duty_met").count() == 1


def test_a_duty_of_another_incident_is_a_mistake(incident, order, csam):
    other = factories.incident(order).duties.first()
    with pytest.raises(ValueError, match="another incident"):
        ask_customer(incident=incident, duty=other, text="", by=csam, now=LATER)


def test_customers_do_not_ask_themselves(incident, customer):
    duty = incident.duties.first()
    fields = {"incident": incident, "duty": duty, "text": "", "by": customer, "now": LATER}
    assert code_of(ask_customer, **fields) == "not_allowed"


# --- severity -------------------------------------------------------------------------------


@pytest.mark.clause("2.3-RE11", "2.3-RE12")
def test_a_customer_asks_and_nothing_changes_until_microsoft_decides(incident, customer, csam):
    update = change_severity(incident=incident, to="A", reason="Hall 3", by=customer, now=LATER)
    assert update.kind == "severity_asked"
    assert fresh(incident).severity == "B"
    told = Message.objects.filter(subject_key=f"incident:{incident.pk}:severity_asked")
    assert {one.recipient for one in told} == {csam}


@pytest.mark.clause("0-C15")
def test_raised_the_earlier_of_both_targets_holds(order, csam):
    incident = factories.incident(order)  # due 12:24 in Berlin
    update = change_severity(incident=incident, to="A", reason="Hall 3", by=csam, now=LATER)
    raised = fresh(incident)
    # An hour from 10:54 is 11:54, before 12:24.
    assert (raised.due_at, raised.target_minutes, raised.clock, raised.clock_from) == (
        LATER + timedelta(hours=1),
        60,
        "24x7",
        LATER,
    )
    assert (raised.severity, raised.opened_severity) == ("A", "B")
    assert update.data["old_due"] == incident.due_at.isoformat()
    assert update.data["old_resolution"] == incident.resolution


@pytest.mark.clause("0-C15")
def test_raised_shortly_before_the_target_the_old_one_stands(incident, csam):
    at = incident.due_at - timedelta(minutes=11)
    change_severity(incident=incident, to="A", reason="Hall 3", by=csam, now=at)
    raised = fresh(incident)
    assert (raised.due_at, raised.target_minutes, raised.clock_from) == (
        incident.due_at,
        120,
        incident.clock_from,
    )
    assert raised.resolution["set_by"]["severity"] == "B"
    assert raised.resolution["severity"] == "A"
    assert raised.explained["steps"][-1] == ["raised", "A"]
    # And once more: what set the target stays known.
    change_severity(incident=raised, to="1", reason="All halls", by=csam, now=at)
    assert fresh(incident).resolution["set_by"]["severity"] == "B"


@pytest.mark.clause("0-C15")
def test_lowered_the_new_target_holds_although_it_is_later(incident, csam):
    change_severity(incident=incident, to="C", reason="A workaround", by=csam, now=LATER)
    assert fresh(incident).due_at == datetime(2026, 11, 23, 13, 54, tzinfo=UTC)


@pytest.mark.clause("0-C15")
def test_after_the_first_response_no_new_target_runs(incident, csam):
    record_first_response(incident=incident, channel="phone", by=csam, now=LATER)
    at = LATER + timedelta(minutes=1)
    change_severity(incident=incident, to="1", reason="All halls", by=csam, now=at)
    raised = fresh(incident)
    assert (raised.due_at, raised.severity) == (incident.due_at, "1")


@pytest.mark.clause("0-C14")
def test_people_join_and_duties_follow_the_severity(incident, csam):
    assert not incident.assignments.exists()
    ask = incident.duties.get(code="change_control_access")
    ask_customer(incident=incident, duty=ask, text="", by=csam, now=LATER)
    change_severity(incident=incident, to="A", reason="Hall 3", by=csam, now=LATER)
    assert [one.role for one in incident.assignments.all()] == ["critical_situation_oversight"]
    # What was asked for stays; what nobody asked for and isn't due any more goes.
    assert set(incident.duties.values_list("code", flat=True)) == {
        "change_control_access",
        "continuous_resources",
        "rapid_access",
        "submit_by_phone_or_web",
    }
    change_severity(incident=fresh(incident), to="B", reason="Calmer", by=csam, now=LATER)
    assert [one.role for one in incident.assignments.all()] == ["critical_situation_oversight"]


def test_a_reason_another_severity_and_the_present_version_are_needed(incident, csam):
    fields = {"incident": incident, "by": csam, "now": LATER}
    assert code_of(change_severity, **fields, to="A", reason=" ") == "reason_required"
    assert code_of(change_severity, **fields, to="B", reason="x") == "severity_unchanged"
    assert code_of(change_severity, **fields, to="A", reason="x", version=7) == "stale_edit"
    with pytest.raises(ValueError, match="Z"):
        change_severity(**fields, to="Z", reason="x")


def test_two_clicks_change_the_severity_once(incident, csam):
    fields = {"incident": incident, "by": csam, "now": LATER, "version": incident.version}
    change_severity(**fields, to="A", reason="Hall 3")
    assert code_of(change_severity, **fields, to="1", reason="Hall 3") == "stale_edit"
    assert fresh(incident).severity == "A"


# --- mitigation, analysis, closure ----------------------------------------------------------


def test_mitigation_is_recorded_once_by_staff(incident, csam, customer):
    fields = {"incident": incident, "now": LATER}
    assert code_of(mark_mitigated, **fields, by=customer) == "not_allowed"
    assert mark_mitigated(**fields, by=csam).mitigated_at == LATER
    assert code_of(mark_mitigated, **fields, by=csam) == "already_recorded"


def test_a_closed_incident_stays_as_it_is(incident, csam, customer):
    closed = close_incident(incident=incident, by=customer, now=LATER, text="Works again")
    assert closed.closed_at == LATER
    fields = {"incident": incident, "by": csam, "now": LATER}
    duty = incident.duties.first()
    assert code_of(close_incident, **fields) == "incident_closed"
    assert code_of(add_update, **fields, channel="phone", text="x") == "incident_closed"
    assert code_of(change_severity, **fields, to="A", reason="x") == "incident_closed"
    assert code_of(ask_customer, **fields, duty=duty, text="") == "incident_closed"
    assert code_of(mark_mitigated, **fields) == "incident_closed"
    assert incident.updates.filter(kind="closed").count() == 1


def test_it_is_not_closed_before_what_happened_in_it(incident, csam):
    record_first_response(incident=incident, channel="phone", by=csam, now=LATER)
    fields = {"incident": incident, "by": csam, "now": LATER}
    assert code_of(close_incident, **fields, at=LATER - timedelta(seconds=1)) == "before_last_event"


@pytest.mark.clause("2.5-UE8")
@pytest.mark.parametrize(("severity", "reviews"), [("1", 1), ("A", 0)])
def test_after_severity_1_under_uer_a_review_follows(severity, reviews):
    order = agreement()
    hold(order, "unified-enhanced-response")
    incident = factories.incident(order, severity=severity)
    close_incident(incident=incident, by=order.created_by, now=LATER)
    found = incident.updates.filter(kind="review")
    assert found.count() == reviews
    if reviews:
        assert found.get().data["participants"] == [
            "account_team",
            "csam",
            "customer",
            "incident_management_team",
        ]


@pytest.mark.clause("2.3-RE20")
def test_under_the_base_rule_an_analysis_is_asked_for_before_closure(incident, customer):
    assert analysis_of(incident, by=customer, now=LATER).regime == "base"
    analysis = request_analysis(incident=incident, by=customer, now=LATER, text="Why?")
    assert (analysis.track, analysis.due_on) == ("base", None)
    fields = {"incident": incident, "by": customer, "now": LATER, "text": ""}
    assert code_of(request_analysis, **fields) == "already_requested"


@pytest.mark.clause("2.3-RE20")
def test_at_the_closing_instant_it_is_too_late(incident, customer):
    close_incident(incident=incident, by=customer, now=LATER)
    fields = {"incident": incident, "by": customer, "now": LATER, "text": ""}
    assert code_of(request_analysis, **fields) == "too_late"
    assert not Deadline.objects.filter(kind="rca_request").exists()


@pytest.fixture
def mission_critical():
    """A closed severity B under MCSAP."""
    order = agreement()
    intake = datetime(2026, 2, 1, tzinfo=UTC)
    hold(order, "mcsap", SUBSCRIPTION, intake_completed_at=intake)
    incident = factories.incident(
        order,
        component="Azure Virtual Machines",
        channel="portal",
        scope_identifier="SUB-1",
        location=host_of(order),
    )
    mark_mitigated(incident=incident, by=order.created_by, now=LATER)
    return close_incident(incident=incident, by=order.created_by, now=LATER)


@pytest.mark.clause("2.4-AP23", "2.4-AP27")
def test_under_mcsap_a_week_is_left_and_the_last_day_is_a_deadline(mission_critical):
    by = mission_critical.order.created_by
    deadline = Deadline.objects.get(kind="rca_request")
    assert (deadline.due_on, deadline.subject_key) == (
        date(2026, 11, 30),
        f"incident:{mission_critical.pk}",
    )
    fields = {"incident": mission_critical, "by": by, "text": ""}
    late = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert code_of(request_analysis, **fields, now=late) == "too_late"
    on_the_last_day = late - timedelta(seconds=1)
    analysis = request_analysis(**fields, now=on_the_last_day)
    # Ten business days after Monday 30 November.
    assert (analysis.track, analysis.due_on) == ("mcsap", date(2026, 12, 14))
    deadline.refresh_from_db()
    assert deadline.met_at == on_the_last_day
    delivery = Deadline.objects.get(kind="rca_delivery")
    assert (delivery.due_on, delivery.owner) == (date(2026, 12, 14), "microsoft")


@pytest.mark.clause("2.4-AP27")
def test_an_analysis_asked_for_early_is_due_once_the_case_is_mitigated():
    order = agreement()
    intake = datetime(2026, 2, 1, tzinfo=UTC)
    hold(order, "mcsap", SUBSCRIPTION, intake_completed_at=intake)
    incident = factories.incident(
        order,
        component="Azure Virtual Machines",
        channel="portal",
        scope_identifier="SUB-1",
        location=host_of(order),
    )
    by = {"incident": incident, "by": order.created_by}
    analysis = request_analysis(**by, now=LATER, text="")
    assert (analysis.track, analysis.due_on) == ("mcsap", None)
    assert not Deadline.objects.filter(kind="rca_delivery").exists()
    mark_mitigated(**by, now=LATER + timedelta(days=7))
    # Ten business days after Monday 30 November.
    assert Deadline.objects.get(kind="rca_delivery").due_on == date(2026, 12, 14)


@pytest.mark.clause("2.4-AP26")
def test_under_mcsap_a_critical_case_is_asked_about_by_its_engineer(mission_critical):
    Incident.objects.filter(pk=mission_critical.pk).update(severity="1")
    fields = {"incident": mission_critical, "by": mission_critical.order.created_by}
    assert code_of(request_analysis, **fields, now=LATER, text="") == "wrong_requester"


def test_viewers_ask_for_nothing(incident, order):
    viewer = factories.viewer(order.customer)
    fields = {"incident": incident, "by": viewer, "now": LATER}
    for act, more in (
        (close_incident, {}),
        (change_severity, {"to": "A", "reason": "x"}),
        (request_analysis, {"text": ""}),
        (meet_duty, {"duty": incident.duties.first()}),
    ):
        assert code_of(act, **fields, **more) == "not_allowed"


def test_a_lead_acts_as_a_csam_does(order):
    lead = factories.lead(order.customer.team)
    assert lead.role == User.Role.CSAM_LEAD
    incident = factories.incident(order, by=lead)
    assert record_first_response(incident=incident, channel="phone", by=lead, now=LATER)
