from dataclasses import replace
from datetime import date

import pytest

from accounts.rules.refusal import Refused
from tests import contract
from tests.contract import ELSEWHERE, EXCEPTION, FRANCE, HOST, UNLISTED
from workorders.rules.locations import (
    check_assignment,
    check_guest,
    check_hours_target,
    check_location,
    check_locations,
    check_planning,
    check_rca_location,
    check_uer_allocation,
    coverage,
)

OWN_ORDER = replace(EXCEPTION, own_work_order=True)


def refusal_of(call, *args, **given) -> Refused:
    with pytest.raises(Refused) as refusal:
        call(*args, **given)
    return refusal.value


@pytest.mark.clause("2.6-M2", "2.6-M3")
def test_there_is_exactly_one_host():
    check_locations([HOST, FRANCE])
    for locations, hosts in (([HOST, replace(HOST, code="us")], 2), ([FRANCE], 0), ([], 0)):
        refused = refusal_of(check_locations, locations)
        assert (refused.code, refused.figures) == ("one_host", {"hosts": hosts})


@pytest.mark.clause("2.8-C4", "2.8-C2")
def test_the_host_has_an_administrator():
    refused = refusal_of(check_locations, [replace(HOST, has_administrator=False), FRANCE])
    assert refused.code == "host_administrator_required"
    check_locations([HOST, replace(FRANCE, has_administrator=False)])


@pytest.mark.clause("2.5-ED12", "2.3-OT7", "2.5-RD13")
def test_designated_engineering_serves_one_location_and_rede_several():
    for offering, clause in ((contract.EDE, "2.5-ED12"), (contract.DE, "2.3-OT7")):
        check_assignment(offering, [FRANCE])
        refused = refusal_of(check_assignment, offering, [HOST, FRANCE])
        assert (refused.code, refused.clauses) == ("single_location", (clause,))
    check_assignment(contract.REDE, [HOST, FRANCE])


@pytest.mark.clause("2.6-M3", "2.6-M6", "2.6-M8", "2.6-M13")
@pytest.mark.parametrize("location", [UNLISTED, ELSEWHERE])
@pytest.mark.parametrize(
    ("offering", "clause"), [(contract.WORKSHOPS, "2.6-M8"), (contract.EDE, "2.6-M13")]
)
def test_services_go_to_designated_locations(location, offering, clause):
    refused = refusal_of(check_assignment, offering, [location])
    assert (refused.code, refused.clauses) == ("location_not_listed", (clause,))
    assert refused.figures == {"location": location.code}


@pytest.mark.clause("2.5-UE22", "0-C17")
def test_uer_is_bought_for_the_host_unless_staff_override():
    check_location(contract.UER_SERVICE, HOST)
    refused = refusal_of(check_location, contract.UER_SERVICE, FRANCE)
    assert (refused.code, refused.overridable) == ("host_only", True)


@pytest.mark.clause("2.6-M12")
def test_other_enhanced_solutions_are_bought_for_a_downstream():
    check_location(contract.ARR, FRANCE)
    check_location(contract.EDE, EXCEPTION)


@pytest.mark.clause("2.6-M9")
def test_proactive_services_of_a_tax_exception_stand_in_its_own_order():
    for offering in (contract.WORKSHOPS, contract.CREDITS, contract.CUSTOM):
        for location, under_own in ((EXCEPTION, False), (EXCEPTION, True), (OWN_ORDER, False)):
            refused = refusal_of(check_assignment, offering, [location], under_own_order=under_own)
            assert refused.code == "own_work_order_required"
        check_assignment(offering, [OWN_ORDER], under_own_order=True)
    check_assignment(contract.EDUCATION, [EXCEPTION])


def test_a_service_is_assigned_to_some_location():
    with pytest.raises(ValueError, match="no location"):
        check_assignment(contract.WORKSHOPS, [])


@pytest.mark.clause("2.6-M6", "2.6-M7", "2.6-M13", "2.5-UE23", "2.7-T1")
@pytest.mark.parametrize(
    ("offering", "where", "covered"),
    [
        (contract.INCIDENTS, FRANCE, "remote"),
        (contract.UER_SERVICE, FRANCE, "remote"),
        (contract.UER_SERVICE, HOST, "remote"),
        (contract.UER_SERVICE, ELSEWHERE, None),
        (contract.INCIDENTS, UNLISTED, None),
        (contract.REDE, HOST, "remote"),
        (contract.REDE, FRANCE, None),
    ],
)
def test_base_support_and_uer_reach_every_designated_location(offering, where, covered):
    assert coverage(offering, bought_at=[HOST], incident_location=where) == covered


@pytest.mark.clause("2.5-UE24")
def test_the_host_s_administrator_distributes_the_hours_of_uer():
    check_uer_allocation(HOST, by_administrator=True, minutes=60, left=60)
    for location, given, code in (
        (FRANCE, {"by_administrator": True}, "host_only"),
        (HOST, {"by_administrator": False}, "host_administrator_required"),
        (HOST, {"by_administrator": True, "minutes": 61, "left": 60}, "insufficient_hours"),
    ):
        refused = refusal_of(check_uer_allocation, location, **given)
        assert (refused.code, refused.overridable) == (code, False)


@pytest.mark.clause("2.6-M14")
def test_guests_join_remotely_and_with_permission():
    check_guest(ELSEWHERE, mode="remote", permitted=True)
    check_guest(FRANCE, mode="onsite", permitted=False)
    assert refusal_of(check_guest, ELSEWHERE, mode="onsite", permitted=True).code == "remote_only"
    refused = refusal_of(check_guest, UNLISTED, mode="online", permitted=False)
    assert refused.code == "permission_required"
    refused = refusal_of(check_guest, ELSEWHERE, mode="remote", permitted=True, proactive=False)
    assert refused.code == "not_proactive"


@pytest.mark.clause("2.6-M11")
def test_root_cause_analysis_is_for_staff_of_designated_locations():
    check_rca_location(FRANCE)
    assert refusal_of(check_rca_location, ELSEWHERE).code == "location_not_listed"


@pytest.mark.clause("2.5-ED8", "X-40")
def test_ede_has_its_location_before_delivery_is_planned():
    day = date(2025, 4, 10)
    for allocated in (date(2025, 4, 9), day):
        check_planning(multi_country=True, allocated_on=allocated, planning_on=day)
    check_planning(multi_country=False, allocated_on=None, planning_on=day)
    for allocated in (date(2025, 4, 11), None):
        refused = refusal_of(
            check_planning, multi_country=True, allocated_on=allocated, planning_on=day
        )
        assert refused.code == "ede_location_required"


@pytest.mark.clause("2.5-UE24", "2.6-M5")
def test_hours_go_to_another_listed_location():
    check_hours_target(HOST, FRANCE)
    assert refusal_of(check_hours_target, HOST, HOST).code == "same_location"
    assert refusal_of(check_hours_target, HOST, UNLISTED).code == "location_not_listed"
    assert refusal_of(check_hours_target, HOST, None).code == "location_not_listed"
