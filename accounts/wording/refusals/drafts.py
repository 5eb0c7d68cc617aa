"""Refusals in words: editing a draft, lines from a file, scenarios."""

from collections.abc import Mapping

from accounts.wording.refusals.entry import Entry, g

TEXTS: Mapping[str, Entry] = {
    # editing
    "stale_edit": (
        g("Somebody changed this in the meantime."),
        (
            g("Your version {yours}, now {current}; last changed by {changed_by}, {changed_at}."),
            g("Your version {yours}, now {current}."),
        ),
        g("What you typed is kept below; compare and save again."),
    ),
    "already_executed": (
        g("The order is executed already."),
        g("It was executed {executed_at}."),
        g("Draft an amendment to change it."),
    ),
    "not_executed": (g("The order isn't executed yet."), "", g("Execute the order first.")),
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
        g("Enter them as that order has them."),
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
        g("Points to be settled: {count}. {first}"),
        g("Settle each of them, then execute it."),
    ),
    "term_invalid": (
        g("The term ends before it starts."),
        g("It starts on {first_day}."),
        g("Choose that day or a later last day."),
    ),
    "number_taken": (g("This number is taken."), "", g("Choose another number.")),
    "quantity_invalid": (
        g("The quantity isn't possible."),
        (
            g("{quantity} was entered for {location}."),
            g("{quantity} was entered; at most {most} can be."),
            g("{quantity} was entered."),
        ),
        (
            g("Enter a whole number above zero, or leave the location out."),
            g("Enter a whole number above zero, up to that one."),
            g("Enter a whole number above zero."),
        ),
    ),
    "amount_invalid": (
        g("The amount isn't possible."),
        (g("The rate {rate} was entered."), g("{amount} was entered.")),
        (
            g("Enter a rate above zero: units of the currency for one US dollar."),
            g("Enter an amount above zero with the currency's decimal places."),
        ),
    ),
    "wrong_currency": (
        g("Another currency than the order's."),
        (
            g("The order is in {expected}, this amount in {given}."),
            g("The order is in {expected}."),
        ),
        g("Enter the amount in the order's currency."),
    ),
    "unknown_time_zone": (
        g("There is no such time zone."),
        "{zone}",
        g("Choose one from the list, for instance Europe/Berlin."),
    ),
    "reason_required": (
        g("A written reason is needed."),
        "",
        g("Fill in a few words; they are kept and shown."),
    ),
    "not_overridable": (
        g("This refusal can't be overridden."),
        "",
        g("Correct what it names: only what a clause leaves to staff is overridden."),
    ),
    "not_allowed": (
        g("Your role doesn't allow this."),
        g("You act as {role}."),
        g("Ask the account manager, their lead or an administrator to do it."),
    ),
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
        (g("Contract year {year}; the term has {years}."), g("Contract year {year}.")),
        g("Choose a year within the term."),
    ),
    "term_too_long": (
        g("The term is too long."),
        g("At most {years} years."),
        g("Choose an earlier last day."),
    ),
    "value_invalid": (g("The value isn't possible."), g("{problem}"), g("Correct this field.")),
    "value_required": (g("The value is missing."), "", g("Enter the value of the service.")),
    "too_long": (g("The text is too long."), g("At most {limit} characters."), g("Shorten it.")),
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
        (
            g(
                "The first is row {row}, column “{column}”: {reason} Rows that can't be taken: {count}."
            ),
            g("The first is row {row}; rows that can't be taken: {count}."),
        ),
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
    "cell_invalid": (
        g("The cell can't be taken."),
        g("It says “{text}”. {problem}"),
        g("Correct the cell and upload the file again."),
    ),
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
}
