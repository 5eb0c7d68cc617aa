"""What a booking would mean, line by line, before it is made."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.rules.refusal import Refused
from accounts.wording import formats
from services.scheduling.queries.objections import mode_of
from services.scheduling.queries.proposals import Proposal
from services.scheduling.wording.states import language_name
from services.scheduling.wording.times import span
from workorders.models.orders import Unit
from workorders.queries.credits import RedemptionQuote
from workorders.wording.units import quantity_words


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what, the value, a remark, the clause it rests on."""

    label: str
    value: str
    note: str = ""
    clause: str = ""


def outlook(
    proposal: Proposal, *, left: int, quote: RedemptionQuote | None, reader_zone: str
) -> list[Fact]:
    """The facts of a proposal whose service and times are known."""
    if proposal.ends_at <= proposal.starts_at:
        return []
    return [
        _when(proposal, reader_zone),
        _in_credits(quote) if quote else _in_units(proposal, left),
        *_language(proposal),
        *_travel(proposal),
        *_event(proposal),
        *_free_until(proposal),
    ]


def _when(proposal: Proposal, reader_zone: str) -> Fact:
    times = (proposal.starts_at, proposal.ends_at)
    note = "" if reader_zone == proposal.zone else str(span(*times, reader_zone))
    return Fact(_("When"), str(span(*times, proposal.zone)), note)


def _in_units(proposal: Proposal, left: int) -> Fact:
    unit = proposal.entitlement.unit
    worth = formats.money(proposal.fee) if proposal.fee else ""
    words = quantity_words(proposal.quantity, unit)
    value = _("%(quantity)s, worth %(worth)s") % {"quantity": words, "worth": worth}
    after = max(left - proposal.quantity, 0)
    note = _("%(before)s left now, %(after)s afterwards") % {
        "before": quantity_words(left, unit),
        "after": quantity_words(after, unit),
    }
    return Fact(_("Takes"), value if worth else words, note)


def _in_credits(quote: RedemptionQuote) -> Fact:
    redeemed = quote.redemption.result
    note = _("%(value)s a credit today; %(after)s left afterwards") % {
        "value": formats.money(quote.credit_value.result),
        "after": quantity_words(redeemed.balance_after, Unit.CREDIT),
    }
    return Fact(_("Takes"), quantity_words(redeemed.deducted, Unit.CREDIT), note, "2.3-PC3")


def _language(proposal: Proposal) -> Iterator[Fact]:
    used = proposal.language_used
    note = ""
    if used.result != proposal.language:
        asked = language_name(proposal.language)
        note = _("%(language)s isn't offered here; agree it in writing, or take this.") % {
            "language": asked
        }
    yield Fact(_("Language"), language_name(used.result), note, used.clauses[0])


def _travel(proposal: Proposal) -> Iterator[Fact]:
    try:
        billed = mode_of(proposal).travel_billed
    except Refused:
        return
    if billed:
        yield Fact(_("Travel"), _("billed at reasonable cost"), "", "2.7-T29")


def _event(proposal: Proposal) -> Iterator[Fact]:
    if proposal.is_event and proposal.event_confirmed_on is None:
        due = formats.day(proposal.confirmation_due.result)
        yield Fact(_("Confirm in writing by"), due, "", "2.4-AE13")


def _free_until(proposal: Proposal) -> Iterator[Fact]:
    free = proposal.free_until
    if free is not None:
        yield Fact(_("Free to cancel until"), formats.day(free.result), "", free.clauses[0])
