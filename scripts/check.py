"""`make check`: what can be known without running the tests. Two steps run at a time."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts import messages, sources

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGES = ["accounts", "services", "workorders", "incidents", "ussd_portal", "scripts"]

# The state of the code is checked, not that of the machine: Pango may be missing here.
ANYWHERE = {"SILENCED_CHECKS": "portal.W001", "DATABASE_URL": "", "REDIS_URL": "", "DEBUG": "0"}
PRODUCTION = {
    **ANYWHERE,
    "ALLOWED_HOSTS": "portal.example.com",
    "BASE_URL": "https://portal.example.com",
    "DEMO": "0",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.com:587",
    "TRUSTED_PROXIES": "1",
}


@dataclass(frozen=True)
class Command:
    """A program that ends with 0 when all is well."""

    words: list[str]
    environment: dict[str, str]

    def __call__(self) -> str:
        """Its output when something is wrong."""
        done = subprocess.run(
            self.words,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or "failed"


def tool(name: str, *arguments: str) -> Command:
    """A tool of the environment."""
    return Command([str(BIN / name), *arguments], {})


def manage(*arguments: str, environment: dict[str, str]) -> Command:
    """A command of the portal."""
    return Command([sys.executable, "-W", "error", "manage.py", *arguments], environment)


def steps(data_dir: str) -> dict[str, Callable[[], str]]:
    """All steps, the slow ones first."""
    anywhere = {**ANYWHERE, "DATA_DIR": data_dir}
    production = {**PRODUCTION, "DATA_DIR": data_dir}
    strict = ["--fail-level", "WARNING"]
    return {
        "types (mypy)": tool("mypy", *PACKAGES),
        "templates (djlint)": tool("djlint", "templates", "--lint", "--quiet"),
        "system check": manage("check", *strict, environment=anywhere),
        "system check, production": manage("check", "--deploy", *strict, environment=production),
        "migrations": manage("makemigrations", "--check", "--dry-run", environment=anywhere),
        "contracts (import-linter)": tool("lint-imports", "--no-cache"),
        "format (ruff)": tool("ruff", "format", "--check", "."),
        "lint (ruff)": tool("ruff", "check", "."),
        "translations": messages.problems,
        "no inline style or script": sources.inline_code,
        "no host in a lock file": sources.hosts_in_lock_files,
    }


def shortened(lines: list[str]) -> list[str]:
    """The beginning, and the end, where tracebacks say what it was."""
    left_out = len(lines) - 40
    if left_out <= 0:
        return lines
    return [*lines[:20], f"… {left_out} lines more …", *lines[-20:]]


def main() -> int:
    """Print one line per step, then what the failing ones said."""
    failed: dict[str, str] = {}

    def timed(item: tuple[str, Callable[[], str]]) -> None:
        name, step = item
        begun = time.monotonic()
        problem = step()
        mark = "FAIL" if problem else "ok"
        print(f"{mark:4}  {name} ({time.monotonic() - begun:.1f} s)", flush=True)
        if problem:
            failed[name] = problem

    with tempfile.TemporaryDirectory() as data_dir, ThreadPoolExecutor(2) as pool:
        list(pool.map(timed, steps(data_dir).items()))
    for name, problem in failed.items():
        print(f"\n--- {name}", *shortened(problem.splitlines()), sep="\n")
    print(f"\n{'Checks failed: ' + ', '.join(failed) if failed else 'All checks pass.'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
