"""A draft with the base package alone."""

import pytest

from tests import factories


@pytest.fixture
def draft():
    return factories.draft()
