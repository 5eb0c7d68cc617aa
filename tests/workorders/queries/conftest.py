"""A draft of two locations and two contract years, and its account manager."""

from datetime import date

import pytest

from tests import factories
from tests.workorders.queries.reads import SIGNED
from workorders.actions import orders


@pytest.fixture
def host():
    return factories.host(name="Berlin")


@pytest.fixture
def csam(host):
    return factories.csam(host.customer)


@pytest.fixture
def paris(host):
    return factories.location(host.customer, name="Paris", country="FR")


@pytest.fixture
def draft(host, paris, csam):
    """A draft over two years with both locations and 400,000 allowance in each."""
    made = factories.draft(host.customer, by=csam, multi_country=True, ends_on=date(2027, 12, 31))
    by = {"by": csam, "now": SIGNED}
    orders.set_locations(order=made, locations={host: None, paris: None}, **by)
    orders.set_flex_years(order=made, allotments={1: 400_000, 2: 400_000}, **by)
    return made
