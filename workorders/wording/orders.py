"""What was changed on an order, from the codes that the history keeps."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.wording import formats
from workorders.models import WorkOrder

PLAIN = {
    "drafted": gettext_lazy("Drafted"),
    "submitted": gettext_lazy("Submitted for review"),
    "taken back": gettext_lazy("Taken back from review"),
    "returned": gettext_lazy("Returned from review"),
    "executed": gettext_lazy("Executed"),
    "terminated": gettext_lazy("Terminated"),
    "allowance": gettext_lazy("Allowance changed"),
}
WITH_SUBJECT = {
    "changed": gettext_lazy("Changed: %(what)s"),
    "locations": gettext_lazy("Locations: %(what)s"),
    "scenario adopted": gettext_lazy("Scenario taken over: %(what)s"),
    "lines imported": gettext_lazy("Lines imported: %(what)s"),
    "line added": gettext_lazy("Line added: %(what)s"),
    "line changed": gettext_lazy("Line changed: %(what)s"),
    "line removed": gettext_lazy("Line removed: %(what)s"),
}


def change_words(reason: str, names: Mapping[str, str] | None = None) -> str:
    """The kept reason of an edit in words; one that isn't known is shown as it is.

    `names` are those of offerings by code.
    """
    if reason in PLAIN:
        return str(PLAIN[reason])
    verb, _separator, what = reason.partition(": ")
    if verb not in WITH_SUBJECT:
        return reason or _("Changed")
    if verb == "changed":
        what = ", ".join(map(_column, what.split(", ")))
    if verb in {"changed", "locations"} and formats.is_chinese():
        what = what.replace(", ", "、")
    what = (names or {}).get(what, what)
    return str(WITH_SUBJECT[verb]) % {"what": what}


def _column(name: str) -> str:
    known = {column.name for column in WorkOrder._meta.get_fields()}
    if name not in known:
        return name
    return str(getattr(WorkOrder._meta.get_field(name), "verbose_name", name))
