"""The portal's settings for tests: nothing of a developer's own installation is touched.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` choose the engines (empty: SQLite, no Redis). Each worker
of a parallel run has its own folder, database and Redis database.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
RUN = os.environ.get("TEST_RUN") or os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:8]
FOLDER = Path(tempfile.mkdtemp(prefix=f"portal-test-{WORKER}-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def redis_of_worker(url: str) -> str:
    """Workers count down from the database named in `url`; a cleared cache is then nobody else's."""
    if not url:
        return ""
    server, _, number = url.rpartition("/")
    return f"{server}/{(int(number) - int(WORKER.removeprefix('gw'))) % 16}"


os.environ.update(
    DATA_DIR=str(FOLDER),
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", ""),
    REDIS_URL=redis_of_worker(os.environ.get("TEST_REDIS_URL", "")),
    SECRET_KEY="only-for-tests",
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    BASE_URL="http://testserver",
    DEBUG="0",
    DEMO="0",
    EMAIL_URL="",
    LOG_FORMAT="text",
    OIDC_ISSUER="",
    SILENCED_CHECKS="",
    TRUSTED_PROXIES="0",
)

from ussd_portal.settings import *  # noqa: E402, F403
from ussd_portal.settings import DATABASES, REDIS_URL, STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A file, not memory: what several connections do at once is then what it is in the portal.
IS_POSTGRES = DATABASES["default"]["ENGINE"].endswith("postgresql")
TEMPLATE = os.environ.get("TEST_TEMPLATE")
DATABASES["default"]["TEST"] = {
    "NAME": f"test_portal_{RUN}" if IS_POSTGRES else str(FOLDER / "test.sqlite3")
}
if IS_POSTGRES:
    # Nothing is to survive a power cut here: a commit needn't wait for the disk. And tables that
    # were made a moment ago have no statistics: weighing orders of joins takes longer than reading.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c synchronous_commit=off -c join_collapse_limit=1"
    )
# A database with all migrations, made once for all workers (`scripts/test.py`).
if TEMPLATE and IS_POSTGRES:
    DATABASES["default"]["TEST"]["TEMPLATE"] = TEMPLATE
elif TEMPLATE:
    # A worker's database has its name at the end.
    suffix = f"_{WORKER}" if "PYTEST_XDIST_WORKER" in os.environ else ""
    shutil.copy(TEMPLATE, FOLDER / f"test.sqlite3{suffix}")
if not REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
