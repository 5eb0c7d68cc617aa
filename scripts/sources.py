"""Properties of the repository's own texts. Each check returns what is wrong, one line a finding."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The Content-Security-Policy would stop each of these in the browser, silently for the author.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=|\shx-on\b|javascript:|\{%\s*autoescape off"
)
MAIL = re.compile(r"/mails?/")
HOST = re.compile(
    r"https?://(?!github\.com|opencollective\.com)[^\s\"]+|^\s*--(?:extra-)?index-url", re.M
)


def inline_code() -> str:
    """Templates of pages carry no code and no style of their own."""
    found = []
    for path in sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/**/templates/**/*.html")]):
        name = str(path.relative_to(ROOT))
        if "node_modules" in name or name.startswith((".", "var/")) or MAIL.search(f"/{name}"):
            continue
        text = re.sub(
            r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.S
        )
        found += [f"{name}: {match.group().strip()}" for match in INLINE.finditer(text)]
    return "\n".join(found)


def hosts_in_lock_files() -> str:
    """Lock files are installable from any registry: no `resolved`, no index."""
    found = []
    for path in sorted(ROOT.glob("requirements/*.*")):
        found += [
            f"{path.name}: {match.group().strip()}" for match in HOST.finditer(path.read_text())
        ]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    found += [
        f"package-lock.json: {name}" for name, facts in packages.items() if "resolved" in facts
    ]
    return "\n".join(found)
