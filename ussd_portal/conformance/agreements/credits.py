"""Cases about proactive credits, exchange and invoices."""

from datetime import date
from decimal import Decimal

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from ussd_portal.conformance.agreements.common import (
    ACCEPTED,
    location,
    offering,
    usable_until,
)
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import (
    Words,
    a_date,
    a_decimal,
    an_amount,
    currency_of,
    maybe_date,
    text_of,
)
from workorders.rules.credits import (
    DatedCreditValue,
    RedemptionLine,
    credit_transfer,
    credit_value_on,
    redemption,
)
from workorders.rules.exchange import CappedFlex, Exchangeable, exchange
from workorders.rules.flex import flex_ceiling
from workorders.rules.term import Invoice, split_invoice

# The cases have one word for a target that can't be one.
CODES = {"credits_there_already": "ineligible_target"}


@adapter("credit_redeem", "redeem")
def redeem(given: Words, when: Words) -> Answer:
    """Services bought with credits."""
    balance, currency = int(given.get("balance") or 0), currency_of(given)
    lines = [
        RedemptionLine(offering(line["service"]), an_amount(line["value"], currency))
        for line in when["lines"]
    ]
    try:
        redeemed = redemption(lines, credit_value=_credit_value(given, when), balance=balance)
    except Refused as refused:
        return {"accepted": False, "reason": refused.code, "balance_after": balance}
    return ACCEPTED | {
        "deducted": redeemed.result.deducted,
        "balance_after": redeemed.result.balance_after,
    }


def _credit_value(given: Words, when: Words) -> Money:
    currency = currency_of(given)
    if given.get("credit_value") is not None:
        return an_amount(given["credit_value"], currency)
    values = [
        DatedCreditValue(a_date(one["from"]), an_amount(one["value"], currency))
        for one in given.get("credit_values") or ()
    ]
    return credit_value_on(values, _approved_on(when)).result


def _approved_on(when: Words) -> date:
    """The day of approval, of the request where none is told; without either the latest."""
    return maybe_date(when, "approved_on") or maybe_date(when, "requested_on") or date.max


@adapter("credit_transfer", "transfer_credits")
def transfer_credits(given: Words, when: Words) -> Answer:
    """Credits from one location to another."""
    balance = int(given.get("balance") or 0)
    try:
        moved = credit_transfer(
            location(given, when["from"]),
            location(given, when["to"]),
            credits_moved=a_decimal(when["credits"]),
            rate=_rate(given, when),
            balance=balance,
        ).result
    except Refused as refused:
        reason = CODES.get(refused.code, refused.code)
        return {"accepted": False, "reason": reason, "balance_after": balance}
    return ACCEPTED | {
        "debited": moved.debited,
        "received": moved.received,
        "tax_payer": moved.tax_payer,
        "balance_after": balance - moved.debited,
    }


def _rate(given: Words, when: Words) -> Decimal:
    """The rate of the day of approval; one to one where a case names none (2.6-M16)."""
    if given.get("rate") is not None:
        return a_decimal(given["rate"])
    valid = [
        (a_date(one["from"]), a_decimal(one["rate"]))
        for one in given.get("rates") or ()
        if a_date(one["from"]) <= _approved_on(when)
    ]
    return max(valid)[1] if valid else Decimal(1)


@adapter("exchange", "exchange")
def exchange_service(given: Words, when: Words) -> Answer:
    """A service for another of equal value."""
    old, new, currency = given["ordered"], when["to"], currency_of(given)
    exchanged = exchange(
        _side(old, currency, old),
        _side(new, currency, old),
        used=bool(given.get("used")),
        available=when.get("available", True),
        agreed=when.get("agreed_by_delivery_resource", True),
        paid_with=given.get("paid_with") or "money",
        last_day=usable_until(given, given) if given.get("order_end") else None,
        on=maybe_date(when, "date"),
        multi_country=bool(given.get("multi_country")),
        written_agreement=bool(given.get("written_agreement")),
        capped_flex=_capped_flex(given, an_amount(new["value"], currency)),
    ).result
    return ACCEPTED | {
        "extra_to_pay": text_of(exchanged.extra_to_pay),
        "remainder": text_of(exchanged.remainder),
    }


def _side(words: Words, currency: str, otherwise: Words) -> Exchangeable:
    """One side; where it names no place or legal entity it has those of `otherwise`."""
    return Exchangeable(
        offering(words["service"]),
        an_amount(words["value"], currency),
        words.get("location", otherwise.get("location")),
        words.get("legal_entity", otherwise.get("legal_entity")),
    )


def _capped_flex(given: Words, wanted: Money) -> CappedFlex:
    """The ceiling; one with room enough where a case names no allotment."""
    currency = wanted.currency
    taken = an_amount(given.get("capped_allocated") or 0, currency)
    if given.get("annual_allotment") is None:
        return CappedFlex(taken + wanted, taken)
    rate = given.get("units_per_usd")
    ceiling = flex_ceiling(
        shipped_edition().terms.flex,
        allotment=an_amount(given["annual_allotment"], currency),
        units_per_usd=None if rate is None else a_decimal(rate),
    )
    return CappedFlex(ceiling.result, taken)


@adapter("billing", "split_invoice")
def split(given: Words, when: Words) -> Answer:
    """One transaction on several invoices."""
    keys = [str(key) for key in when["by"]] if isinstance(when["by"], list) else [str(when["by"])]
    invoices, total = split_invoice(
        [
            (tuple(line.get(key) for key in keys), an_amount(line["amount"], currency_of(given)))
            for line in given["lines"]
        ]
    )
    return {
        "invoices": [_invoice(keys, one) for one in invoices],
        "sum": text_of(total),
    }


def _invoice(keys: list[str], invoice: Invoice) -> Answer:
    """What it is split by, and its total."""
    values = invoice.key if isinstance(invoice.key, tuple) else ()
    return {**dict(zip(keys, values, strict=True)), "total": text_of(invoice.total)}
