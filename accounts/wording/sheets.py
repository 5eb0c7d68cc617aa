"""Style sheets that go along with what is written: mails and papers load none."""

from functools import cache

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe


@cache
def sheet(name: str) -> SafeString:
    """A style sheet of the portal's own as text, by its file name."""
    css = settings.BASE_DIR / "static" / "css" / name
    return mark_safe(css.read_text(encoding="utf-8"))  # noqa: S308 - a file of ours
