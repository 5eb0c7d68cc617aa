"""The portal as one process group: it starts, answers, mends itself and leaves nothing behind."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ussd_portal.supervisor import NeverReady, Part, Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [
    pytest.mark.drill,
    pytest.mark.xdist_group("runportal"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


class Portal:
    """One installation in a folder of its own, started and watched from outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        self.environment = {**kept, "DATA_DIR": str(folder), "PORT": str(self.port), "DEMO": "0"}
        self.process: subprocess.Popen[str] | None = None

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`manage.py runportal` with its output in a file."""
        with (self.folder / "output").open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "runportal", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return self.process

    def start_and_wait(self) -> subprocess.Popen[str]:
        """Started, and all three programs run."""
        process = self.start("--first-run")
        wait_until(lambda: self.answers() and len(self.programs()) == 3, self.output)
        return process

    def running(self) -> subprocess.Popen[str]:
        """The one that a test before left running, or a new start."""
        if self.process is None or self.process.poll() is not None:
            return self.start_and_wait()
        wait_until(lambda: self.answers() and len(self.programs()) == 3, self.output)
        return self.process

    def output(self) -> str:
        """What it said so far."""
        return (self.folder / "output").read_text()

    def answers(self) -> bool:
        """Whether a page can be had."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def processes(self) -> dict[int, str]:
        """All living processes of this installation: id and command line."""
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                environment = (path / "environ").read_bytes().split(b"\0")
                state = (path / "stat").read_text().rpartition(")")[2].split()[0]
                if f"DATA_DIR={self.folder}".encode() in environment and state != "Z":
                    words = (path / "cmdline").read_bytes().split(b"\0")
                    found[int(path.name)] = b" ".join(words).decode()
        return found

    def programs(self) -> dict[str, int]:
        """The process of each supervised program: web, worker, beat."""
        names = {" gunicorn ": "web", " worker ": "worker", " beat ": "beat"}
        assert self.process is not None
        return {
            name: pid
            for pid, line in self.processes().items()
            for mark, name in names.items()
            if mark in line and parent_of(pid) == self.process.pid
        }

    def end(self) -> None:
        """Whatever a failed test left."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process:
            self.process.wait()


def parent_of(pid: int) -> int:
    """The parent's process id."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def wait_until(
    holds: Callable[[], bool], told: Callable[[], str] = str, seconds: float = 60
) -> float:
    """The seconds until `holds()`; fails with what was told when it never does."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > seconds:
            pytest.fail(f"It never came to that.\n{told()}")
        time.sleep(0.05)
    return time.monotonic() - begun


@pytest.fixture(scope="module")
def portal(tmp_path_factory) -> Iterator[Portal]:
    """One installation for all tests: starting is what takes long."""
    portal = Portal(tmp_path_factory.mktemp("portal"))
    yield portal
    portal.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_within_five_seconds(portal, number):
    process = portal.running()
    begun = time.monotonic()
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    assert time.monotonic() - begun < 5
    assert portal.processes() == {}
    assert portal.output().endswith("Stopped.\n")
    assert "Traceback" not in portal.output()


def test_its_programs_are_one_process_group_apart_from_their_supervisor(portal):
    process = portal.running()
    groups = {os.getpgid(pid) for pid in portal.programs().values()}
    assert len(groups) == 1
    assert groups != {os.getpgid(process.pid)}


def test_a_killed_supervisor_takes_its_programs_along(portal):
    process = portal.running()
    assert len(portal.processes()) >= 6  # supervisor, master, two web workers, worker, beat
    process.kill()
    process.wait()
    assert wait_until(lambda: portal.processes() == {}, lambda: str(portal.processes())) < 6


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_killed_program_is_started_again(portal, name):
    portal.running()
    killed = portal.programs()[name]
    os.kill(killed, signal.SIGKILL)
    wait_until(
        lambda: portal.programs().get(name, killed) != killed and portal.answers(), portal.output
    )
    assert f"{name} ended (status -9); starting again in 0.5 s." in portal.output()


def test_a_start_right_after_a_kill_waits_for_the_remains(portal):
    portal.running().kill()
    portal.start_and_wait()
    assert "in use" not in portal.output()


def test_a_port_in_use_is_named(tmp_path):
    portal = Portal(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", portal.port))
        other.listen()
        assert portal.start("--first-run").wait(timeout=60) == 1
    assert portal.output() == (
        f"CommandError: Port {portal.port} is in use by another program. "
        f"Choose another one, for example: PORT={portal.port + 1} make run\n"
    )


def test_a_second_portal_on_the_same_folder_is_refused(portal, tmp_path):
    first = portal.running()
    second = Portal(portal.folder)
    second.folder = tmp_path  # for what it says; its DATA_DIR is that of the first
    assert second.start("--first-run").wait(timeout=60) == 1
    assert second.output() == (
        f"CommandError: The portal already runs on {portal.folder} (process {first.pid}). "
        "Stop that one, or choose another DATA_DIR and PORT.\n"
    )


def test_an_old_database_is_not_served(tmp_path):
    portal = Portal(tmp_path)
    assert portal.start().wait(timeout=60) == 1
    assert portal.output() == (
        "CommandError: The database is behind the code: run `manage.py migrate` first.\n"
    )


@pytest.mark.parametrize("port", ["99999", "0"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    portal = Portal(tmp_path)
    portal.environment["PORT"] = port
    assert portal.start().wait(timeout=60) == 1
    assert portal.output() == f"CommandError: PORT is a number from 1 to 65535, not {port}.\n"


def test_a_web_part_that_never_starts_is_given_up():
    fails = Part("web", [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(NeverReady, match="web"):
        Supervisor([fails], is_ready=lambda: False).run()
    assert fails.process is None


def test_a_program_that_ignores_the_signal_is_killed_after_the_grace():
    ignores = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('on', flush=True); time.sleep(60)"
    )
    part = Part("stubborn", [sys.executable, "-c", ignores])
    supervisor = Supervisor([part], is_ready=lambda: True, grace=0.5)
    begun = time.monotonic()
    supervisor.when_ready = lambda: (time.sleep(1), os.kill(os.getpid(), signal.SIGTERM))
    supervisor.run()
    assert part.process is not None
    assert part.process.returncode == -signal.SIGKILL
    assert time.monotonic() - begun < 4


def test_pauses_double_up_to_half_a_minute():
    part = Part("any", [])
    pauses = []
    for part.deaths in range(1, 9):
        pauses.append(part.pause)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
