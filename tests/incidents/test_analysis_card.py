"""The card of a root cause analysis: may it be asked for, until when, and what is still missing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from incidents.actions.aftermath import open_problem
from incidents.actions.analyses import hand_in, request_analysis
from incidents.actions.progress import close_incident, mark_mitigated
from tests import factories
from tests.incidents.scenes import MCSAP, NOW, REDE, SUBSCRIPTION, agreement, hold, host_of

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GENERAL = "10 business days after the later of request and mitigation"


@pytest.fixture
def closed(at):
    """A severity A under MCSAP, closed an hour later: seven days are left to ask."""
    at(NOW)
    order = agreement()
    intake = datetime(2026, 2, 1, tzinfo=UTC)
    hold(order, MCSAP, SUBSCRIPTION, intake_completed_at=intake)
    incident = factories.incident(
        order,
        severity="A",
        component="Azure Virtual Machines",
        channel="portal",
        scope_identifier="SUB-1",
        location=host_of(order),
    )
    by = order.created_by
    mark_mitigated(incident=incident, by=by, now=NOW + HOUR)
    return close_incident(incident=incident, by=by, now=NOW + HOUR)


def card(client, incident):
    """State, due date and each check with its answer."""
    page = client.get(f"/incidents/{incident.pk}/")
    found = page.context["analysis"]
    answers = {one.clause or one.words: one.answer for one in found.checks}
    offered = f'href="/incidents/{incident.pk}/analysis/"' in page.content.decode()
    return found.state.word, found.due, answers, offered


def test_staff_record_what_the_designated_engineer_asks_for(closed, sign_in, at):
    at(NOW + DAY)
    client = sign_in(closed.order.created_by)
    state, due, answers, offered = card(client, closed)
    assert (state, offered, answers["Asked in time"]) == ("Others may ask for it", True, "yes")
    assert due == "Tue 8 Dec 2026 if it is asked for today"
    form = client.get(f"/incidents/{closed.pk}/analysis/").content.decode()
    assert re.search(r'value="designated_mcsap_engineer"\s+selected', form)


def test_the_customer_is_offered_nothing_that_the_engineer_asks_for(closed, sign_in, at):
    at(NOW + DAY)
    person = factories.customer_administrator(closed.customer)
    state, _due, answers, offered = card(sign_in(person), closed)
    assert (state, offered) == ("Others may ask for it", False)
    assert answers["2.4-AP26"] == "no"


def test_past_the_last_day_the_card_says_too_late_whoever_else_would_have_had_to_ask(
    closed, sign_in, at
):
    at(NOW + 9 * DAY)
    state, due, answers, offered = card(sign_in(closed.order.created_by), closed)
    assert (state, offered, answers["Asked in time"]) == ("Can't be asked for", False, "no")
    assert due == GENERAL


def test_what_was_asked_for_stays_in_time_and_counts_what_was_handed_in(closed, sign_in, at):
    by = closed.order.created_by
    asked = request_analysis(
        incident=closed,
        by=by,
        now=NOW + DAY,
        text="",
        requester="designated_mcsap_engineer",
    )
    at(NOW + 30 * DAY)
    client = sign_in(by)
    state, due, answers, offered = card(client, closed)
    assert (state, due, offered) == ("Requested", GENERAL, False)
    assert answers == {
        "Asked in time": "yes",
        "2.4-AP26": "yes",
        "2.4-AP24": "yes",
        "2.3-RE21": "open",
    }
    pieces = list(asked.material.all())
    for count, piece in enumerate(pieces, start=1):
        hand_in(material=piece, by=by, now=timezone.now())
        said = "yes" if count == len(pieces) else f"{count} of {len(pieces)}"
        assert card(client, closed)[2]["2.3-RE21"] == said


def test_a_technology_without_an_analysis_is_named_as_the_reason(at, sign_in):
    at(NOW)
    incident = factories.incident(factories.executed())
    incident.analysis_available = False
    incident.save(update_fields=["analysis_available"])
    state, _due, answers, offered = card(sign_in(incident.order.created_by), incident)
    assert (state, offered, answers["2.3-RE22"]) == ("Can't be asked for", False, "no")


def test_the_api_tells_the_right_to_an_analysis(closed, sign_in, at):
    at(NOW + DAY)
    url = f"/api/v1/incidents/{closed.pk}/analysis/"
    client = sign_in(closed.order.created_by)
    told = client.get(url).json()
    assert told["refusal"]["code"] == "wrong_requester"
    assert told["refusal"]["clauses"] == ["2.4-AP26"]
    right = client.get(url, {"requester": "designated_mcsap_engineer"}).json()
    assert (right["refusal"], right["last_day"]["result"]) == (None, "2026-11-30")
    assert right["due"]["result"] == "2026-12-08"
    assert {key: right[key] for key in ("regime", "requester", "in_time", "charge")} == {
        "regime": "mcsap",
        "requester": "designated_mcsap_engineer",
        "in_time": True,
        "charge": "included",
    }
    assert right["material"] == ["log_files", "network_traces", "diagnostics"]
    assert right["engineers_tracks"] == []
    at(NOW + 9 * DAY)
    client = sign_in(closed.order.created_by)
    late = client.get(url, {"requester": "designated_mcsap_engineer"}).json()
    assert (late["refusal"]["code"], late["in_time"]) == ("too_late", False)
    assert sign_in(factories.csam()).get(url).status_code == 404


@pytest.mark.clause("2.5-RD9")
def test_the_engineer_under_contract_is_asked_at_critical_severity_by_the_same_form(sign_in, at):
    at(NOW)
    order = agreement()
    hold(order, REDE, ("product", "Windows Server"))
    grave, calm = (
        factories.incident(order, location=host_of(order), severity=severity)
        for severity in ("1", "B")
    )
    client = sign_in(order.created_by)
    form = client.get(f"/incidents/{grave.pk}/analysis/").content.decode()
    assert 'value="rede"' in form
    refused = client.post(f"/incidents/{calm.pk}/analysis/", {"track": "rede"})
    assert refused.status_code == 422
    assert 'data-code="not_critical"' in refused.content.decode()
    assert client.post(f"/incidents/{grave.pk}/analysis/", {"track": "rede"}).status_code == 302
    page = client.get(f"/incidents/{grave.pk}/").content.decode()
    assert "hours of the engineer" in page


@pytest.mark.clause("2.5-ED6")
def test_the_form_offers_ede_s_engineer_for_what_is_known_to_recur(sign_in, at):
    at(NOW)
    order = agreement()
    hold(order, "enhanced-designated-engineering", ("product", "Windows Server"))
    one, other = (factories.incident(order, location=host_of(order)) for _number in range(2))
    client = sign_in(order.created_by)
    address = f"/incidents/{one.pk}/analysis/"
    refused = client.post(address, {"track": "ede"})
    assert 'data-code="not_recurring"' in refused.content.decode()
    open_problem(title="Again", incidents=[one, other], by=order.created_by, now=NOW)
    assert client.post(address, {"track": "ede"}).status_code == 302
    assert one.analyses.get().track == "ede"
