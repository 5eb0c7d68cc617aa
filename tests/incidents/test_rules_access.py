import pytest

from accounts.rules.refusal import Refused
from incidents.rules.access import check_technology, may_access, may_use_trial_item


@pytest.mark.clause("2.7-T13", "2.7-T14")
def test_staff_reach_authorised_systems_alone():
    assert may_access("srv-a", authorised={"srv-a"})
    assert not may_access("srv-b", authorised={"srv-a"})
    assert not may_access("srv-a", authorised=())


@pytest.mark.clause("2.7-T15", "2.7-T16")
def test_technology_that_is_not_approved_needs_the_customers_word_on_record():
    check_technology(approved=True)
    check_technology(approved=False, customer_asked=True, risk_acknowledged=True)
    for asked, acknowledged in ((True, False), (False, True), (False, False)):
        with pytest.raises(Refused, match="acknowledgement_required"):
            check_technology(approved=False, customer_asked=asked, risk_acknowledged=acknowledged)


@pytest.mark.clause("2.7-T7", "2.7-T8", "2.7-T9")
def test_a_trial_item_is_chosen_its_terms_accepted_and_on_offer_here():
    assert may_use_trial_item(opted_in=True, terms_accepted=True)
    assert not may_use_trial_item(opted_in=False, terms_accepted=True)
    assert not may_use_trial_item(opted_in=True, terms_accepted=False)
    assert not may_use_trial_item(opted_in=True, terms_accepted=True, available_in_location=False)
