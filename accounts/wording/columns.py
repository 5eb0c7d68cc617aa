"""What columns that keep a text in several languages are called."""

from django.utils.translation import gettext as _


def in_language(name: str, language: str) -> str:
    """``name (English)``; another code than the portal's stands for itself."""
    languages = {"en": _("English"), "zh-hans": _("Chinese")}
    return _("%(name)s (%(language)s)") % {
        "name": name,
        "language": languages.get(language, language),
    }
