"""Exchange value that pays for a line of an amendment: drawn first to lapse first."""

from datetime import date, timedelta

import pytest

from accounts.rules.refusal import Refused
from tests import contract
from tests.contract import usd
from workorders.rules.spending import Pot, draw_value

ON = date(2026, 3, 2)
YEAR = Pot(usd("300"), date(2026, 12, 31), is_flex=True)
LASTING = Pot(usd("500"), date(2027, 12, 31), is_flex=False)


def drawn(price, *pots, offering=contract.WORKSHOPS, from_day=ON):
    parts = draw_value(usd(price), pots, offering=offering, from_day=from_day)
    return [part.decimal_text for part in parts]


@pytest.mark.clause("2.7-T22", "X-04")
def test_the_first_pots_pay_first_and_to_the_cent():
    assert drawn("300", YEAR, LASTING) == ["300.00", "0.00"]
    assert drawn("300.01", YEAR, LASTING) == ["300.00", "0.01"]
    assert drawn("800", YEAR, LASTING) == ["300.00", "500.00"]


@pytest.mark.clause("2.7-T22", "X-04")
def test_a_cent_more_than_there_is_is_refused_with_what_is_there():
    with pytest.raises(Refused) as refusal:
        drawn("800.01", YEAR, LASTING)
    assert refusal.value.figures == {"left": usd("800"), "asked": usd("800.01")}


@pytest.mark.clause("2.2-F6", "2.2-F5", "2.2-F3")
@pytest.mark.parametrize("offering", [contract.CUSTOM, contract.EDUCATION])
def test_value_of_the_allowance_pays_no_capped_or_ineligible_service(offering):
    assert drawn("400", YEAR, LASTING, offering=offering) == ["0.00", "400.00"]


@pytest.mark.clause("2.2-F6")
def test_a_pot_pays_to_its_last_day_and_not_on_the_next():
    assert drawn("300", YEAR, LASTING, from_day=YEAR.last_day)[0] == "300.00"
    after = YEAR.last_day + timedelta(days=1)
    assert drawn("300", YEAR, LASTING, from_day=after) == ["0.00", "300.00"]
