from datetime import date, datetime, timedelta

import pytest

from accounts.rules.business_time import BusinessHours
from accounts.rules.refusal import Refused
from incidents.rules.candidacy import ProgrammeFacts
from incidents.rules.rca import (
    RcaRequest,
    check_rca_request,
    check_series,
    rca_due,
    rca_last_day,
    rca_regime,
)
from tests.contract import MCSAP as TERMS
from tests.incidents.shipped import CHARTS, MCSAP, MCSAP_PLUS, UER, incident

CLOSED = datetime.fromisoformat("2025-05-06T10:05:00+08:00")
SHANGHAI = BusinessHours("Asia/Shanghai")


def ask(regime: str, **facts) -> str:
    """The reason of refusal, empty if the request is accepted."""
    request = RcaRequest(
        **{
            "requester": "customer_contact",
            "requested_at": CLOSED - timedelta(minutes=5),
            "closed_at": CLOSED,
            "zone": "Asia/Shanghai",
            "severity": "B",
        }
        | facts
    )
    try:
        check_rca_request(TERMS, regime, request)
    except Refused as refused:
        return refused.code
    return ""


# --- Which regime ------------------------------------------------------------------------


@pytest.mark.clause("X-07", "2.4-AP14", "2.4-AP23", "2.4-AP24", "2.5-UE11", "2.3-RE20")
@pytest.mark.parametrize(
    ("held", "component", "isolated", "regime"),
    [
        ((), "Azure Storage", True, "base"),
        ((UER,), "SQL Server", True, "uer"),
        ((MCSAP,), "Azure Storage", True, "mcsap"),
        ((MCSAP_PLUS, UER), "Azure Storage", True, "mcsap"),
        ((MCSAP,), "Azure Storage", False, "base"),
        ((MCSAP, UER), "Azure Storage", False, "uer"),
        ((MCSAP,), "Azure Stack", True, "base"),
        ((MCSAP, UER), "Entra ID", True, "uer"),
    ],
)
def test_mcsap_governs_isolated_incidents_that_it_covers(held, component, isolated, regime):
    situation = incident("B", *held, component=component, channel="email")
    assert rca_regime(CHARTS, situation, isolated=isolated) == regime


@pytest.mark.clause("2.4-AP23", "X-07")
def test_a_subscription_that_is_not_enrolled_stays_with_the_base_rule():
    facts = {MCSAP: ProgrammeFacts(subscription_enrolled=False)}
    assert rca_regime(CHARTS, incident("B", facts=facts), isolated=True) == "base"


# --- Base and UER: before closure --------------------------------------------------------


@pytest.mark.clause("2.3-RE20", "2.5-UE13")
@pytest.mark.parametrize("regime", ["base", "uer"])
def test_a_request_comes_before_the_closing_instant(regime):
    second = timedelta(seconds=1)
    assert ask(regime, requested_at=CLOSED - second) == ""
    assert ask(regime, requested_at=CLOSED) == "too_late"
    assert ask(regime, requested_at=CLOSED + second, closed_at=None) == ""


@pytest.mark.clause("2.3-RE22", "2.5-UE10")
@pytest.mark.parametrize("regime", ["base", "uer"])
def test_certain_technologies_alone_are_analysed(regime):
    assert ask(regime, technology_eligible=False) == "technology_not_eligible"


@pytest.mark.clause("2.5-UE11")
@pytest.mark.parametrize(
    ("requester", "reason"),
    [
        ("customer_contact", ""),
        ("customer_administrator", ""),
        ("csam", ""),
        ("incident_management_team", ""),
        ("third_party", "wrong_requester"),
    ],
)
def test_under_uer_microsofts_people_may_ask_as_well(requester, reason):
    assert ask("uer", requester=requester) == reason


# --- MCSAP: seven days after closure -----------------------------------------------------


@pytest.mark.clause("2.4-AP23", "0-C2", "0-C13")
@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("2025-05-06T09:00:00+08:00", ""),
        ("2025-05-13T23:59:59+08:00", ""),
        ("2025-05-14T00:00:00+08:00", "too_late"),
        ("2025-05-13T16:30:00Z", "too_late"),
    ],
)
def test_the_seventh_day_after_closure_at_the_host_is_the_last(asked, reason):
    assert ask("mcsap", requested_at=datetime.fromisoformat(asked)) == reason


@pytest.mark.clause("2.4-AP23")
def test_while_the_incident_is_open_a_request_is_in_time():
    assert ask("mcsap", requested_at=CLOSED + timedelta(days=90), closed_at=None) == ""


@pytest.mark.clause("2.4-AP24")
def test_mcsap_analyses_incidents_of_this_customer_alone():
    assert ask("mcsap", isolated=False) == "other_customers_affected"


@pytest.mark.clause("2.4-AP26")
@pytest.mark.parametrize(
    ("severity", "production", "requester", "reason"),
    [
        ("A", True, "customer_administrator", "wrong_requester"),
        ("1", True, "csam", "wrong_requester"),
        ("A", True, "designated_mcsap_engineer", ""),
        ("A", False, "customer_contact", ""),
        ("B", True, "customer_contact", ""),
    ],
)
def test_critical_incidents_in_production_go_through_the_designated_engineer(
    severity, production, requester, reason
):
    facts = {"severity": severity, "production": production, "requester": requester}
    assert ask("mcsap", **facts) == reason


@pytest.mark.clause("2.4-AP23", "0-C2")
def test_the_last_day_is_explained():
    explained = rca_last_day(TERMS, closed_on=date(2025, 2, 25), zone="Asia/Shanghai")
    assert explained.result == date(2025, 3, 4)
    assert (explained.clauses, explained.readings) == (("2.4-AP23",), ("0-C2", "0-C13"))


# --- When it is due ----------------------------------------------------------------------


@pytest.mark.clause("2.4-AP27", "0-C9", "0-C13")
@pytest.mark.parametrize(
    ("requested", "mitigated", "due"),
    [("2025-05-12", "2025-05-09", "2025-05-26"), ("2025-05-07", "2025-05-09", "2025-05-23"),
     ("2025-03-03", "2025-03-03", "2025-03-17")],
)  # fmt: skip
def test_ten_business_days_run_from_the_later_of_request_and_mitigation(requested, mitigated, due):
    explained = rca_due(
        TERMS,
        "mcsap",
        requested_on=date.fromisoformat(requested),
        mitigated_on=date.fromisoformat(mitigated),
        hours=SHANGHAI,
    )
    assert explained.result == date.fromisoformat(due)
    assert explained.zone == "Asia/Shanghai"


@pytest.mark.clause("2.4-AP27", "2.3-RE20")
def test_outside_mcsap_and_before_mitigation_no_date_can_be_named():
    day = date(2025, 5, 12)
    asked = {"requested_on": day, "hours": SHANGHAI}
    assert rca_due(TERMS, "base", mitigated_on=day, **asked) is None
    assert rca_due(TERMS, "uer", mitigated_on=day, **asked) is None
    assert rca_due(TERMS, "mcsap", mitigated_on=None, **asked) is None


@pytest.mark.clause("2.3-RE20", "2.4-AP23", "2.5-RD9")
@pytest.mark.parametrize(
    ("track", "belongs", "is_latest", "reason"),
    [
        ("base", True, True, None),
        ("mcsap", True, True, None),
        ("rede", True, True, "no_series"),
        ("base", False, True, "not_of_the_series"),
        ("uer", True, False, "not_the_latest"),
    ],
)
def test_a_series_is_analysed_at_its_latest_incident(track, belongs, is_latest, reason):
    if reason is None:
        check_series(track=track, belongs=belongs, is_latest=is_latest)
        return
    with pytest.raises(Refused) as caught:
        check_series(track=track, belongs=belongs, is_latest=is_latest)
    assert caught.value.code == reason
