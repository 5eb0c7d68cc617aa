"""System checks of the installation: what is missing on the machine, what isn't for production."""

import ctypes.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


def pango_is_there(
    app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[checks.Warning]:
    """PDF documents need Pango, which no Python package brings."""
    if ctypes.util.find_library("pango-1.0"):
        return []
    return [
        checks.Warning(
            "Pango is not installed: statements can't be made as PDF; all else works.",
            hint="Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0. "
            "To live without: SILENCED_CHECKS=portal.W001",
            id="portal.W001",
        )
    ]


def paper_fonts_are_installed(
    app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[checks.Warning]:
    """Papers embed their fonts; without them they use what the machine happens to have."""
    missing = [path.name for _family, _weight, path in settings.PAPER_FACES if not path.is_file()]
    if not missing:
        return []
    return [
        checks.Warning(
            f"Fonts of PDF documents are not installed: {', '.join(missing)}.",
            hint="Run `make setup`. Until then papers look different from machine to machine, "
            "and lack Chinese where no Chinese font is installed.",
            id="portal.W005",
        )
    ]


def front_end_is_installed(
    app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[checks.Error]:
    """Without its style sheet no page is readable."""
    missing = [name for name, folder in _packages() if not folder.is_dir()]
    if not missing:
        return []
    return [
        checks.Error(
            f"Front-end packages are not installed: {', '.join(missing)}.",
            hint="Run `make setup`.",
            id="portal.E001",
        )
    ]


def _packages() -> list[tuple[str, Path]]:
    return [
        (item[0], Path(item[1])) for item in settings.STATICFILES_DIRS if isinstance(item, tuple)
    ]


def production_is_meant(
    app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[checks.Warning]:
    """Demo data, its published passwords and one's own machine's address are for trying out."""
    found = []
    if settings.DEMO:
        found.append(
            checks.Warning(
                "DEMO is on: the sign-in page offers the demo sign-ins.",
                hint="Set DEMO=0 and start with an empty database.",
                id="portal.W002",
            )
        )
    if not settings.HTTPS:
        found.append(
            checks.Warning(
                "BASE_URL is not https: cookies travel in the clear.",
                hint="Put a proxy in front (deploy/nginx.conf) and set BASE_URL.",
                id="portal.W003",
            )
        )
    if not settings.EMAIL_URL:
        found.append(
            checks.Warning(
                "EMAIL_URL is not set: mail is written to files and reaches nobody.",
                hint="EMAIL_URL=smtp+tls://user:password@mail.example.com:587",
                id="portal.W004",
            )
        )
    return found


def register() -> None:
    """Called once when the portal's app is ready."""
    checks.register(pango_is_there)
    checks.register(paper_fonts_are_installed)
    checks.register(front_end_is_installed, checks.Tags.staticfiles)
    checks.register(production_is_meant, checks.Tags.security, deploy=True)
