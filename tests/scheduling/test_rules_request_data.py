import pytest

from services.catalog.rules.offering import OfferingFacts
from services.scheduling.rules.request_data import data_missing, data_wanted


def codes(code="rap-as-a-service", category="maintenance", mode="remote") -> list[str]:
    facts = OfferingFacts(code=code, category=category, mark="additional")
    return [one.code for one in data_wanted(facts, mode=mode)]


@pytest.mark.clause("2.8-C9", "2.8-C10", "2.8-C19", "2.8-C20", "2.8-C21", "2.3-MA3")
def test_each_service_asks_for_the_data_that_applies_to_it():
    assert codes() == ["goal", "contact", "systems"]
    assert codes("workshops", "education") == ["goal", "contact", "participants"]
    assert codes("on-demand-assessment") == ["goal", "contact", "systems", "subscription"]
    assert codes(mode="onsite") == ["goal", "contact", "systems", "site"]


@pytest.mark.clause("2.8-C20")
def test_what_was_not_supplied_is_missing_in_its_order():
    facts = OfferingFacts(code="workshops", category="education", mark="additional")
    wanted = data_wanted(facts, mode="online")
    assert data_missing(wanted, {"contact"}) == ("goal", "participants")
