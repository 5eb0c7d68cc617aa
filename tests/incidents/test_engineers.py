"""People of an incident, the designated engineer's hours, and root cause analyses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Message
from accounts.rules.refusal import Refused
from incidents.actions.aftermath import open_problem
from incidents.actions.analyses import (
    agree_fee,
    deliver_analysis,
    hand_in,
    quote_fee,
    request_analysis,
    tell_availability,
)
from incidents.actions.engineers import assign_person, log_engineer_time, request_role
from incidents.actions.progress import close_incident, mark_mitigated
from incidents.models import EngineerTime, RootCauseAnalysis
from incidents.queries.clocks import clocks_of
from incidents.queries.engineers import designated_hours, requestable_roles
from tests import factories
from tests.incidents.scenes import (
    NOW,
    REDE,
    SUBSCRIPTION,
    agreement,
    code_of,
    event,
    fresh,
    hold,
    host_of,
)
from tests.incidents.test_api import client_of, post
from workorders.models import Account, Deadline

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def designated():
    """A customer with a designated engineer (REDE) for Windows Server and ten hours."""
    order = agreement()
    line = hold(order, REDE, ("product", "Windows Server"))
    factories.holding(
        order,
        offering=line.offering,
        location=host_of(order),
        unit="minute",
        quantity=480,
        usable_from=order.starts_on,
        usable_until=order.ends_on,
    )
    return order


# --- people ---------------------------------------------------------------------------------


def event_incident():
    """Severity 1 during a confirmed Azure event, in the portal with the keyword."""
    order = agreement()
    event(order, date(2026, 11, 22), date(2026, 11, 25))
    return factories.incident(
        order,
        severity="1",
        component="Azure Virtual Machines",
        channel="portal",
        title="AEM shop down",
        location=host_of(order),
    )


@pytest.mark.clause("A-AE4")
@pytest.mark.parametrize(("after", "state", "missed"), [(30, "met", 0), (31, "missed", 1)])
def test_at_azure_events_the_resource_is_assigned_within_30_minutes(after, state, missed):
    incident = event_incident()
    assert incident.chart.code == "azure_event"
    row = incident.assignments.get(role="critical_situation_resource")
    assert row.due_at == NOW + 30 * MINUTE
    at = NOW + after * MINUTE
    act = {"incident": incident, "role": row.role, "by": incident.opened_by}
    assign_person(**act, person="Ada Okafor", now=at)
    view = clocks_of(fresh(incident), at).views[1]
    assert (view.code, view.side, view.state, view.since) == (row.role, "microsoft", state, NOW)
    assert incident.missed_targets.filter(code=row.role).count() == missed


def test_a_successor_changes_no_clock():
    incident = event_incident()
    act = {"incident": incident, "role": "critical_situation_resource", "by": incident.opened_by}
    assign_person(**act, person="Ada Okafor", now=NOW + MINUTE)
    row = assign_person(**act, person="Tom Li", now=NOW + 5 * HOUR)
    assert (row.person, row.assigned_at) == ("Tom Li", NOW + MINUTE)
    assert code_of(assign_person, **{**act, "role": "cook"}, person="X", now=NOW) == "no_such_role"
    assert code_of(assign_person, **act, person=" ", now=NOW) == "reason_required"


@pytest.mark.clause("2.3-RE17", "2.3-RE18")
def test_oversight_is_for_the_asking_at_b_and_comes_by_itself_at_a():
    order = factories.executed()
    calm, grave = factories.incident(order), factories.incident(order, severity="A")
    person = factories.customer_administrator(order.customer)
    act = {"role": "reactive_support_manager", "reason": "Slow", "by": person, "now": NOW}
    row = request_role(incident=calm, **act)
    assert (row.automatic, row.clauses) == (False, ["2.3-RE17"])
    assert code_of(request_role, incident=calm, **act) == "already_requested"
    assert code_of(request_role, incident=grave, **act) == "joins_by_itself"
    assert Message.objects.filter(recipient=order.created_by, channel="inbox").exists()


@pytest.mark.clause("2.5-RD5", "2.5-RD6")
def test_the_designated_engineer_joins_on_request_at_b(designated):
    incident = factories.incident(designated, location=host_of(designated))
    assert requestable_roles(incident) == ["reactive_support_manager", "rede_engineer"]
    by = designated.created_by
    request_role(incident=incident, role="rede_engineer", reason="Deep", by=by, now=NOW)
    assert requestable_roles(incident) == ["reactive_support_manager"]
    grave = factories.incident(designated, location=host_of(designated), severity="1")
    assert grave.assignments.filter(role="rede_engineer", automatic=True).exists()


# --- hours ----------------------------------------------------------------------------------


@pytest.mark.clause("2.5-RD3")
def test_the_engineers_time_is_deducted_and_never_more_than_is_left(designated):
    incident = factories.incident(designated, location=host_of(designated), severity="A")
    act = {"incident": incident, "by": designated.created_by, "now": NOW + HOUR}
    entry = log_engineer_time(**act, minutes=450, idempotency_key="k")
    assert log_engineer_time(**act, minutes=450, idempotency_key="k") == entry
    assert [one.left for one in designated_hours(incident, on=NOW.date())] == [30]
    assert code_of(log_engineer_time, **act, minutes=31) == "insufficient_hours"
    log_engineer_time(**act, minutes=30)
    buckets = dict(
        Account.objects.filter(entitlement__unit="minute").values_list("bucket", "balance")
    )
    assert (buckets["available"], buckets["reserved"], buckets["delivered"]) == (0, 0, 480)


@pytest.mark.clause("2.5-RD5", "2.5-RD6")
def test_time_is_deducted_only_where_the_engineer_takes_part_and_within_the_incident(designated):
    incident = factories.incident(designated, location=host_of(designated))
    act = {"incident": incident, "by": designated.created_by, "now": NOW + HOUR}
    assert code_of(log_engineer_time, **act, minutes=30) == "engineer_not_taking_part"
    request_role(
        incident=incident, role="rede_engineer", reason="x", by=designated.created_by, now=NOW
    )
    assert code_of(log_engineer_time, **act, minutes=0) == "not_a_day_of_work"
    for day in (date(2026, 11, 22), date(2026, 11, 24)):
        assert code_of(log_engineer_time, **act, minutes=30, on=day) == "outside_the_incident"
    assert not EngineerTime.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        EngineerTime.objects.create(
            incident=incident, transfer_id=1, minutes=0, on=NOW.date(), by=act["by"]
        )


@pytest.mark.clause("2.5-RD15")
def test_the_engineer_gives_no_more_than_a_business_day_has_and_nothing_on_a_holiday(designated):
    place = host_of(designated)
    incident = factories.incident(designated, location=place, severity="A")
    act = {"incident": incident, "by": designated.created_by, "now": NOW + 6 * DAY}
    log_engineer_time(**act, minutes=300, on=NOW.date())
    assert code_of(log_engineer_time, **act, minutes=211, on=NOW.date()) == "engineer_day_full"
    saturday = date(2026, 11, 28)
    assert code_of(log_engineer_time, **act, minutes=30, on=saturday) == "engineer_not_at_work"
    assert EngineerTime.objects.count() == 1


def test_at_night_the_page_says_when_the_engineer_begins(designated, sign_in, at):
    at(NOW + 12 * HOUR)
    incident = factories.incident(
        designated, location=host_of(designated), severity="A", now=NOW + 12 * HOUR
    )
    page = sign_in(designated.created_by).get(f"/incidents/{incident.pk}/").content.decode()
    assert "at work from" in page


# --- analyses -------------------------------------------------------------------------------


@pytest.mark.clause("2.3-RE20", "2.3-RE21", "2.3-RE22")
def test_a_base_analysis_is_quoted_agreed_fed_and_delivered(incident):
    by = incident.opened_by
    person = factories.customer_administrator(incident.customer)
    analysis = request_analysis(incident=incident, by=person, now=NOW, text="Why?")
    assert (analysis.track, analysis.charge, analysis.requester, analysis.due_on) == (
        "base",
        "quote",
        "customer_administrator",
        None,
    )
    assert code_of(agree_fee, analysis=analysis, by=person, now=NOW) == "not_quoted"
    quote_fee(analysis=analysis, fee_minor=250_000, by=by, now=NOW)
    deliver = {"analysis": analysis, "findings": "A driver", "by": by, "now": NOW + HOUR}
    assert code_of(deliver_analysis, **deliver) == "fee_not_agreed"
    agree_fee(analysis=analysis, by=person, now=NOW)
    assert code_of(agree_fee, analysis=analysis, by=person, now=NOW) == "already_recorded"
    piece = analysis.material.get(code="log_files")
    assert hand_in(material=piece, by=person, now=NOW, note="Share 3").handed_in_at == NOW
    assert code_of(hand_in, material=piece, by=person, now=NOW) == "already_recorded"
    assert deliver_analysis(**deliver).delivered_at == NOW + HOUR
    assert code_of(deliver_analysis, **deliver) == "already_recorded"
    assert Message.objects.filter(recipient=person, channel="inbox").count() == 2


@pytest.mark.clause("2.3-RE22", "2.5-UE12")
def test_where_no_analysis_exists_the_customer_is_told_and_a_request_refused(incident):
    by = incident.opened_by
    tell_availability(incident=incident, available=False, by=by, now=NOW)
    refused = code_of(request_analysis, incident=incident, by=by, now=NOW, text="")
    assert refused == "technology_not_eligible"
    tell_availability(incident=incident, available=True, by=by, now=NOW + MINUTE)
    assert request_analysis(incident=incident, by=by, now=NOW, text="").track == "base"


@pytest.mark.clause("2.6-M11")
def test_staff_of_a_location_that_the_order_does_not_list_ask_for_no_analysis(incident):
    unlisted = factories.location(incident.customer)
    elsewhere = factories.incident(incident.order, location=unlisted)
    asked = {"incident": elsewhere, "by": incident.opened_by, "now": NOW, "text": ""}
    with pytest.raises(Refused) as caught:
        request_analysis(**asked)
    assert (caught.value.code, caught.value.clauses) == ("location_not_listed", ("2.6-M11",))
    assert not elsewhere.analyses.exists()


@pytest.mark.clause("2.5-RD9")
def test_the_designated_engineer_analyses_critical_incidents_without_a_date(designated):
    by = designated.created_by
    grave = factories.incident(designated, location=host_of(designated), severity="1")
    request_analysis(incident=grave, by=by, now=NOW, text="")
    own = request_analysis(incident=grave, by=by, now=NOW, text="", track="rede")
    assert (own.charge, own.due_on) == ("hours", None)
    assert own.material.count() == 2
    again = {"incident": grave, "by": by, "now": NOW, "text": ""}
    assert code_of(request_analysis, **again, track="rede") == "already_requested"
    calm = factories.incident(designated, location=host_of(designated))
    refused = code_of(request_analysis, incident=calm, by=by, now=NOW, text="", track="rede")
    assert refused == "not_critical"


@pytest.mark.clause("2.5-ED6")
def test_ede_helps_once_the_incident_is_known_to_recur():
    order = agreement()
    hold(order, "enhanced-designated-engineering", ("product", "Windows Server"))
    one, other = (factories.incident(order, location=host_of(order)) for _number in range(2))
    by = order.created_by
    act = {"incident": one, "by": by, "now": NOW, "text": "", "track": "ede"}
    assert code_of(request_analysis, **act) == "not_recurring"
    open_problem(title="Again", incidents=[one, other], by=by, now=NOW)
    assert request_analysis(**act).track == "ede"


@pytest.mark.clause("2.4-AP26", "2.4-AP27")
def test_under_mcsap_the_designated_engineer_asks_at_severity_a_and_the_date_follows():
    order = agreement()
    intake = datetime(2026, 2, 1, tzinfo=UTC)
    hold(order, "mcsap", SUBSCRIPTION, intake_completed_at=intake)
    incident = factories.incident(
        order,
        severity="A",
        component="Azure Virtual Machines",
        channel="portal",
        scope_identifier="SUB-1",
        location=host_of(order),
    )
    by = order.created_by
    act = {"incident": incident, "by": by, "now": NOW, "text": ""}
    assert code_of(request_analysis, **act) == "wrong_requester"
    person = factories.customer_administrator(order.customer)
    as_engineer = {"requester": "designated_mcsap_engineer"}
    pretending = {**act, "by": person}
    assert code_of(request_analysis, **pretending, **as_engineer) == "wrong_requester"
    analysis = request_analysis(**act, **as_engineer)
    assert (analysis.charge, analysis.due_on) == ("included", None)
    mark_mitigated(incident=incident, by=by, now=NOW + timedelta(days=7))
    analysis.refresh_from_db()
    assert analysis.due_on == date(2026, 12, 14)
    delivery = Deadline.objects.get(kind="rca_delivery")
    assert delivery.due_on == analysis.due_on
    deliver_analysis(analysis=analysis, findings="x", by=by, now=NOW + timedelta(days=8))
    delivery.refresh_from_db()
    assert delivery.met_at == NOW + timedelta(days=8)
    assert code_of(quote_fee, analysis=analysis, fee_minor=1, by=by, now=NOW) == "nothing_to_quote"


def test_the_tables_keep_one_right_and_its_order(incident):
    values = {
        "incident": incident,
        "charge": "quote",
        "requester": "csam",
        "asked_by": incident.opened_by,
        "asked_at": NOW,
    }
    RootCauseAnalysis.objects.create(track="base", **values)
    for fields in (
        {"track": "uer"},
        {"track": "rede", "delivered_at": NOW - MINUTE},
        {"track": "rede", "agreed_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RootCauseAnalysis.objects.create(**{**values, **fields})


# --- pages and API --------------------------------------------------------------------------


def test_the_page_leads_through_an_analysis(incident, sign_in, at):
    at(NOW)
    client = sign_in(incident.opened_by)
    base = f"/incidents/{incident.pk}"
    assert client.post(f"{base}/analysis/", {"text": "Why?"}).status_code == 302
    analysis = incident.analyses.get()
    path = f"{base}/analysis/{analysis.pk}"
    assert client.post(f"{path}/quote/", {"fee": "2500.555"}).status_code == 422
    assert client.post(f"{path}/quote/", {"fee": "2500.50"}).status_code == 302
    page = client.get(f"{base}/").content.decode()
    assert "€2,500.50" in page
    assert client.post(f"{path}/agree/", {}).status_code == 302
    piece = analysis.material.first()
    assert client.post(f"{base}/material/{piece.pk}/", {"note": "Share"}).status_code == 302
    assert client.post(f"{path}/deliver/", {"findings": "A driver"}).status_code == 302
    page = client.get(f"{base}/").content.decode()
    assert "A driver" in page
    assert "handed in" in page


def test_programs_assign_ask_deduct_and_analyse(designated, at):
    at(NOW)
    incident = factories.incident(designated, location=host_of(designated), severity="A")
    api, path = client_of(designated.created_by), f"{incident.pk}"
    post(api, f"{path}/assign/", {"role": "rede_engineer", "person": "Ada"})
    told = post(api, f"{path}/engineer-time/", {"minutes": 60})
    assert [one["minutes"] for one in told["engineer_time"]] == [60]
    refused = post(api, f"{path}/engineer-time/", {"minutes": 430}, status=409)
    assert refused["code"] == "insufficient_hours"
    assert "Asked 7.17, left 7." in refused["detail"]
    body = {"role": "reactive_support_manager", "reason": "x"}
    assert post(api, f"{path}/request-role/", body, status=422)["code"] == "joins_by_itself"
    post(api, f"{path}/analysis/", {"track": "rede"})
    post(api, f"{path}/analysis-hand-in/", {"track": "rede", "code": "trace_logs"})
    missing = post(api, f"{path}/analysis-hand-in/", {"track": "rede", "code": "cake"}, status=422)
    assert missing["code"] == "no_such_material"
    assert missing["figures"] == {"material": "cake"}
    told = post(api, f"{path}/analysis-deliver/", {"track": "rede", "findings": "x"})
    assert told["analyses"][0]["delivered_at"] is not None
    none = post(api, f"{path}/analysis-agree/", {"track": "base"}, status=422)
    assert none["code"] == "no_such_analysis"
    assert none["figures"] == {"track": "base"}
    assert "It names “Base package”." in none["detail"]


def test_one_minute_before_closure_is_in_time_and_one_after_is_late(incident):
    by = incident.opened_by
    other = factories.incident(incident.order)
    request_analysis(incident=incident, by=by, now=NOW + 59 * MINUTE, text="")
    close_incident(incident=other, by=by, now=NOW + HOUR)
    late = {"incident": other, "by": by, "now": NOW + 61 * MINUTE, "text": ""}
    assert code_of(request_analysis, **late) == "too_late"
