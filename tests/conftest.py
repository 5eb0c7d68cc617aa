"""What every test stands on: a clean cache, the engines in use, signed-in clients."""

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from accounts.models import User
from tests import factories

pytest_plugins = ["tests.plugins.ledger", "tests.plugins.told"]

# A busy machine is slow; it isn't wrong.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The test database; at the end nobody holds it any more.

    A browser's event loop and the threads of a live server keep their connections until they
    are collected, and PostgreSQL drops no database that somebody is connected to.
    """
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _clean_cache():
    """Rate limits and cached terms don't leak from test to test."""
    cache.clear()
    translation.activate("en")
    yield
    translation.activate("en")
    timezone.deactivate()


@pytest.fixture
def now() -> datetime:
    """The moment at which most tests play: Monday 23 November 2026, 10:24 in Berlin."""
    return datetime(2026, 11, 23, 9, 24, tzinfo=UTC)


@pytest.fixture
def at(time_machine) -> Callable[[datetime], None]:
    """Set the clock that edges read: `at(now)`."""

    def move(moment: datetime) -> None:
        time_machine.move_to(moment, tick=False)

    return move


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A client signed in as the person."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.http.people.RoleBackend")
        return client

    return client_of


@pytest.fixture
def csam(db) -> User:
    """A CSAM without customers."""
    return factories.csam()


def pytest_collection_finish() -> None:
    """What was imported stays until the end: no use in looking through it time and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Races count on PostgreSQL alone: elsewhere they are skipped and said to be."""
    if connection.vendor == "postgresql":
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL")
    for item in items:
        if item.get_closest_marker("postgres") or item.get_closest_marker("race"):
            item.add_marker(skip)
