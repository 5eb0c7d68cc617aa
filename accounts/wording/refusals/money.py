"""Refusals in words: charges, papers, the allowance, the ledger and exchanges."""

from collections.abc import Mapping

from accounts.wording.refusals.entry import Entry, g

TEXTS: Mapping[str, Entry] = {
    # charges
    "travel_not_agreed": (
        g("Travel is billed only when the visit was agreed beforehand."),
        g("The visit is on {visit_on}."),
        g("Enter the day of the written agreement: the day of the visit at the latest."),
    ),
    "travel_prepaid": (
        g("This visit was paid in advance, so its travel isn't billed again."),
        "",
        g("Bill only what goes beyond it, as another agreed charge."),
    ),
    "charge_not_recorded_by_hand": (
        g("This kind of charge isn't recorded by hand."),
        "",
        g("Cancelling, rescheduling and exchanging write their own; record travel or another."),
    ),
    "charge_in_other_currency": (
        g("A charge is in the currency of its order."),
        g("The order is in {currency}, this amount in {asked}."),
        g("Convert the amount at the agreed rate."),
    ),
    "charge_not_positive": (
        g("A charge is more than zero."),
        "",
        g("To lower what is billed, take a charge back."),
    ),
    "takes_back_itself": (
        g("This row takes a charge back; it can't be taken back itself."),
        "",
        g("Record the charge again."),
    ),
    "billed_before_due": (
        g("A charge isn't billed before the day that it is for."),
        g("The earliest day is {first_day}."),
        g("Enter that day or a later one."),
    ),
    # papers
    "pdf_unavailable": (
        g("This installation can't make PDF documents."),
        g("A library that draws text (Pango) is missing on the machine."),
        g("Take the workbook or CSV; an administrator can install the library."),
    ),
    "paper_too_long": (
        g("This statement is too long for a paper."),
        g("It has {lines} movements; a paper holds at most {most}."),
        g("Choose a shorter period or one location, or take the workbook."),
    ),
    # allowance
    "over_cap": (
        g("Over the ceiling for credits and custom services."),
        (
            g("Asked {asked}, still free under the ceiling {left} of {ceiling}."),
            g("Still free under the ceiling: {left} of {ceiling}."),
        ),
        g("Lower the amount, or pay the rest with money."),
    ),
    "over_allotment": (
        g("More than the allowance of this contract year."),
        (
            g("Asked {asked}, left {left} of {allotment}."),
            g("Left: {left} of {allotment}."),
        ),
        g("Lower the amount, use another contract year, or pay with money."),
    ),
    "ineligible_service": (
        g("This service can't be taken here."),
        g("The flex allowance and exchanges reach additional services alone."),
        g("Choose an additional service that is eligible, or pay with money."),
    ),
    "after_execution": (
        g("The order is executed: unallocated allowance was taken back."),
        g("It was executed {executed_at}."),
        g("Pay a later addition with money or exchanged value."),
    ),
    "rate_required": (
        g("A rate is missing."),
        (
            g("No value of a credit is recorded for {country} on {on}."),
            g("No value of a credit is recorded for {on}."),
            g(
                "Credits of {location} are worth {currency}; no rate to the US dollar is on the order."
            ),
            g("The order is in {currency} and states no rate to the US dollar."),
        ),
        (
            g("Have a catalogue administrator record the value in force on that day."),
            g("Have a catalogue administrator record the value in force on that day."),
            g("State the location's rate on the next order, or move credits within one currency."),
            g("Enter the rate on the work order: the text states this amount in US dollars."),
        ),
    ),
    "approval_of_today": (
        g("A customer approves at the rate of today."),
        g("{at} was entered, and today is {today}."),
        g("Leave the day out, or ask the account manager to record the earlier approval."),
    ),
    # ledger
    "insufficient_credits": (
        g("Not enough credits."),
        (
            g("Asked {asked}, left {left}."),
            g("Needed {needed}, left {left}."),
            g("Left: {left}."),
        ),
        g("Lower the number, or move credits from another location."),
    ),
    "insufficient_hours": (
        g("Not enough hours."),
        g("Asked {asked}, left {left}."),
        g("Lower the hours, or buy more with an amendment."),
    ),
    "insufficient_units": (
        g("Not enough is left of this entitlement."),
        g("Asked {asked}, left {left}."),
        g("Lower the number, cancel a booking in time, or buy more with an amendment."),
    ),
    "insufficient_value": (
        g("Not enough value left."),
        g("Asked {asked}, left {left}."),
        g("Lower the amount, or pay the rest with money."),
    ),
    "ineligible_target": (
        g("Credits can't buy this."),
        g("It is {offering}."),
        g("Choose an additional service that the description defines."),
    ),
    "credits_there_already": (
        g("The credits are at this location already."),
        "",
        g("Choose another location that the work order lists."),
    ),
    "whole_credits_only": (
        g("Credits are whole numbers."),
        "",
        g("Enter a whole number above zero."),
    ),
    "already_reversed": (
        g("This movement is reversed already."),
        g("It was reversed {at}."),
        g("Nothing has to be done; what was meant otherwise is recorded anew."),
    ),
    # exchange
    "nothing_to_exchange": (
        g("It has no price of its own, so there is nothing to exchange."),
        "",
        g("Choose a service that was bought, or exchange value."),
    ),
    "move_credits": (
        g("Credits aren't exchanged for credits."),
        "",
        g("Move them to the other location, at the rates of the day."),
    ),
    "needs_amendment": (
        g("This service is sold with papers of its own."),
        "",
        g("Add it by an amendment of the order; exchange value can pay for it there."),
    ),
    "value_elsewhere": (
        g("Exchange value is used at the location where it is."),
        g("It is {location}'s."),
        g("Choose that location, or use the value in an amendment."),
    ),
    "value_needs_amendment": (
        g("Exchange value pays for what is added to an executed order."),
        "",
        g("Pay with money or the allowance, or draft an amendment of that order."),
    ),
    "not_agreed": (g("Both sides have to agree."), "", g("Record the consent first.")),
    "already_used": (
        g("It is used already."),
        "",
        g("Choose something of which some is left and not booked."),
    ),
    "written_agreement_required": (
        g("This needs a written agreement."),
        g("Missing: {missing}."),
        g("Record the written agreement, or choose remote delivery."),
    ),
    # the tiered fee
    "spend_required": (
        g("The fee can't be told without the assessed spend."),
        "",
        g("Enter the assessed product spend in US dollars, or clear the tier table."),
    ),
    "spend_beyond_tiers": (
        g("The tier table doesn't reach the assessed spend."),
        g("Spend {spend}, last limit {last}."),
        g("Add a tier, or leave the limit of the last one empty."),
    ),
    "tier_limit_required": (
        g("A tier needs a limit: only the last one goes without."),
        g("It is tier {row}."),
        g("Enter up to which spend the tier counts."),
    ),
    "tiers_out_of_order": (
        g("A tier doesn't rise above the one before it."),
        g("Tier {row} has the limit {limit}, the one before it ends at {below}."),
        g("List the tiers from the lowest limit to the highest, each once."),
    ),
    "tier_percent_invalid": (
        g("The percent of a tier isn't possible."),
        g("It is tier {row}."),
        g("Enter a percent between 0 and 100."),
    ),
    "too_many_tiers": (
        g("The tier table is too long."),
        g("It has at most {most} tiers."),
        g("Join tiers, or enter the price agreed."),
    ),
}
