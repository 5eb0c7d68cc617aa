"""Runs a few programs as one: starts them, starts again what dies, ends them together.

The programs share a process group of their own. Three ways to the end are covered: a signal to
the supervisor (they get SIGTERM, after `GRACE` seconds SIGKILL), `kill -9` of the supervisor
(the kernel sends each its death signal), and a program that dies by itself (it is started
again, ever more slowly while it keeps dying).
"""

import contextlib
import ctypes
import functools
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

logger = logging.getLogger(__name__)

GRACE = 3.0
STEADY_AFTER = 60.0
LONGEST_PAUSE = 30.0
TRIES_BEFORE_FIRST_READY = 3
READY_WITHIN = 60.0

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class NeverReady(Exception):
    """The first program ended again and again before it was ready once."""


@dataclass
class Part:
    """One program. `death_signal` is what the kernel sends it when the supervisor is killed."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    death_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    deaths: int = 0

    @property
    def pause(self) -> float:
        """Seconds before the next start: half a second, doubled by each death in a row."""
        return min(0.5 * 2.0 ** (self.deaths - 1), LONGEST_PAUSE)


def end_with_parent(death_signal: signal.Signals, parent: int) -> None:
    """Let the kernel send `death_signal` to this process when `parent` ends."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:
        os._exit(1)


class Supervisor:
    """The first part leads: the others start when `is_ready()` first says yes."""

    def __init__(
        self,
        parts: Iterable[Part],
        *,
        is_ready: Callable[[], bool],
        when_ready: Callable[[], None] = lambda: None,
        grace: float = GRACE,
    ) -> None:
        self.parts = list(parts)
        self.is_ready = is_ready
        self.when_ready = when_ready
        self.grace = grace
        self.ready = False
        self.group = 0
        self.began = time.monotonic()
        self.stop_signals: list[signal.Signals] = []
        self.bell, bell_push = socket.socketpair()
        self.bell.setblocking(False)
        bell_push.setblocking(False)
        self.bell_push = bell_push

    def run(self) -> None:
        """Stay until a signal says stop; no program is left when this returns or raises."""
        former = self._listen()
        try:
            while not self.stop_signals:
                self._start_what_is_due()
                self._sleep(self._wait())
                self._look_after_the_dead()
                self._look_whether_ready()
            logger.info("Stopping (%s).", self.stop_signals[0].name)
        finally:
            self.stop()
            signal.set_wakeup_fd(-1)
            for number, handler in former.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """End all programs within the grace, by force where it must be."""
        deadline = time.monotonic() + self.grace
        asked = len(self.stop_signals)
        for part in self._running():
            with contextlib.suppress(ProcessLookupError):
                part.process.send_signal(signal.SIGTERM)  # type: ignore[union-attr]
        while self._running() and (left := deadline - time.monotonic()) > 0:
            self._sleep(min(left, 0.2))
            if len(self.stop_signals) > max(asked, 1):
                break  # asked twice: no more grace
        for part in self._running():
            logger.warning("%s did not end in time: killed.", part.name)
        self._kill_group()

    def _listen(self) -> dict[signal.Signals, Any]:
        """Signals ring a bell that ends `_sleep`; the former handlers are returned."""
        signal.set_wakeup_fd(self.bell_push.fileno(), warn_on_full_buffer=False)
        former = {}
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # nohup means: stay
            former[number] = signal.signal(number, self._hear)
        return former

    def _hear(self, number: int, _frame: object) -> None:
        if number != signal.SIGCHLD:
            self.stop_signals.append(signal.Signals(number))

    def _sleep(self, seconds: float) -> None:
        select.select([self.bell], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            self.bell.recv(4096)

    def _running(self) -> list[Part]:
        return [part for part in self.parts if part.process and part.process.poll() is None]

    def _kill_group(self) -> None:
        """Whatever still lives in the group, grandchildren included, ends here."""
        if not self.group:
            return
        for _attempt in range(20):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, signal.SIGKILL)
            if not self._running():
                return
            time.sleep(0.05)

    def _start_what_is_due(self) -> None:
        now = time.monotonic()
        for part in self.parts if self.ready else self.parts[:1]:
            if part.process is None and part.start_at <= now:
                self._start(part)

    def _start(self, part: Part) -> None:
        part.started_at = time.monotonic()
        if not self._running():
            self._kill_group()  # orphans of programs that died
            self.group = 0
        try:
            part.process = subprocess.Popen(  # noqa: S603 (our own command lines)
                part.command,
                env={**os.environ, **part.environment},
                stdin=subprocess.DEVNULL,
                preexec_fn=functools.partial(end_with_parent, part.death_signal, os.getpid()),
                process_group=self.group,
            )
        except (OSError, subprocess.SubprocessError) as failure:
            self._schedule_again(part, str(failure))
            return
        self.group = self.group or part.process.pid
        logger.info("%s runs as process %s.", part.name, part.process.pid)

    def _look_after_the_dead(self) -> None:
        for part in self.parts:
            if part.process is None or (status := part.process.poll()) is None:
                continue
            part.process = None
            if time.monotonic() - part.started_at >= STEADY_AFTER:
                part.deaths = 0
            self._schedule_again(part, f"status {status}")

    def _schedule_again(self, part: Part, reason: str) -> None:
        part.deaths += 1
        if not self.ready and part.deaths >= TRIES_BEFORE_FIRST_READY:
            raise NeverReady(part.name)
        part.start_at = time.monotonic() + part.pause
        logger.error("%s ended (%s); starting again in %.1f s.", part.name, reason, part.pause)

    def _look_whether_ready(self) -> None:
        if self.ready:
            return
        waited = time.monotonic() - self.began
        if self.is_ready():
            self.ready = True
            self.when_ready()
        elif waited > READY_WITHIN:
            raise NeverReady(self.parts[0].name)

    def _wait(self) -> float:
        if not self.ready:
            return 0.1
        now = time.monotonic()
        starts = [part.start_at - now for part in self.parts if part.process is None]
        return max(0.05, min([1.0, *starts]))
