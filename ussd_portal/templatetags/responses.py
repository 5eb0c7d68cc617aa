"""Response times beside drafts: the charts belong to a package above that of the orders."""

from collections.abc import Sequence

from django import template

from accounts.wording import formats
from accounts.wording.labels import label
from incidents.queries.promises import Promise, promises
from workorders.models import WorkOrder

register = template.Library()


@register.simple_tag
def response_rows(orders: Sequence[WorkOrder]) -> list[tuple[str, list[tuple[str, bool]]]]:
    """For each severity the soonest first answer of every order, and whether it is gained.

    Gained is what beats the first order, the draft that the others are compared with.
    """
    columns = [_by_severity(order) for order in orders]
    return [
        (severity, [_cell(column.get(severity), columns[0].get(severity)) for column in columns])
        for severity in (columns[0] if columns else ())
    ]


def _by_severity(order: WorkOrder) -> dict[str, Promise]:
    sold = set(order.lines.values_list("offering__code", flat=True))
    return {one.severity: one for one in promises(order.edition, sold)}


def _cell(promise: Promise | None, draft: Promise | None) -> tuple[str, bool]:
    if promise is None:
        return "–", False
    words = formats.beside(formats.duration(promise.minutes), label(promise.clock))
    return words, draft is not None and promise.minutes < draft.minutes
