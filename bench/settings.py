"""The portal's settings for measurements: a database of its own, and the peers' tables in it."""

import os
from importlib.util import find_spec

os.environ.setdefault("TEST_RUN", f"bench{os.getpid()}")
if os.environ.get("BENCH_DB", "pg") == "pg":
    os.environ.setdefault("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

# What the tests spare themselves in planning is measured here.
if os.environ.get("TEST_DATABASE_URL"):
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"

# Its triggers are written for PostgreSQL and MySQL alone.
HAS_HORDAK = find_spec("hordak") is not None and os.environ.get("BENCH_DB", "pg") == "pg"
if HAS_HORDAK:
    INSTALLED_APPS = [*INSTALLED_APPS, "mptt", "hordak"]
HORDAK_CURRENCIES = CURRENCIES = ["EUR"]
DEFAULT_CURRENCY = "EUR"
LOGGING_CONFIG = None
