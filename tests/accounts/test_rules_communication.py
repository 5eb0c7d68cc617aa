import pytest

from accounts.rules.communication import Addressee, may_send


@pytest.mark.clause("2.7-T33")
@pytest.mark.parametrize(
    ("kind", "sent"),
    [("newsletter", False), ("service_message", False), ("security_update", False),
     ("incident_update", True), ("deadline_reminder", True), ("deadline", True)],
)  # fmt: skip
def test_opting_out_stops_information_and_no_notice(kind, sent):
    assert may_send(kind, Addressee(opted_out=True)) == sent


@pytest.mark.clause("2.7-T32")
def test_information_goes_to_active_company_addresses_alone():
    assert may_send("newsletter", Addressee())
    assert not may_send("newsletter", Addressee(corporate=False))
    assert not may_send("newsletter", Addressee(active=False))


@pytest.mark.clause("2.7-T32", "2.7-T33")
def test_a_notice_needs_an_active_address_of_any_kind():
    assert may_send("incident_update", Addressee(corporate=False))
    assert not may_send("incident_update", Addressee(active=False))
