"""The customer's side: pauses, misses that stay, and the transitions that are offered."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from incidents.actions.conduct import (
    lower_for_missed_duty,
    pause_duty,
    record_cannot_supply,
    restore_round_the_clock,
    resume_duty,
    step_down,
)
from incidents.actions.progress import (
    ask_customer,
    close_incident,
    meet_duty,
    record_first_response,
)
from incidents.actions.severity import change_severity
from incidents.models import DutyPause, Incident, MissedTarget
from incidents.queries.clocks import clocks_of
from incidents.queries.conduct import offer_of
from tests import factories
from tests.incidents.scenes import ARR, HTMX, NOW, agreement, code_of, fresh, hold
from tests.incidents.test_api import client_of, post

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def asked(incident, csam, *, now=NOW):
    """Access is asked for: four business hours run."""
    duty = incident.duties.get(code="change_control_access")
    return ask_customer(incident=incident, duty=duty, text="Access, please", by=csam, now=now)


def critical(order, **fields) -> Incident:
    """Severity 1 on a server product."""
    return factories.incident(order, severity="1", **fields)


def failed(incident, csam, *, now=NOW):
    """The customer has nobody at night."""
    duty = incident.duties.get(code="continuous_resources")
    return record_cannot_supply(
        incident=incident, duty=duty, reason="Nobody at night", by=csam, now=now
    )


# --- pauses ---------------------------------------------------------------------------------


def test_a_pause_moves_the_end_by_the_business_time_that_it_took(incident, csam):
    duty = asked(incident, csam)
    due = duty.due_at
    pause_duty(incident=incident, duty=duty, reason="Upload link owed", by=csam, now=NOW + HOUR)
    view = clocks_of(fresh(incident), NOW + 2 * HOUR).views[1]
    assert (view.state, view.counted_minutes, view.allowed_minutes) == ("paused", 60, 240)
    resumed = resume_duty(incident=incident, duty=duty, by=csam, now=NOW + HOUR + 40 * MINUTE)
    assert resumed.due_at == due + 40 * MINUTE
    view = clocks_of(fresh(incident), NOW + 2 * HOUR).views[1]
    assert (view.state, view.counted_minutes, view.allowed_minutes) == ("running", 80, 240)
    assert [kind for (kind,) in incident.updates.values_list("kind")][:2] == ["resumed", "paused"]


def test_what_is_answered_while_paused_is_in_time(incident, csam):
    duty = asked(incident, csam)
    pause_duty(incident=incident, duty=duty, reason="Link owed", by=csam, now=NOW + HOUR)
    late = NOW + timedelta(days=3)
    meet_duty(incident=incident, duty=duty, by=csam, now=late)
    assert clocks_of(fresh(incident), late + HOUR).views[1].state == "met"
    assert not MissedTarget.objects.exists()


@pytest.mark.parametrize(
    ("severity", "code", "expected"),
    [
        ("C", "respond", "elapsed_never_pauses"),
        ("B", "matching_resources", "no_running_clock"),
    ],
)
def test_what_no_clause_lets_stand_still_is_not_paused(order, csam, severity, code, expected):
    incident = factories.incident(order, severity=severity)
    duty = incident.duties.get(code=code)
    duty = ask_customer(incident=incident, duty=duty, text="", by=csam, now=NOW)
    refused = code_of(
        pause_duty, incident=incident, duty=duty, reason="Why not", by=csam, now=NOW + MINUTE
    )
    assert refused == expected
    assert not DutyPause.objects.exists()


def test_a_pause_has_a_reason_one_at_a_time_and_never_undoes_a_miss(incident, csam):
    duty = asked(incident, csam)
    act = {"incident": incident, "duty": duty, "by": csam}
    assert code_of(pause_duty, reason=" ", now=NOW, **act) == "reason_required"
    assert code_of(pause_duty, reason="Late", now=NOW + timedelta(days=2), **act) == "already_late"
    assert code_of(resume_duty, now=NOW, **act) == "not_paused"
    pause_duty(reason="Link owed", now=NOW + HOUR, **act)
    assert code_of(pause_duty, reason="Again", now=NOW + HOUR, **act) == "already_paused"
    early = NOW + 30 * MINUTE
    assert code_of(resume_duty, now=NOW + 2 * HOUR, at=early, **act) == "before_request"


def test_the_tables_keep_one_running_pause_with_a_reason(incident, csam):
    duty = asked(incident, csam)
    values = {"duty": duty, "paused_at": NOW, "paused_by": csam}
    DutyPause.objects.create(reason="Owed", **values)
    for more in ({"reason": "Twice"}, {"reason": "", "resumed_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyPause.objects.create(**values, **more)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyPause.objects.create(reason="Back", resumed_at=NOW - MINUTE, **values)


def test_a_customer_does_not_pause_its_own_clock(incident, csam, order):
    duty = asked(incident, csam)
    person = factories.customer_administrator(order.customer)
    act = {"incident": incident, "duty": duty, "reason": "Wait", "by": person, "now": NOW}
    assert code_of(pause_duty, **act) == "not_allowed"


# --- misses ---------------------------------------------------------------------------------


def test_a_missed_response_stays_missed_when_the_severity_is_lowered(incident, csam):
    late = incident.due_at + MINUTE
    change_severity(incident=incident, to="C", reason="Calmer", by=csam, now=late)
    missed = MissedTarget.objects.get(incident=incident)
    assert (missed.code, missed.side, missed.severity, missed.due_at) == (
        "first_response",
        "microsoft",
        "B",
        incident.due_at,
    )
    clocks = clocks_of(fresh(incident), late)
    assert clocks.response.state == "running"
    assert clocks.missed == (missed,)


def test_at_the_target_itself_nothing_was_missed(incident, csam):
    change_severity(incident=incident, to="C", reason="Calmer", by=csam, now=incident.due_at)
    assert not MissedTarget.objects.exists()


def test_an_answer_that_came_late_is_on_record_once(incident, csam):
    at = incident.due_at + MINUTE
    record_first_response(incident=incident, channel="phone", by=csam, now=at)
    close_incident(incident=incident, by=csam, now=at + HOUR)
    assert [one.code for one in incident.missed_targets.all()] == ["first_response"]


def test_an_incident_closed_unanswered_after_its_target_is_missed(incident, csam):
    at = incident.due_at + MINUTE
    close_incident(incident=incident, by=csam, now=at)
    assert clocks_of(fresh(incident), at + HOUR).response.state == "missed"
    assert incident.missed_targets.count() == 1


def test_a_duty_that_is_done_too_late_stays_missed(incident, csam):
    duty = asked(incident, csam)
    meet_duty(incident=incident, duty=duty, by=csam, now=duty.due_at + MINUTE)
    missed = incident.missed_targets.get(side="customer")
    assert (missed.code, missed.due_at) == ("change_control_access", duty.due_at)
    assert clocks_of(fresh(incident), duty.due_at + HOUR).views[1].state == "missed"


def test_a_duty_left_open_at_the_closure_is_missed_if_its_time_was_over(order, csam):
    for after, number in ((-MINUTE, 0), (MINUTE, 1)):
        incident = factories.incident(order)
        duty = asked(incident, csam)
        record_first_response(incident=incident, channel="phone", by=csam, now=NOW)
        close_incident(incident=incident, by=csam, now=duty.due_at + after)
        assert incident.missed_targets.count() == number


def test_the_table_keeps_a_miss_once(incident):
    values = {
        "incident": incident,
        "code": "first_response",
        "side": "microsoft",
        "severity": "B",
        "clock": "24x7",
        "since": NOW,
        "due_at": NOW + HOUR,
    }
    MissedTarget.objects.create(noted_at=NOW + 2 * HOUR, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        MissedTarget.objects.create(noted_at=NOW + 3 * HOUR, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        MissedTarget.objects.create(noted_at=NOW, **{**values, "due_at": NOW})


# --- transitions ----------------------------------------------------------------------------


@pytest.mark.clause("A-BS20", "X-36")
def test_the_severity_is_offered_to_be_lowered_and_never_lowered_by_itself(order, csam):
    incident = critical(order)
    assert offer_of(fresh(incident), NOW) is None
    failed(incident, csam)
    offer = offer_of(fresh(incident), NOW)
    assert (offer.step, offer.clauses) == ("lower_severity", ("A-BS20",))
    assert fresh(incident).severity == "1"
    step = lower_for_missed_duty(incident=incident, to="A", reason="No one", by=csam, now=NOW)
    assert (step.kind, step.duties) == ("lower_severity", ["continuous_resources"])
    assert fresh(incident).severity == "A"


@pytest.mark.clause("A-AR5", "X-36")
def test_under_rapid_response_the_service_stops_being_24_by_7(csam):
    order = agreement()
    hold(order, ARR)
    incident = critical(order, component="Azure Virtual Machines", channel="portal")
    by = order.created_by
    failed(incident, by)
    due = incident.due_at
    assert offer_of(fresh(incident), NOW).step == "lose_24x7"
    refused = code_of(
        lower_for_missed_duty, incident=incident, to="A", reason="No one", by=by, now=NOW
    )
    assert refused == "step_not_allowed"
    step_down(incident=incident, reason="Nobody at night", by=by, now=NOW + MINUTE)
    now = fresh(incident)
    assert (now.severity, now.due_at, now.stepped_down_at) == ("1", due, NOW + MINUTE)
    assert offer_of(now, NOW) is None
    act = {"incident": incident, "reason": "Again", "by": by, "now": NOW + HOUR}
    assert code_of(step_down, **act) == "already_stepped_down"
    restore_round_the_clock(**act)
    assert fresh(incident).stepped_down_at is None
    assert code_of(restore_round_the_clock, **act) == "not_stepped_down"
    kinds = incident.step_downs.values_list("kind", flat=True)
    assert list(kinds) == ["lose_24x7", "restored"]


def test_once_the_customer_supplies_it_after_all_nothing_is_offered(order, csam):
    incident = critical(order)
    duty = failed(incident, csam)
    meet_duty(incident=incident, duty=duty, by=csam, now=NOW + HOUR)
    assert offer_of(fresh(incident), NOW + HOUR) is None
    act = {"incident": incident, "to": "A", "reason": "x", "by": csam, "now": NOW + HOUR}
    assert code_of(lower_for_missed_duty, **act) == "no_duty_missed"


def test_an_edit_of_an_older_version_is_refused(order, csam):
    incident = critical(order)
    failed(incident, csam)
    act = {"incident": incident, "to": "A", "reason": "x", "by": csam, "now": NOW, "version": 77}
    assert code_of(lower_for_missed_duty, **act) == "stale_edit"


# --- pages and API --------------------------------------------------------------------------


def test_the_page_shows_both_clocks_a_pause_and_what_was_missed(incident, csam, sign_in, at):
    duty = asked(incident, csam)
    pause_duty(incident=incident, duty=duty, reason="Link owed", by=csam, now=NOW + HOUR)
    at(NOW + 2 * HOUR)
    page = sign_in(csam).get(f"/incidents/{incident.pk}/").content.decode()
    assert "Paused, 25\xa0% used" in page
    assert "paused, 1 h" in page
    assert "Let it go on" in page
    change_severity(
        incident=incident, to="C", reason="Calmer", by=csam, now=incident.due_at + MINUTE
    )
    at(incident.due_at + HOUR)
    page = sign_in(csam).get(f"/incidents/{incident.pk}/").content.decode()
    assert "Microsoft: first response at severity B" in page.replace("Test: ", "")
    assert "A missed target stays missed" in page


def test_the_page_offers_and_the_dialog_decides(order, csam, sign_in, at):
    incident = critical(order)
    duty = incident.duties.get(code="continuous_resources")
    at(NOW)
    client = sign_in(csam)
    base = f"/incidents/{incident.pk}"
    answer = client.post(f"{base}/duties/{duty.pk}/failed/", {"reason": "Nobody at night"})
    assert answer.status_code == 302
    page = client.get(f"{base}/").content.decode()
    assert "allows Microsoft to lower the severity; nothing changes by itself." in page
    assert client.get(f"{base}/lower/", headers=HTMX).status_code == 200
    wrong = client.post(f"{base}/step-down/", {"reason": "x", "version": incident.version})
    assert wrong.status_code == 422
    done = client.post(
        f"{base}/lower/", {"to": "B", "reason": "Nobody", "version": incident.version}
    )
    assert done.status_code == 302
    assert fresh(incident).severity == "B"


def test_customers_see_the_offer_and_no_button(order, csam, sign_in, at):
    incident = critical(order)
    failed(incident, csam)
    at(NOW)
    person = factories.customer_administrator(order.customer)
    client = sign_in(person)
    page = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert "nothing changes by itself." in page
    for path in ("lower", "step-down", "restore"):
        assert f"/incidents/{incident.pk}/{path}/" not in page
        assert client.get(f"/incidents/{incident.pk}/{path}/").status_code == 404


def test_programs_pause_resume_and_step_with_the_same_refusals(order, csam, at):
    at(NOW)
    api = client_of(csam)
    incident = factories.incident(order)
    asked(incident, csam)
    duty = {"duty": "change_control_access"}
    told = post(api, f"{incident.pk}/pause/", {**duty, "reason": "Link owed"})
    row = next(one for one in told["duties"] if one["code"] == duty["duty"])
    assert [one["reason"] for one in row["pauses"]] == ["Link owed"]
    assert (
        post(api, f"{incident.pk}/pause/", {**duty, "reason": "x"}, status=422)["code"]
        == "already_paused"
    )
    told = post(api, f"{incident.pk}/resume/", duty)
    assert told["clocks"][1]["state"] == "running"
    grave = critical(order)
    path = f"{grave.pk}/cannot-supply/"
    post(api, path, {"duty": "continuous_resources", "reason": "Nobody"})
    assert post(api, f"{grave.pk}/step-down/", {"reason": "x"}, status=422)["code"] == (
        "step_not_allowed"
    )
    told = post(api, f"{grave.pk}/lower/", {"to": "A", "reason": "Nobody"})
    assert (told["severity"], told["step_downs"][0]["kind"]) == ("A", "lower_severity")
    assert post(api, f"{grave.pk}/restore/", {"reason": "x"}, status=422)["code"] == (
        "not_stepped_down"
    )


def test_strangers_find_nothing_to_act_on(incident, at):
    at(NOW)
    api = client_of(factories.csam())
    for path in ("pause", "resume", "cannot-supply", "lower", "step-down", "restore"):
        post(api, f"{incident.pk}/{path}/", {}, status=404)
