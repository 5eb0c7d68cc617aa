"""Cases about proactive credits, exchange and invoices."""

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
from workorders.rules.term import split_invoice


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
    approved_on = maybe_date(when, "approved_on") or a_date(when["requested_on"])
    return credit_value_on(values, approved_on).result


@adapter("credit_transfer", "transfer_credits")
def transfer_credits(given: Words, when: Words) -> Answer:
    """Credits from one location to another."""
    moved = credit_transfer(
        location(given, when["from"]),
        location(given, when["to"]),
        credits_moved=a_decimal(when["credits"]),
        rate=a_decimal(given["rate"]),
        balance=int(given.get("balance") or 0),
    ).result
    return ACCEPTED | {
        "debited": moved.debited,
        "received": moved.received,
        "tax_payer": moved.tax_payer,
    }


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
        capped_flex=_capped_flex(given, currency),
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


def _capped_flex(given: Words, currency: str) -> CappedFlex | None:
    if given.get("annual_allotment") is None:
        return None
    rate = given.get("units_per_usd")
    ceiling = flex_ceiling(
        shipped_edition().terms.flex,
        allotment=an_amount(given["annual_allotment"], currency),
        units_per_usd=None if rate is None else a_decimal(rate),
    )
    taken = an_amount(given.get("capped_allocated") or 0, currency)
    return CappedFlex(ceiling.result, taken)


@adapter("billing", "split_invoice")
def split(given: Words, when: Words) -> Answer:
    """One transaction on several invoices."""
    key = str(when["by"])
    invoices, total = split_invoice(
        [(line[key], an_amount(line["amount"], currency_of(given))) for line in given["lines"]]
    )
    return {
        "invoices": [{key: one.key, "total": text_of(one.total)} for one in invoices],
        "sum": text_of(total),
    }
