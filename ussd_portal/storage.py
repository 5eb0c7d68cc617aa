"""Static files: hashed names, compressed, and only what pages ask for."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFiles(StaticFilesConfig):
    """Leaves out what packages ship and no page loads: sources, maps, demos, other directions."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "*.md",
        "*.rtl.*",
        "*.esm.*",
        "*-es-bundle*",
        "swagger-ui.js",
        "htmax*",
        "htmx-4*",
        "tabler-*",
        "tabler.css",
        "tabler.js",
        "redoc",
        "rest_framework",
    ]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names without source maps.

    Packages name a source map that they don't ship or that isn't collected. The stock storage
    stops at such a name, and a browser's tools would ask for it in vain: so the line goes.
    """

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[Any], str]:
        """Django's converter of addresses inside files; a source map becomes nothing."""
        if template and "sourceMappingURL" in template:
            return lambda _match: ""
        converter: Callable[[Any], str] = super().url_converter(name, hashed_files, template)
        return converter


def fingerprint(ignored: list[str]) -> str:
    """A digest of names, sizes and times of all files that would be collected."""
    digest = hashlib.sha256()
    for line in sorted(_lines(ignored)):
        digest.update(line.encode())
    return digest.hexdigest()


def _lines(ignored: list[str]) -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list(ignored):
            facts = Path(storage.path(name)).stat()
            yield f"{getattr(storage, 'prefix', '')}/{name} {facts.st_size} {facts.st_mtime_ns}\n"
