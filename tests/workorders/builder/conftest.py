"""A draft without lines, its account manager, and a clock that stands still."""

import pytest

from tests.workorders import scenes


@pytest.fixture
def draft(at, now):
    at(now)
    return scenes.draft_order()[0]


@pytest.fixture
def client(draft, sign_in):
    return sign_in(draft.created_by)
