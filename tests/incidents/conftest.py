"""The plain scene: the base package, an incident under it, and its account manager."""

import pytest

from tests import factories
from tests.incidents.scenes import LATER


@pytest.fixture
def order(db):
    """The base package over 2026."""
    return factories.executed()


@pytest.fixture
def csam(order):
    """The account manager."""
    return order.created_by


@pytest.fixture
def incident(order):
    """Severity B in Berlin, phoned in on a Monday at 10:24, due at 12:24."""
    return factories.incident(order)


@pytest.fixture
def client(csam, sign_in, at):
    """The account manager in the browser, an hour after the incident came in."""
    at(LATER)
    return sign_in(csam)
