"""A held entitlement, its account manager, and a clock that stands still."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.scheduling.forms import NOW


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def held():
    return factories.holding(factories.season())


@pytest.fixture
def manager(held):
    return held.order.created_by


@pytest.fixture
def client(sign_in, manager):
    return sign_in(manager)


@pytest.fixture
def late(held):
    """A booking ten days ahead: cancelling costs half."""
    return factories.booking(
        held,
        title="Identity hardening",
        starts_at=datetime(2026, 12, 3, 8, tzinfo=UTC),
        ends_at=datetime(2026, 12, 3, 16, tzinfo=UTC),
        now=NOW - timedelta(days=30),
    )
