"""Quarterly meetings of UER, and an onboarding that ends earlier by consent."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import Message
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import TeamMeeting
from tests import factories
from tests.scheduling.forms import text_of
from tests.scheduling.plans import STARTS, line_of, onboarded
from workorders.models import Deadline

pytestmark = pytest.mark.django_db
NOW = factories.NOW
TODAY = date(2026, 11, 23)
Kind = Deadline.Kind
WORDS = {"attendees": "Jana Vogt, Mara Keller", "minutes": "Two outages looked at."}


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def line():
    return line_of(onboarded("unified-enhanced-response"))


@pytest.fixture
def by(line):
    return line.order.created_by


def due(line, quarter=1) -> Deadline:
    return Deadline.objects.current().get(subject_key=f"line:{line.pk}:meeting:{quarter}")


def held(line, by, **fields) -> TeamMeeting:
    values = {"quarter": 1, "on": TODAY, "now": NOW, **WORDS}
    return actions.hold_meeting(line=line, by=by, **{**values, **fields})


def planned(line, by, **fields) -> TeamMeeting:
    values = {"quarter": 1, "on": date(2026, 11, 27), "attendees": "All", "now": NOW}
    return actions.plan_meeting(line=line, by=by, **{**values, **fields})


def refused(act, *given, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*given, **fields)
    return caught.value


# --- meetings ---------------------------------------------------------------------------------


@pytest.mark.clause("2.5-UE20")
def test_a_meeting_is_planned_moved_and_held_and_that_meets_its_quarter(line, by):
    customer = factories.customer_administrator(line.order.customer)
    planned(line, by)
    planned(line, by, on=date(2026, 11, 26))
    assert due(line).met_at is None
    done = held(line, by)
    assert (TeamMeeting.objects.count(), done.held_on, done.planned_on) == (
        1, TODAY, date(2026, 11, 26),
    )  # fmt: skip
    assert (due(line).met_at, due(line, 2).met_at) == (NOW, None)
    news = Message.objects.filter(
        recipient=customer, channel="email", subject_key__startswith="meeting"
    )
    assert news.count() == 3
    assert refused(held, line, by).code == "already_recorded"
    assert refused(planned, line, by).code == "already_recorded"


@pytest.mark.clause("2.5-UE20")
def test_a_meeting_belongs_to_its_quarter(line, by):
    refusal = refused(held, line, by, quarter=2)
    assert (refusal.code, refusal.figures["first_day"]) == ("before_quarter", date(2026, 12, 1))
    assert refused(held, line, by, quarter=9).code == "no_such_quarter"
    assert refused(held, line, by, on=TODAY + timedelta(days=1)).code == "in_the_future"
    assert refused(planned, line, by, on=TODAY - timedelta(days=1)).code == "in_the_past"
    assert refused(held, line, by, minutes=" ").code == "reason_required"
    assert refused(planned, line, by, on=date(2027, 9, 1)).code != "in_the_past"
    assert not TeamMeeting.objects.exists()


def test_the_tab_and_the_list_of_reviews_show_the_meetings(sign_in, line, by):
    client = sign_in(by)
    tab = reverse("scheduling:order-onboarding", args=[line.order_id])
    act = reverse("scheduling:onboarding-act", args=["meeting-held", due(line).pk])
    assert client.get(act).status_code == 200
    typed = {"on": "2026-11-23", "key": "m", **WORDS}
    assert client.post(act, typed).status_code == 302
    assert client.post(act, typed).status_code == 302
    assert "Jana Vogt, Mara Keller" in text_of(client.get(tab))
    page = reverse("customer-reviews", args=[line.order.customer_id])
    customer = sign_in(factories.customer_administrator(line.order.customer))
    assert "Two outages looked at." in text_of(customer.get(page))
    assert customer.get(act).status_code == 404
    stranger = sign_in(factories.csam(factories.customer()))
    assert [stranger.get(one).status_code for one in (page, act)] == [404, 404]


def test_the_api_plans_and_records_meetings(line, by):
    api = APIClient()
    api.force_authenticate(by)
    body = {"line": line.pk, "quarter": 1, "on": "2026-11-23", "attendees": "All"}
    made = api.post("/api/v1/team-meetings/", body, format="json")
    assert (made.status_code, made.json()["held_on"]) == (201, None)
    done = api.post("/api/v1/team-meetings/held/", {**body, "minutes": "Fine"}, format="json")
    assert (done.status_code, done.json()["held_on"]) == (201, "2026-11-23")
    base = line.order.lines.exclude(pk=line.pk).first()
    assert (
        base is None
        or api.post("/api/v1/team-meetings/", {**body, "line": base.pk}, format="json").status_code
        == 400
    )
    api.force_authenticate(factories.csam(factories.customer()))
    assert api.get("/api/v1/team-meetings/").json()["results"] == []
    assert api.post("/api/v1/team-meetings/", body, format="json").status_code == 400


# --- an earlier end ---------------------------------------------------------------------------


EARLY = {"agreed": "Harriet Shaw, minutes of 10 October"}


def ended(line, **fields):
    values = {"on": date(2026, 10, 10), "by": line.order.created_by, "now": NOW, **EARLY}
    return actions.end_onboarding_early(line=line, **{**values, **fields})


def dates(line) -> dict[str, date]:
    rows = Deadline.objects.current().filter(subject_key=f"line:{line.pk}")
    return {one.kind: one.due_on for one in rows}


@pytest.mark.clause("2.4-AP39", "2.4-AP9")
def test_an_agreed_earlier_end_moves_its_dates_and_keeps_the_history():
    line = line_of(onboarded())
    before = dates(line)
    assert before[Kind.MCSAP_MONITORS] == date(2026, 11, 29)
    assert before[Kind.MCSAP_ONBOARDING] == date(2026, 10, 30)
    ended(line)
    after = dates(line)
    assert after[Kind.MCSAP_MONITORS] == date(2026, 11, 9)
    assert after[Kind.MCSAP_ONBOARDING] == date(2026, 10, 10)
    assert after[Kind.MCSAP_INTAKE] == before[Kind.MCSAP_INTAKE]
    old = Deadline.objects.filter(subject_key=f"line:{line.pk}", superseded_at=NOW)
    assert {one.kind for one in old} == {Kind.MCSAP_MONITORS, Kind.MCSAP_ONBOARDING}
    assert refused(ended, line).code == "already_recorded"


@pytest.mark.clause("2.4-AP39")
def test_what_was_met_before_the_agreement_stays_met():
    line = line_of(onboarded())
    done_at = factories.berlin_moment(date(2026, 10, 9))
    actions.complete_part(line=line, part="onboarding", by=line.order.created_by, now=done_at)
    ended(line)
    row = Deadline.objects.current().get(subject_key=f"line:{line.pk}", kind=Kind.MCSAP_ONBOARDING)
    assert (row.met_at, row.due_on) == (done_at, date(2026, 10, 10))


@pytest.mark.clause("2.4-AP39", "2.4-AP9")
def test_an_agreed_end_is_earlier_and_inside_the_term():
    line = line_of(onboarded())
    refusal = refused(ended, line, on=date(2026, 10, 30))
    assert (refusal.code, refusal.figures["last_day"]) == (
        "onboarding_not_earlier", date(2026, 10, 30),
    )  # fmt: skip
    assert refused(ended, line, on=STARTS - timedelta(days=1)).code == "order_not_begun"
    assert refused(ended, line, agreed="").code == "reason_required"


def test_uer_has_no_earlier_end(line):
    assert refused(ended, line).code == "not_mcsap"


def test_the_earlier_end_is_recorded_on_the_tab_and_in_the_api(sign_in):
    line = line_of(onboarded())
    client = sign_in(line.order.created_by)
    act = reverse("scheduling:onboarding-act", args=["early-end", line.pk])
    assert client.get(act).status_code == 200
    assert client.post(act, {"on": "2026-10-30", "key": "a", **EARLY}).status_code == 422
    api = APIClient()
    api.force_authenticate(line.order.created_by)
    told = api.post(
        f"/api/v1/onboardings/{line.pk}/early-end/", {"on": "2026-10-10", **EARLY}, format="json"
    ).json()
    assert told["ended_on"] == "2026-10-10"
    tab = reverse("scheduling:order-onboarding", args=[line.order_id])
    assert "Both sides agreed on an earlier end" in text_of(client.get(tab))
