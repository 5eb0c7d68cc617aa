"""Texts of libraries that they leave in English, or punctuate in half width, in Chinese.

Django looks into the portal's own catalogue first, so it is enough that they stand there.
"""

from django.utils.translation import gettext_noop

TEXTS = (
    # Django: after the label of a field, lists of the administration
    gettext_noop(":"),
    gettext_noop("Add link"),
    gettext_noop("Change history: %s"),
    gettext_noop("Change or view list link"),
    gettext_noop("Model name"),
    gettext_noop("Sorting priority: %(priority_number)s"),
    # django-simple-history
    gettext_noop("Changes"),
    gettext_noop("None"),
    gettext_noop("View history: %s"),
)
