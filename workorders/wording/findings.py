"""What stands against an order, in words: why, the figures, what would make it valid."""

import string
from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as g

from accounts.rules.refusal import Refused
from accounts.wording.refusals import RefusalWords, refusal_words, write_figure
from workorders.models.orders import Unit
from workorders.wording.units import unit_name


class Told(Protocol):
    """A finding, as far as its words are concerned."""

    @property
    def code(self) -> str: ...
    @property
    def figures(self) -> Mapping[str, object]: ...
    def as_refusal(self) -> Refused: ...


# code → (title, figures or nothing, remedy or nothing); what isn't here is worded as a refusal.
TEXTS: Mapping[str, tuple[Any, Any, Any]] = {
    "allowance_forfeited": (
        g("Allowance of year {year} is allotted to no service."),
        g("{forfeited} is taken back at execution."),
        g("Allot it to services before the order is executed."),
    ),
    "amount_required": (
        g("A line paid with the allowance needs an amount."),
        "",
        g("Enter the price of the whole line."),
    ),
    "agreed_zone_required": (
        g("The time zone has to be agreed in writing."),
        "",
        g("Enter the agreed zone, for instance Europe/Berlin."),
    ),
    "ask_representative": (
        g("Nobody has recorded whether this is sold in {country}."),
        "",
        g("Ask the Microsoft representative before the order is executed."),
    ),
    "edition_superseded": (
        g("A newer edition than {edition} is published."),
        "",
        g("The order keeps its edition; draft a new one to use the newer."),
    ),
    "edition_not_published": (
        g("Edition {edition} isn't published."),
        "",
        g("Wait for its publication, or draft on the published edition."),
    ),
    "ends_with_agreement": (
        g("The service ends with the agreement."),
        g("Its own end is {ends_on}, the agreement's last day {last_day}."),
        g("Enter an own end within the term."),
    ),
    "suspended_without_base": (
        g("It outlives the agreement and is suspended without one."),
        g("It ends on {ends_on}, the agreement on {last_day}."),
        g("Renew the base package, or end the line with it."),
    ),
    "ends_before_start": (
        g("The line ends before it begins."),
        g("It begins on {starts_on} and ends on {ends_on}."),
        g("Enter a later end, or an earlier start."),
    ),
    "exhibit_required": (
        g("This service needs an exhibit."),
        "",
        g("Enter the reference of the exhibit on the line."),
    ),
    "fee_differs": (
        g("The price isn't the fee by the tier table."),
        g("Price {price}, fee by the table {fee}."),
        g("Leave the price empty to take the fee; keep it where another price is agreed."),
    ),
    "floor_price_expected": (
        g("The floor price is paid, but no amount is written on the order."),
        "",
        g("Enter the floor price that the order sets out."),
    ),
    "below_floor_price": (
        g("The price is below the floor price that the customer pays."),
        g("The floor price is {floor}."),
        g("Enter at least the floor price, or clear that it is paid."),
    ),
    "family_not_sold": (
        g("This is a family of services, not a service."),
        "",
        g("Choose one of its services."),
    ),
    "included_without_price": (
        g("A service of the base package has no price of its own."),
        g("The line has {price}."),
        g("Set the price to zero."),
    ),
    "not_included": (
        g("This isn't part of the base package."),
        "",
        g("Pay it with money or with the flex allowance."),
    ),
    "late_sale": (
        g("Few days are left to use it."),
        g("The agreement ends on {last_day}."),
        g("Sell what is used by then, or extend the term."),
    ),
    "request_too_late": (
        g("It can be bought, but not requested in time any more."),
        g("The last day to request it was {last_day}."),
        g("Extend the term, or buy it under the next agreement."),
    ),
    "location_required": (
        g("The line belongs to no location."),
        "",
        g("Enter how many each listed location gets."),
    ),
    "multi_country_required": (
        g("{locations} locations are listed without multi-country support."),
        "",
        g("Tick multi-country support, or list one location."),
    ),
    "no_such_year": (
        g("The term has no contract year {year}."),
        g("It has {years}."),
        g("Choose a year of the term."),
    ),
    "nothing_ordered": (
        g("The order sells nothing."),
        "",
        g("Enter the price of the base package, or add a service."),
    ),
    "other_edition": (
        g("The service belongs to another edition than the order."),
        g("It is of {other}, the order has {edition}."),
        g("Choose it again from the order's edition."),
    ),
    "outside_term": (
        g("The line begins outside the term."),
        g("It begins on {starts_on}; the term runs from {first_day} to {last_day}."),
        g("Enter an own start within the term."),
    ),
    "overlaps_order": (
        g("Order {number} has a base package in the same days."),
        "",
        g("Check that two base packages are meant."),
    ),
    "plus_not_eligible": (
        g("MCSAP Plus isn't open to this customer yet."),
        g("Assessed spend {spend_at_execution}, needed {threshold}."),
        g("Reach the threshold or pay the floor price, and note Plus on the order."),
    ),
    "products_expected": (
        g("No product is listed for this line."),
        "",
        g("List the products that the engineer covers."),
    ),
    "redeem_credits": (
        g("Credits buy services after execution, not as a line."),
        "",
        g("Sell the credits as a line; redeem them later."),
    ),
    "scope_excluded": (
        g("{identifier} stays outside the scope."),
        "",
        g("Only what the customer or an affiliate bought is covered."),
    ),
    "subscription_required": (
        g("At least one subscription has to be listed."),
        "",
        g("Add a subscription of the customer or of an affiliate."),
    ),
    "unit_mismatch": (
        g("This service isn't counted in that unit."),
        g("The line counts in: {unit}. It is counted in: {expected}."),
        g("Choose a unit in which it is counted."),
    ),
    "year_without_use": (
        g("The line can't be used in the year that pays for it."),
        g("Year {year} runs from {first_day} to {last_day}."),
        g("Choose another contract year or other own dates."),
    ),
}


def finding_words(finding: Told) -> RefusalWords:
    """Why, the figures and the remedy in the reader's language."""
    if finding.code not in TEXTS:
        return refusal_words(finding.as_refusal())
    written = {name: _written(value) for name, value in finding.figures.items()}
    title, detail, remedy = (_fill(str(text), written) for text in TEXTS[finding.code])
    return RefusalWords(title, detail, remedy)


def said(finding: Told, *, about: str = "") -> str:
    """A finding in one line, after the service that it is about."""
    words = finding_words(finding)
    return " ".join(filter(None, (about and f"“{about}” ·", words.title, words.detail)))


def _written(value: object) -> str:
    if isinstance(value, Unit):
        return unit_name(value)
    if isinstance(value, list | tuple | set | frozenset):
        units = [unit_name(str(one)) for one in value if str(one) in Unit.values]
        return write_figure(units or list(value))
    return write_figure(value)


def _fill(text: str, figures: Mapping[str, str]) -> str:
    """The sentence with its figures; nothing where one of them isn't known."""
    names = {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
    return "" if names - figures.keys() else text.format(**figures)
