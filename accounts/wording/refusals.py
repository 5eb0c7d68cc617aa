"""Every refusal in words: what is wrong, what the figures are, what would make it valid.

One entry for each reason code that any rule or action raises; a test keeps the two in
step. Figures come from the refusal and are put into the sentences by name; money, dates
and numbers are written as the reader's language has them.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from accounts.wording import formats


@dataclass(frozen=True, slots=True)
class RefusalWords:
    """A refusal for people. `sentence` is title and detail in one line."""

    title: str
    detail: str
    remedy: str

    @property
    def sentence(self) -> str:
        """For messages, logs of the API and mails."""
        return " ".join(part for part in (self.title, self.detail, self.remedy) if part)


# code → (title, detail with figures or nothing, what would make it valid or nothing).
# A detail whose figures the refusal doesn't carry is left out; of several the first whose
# figures are there is told.
Entry = tuple[Any, Any, Any]
g = gettext_lazy

TEXTS: Mapping[str, Entry] = {
    # people and analyses of an incident
    "no_designated_engineer": (
        g("No designated engineer was bought for this product."),
        "",
        g("Ask for the analysis that the agreement gives."),
    ),
    "not_critical": (
        g("The designated engineer analyses critical incidents alone."),
        g("This one has severity {severity}."),
        "",
    ),
    "not_recurring": (
        g("This engineer helps with recurring incidents alone."),
        "",
        g("Group the incident with those that it repeats first."),
    ),
    "nothing_to_quote": (g("This analysis has no fee."), "", ""),
    "not_quoted": (g("No fee is quoted yet."), "", g("Wait for the quote.")),
    "fee_not_agreed": (
        g("The customer hasn't agreed to the fee."),
        "",
        g("Have the fee agreed before the analysis is delivered."),
    ),
    "no_such_analysis": (g("No such analysis was asked for."), "", ""),
    "no_such_material": (g("The analysis doesn't ask for this."), "", ""),
    "no_such_role": (g("No such role joins this incident."), "", ""),
    "role_not_offered": (
        g("The agreement doesn't give this at the severity of the incident."),
        "",
        "",
    ),
    "joins_by_itself": (
        g("Nobody has to ask for this here: it comes by itself."),
        g("At severity {severity} it is automatic."),
        "",
    ),
    "engineer_escalates": (
        g("An MCSAP engineer opens this by escalating."),
        "",
        g("Record it when the engineer has escalated."),
    ),
    "engineer_not_taking_part": (
        g("The designated engineer takes no part in this incident."),
        "",
        g("Ask the engineer to join first."),
    ),
    "not_a_day_of_work": (g("A day has no such time."), g("At most {most} minutes."), ""),
    "engineer_not_at_work": (
        g("The designated engineer works on business days."),
        g("{day} is none."),
        g("Choose a business day of the location."),
    ),
    "engineer_day_full": (
        g("A business day of the engineer has no such time."),
        g("At most {most} minutes; left on this day: {left}."),
        "",
    ),
    "outside_the_incident": (
        g("The day lies outside the incident."),
        g("From {first} to {last}."),
        "",
    ),
    # what is learnt afterwards
    "incident_open": (g("The incident is open."), "", g("A review follows its closure.")),
    "before_closure": (
        g("The review can't have been held before the closure."),
        g("The incident was closed on {closed_on}."),
        "",
    ),
    "outcome_required": (
        g("A review says who was there, what went well and what to improve."),
        "",
        g("Fill in this field."),
    ),
    "no_review": (
        g("No review follows this incident."),
        "",
        g("It follows a severity 1 under Unified Enhanced Response."),
    ),
    "event_not_over": (g("The window of the event isn't over."), "", ""),
    "incidents_open": (
        g("Incidents of the window are still open."),
        g("Open: {count}."),
        g("Close them first."),
    ),
    "problem_needs_two": (
        g("A problem groups at least two incidents."),
        "",
        g("Choose another one that recurs."),
    ),
    "no_series": (
        g("The engineer analyses one critical incident."),
        "",
        g("Ask for the analysis of a series under another regime."),
    ),
    "not_of_the_series": (
        g("The incident doesn't belong to this problem."),
        "",
        g("Add it to the problem first."),
    ),
    "not_the_latest": (
        g("A series is analysed at its latest incident."),
        "",
        g("Ask at the latest incident of the problem, before it is closed."),
    ),
    "plan_of_another": (
        g("This activity belongs to the success plan of another customer."),
        "",
        "",
    ),
    "one_customer": (g("A problem belongs to one customer."), "", ""),
    "problem_solved": (g("This problem is solved."), g("It was solved on {at}."), ""),
    "contract_signed": (
        g("MSCIR has its contract, so this is no early start."),
        "",
        g("Open the work under the contract."),
    ),
    "too_many_views": (
        g("There are enough saved views."),
        g("At most {most}."),
        g("Delete one first."),
    ),
    # the customer's side of an incident
    "response_never_pauses": (
        g("Microsoft's clock doesn't stand still."),
        g("It ends with the first call or e-mail by a person."),
        "",
    ),
    "elapsed_never_pauses": (
        g("This clock runs through: no clause lets it stand still."),
        "",
        g("Only a duty that counts business hours waits for Microsoft."),
    ),
    "already_paused": (g("This clock is paused already."), "", ""),
    "not_paused": (g("This clock isn't paused."), "", ""),
    "already_late": (
        g("The time of this duty has passed; a miss stays a fact."),
        g("It was due at {due_at}."),
        g("Enter the moment of the pause if it was earlier."),
    ),
    "no_running_clock": (
        g("This duty has no running clock."),
        "",
        g("A clock runs from Microsoft's request, if the chart prints a time."),
    ),
    "no_duty_missed": (
        g("The customer has missed no duty that still stands."),
        "",
        g("Record first what the customer can't supply."),
    ),
    "already_stepped_down": (g("This incident is no longer worked on around the clock."), "", ""),
    "not_stepped_down": (g("This incident is worked on around the clock."), "", ""),
    "step_not_allowed": (
        g("The chart that governs this incident doesn't allow that."),
        g("It governs severity {severity}."),
        g("Take the transition that the page of the incident offers."),
    ),
    "not_lower": (
        g("That severity isn't lower."),
        g("The incident has severity {severity}."),
        "",
    ),
    "duty_has_a_clock": (
        g("This duty has a time of its own, so its clock says whether it was met."),
        "",
        "",
    ),
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
        "",
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
        g("Asked {asked}, still free under the ceiling {left} of {ceiling}."),
        g("Lower the amount, or pay the rest with money."),
    ),
    "over_allotment": (
        g("More than the allowance of this contract year."),
        g("Asked {asked}, left {left} of {allotment}."),
        g("Lower the amount, use another contract year, or pay with money."),
    ),
    "ineligible_service": (
        g("The flex allowance can't pay for this."),
        "",
        g("Pay with money, or choose an additional service that is eligible."),
    ),
    "after_execution": (
        g("The order is executed: unallocated allowance was taken back."),
        "",
        g("Pay a later addition with money or exchanged value."),
    ),
    "rate_required": (
        g("The order states no rate to the US dollar."),
        "",
        g("Enter the rate on the work order; the ceiling's fixed amount is in US dollars."),
    ),
    # lines from a file
    "file_too_large": (
        g("The file is too large."),
        g("It may have {most} MB, unpacked or not."),
        g("Split it, or keep only the columns of the template."),
    ),
    "file_kind": (
        g("This kind of file can't be read."),
        "",
        g("Save it as CSV in UTF-8, or as XLSX."),
    ),
    "file_encoding": (
        g("The text isn't UTF-8."),
        g("Row {row} has signs that can't be read."),
        g("Save it as “CSV UTF-8”, or as XLSX."),
    ),
    "file_unreadable": (
        g("The file can't be read as a table."),
        g("Reading stopped at row {row}."),
        g("Check quotation marks and the length of the cells there, or start from the template."),
    ),
    "file_empty": (
        g("The file has no rows."),
        "",
        g("Fill in the template: one row is one service at one location."),
    ),
    "columns_missing": (
        g("Columns are missing."),
        g("Missing: {columns}."),
        g("Name the columns in the first row as the template does."),
    ),
    "column_unknown": (
        g("A column isn't known."),
        g("It is called “{column}”."),
        g("Name the columns in the first row as the template does."),
    ),
    "column_twice": (
        g("A column stands there twice."),
        g("It is called “{column}”."),
        g("Keep one of the two."),
    ),
    "row_too_long": (
        g("A row has more cells than the first row has columns."),
        g("In row {row}; {columns} columns are named."),
        g("Put text that holds commas in quotation marks."),
    ),
    "too_many_rows": (
        g("The file has too many rows."),
        g("It may have {most}."),
        g("Split it into several files."),
    ),
    "too_many_lines": (
        g("The order would have too many lines."),
        g("It may have {most}."),
        g("Join services of the same kind in one line."),
    ),
    "rows_refused": (
        g("A row can't be taken, so no row was."),
        g("The first is row {row}; rows that can't be taken: {count}."),
        g("Correct the file and upload it again."),
    ),
    "preview_over": (
        g("What was looked at can't be taken any more."),
        "",
        g("Upload the file again: a preview holds for an hour."),
    ),
    "cell_formula": (
        g("The cell holds a formula."),
        "",
        g("Write the text or the figure itself."),
    ),
    "cell_required": (g("The cell is empty."), "", g("Fill it in.")),
    "cell_unknown": (
        g("A name isn't known here."),
        g("It says “{text}”."),
        g("Use a name or code that the order's edition and locations have."),
    ),
    "cell_invalid": (g("The cell can't be taken."), g("It says “{text}”. {problem}"), ""),
    "row_twice": (
        g("The same row stands there twice."),
        g("First in row {first}."),
        g("Remove one of the two, or join them in one row."),
    ),
    # scenarios
    "amendment_has_no_scenarios": (
        g("An amendment has no scenarios: it varies neither term nor allowance."),
        "",
        g("Change the amendment itself, or draft another."),
    ),
    "scenario_title_required": (
        g("A scenario needs a title."),
        "",
        g("Say in a few words what it tries."),
    ),
    "title_taken": (
        g("Another scenario has this title."),
        g("“{title}” is there already."),
        g("Choose another title."),
    ),
    "too_many_feeds": (
        g("There are as many calendar subscriptions as one person can have."),
        g("At most {limit}."),
        g("Revoke one that isn't used any more."),
    ),
    "feed_revoked": (
        g("This calendar subscription was revoked."),
        "",
        g("Make a new one."),
    ),
    "too_many_scenarios": (
        g("The draft has as many scenarios as it can."),
        g("It has at most {most}."),
        g("Delete one that isn't needed any more."),
    ),
    "version_required": (
        g("The form didn't say which version was compared."),
        "",
        g("Open the comparison again and repeat the step."),
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
    # buying
    "base_required": (
        g("No base agreement is in force on that date."),
        "",
        g("Add the service to an order with a base package in force."),
    ),
    "max_quantity": (
        g("More than the maximum quantity."),
        g("At most {maximum}, already bought {bought}."),
        "",
    ),
    "max_days": (g("More days than this service allows."), g("At most {maximum} days."), ""),
    "not_available": (
        g("This service isn't sold in that location."),
        "",
        g("Choose another location, or ask the Microsoft representative."),
    ),
    "tenant_required": (
        g("At least one tenant has to be listed."),
        "",
        g("Add the tenant to the line."),
    ),
    "exhibit_required": (
        g("This service needs an exhibit."),
        "",
        g("Enter the reference of the exhibit on the line."),
    ),
    "prerequisite_missing": (
        g("A prerequisite is missing."),
        "",
        g("Confirm the active Azure subscription first."),
    ),
    "purchase_required": (
        g("This has to be bought first."),
        "",
        g("Only an emergency that the customer authorises may start before the contract."),
    ),
    "staff_approval_required": (
        g("Staff have to approve this purchase."),
        "",
        g(
            "The maximum quantity isn't printed: enter it for the country, or approve with a reason."
        ),
    ),
    "order_ended": (
        g("The work order has ended."),
        g("Its last day was {last_day}."),
        g("Choose a date within the term."),
    ),
    "order_not_begun": (
        g("The work order hasn't begun."),
        g("It starts on {first_day}."),
        g("Choose a date within the term."),
    ),
    "outside_contract_year": (
        g("Outside the contract year that pays for it."),
        g("Deliver it from {first_day} to {last_day}."),
        "",
    ),
    # locations
    "host_only": (
        g("This is bought for the host location only."),
        "",
        g("The host's purchase serves all locations remotely."),
    ),
    "same_location": (
        g("The hours are there already."),
        "",
        g("Choose another listed location."),
    ),
    "single_location": (
        g("This service goes to exactly one location."),
        "",
        g("Choose one location."),
    ),
    "location_not_listed": (
        g("The location isn't listed in the work order."),
        "",
        g("Choose a listed location, or add it to the order."),
    ),
    "own_work_order_required": (
        g("A tax-exception location needs its own work order for this."),
        "",
        g("Draft an order for that location."),
    ),
    "tax_exception": (
        g("Credits can't move to or from a tax-exception location."),
        "",
        g("Choose another location."),
    ),
    "one_host": (g("There has to be exactly one host."), "", g("Name one location as host.")),
    "host_administrator_required": (
        g("The host has no support services administrator."),
        "",
        g("Name one among the host's contacts."),
    ),
    "ede_location_required": (
        g("Allocate the service to a location first."),
        "",
        g("The allocation comes before delivery planning."),
    ),
    "permission_required": (g("Microsoft's permission is needed."), "", ""),
    # ledger
    "insufficient_credits": (
        g("Not enough credits."),
        g("Asked {asked}, left {left}."),
        g("Lower the number, or move credits from another location."),
    ),
    "insufficient_hours": (g("Not enough hours."), g("Asked {asked}, left {left}."), ""),
    "insufficient_units": (
        g("Not enough is left of this entitlement."),
        g("Asked {asked}, left {left}."),
        "",
    ),
    "insufficient_value": (g("Not enough value left."), g("Asked {asked}, left {left}."), ""),
    "ineligible_target": (
        g("Credits can't buy this."),
        "",
        g("Choose an additional service that the description defines."),
    ),
    "whole_credits_only": (
        g("Credits are whole numbers."),
        "",
        g("Enter a whole number above zero."),
    ),
    "already_reversed": (g("This movement is reversed already."), "", ""),
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
    "already_used": (g("It is used already."), "", ""),
    "written_agreement_required": (
        g("This needs a written agreement."),
        "",
        g("Record the written agreement, or choose remote delivery."),
    ),
    # scheduling
    "too_late": (
        g("Too late."),
        g("The last day was {last_day}."),
        "",
    ),
    "too_early": (g("Too early."), g("The first day is {first_day}."), g("Choose a later day.")),
    "other_location": (
        g("This entitlement belongs to another location."),
        g("It is {location}'s."),
        g("Choose that location, or an entitlement of this one."),
    ),
    "not_yet_held": (
        g("It hasn't taken place yet."),
        g("It starts on {starts_at}."),
        g("Record the delivery afterwards."),
    ),
    "more_than_booked": (
        g("More than was booked."),
        g("Booked: {booked}."),
        g("Enter at most what was booked, and at least one."),
    ),
    "data_missing": (
        g("The data that belongs to the request is missing."),
        "",
        g("Supply the data with the request by the last day."),
    ),
    "outside_business_hours": (
        g("Outside business hours at the place of delivery."),
        (
            g(
                "{closed_on} is a holiday or a weekend there. Open from {opens} to {closes}, {zone}."
            ),
            g("Open from {opens} to {closes}, {zone}."),
        ),
        g("Choose a time on a business day within these hours."),
    ),
    "remote_only": (
        g("This service is delivered remotely only."),
        "",
        g("Choose remote delivery."),
    ),
    "onboarding_period": (
        g("The first 60 days are for onboarding and discovery."),
        g("Possible from {first_day}."),
        "",
    ),
    "short_notice": (
        g("Confirmed too late for the event."),
        g("The written confirmation was due on {last_day}."),
        g("Microsoft may still take it, with a narrower assessment."),
    ),
    "not_confirmed_in_writing": (
        g("The event isn't confirmed in writing."),
        g("The confirmation is due on {last_day}."),
        "",
    ),
    "cloud_not_public": (g("Only Azure public cloud is supported."), "", ""),
    "restricted_staff": (g("Restricted staffing can't be provided."), "", ""),
    "event_too_long": (
        g("The event is too long."),
        g("One event covers at most {maximum} consecutive days."),
        g("Book further events for the rest."),
    ),
    "seats_full": (g("All seats are taken."), "", ""),
    "no_business_day": (
        g("That isn't a business day of the location."),
        g("{day} is a weekend or holiday there."),
        g("Choose another day."),
    ),
    "day_planned": (
        g("Something is planned on that day already."),
        g("{day} is taken at the location."),
        g("Choose another day, or move what is booked."),
    ),
    "in_the_past": (g("That moment has passed."), "", g("Choose a later one.")),
    "ends_before_start": (g("The end comes before the start."), "", ""),
    "slot_taken": (
        g("An engineer is taken at that time."),
        g("{engineer}: from {starts_at} to {ends_at}."),
        g("Choose another time, or somebody who is free."),
    ),
    "engineer_inactive": (
        g("An engineer can't be assigned any more."),
        "{engineer}",
        g("Choose somebody else."),
    ),
    "engineer_span_too_long": (
        g("Engineers aren't held for that long at a time."),
        g("At most {days} days."),
        g("Book it in parts, or without engineers."),
    ),
    "engineer_known": (
        g("An engineer with this e-mail address is entered already."),
        "{email}",
        "",
    ),
    "sessions_overlap": (
        g("Two sessions overlap."),
        (
            g("One is booked from {starts_at} to {ends_at}: {reference}."),
            g("One begins at {starts_at}, the one before it ends at {ends_at}."),
        ),
        g("Let one begin when the other has ended."),
    ),
    "too_many_hours": (
        g("More hours than that day holds."),
        g("At most {maximum}, not {asked}."),
        g("Log each day by itself."),
    ),
    "not_sold_in_hours": (g("This service isn't sold in hours."), "", ""),
    "series_length": (
        g("A series has at least two sessions."),
        g("At most {maximum}."),
        g("Book a single session, or a shorter series."),
    ),
    "series_not_possible": (
        g("This can't be booked in a series."),
        "",
        g("Credits are redeemed one service at a time; plan Azure events with their window."),
    ),
    "series_over": (
        g("No session of the series is left to cancel."),
        "",
        "",
    ),
    "series_empty": (g("All sessions are left out."), "", g("Keep at least one.")),
    "series_day_missing": (
        g("A month of the series doesn't have that day."),
        g("There is no day {day_of_month} in {month}."),
        g("Choose an earlier day of the month, or another interval."),
    ),
    "local_time_ambiguous": (
        g("This local time happens twice: the clocks go back."),
        g("{day}, {zone}: once at {first_offset}, once more at {second_offset}."),
        g("Say which of the two is meant, or choose another time."),
    ),
    "local_time_missing": (
        g("This local time doesn't exist: the clocks go forward."),
        g("{day}, {zone}: the clocks go on at {next_time}."),
        g("Choose another time."),
    ),
    "already_cancelled": (g("It is cancelled already."), "", ""),
    "already_delivered": (g("It is delivered already."), "", ""),
    "already_decided": (g("This request is answered already."), "", ""),
    "quote_changed": (
        g("The figures have changed since they were shown."),
        "",
        g("Look at them again and confirm."),
    ),
    # mission-critical
    "plus_only": (g("This belongs to MCSAP Plus."), "", ""),
    "scenario_limit": (
        g("No more monitoring scenarios are possible."),
        g("At most {allowed} at a time."),
        g("Retire one first."),
    ),
    "after_onboarding": (
        g("The onboarding period is over."),
        g("It ended on {last_day}; scenarios are defined within it."),
        g("With both sides' agreement staff may add it: write down why."),
    ),
    "sip_limit": (
        g("No more service improvement plans within 12 months."),
        g("At most {allowed} in any 12 months; the next from {first_day}."),
        g("Ask again from that day, or withdraw one that isn't needed."),
    ),
    # incidents
    "impact_required": (
        g("The business impact is missing."),
        "",
        g("State what doesn't work and whom it stops."),
    ),
    "portal_required": (
        g("Cloud administrators submit requests for online services in the portal."),
        "",
        g("Submit it in the portal; staff may override during an outage."),
    ),
    "channel_not_offered": (g("This channel isn't open for it."), "", ""),
    "not_internal_use": (g("Only the customer's own internal business is supported."), "", ""),
    "incident_closed": (g("The incident is closed."), "", ""),
    "wrong_requester": (g("Somebody else has to ask for this."), "", ""),
    "technology_not_eligible": (g("Not available for this technology."), "", ""),
    "other_customers_affected": (g("Other customers are affected as well."), "", ""),
    "not_supported": (g("This product isn't currently supported."), "", ""),
    "in_the_future": (g("That moment lies in the future."), "", g("Enter when it happened.")),
    "before_order": (g("No work order was in force at that moment."), "", ""),
    "before_submission": (g("That is before the incident was submitted."), "", ""),
    "acknowledgement_required": (g("The risk has to be acknowledged first."), "", ""),
    "title_required": (g("The incident needs a title."), "", g("Say in a few words what broke.")),
    "component_unknown": (
        g("The edition of the work order doesn't list this product."),
        "",
        g("Choose a product from the list."),
    ),
    "severity_unchanged": (
        g("The incident has this severity already."),
        "",
        g("Choose another severity."),
    ),
    "no_response": (
        g("This contact isn't a first response."),
        "",
        g("A person has to call or write an e-mail."),
    ),
    "already_answered": (
        g("The first response is recorded already."),
        g("It came {at}."),
        g("Add what happened since as an update."),
    ),
    "already_requested": (g("It is requested already."), g("Asked {at}."), ""),
    "no_such_duty": (
        g("The customer has no such duty in this incident."),
        "",
        g("Choose one of the incident's duties."),
    ),
    "already_asked": (g("The customer was asked already."), g("Asked {at}."), ""),
    "before_request": (g("That is before the customer was asked."), g("Asked {asked_at}."), ""),
    "before_last_event": (
        g("That is before something that is recorded already."),
        g("The latest was {at}."),
        g("Enter a later time."),
    ),
    # editing
    "stale_edit": (
        g("Somebody changed this in the meantime."),
        g("Your version {yours}, now {current}."),
        g("What you typed is kept below; compare and save again."),
    ),
    "already_executed": (g("The order is executed already."), "", ""),
    "not_executed": (g("The order isn't executed yet."), "", ""),
    "in_review": (
        g("The draft is in review."),
        g("{submitted_by} submitted it: {submitted_at}."),
        g("Return it with a reason, or have it taken back, before it is changed."),
    ),
    "amends_amendment": (
        g("An amendment isn't amended itself."),
        "",
        g("Draft another amendment of the work order."),
    ),
    "amends_draft": (
        g("A draft is changed, not amended."),
        "",
        g("Edit the draft; amend the order once it is executed."),
    ),
    "amendment_outside_term": (
        g("An amendment begins within the term of its work order."),
        g("The term runs from {first_day} to {last_day}."),
        g("Choose a first day within it."),
    ),
    "amendment_backdated": (
        g("An amendment doesn't begin before it is executed."),
        "",
        g("Choose {first_day} or a later first day."),
    ),
    "ends_with_amended": (
        g("An amendment ends with the work order that it amends."),
        g("That ends on {last_day}."),
        g("Enter that day as the last one."),
    ),
    "base_in_amendment": (
        g("The base package stands on the work order, not on an amendment."),
        "",
        g("Leave its price at zero, and pay lines with money or exchange value."),
    ),
    "same_as_amended": (
        g("Currency and rate are those of the work order."),
        g("{number} froze them when it was executed."),
        "",
    ),
    "renews_draft": (
        g("Only an executed order is renewed."),
        "",
        g("Execute it first, or copy the draft."),
    ),
    "renews_amendment": (
        g("An amendment is renewed with its work order."),
        "",
        g("Renew the work order; what the amendment added goes along."),
    ),
    "already_renewed": (
        g("The order is renewed already."),
        g("{number} renews it."),
        g("Open that one; delete its draft to begin again."),
    ),
    "not_in_review": (
        g("The draft isn't in review."),
        "",
        g("Submit it first, or execute it directly."),
    ),
    "drafter_only": (
        g("Whoever drafted the order submits it for review."),
        g("It was drafted by {drafted_by}."),
        g("Ask them to submit it, or execute it directly."),
    ),
    "submitter_only": (
        g("Whoever submitted the draft takes it back."),
        g("It was submitted by {submitted_by}."),
        g("Return it with a reason instead."),
    ),
    "scenario_only_compared": (
        g("A scenario is there to be compared."),
        "",
        g("Take what it shows over into its draft, then submit or execute that one."),
    ),
    "order_refused": (
        g("The order can't be executed yet."),
        g("{count} points have to be settled."),
        "",
    ),
    "term_invalid": (g("The term ends before it starts."), "", ""),
    "number_taken": (g("This number is taken."), "", g("Choose another number.")),
    "quantity_invalid": (
        g("The quantity isn't possible."),
        "",
        g("Enter a whole number above zero."),
    ),
    "amount_invalid": (
        g("The amount isn't possible."),
        "",
        g("Enter an amount above zero with the currency's decimal places."),
    ),
    "wrong_currency": (g("Another currency than the order's."), "", ""),
    "unknown_time_zone": (
        g("There is no such time zone."),
        "",
        g("Choose one from the list, for instance Europe/Berlin."),
    ),
    "reason_required": (g("A written reason is needed."), "", ""),
    "not_overridable": (g("This refusal can't be overridden."), "", ""),
    "not_allowed": (g("Your role doesn't allow this."), "", ""),
    "no_lines": (g("The order has no lines."), "", g("Add a service or an allowance.")),
    "no_locations": (g("The order lists no location."), "", g("List the host location.")),
    "allocated_twice": (
        g("A location is named twice."),
        "",
        g("Put the quantities of one location together."),
    ),
    "scope_twice": (g("The same scope is named twice."), "", g("Name it once.")),
    "year_required": (
        g("The contract year that pays is missing."),
        "",
        g("Choose the contract year whose allowance pays."),
    ),
    "no_such_year": (
        g("The order has no such contract year."),
        g("Contract year {year}."),
        g("Choose a year within the term."),
    ),
    "term_too_long": (g("The term is too long."), g("At most {years} years."), ""),
    "value_invalid": (g("The value isn't possible."), g("{problem}"), ""),
    "value_required": (g("The value is missing."), "", g("Enter the value of the service.")),
    "too_long": (g("The text is too long."), g("At most {limit} characters."), ""),
    "location_in_use": (
        g("A line of the order is bought for this location."),
        g("{location}"),
        g("Change the line first."),
    ),
    "order_in_use": (
        g("Something refers to this order."),
        "",
        g("Only a draft that nothing refers to can be deleted."),
    ),
    "edition_not_published": (
        g("The edition isn't published."),
        "",
        g("Choose a published edition."),
    ),
    # after execution, deadlines
    "already_recorded": (g("This is recorded already."), "", ""),
    "tasks_open": (
        g("Something of this part is still open."),
        g("Open tasks: {count}."),
        g("Complete them, or take those off the list that aren't needed."),
    ),
    "part_complete": (
        g("This part is complete."),
        "",
        g("Add the task to another part of the onboarding."),
    ),
    "plan_row_over": (
        g("This row of the success plan is achieved, done or dropped."),
        "",
        g("Add another one."),
    ),
    "actions_open": (
        g("Actions of this activity are still open."),
        g("Open actions: {count}."),
        g("Record them as done first."),
    ),
    "no_such_activity": (
        g("No pillar has this activity."),
        "",
        g("Choose one of the edition's activities."),
    ),
    "no_such_responsibility": (
        g("Section 2.8 has no such responsibility."),
        "",
        g("Choose one of its clauses."),
    ),
    "no_such_part": (g("The service has no such part of an onboarding."), "", ""),
    "monitor_retired": (g("The scenario is retired."), "", g("Define another one.")),
    "monitor_not_ready": (
        g("The monitor isn't ready for testing yet."),
        "",
        g("Record first that it is ready."),
    ),
    "monitor_not_tested": (
        g("The tests of the monitor aren't complete."),
        "",
        g("Record the tests first; then the customer is told that it is active."),
    ),
    "plan_over": (g("This improvement plan is delivered, declined or withdrawn."), "", ""),
    "plan_not_scheduled": (
        g("The improvement plan has no day yet."),
        "",
        g("Put it on a day first."),
    ),
    "before_it_begins": (g("It begins later."), g("Its first day is {first_day}."), ""),
    "not_mcsap": (g("This line isn't an MCSAP purchase."), "", g("Choose an MCSAP line.")),
    "not_earlier": (
        g("That isn't earlier than the end of the order."),
        g("Its last day is {last_day}."),
        g("Choose an earlier day."),
    ),
    "deadline_met": (g("The deadline is met already."), "", ""),
    "deadline_waived": (g("The deadline was waived."), "", ""),
    "deadline_withdrawn": (g("Nothing is due here any more."), "", ""),
    "deadline_replaced": (
        g("The deadline has a new date."),
        g("Now {due_on}."),
        g("Open the new one."),
    ),
    "snooze_past_the_deadline": (
        g("A deadline can't be put off beyond its date."),
        g("It is due on {due_on}."),
        g("Choose an earlier day."),
    ),
    # catalogue
    "edition_frozen": (
        g("A published edition can't be changed."),
        "",
        g("Draft a new edition from it."),
    ),
    "edition_incomplete": (g("The edition isn't complete."), g("{missing}"), ""),
    "edition_exists": (g("An edition with this code exists and differs."), "", ""),
    "edition_in_use": (
        g("Work orders refer to this edition."),
        "",
        g("Load the file under another code."),
    ),
    "edition_not_effective": (
        g("The edition isn't in effect yet."),
        g("It takes effect on {effective_on}."),
        g("Publish it on that day or later."),
    ),
    "file_broken": (g("The file can't be read."), g("{where}: {problem}"), ""),
    "field_unknown": (g("The file has an unknown entry."), g("{where}: {problem}"), ""),
    "field_invalid": (g("The file has an entry that isn't valid."), g("{where}: {problem}"), ""),
    # people and keys
    "invitation_expired": (g("This invitation has expired."), "", g("Ask for a new one.")),
    "invitation_used": (g("This invitation has been used."), "", g("Sign in instead.")),
    "already_member": (g("A person with this e-mail exists."), "", ""),
    "name_taken": (g("This name is taken."), "", g("Choose another name.")),
    "closes_before_it_opens": (
        g("The location closes before it opens."),
        "",
        g("Enter a closing time after the opening."),
    ),
    "contact_taken": (
        g("This person has that duty at this location already."),
        "",
        g("Choose another duty or location."),
    ),
    "day_taken": (
        g("This day has an entry already."),
        "{day}: {name}",
        g("Remove it first."),
    ),
    "outside_your_scope": (g("You can invite people only where you work yourself."), "", ""),
    "idempotency_key_reused": (
        g("This key was used for another request."),
        "",
        g("Use a fresh key for a new request."),
    ),
    "idempotency_key_malformed": (
        g("The key isn't valid."),
        g("At most {limit} printable characters."),
        "",
    ),
    "request_in_progress": (
        g("The same request is being worked on."),
        "",
        g("Try again in a moment."),
    ),
}


class _Figures(dict[str, str]):
    """Figures by name, written for the reader."""

    def __init__(self, figures: Mapping[str, object]) -> None:
        in_minutes = figures.get("unit") == "minute"
        super().__init__(
            {
                name: formats.hours(value)
                if in_minutes and isinstance(value, int)
                else write_figure(value)
                for name, value in figures.items()
            }
        )


def write_figure(value: object) -> str:
    """A figure of a refusal in the reader's notation."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case Money():
            return formats.money(value)
        case datetime():
            return formats.instant(value, formats.current_zone(), year=True)
        case date():
            return formats.day(value)
        case time():
            return f"{value:%H:%M}"
        case int() | Decimal():
            return formats.number(value)
        case list() | tuple():
            return ("、" if formats.is_chinese() else ", ").join(map(write_figure, value))
    return str(value)


def refusal_words(refusal: Refused) -> RefusalWords:
    """The words for `refusal` in the reader's language; a session of a series is named."""
    title, detail, remedy = TEXTS.get(refusal.code, (refusal.code.replace("_", " "), "", ""))
    details = detail if isinstance(detail, tuple) else (detail,)
    told = next(filter(None, (_fill(str(one), refusal.figures) for one in details)), "")
    if "session_on" in refusal.figures:
        day = write_figure(refusal.figures["session_on"])
        told = " ".join(filter(None, (_("Session of %(day)s.") % {"day": day}, told)))
    return RefusalWords(str(title), told, _fill(str(remedy), refusal.figures))


def _fill(text: str, figures: Mapping[str, object]) -> str:
    names = {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
    if names - figures.keys():
        return ""
    return text.format(**_Figures(figures))
