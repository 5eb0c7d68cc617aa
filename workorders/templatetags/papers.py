"""Filters of the statement, on the screen and on paper."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.translation import gettext as _

from accounts.wording.clauses import clause_name
from workorders.models import Account, Transfer
from workorders.queries.statement import Lot, Movement, Total
from workorders.wording.statements import holding_words, lot_words, payment_words, subject_words

register = template.Library()


@register.filter
def lot_name(lot: Lot | None) -> str:
    """``Purchase 2``."""
    return lot_words(lot.number) if lot else ""


@register.filter
def lot_origin(lot: Lot) -> str:
    """How a purchase came: by a line of the order, a redemption, from elsewhere."""
    if lot.line is not None and lot.came_by == Transfer.Kind.GRANT:
        return _("line %(n)s of the order") % {"n": lot.line.position + 1}
    return str(Transfer.Kind(lot.came_by).label)


@register.filter
def movement_use(movement: Movement) -> str:
    """What a movement was for, or was paid with; empty where its kind says it all."""
    if movement.paid_for is not None:
        return _("paid for %(service)s") % {"service": movement.paid_for}
    if movement.paid_with:
        return payment_words((one.lot.number, one.credits) for one in movement.paid_with)
    return subject_words(movement.transfer.subject_key)


@register.filter
def total_name(total: Total) -> str:
    """What a total adds up: ``proactive credits``, ``flex allowance``."""
    return holding_words(Account.Holding(total.holding), total.unit)


@register.filter
def note_numbers(clauses: Iterable[str], numbers: Mapping[str, int]) -> str:
    """The numbers under which clauses are told at the foot: ``1, 4``."""
    return ", ".join(str(numbers[one]) for one in clauses if one in numbers)


@register.filter
def clause_words(clause: str) -> str:
    """``§2.8 C20``: a clause where no link can be followed."""
    return clause_name(clause)
