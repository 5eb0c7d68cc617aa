"""`make test`: all tests, first on SQLite, then on PostgreSQL with Redis where these are reachable.

The last lines repeat pytest's closing line of each pass and say what was used and what was not.
Arguments go to pytest: `make test ARGS="tests/accounts -x"`.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
RUN = f"{os.getpid()}"
RULES = "Rules"


@dataclass
class Machine:
    """What the tests can use here, and in words what they can't."""

    postgres: str = ""
    redis: str = ""
    chromium: str = ""
    missing: list[str] = field(default_factory=list)


@dataclass
class Pass:
    """One run of pytest."""

    name: str
    environment: dict[str, str]
    arguments: list[str]
    workers: str = "auto"
    status: int = 0
    closing_line: str = ""


def look_around() -> Machine:
    """Find the engines and the browser."""
    machine = Machine()
    try:
        with psycopg.connect(POSTGRES, connect_timeout=3) as connection:
            version = connection.info.server_version
            machine.postgres = f"PostgreSQL {version // 10000}.{version % 10000}"
    except psycopg.Error:
        machine.missing.append(f"PostgreSQL (none at {place(POSTGRES)}: nothing ran in parallel)")
    try:
        server = redis.Redis.from_url(REDIS, socket_connect_timeout=2)
        machine.redis = f"Redis {server.info('server')['redis_version']}"
    except redis.RedisError:
        machine.missing.append(f"Redis (none at {place(REDIS)})")
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if program:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        machine.chromium = " ".join(said.stdout.split()[:2]) or "Chromium"
    else:
        machine.missing.append("Chromium (not installed: no browser test ran)")
    return machine


def place(url: str) -> str:
    """Host and port of `url`, without its password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"


def passes(machine: Machine, arguments: list[str]) -> list[Pass]:
    """Rules once, with every branch counted; then all else on each engine.

    PostgreSQL takes the browser, SQLite the drills and what no engine changes.
    """
    name = f"SQLite {sqlite3.sqlite_version}"
    if arguments:
        each = [Pass(name, {}, arguments)]
    else:
        rules = rule_tests()
        ignored = [f"--ignore={path}" for path in rules]
        each = [Pass(RULES, {}, [*rules, *coverage()]), Pass(name, {}, ignored)]
    if not machine.postgres:
        return each
    postgres = Pass(
        ", ".join(filter(None, [machine.postgres, machine.redis])),
        {"TEST_DATABASE_URL": POSTGRES, "TEST_REDIS_URL": REDIS if machine.redis else ""},
        arguments or [*each[-1].arguments, "-m", "not drill and not once"],
        # A worker that waits for the server or the browser leaves its core to another.
        workers=str((os.cpu_count() or 1) * 3 // 2),
    )
    if not arguments:
        each[-1].arguments += ["-m", "not browser"]
    return [*each, postgres]


def rule_tests() -> list[str]:
    """What needs no database: the tests of rules, and the worked cases that go through them."""
    tests = ROOT / "tests"
    found = [*tests.glob("*/test_rules_*.py"), *tests.glob("portal/test_conformance_*.py")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def coverage() -> list[str]:
    """Every branch of every rule is walked."""
    folders = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("[!.]*/**/rules"))
    return [
        *[f"--cov={folder}" for folder in folders if "node_modules" not in folder],
        *["--cov-branch", "--cov-fail-under=100", "--cov-report=term-missing:skip-covered"],
    ]


def give_templates(todo: list[Pass], folder: str) -> None:
    """Migrate one database an engine, both at once; each worker's own is a copy."""
    under_way = [migration(one, folder) for one in todo if one.name != RULES]
    for process in under_way:
        if status := process.wait():
            raise subprocess.CalledProcessError(status, process.args)


def migration(one: Pass, folder: str) -> subprocess.Popen[bytes]:
    """The migrating of the database that the workers of `one` copy."""
    if postgres := one.environment.get("TEST_DATABASE_URL"):
        name = f"test_portal_{RUN}_template"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        url = urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
        one.environment["TEST_TEMPLATE"] = name
    else:
        path = f"{folder}/template.sqlite3"
        url = f"sqlite:///{path}"
        one.environment["TEST_TEMPLATE"] = path
        one.arguments = ["--reuse-db", *one.arguments]
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": url}
    return subprocess.Popen(migrate, cwd=ROOT, env={**os.environ, **settings})


def run(one: Pass) -> None:
    """Run pytest, show its lines, keep the last."""
    print(f"--- {one.name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", one.workers, "--dist", "loadgroup"]
    empty = {"TEST_DATABASE_URL": "", "TEST_REDIS_URL": ""}
    with subprocess.Popen(
        [*command, *one.arguments],
        cwd=ROOT,
        env={**os.environ, **empty, "TEST_RUN": RUN, **one.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            one.closing_line = line.strip() or one.closing_line
    one.status = process.returncode


def drop_test_databases() -> None:
    """What a run that was stopped left behind on the server."""
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"test_portal_{RUN}%"]
        ).fetchall()
        for (name,) in rows:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def main() -> int:
    """Run, then say what ran."""
    machine = look_around()
    todo = passes(machine, sys.argv[1:])
    try:
        with tempfile.TemporaryDirectory(prefix="portal-test-") as folder:
            give_templates(todo, folder)
            for one in todo:
                run(one)
    finally:
        if machine.postgres:
            drop_test_databases()
    print()
    for one in todo:
        print(f"{one.name}:\n{one.closing_line}")
    used = [one.name for one in todo] + [name for name in [machine.chromium] if name]
    print(f"Used: {', '.join(used)}.")
    print(f"Not used: {'; '.join(machine.missing) or 'nothing, all was there'}.")
    return max(one.status for one in todo)


if __name__ == "__main__":
    sys.exit(main())
