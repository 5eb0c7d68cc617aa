"""The kill drill: mails are due while workers and beats are killed; none is lost, none told twice.

`python -m bench.kills [--messages 10000] [--workers 4] [--beats 2] [--kills 200] [--db pg|sqlite]`

Real processes, a real SMTP server on this machine, a Redis of its own where the program is
there (else the queue of files), PostgreSQL or SQLite. A process is killed by `kill -9` each
time a random share of the mails has arrived, and started again at once. At the end every
mail has arrived, and all copies of one carry one Message-ID. Then Redis is stopped, started
empty, and what became due meanwhile arrives as well, while pages answer.
"""

import argparse
import asyncio
import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parent.parent
SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
PEOPLE = 50

SEED = """
import sys, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from accounts.actions.messages import write_messages
from accounts.models import Message, User
first, count, people = (int(word) for word in sys.argv[1:])
for n in range(people):
    User.objects.get_or_create(email=f"p{n}@drill.example", defaults={"name": f"P{n}", "role": "csam"})
readers = list(User.objects.filter(email__endswith="@drill.example").order_by("pk"))
now = timezone.now() - timedelta(minutes=1)
Message.objects.bulk_create([
    Message(key=f"drill:{n}|x", channel="email", subject_key=f"drill:{n}",
            recipient=readers[n % people], address=readers[n % people].email, language="en",
            subject=f"Drill {n}", text=f"Number {n}.", html=f"<p>Number {n}.</p>",
            created_at=now, due_at=now)
    for n in range(first, first + count)
], batch_size=500)
"""
LEFT = """
import django
django.setup()
from accounts.models import Message
print(Message.objects.filter(sent_at=None).count(), Message.objects.exclude(dead_at=None).count())
"""
RING = """
import django
django.setup()
from ussd_portal.celery import app, every_minute
for task in every_minute():
    app.send_task(task, expires=55)
"""


@dataclass
class Arrived:
    """An SMTP server's memory: how often which Message-ID came for a recipient and subject."""

    mails: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    raw: int = 0
    delay: float = 0.0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep who, about what, under which id."""
        if self.delay:
            await asyncio.sleep(self.delay)
        mail = message_from_bytes(envelope.content)
        for recipient in envelope.rcpt_tos:
            self.mails[recipient, str(mail["X-Portal-Subject"])][str(mail["Message-ID"])] += 1
        self.raw += 1
        return "250 kept"


@dataclass
class Outcome:
    """What a drill found."""

    messages: int
    kills: int
    killed_workers: int
    killed_beats: int
    seconds: float
    seconds_after_last_kill: float
    lost: int
    dead: int
    told_under_two_ids: int
    repeated: int
    database: str
    broker: str
    outage_seconds: float = 0.0
    outage_messages: int = 0
    outage_lost: int = 0
    pages_during_outage: int = 0
    pages_failed: int = 0

    @property
    def is_met(self) -> bool:
        """Nothing lost, nobody told under two ids, repeats at most where a crash explains them."""
        nothing = (self.lost, self.dead, self.told_under_two_ids, self.outage_lost)
        return not any(nothing) and self.repeated <= self.kills and not self.pages_failed


class Drill:
    """One installation in a folder of its own, with its processes."""

    def __init__(
        self, *, db: str, lease: int, delay: float, seed: int, impatient: bool = False
    ) -> None:
        self.impatient = impatient  # rings itself where beat would in its next minute
        self.folder = Path(tempfile.mkdtemp(prefix="portal-kills-"))
        self.dice = random.Random(seed)
        self.arrived = Arrived(delay=delay)
        self.smtp = Controller(self.arrived, hostname="127.0.0.1", port=free_port())
        self.database, self.db = "", db
        self.redis: subprocess.Popen[bytes] | None = None
        self.redis_port = free_port() if shutil.which("redis-server") else 0
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.log = (self.folder / "log").open("wb")
        kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        self.environment = {
            **kept,
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": "",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0" if self.redis_port else "",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp.port}",
            "OUTBOX_LEASE_SECONDS": str(lease),
            "PORT": str(self.port),
            "DEMO": "0",
            "SECRET_KEY": "only-for-drills",
            "DJANGO_SETTINGS_MODULE": "ussd_portal.settings",
        }

    # --- what stands around ----------------------------------------------------------------

    @contextlib.contextmanager
    def standing(self) -> Iterator["Drill"]:
        """Database, Redis and SMTP server are there; all is gone afterwards."""
        try:
            if self.db == "pg":
                self.database = f"drill_{os.getpid()}"
                on_server(f'CREATE DATABASE "{self.database}"')
                self.environment["DATABASE_URL"] = SERVER.rpartition("/")[0] + f"/{self.database}"
            self.start_redis()
            self.smtp.start()
            self.manage("migrate", "--verbosity", "0", "--skip-checks")
            if not self.redis_port:
                self.manage("createcachetable")
            yield self
        finally:
            self.end()

    def end(self) -> None:
        """Nothing of it stays."""
        for process in [*self.processes.values(), *([self.redis] if self.redis else [])]:
            process.kill()
            process.wait()
        with contextlib.suppress(AssertionError):  # it never started
            self.smtp.stop()
        if self.database:
            on_server(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_redis(self) -> None:
        """An empty one: nothing is written to disk."""
        if not self.redis_port:
            return
        words = ["redis-server", "--port", str(self.redis_port), "--save", "", "--dir"]
        self.redis = self.spawn([*words, str(self.folder)])
        wait_until(lambda: listens(self.redis_port), 20)

    def stop_redis(self) -> None:
        """All it knew is forgotten."""
        if self.redis is not None:
            self.redis.kill()
            self.redis.wait()

    # --- processes -------------------------------------------------------------------------

    def spawn(self, words: list[str]) -> subprocess.Popen[bytes]:
        """A process of this installation."""
        return subprocess.Popen(
            words, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log
        )

    def start(self, name: str) -> None:
        """A worker or a beat, by its name."""
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "ussd_portal"]
        if name.startswith("worker"):
            words = ["worker", "--pool", "threads", "--concurrency", "2", "-n", f"{name}@drill"]
            words += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        else:
            words = ["beat", "-s", str(self.folder / name)]
        self.processes[name] = self.spawn([*celery, *words, "--loglevel", "warning"])

    def kill(self, name: str) -> None:
        """`kill -9`, and again from the start."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()
        self.start(name)

    def manage(self, *words: str) -> None:
        """A command of `manage.py`."""
        self.run([sys.executable, "manage.py", *words])

    def seed(self, first: int, count: int) -> None:
        """So many due mails, numbered from `first`."""
        self.run([sys.executable, "-c", SEED, str(first), str(count), str(PEOPLE)])

    def left(self) -> tuple[int, int]:
        """How many mails aren't sent, and how many of them never will be."""
        unsent, dead = self.run([sys.executable, "-c", LEFT]).split()
        return int(unsent), int(dead)

    def run(self, words: list[str]) -> str:
        """A short process, waited for."""
        done = subprocess.run(
            words, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    # --- the drill -------------------------------------------------------------------------

    def kills(self, *, messages: int, workers: int, beats: int, kills: int) -> Outcome:
        """Kill while mails are going out, then wait until nothing is left."""
        self.seed(0, messages)
        names = [f"worker{n}" for n in range(workers)] + [f"beat{n}" for n in range(beats)]
        for name in names:
            self.start(name)
        begun = time.monotonic()
        killed: Counter[str] = Counter()
        for moment in sorted(self.dice.sample(range(max(messages - workers, kills)), kills)):
            self.wait_until_arrived(moment)
            name = self.dice.choice(names)
            time.sleep(self.dice.random() * 0.2)
            self.kill(name)
            killed[name[:-1]] += 1
        last_kill = time.monotonic()
        self.wait_for(messages)
        ended = time.monotonic()
        unsent, dead = self.left()
        return Outcome(
            messages=messages,
            kills=kills,
            killed_workers=killed["worker"],
            killed_beats=killed["beat"],
            seconds=round(ended - begun, 1),
            seconds_after_last_kill=round(ended - last_kill, 1),
            lost=messages - len(self.arrived.mails) + unsent,
            dead=dead,
            told_under_two_ids=sum(1 for ids in self.arrived.mails.values() if len(ids) > 1),
            repeated=self.arrived.raw - len(self.arrived.mails),
            database=self.db,
            broker="redis" if self.redis_port else "files",
        )

    def wait_until_arrived(self, count: int) -> None:
        """So many mails, copies included."""
        wait_until(lambda: self.arrived.raw >= count, 600)

    def outage(self, outcome: Outcome, *, messages: int, seconds: float) -> None:
        """Stop Redis, let mails become due, look at pages, start it empty, wait for the mails."""
        if not self.redis_port:
            return
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.processes["web"] = self.spawn(
            [
                *[sys.executable, "-m", "gunicorn", "-c", "python:ussd_portal.serving"],
                *["--bind", f"127.0.0.1:{self.port}", "--workers", "1", "ussd_portal.wsgi"],
            ]
        )
        wait_until(lambda: self.page("/healthz") == 200, 60)
        self.stop_redis()
        self.seed(outcome.messages, messages)
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            for path in ("/accounts/login/", "/healthz", "/api/v1/schema/"):
                outcome.pages_during_outage += 1
                outcome.pages_failed += self.page(path) != 200
            time.sleep(0.5)
        self.start_redis()
        outcome.outage_seconds = round(time.monotonic() - begun, 1)
        self.wait_for(outcome.messages + messages)
        outcome.outage_messages = messages
        outcome.outage_lost = outcome.messages + messages - len(self.arrived.mails)
        outcome.told_under_two_ids = sum(1 for ids in self.arrived.mails.values() if len(ids) > 1)

    def wait_for(self, messages: int) -> None:
        """Until all have arrived; some may still have to be marked."""
        lease = float(self.environment["OUTBOX_LEASE_SECONDS"])
        limit, seen, since = 600 + lease, -1, time.monotonic()
        rung = since
        while self._is_waiting(messages) and time.monotonic() - since < limit:
            if self.arrived.raw != seen:
                seen, since = self.arrived.raw, time.monotonic()
            if self.impatient and time.monotonic() - max(since, rung) > lease:
                self.run([sys.executable, "-c", RING])
                rung = time.monotonic()
            time.sleep(0.2)

    def _is_waiting(self, messages: int) -> bool:
        """All arrived and all marked is the end; the database is asked when the first holds."""
        return len(self.arrived.mails) < messages or self.left()[0] > 0

    def page(self, path: str) -> int:
        """The status of a page, 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


def free_port() -> int:
    """One that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def on_server(statement: str) -> None:
    """A statement on the database server."""
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    """Until it holds, or an error."""
    limit = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > limit:
            raise TimeoutError("it never came to that")
        time.sleep(0.02)


def main() -> int:
    """The drill at full size; 1 when something was lost or told twice."""
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--beats", type=int, default=2)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--outage", type=float, default=60.0, help="seconds without Redis")
    parser.add_argument("--delay", type=float, default=0.02, help="seconds per mail of the sink")
    parser.add_argument("--db", choices=["pg", "sqlite"], default="pg")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, default=Path("var/bench/kills.json"))
    options = parser.parse_args()
    drill = Drill(db=options.db, lease=90, delay=options.delay, seed=options.seed)
    with drill.standing():
        outcome = drill.kills(
            messages=options.messages,
            workers=options.workers,
            beats=options.beats,
            kills=options.kills,
        )
        print(outcome, flush=True)
        drill.outage(outcome, messages=200, seconds=options.outage)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(asdict(outcome), indent=2) + "\n")
    for name, value in asdict(outcome).items():
        print(f"{value!s:>10}  {name.replace('_', ' ')}")
    print("ok" if outcome.is_met else "MISSED")
    return int(not outcome.is_met)


if __name__ == "__main__":
    sys.exit(main())
