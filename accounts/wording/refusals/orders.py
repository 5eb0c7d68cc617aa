"""Refusals in words: buying, locations and what comes after an execution."""

from collections.abc import Mapping

from accounts.wording.refusals.entry import Entry, g

TEXTS: Mapping[str, Entry] = {
    # buying
    "base_required": (
        g("No base agreement is in force on that date."),
        g("It runs from {first_day} to {last_day}."),
        g("Add the service to an order with a base package in force."),
    ),
    "max_quantity": (
        g("More than the maximum quantity."),
        g("At most {maximum}, of which {left} can still be bought."),
        g("Lower the quantity."),
    ),
    "max_days": (
        g("More days than this service allows."),
        g("At most {maximum} days."),
        g("Lower the days."),
    ),
    "not_available": (
        g("This service isn't sold in that location."),
        g("{offering} isn't sold in {country}, or not any more."),
        g(
            "Choose another service or location; what else is sold there, the Microsoft representative knows."
        ),
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
        g("Missing: {missing}."),
        g("Confirm it first."),
    ),
    "purchase_required": (
        g("This has to be bought first."),
        "",
        g("Only an emergency that the customer authorises may start before the contract."),
    ),
    "not_on_the_list": (
        g("The work order doesn't list this service among those that may be bought."),
        g("Services on the list: {listed}."),
        g(
            "Choose a listed service, or have the Microsoft representative add it: to the list of the draft, after execution to that of an amendment."
        ),
    ),
    "not_sold": (
        g("The edition doesn't sell {offering} as an additional service."),
        "",
        g("List additional services of the order's edition alone."),
    ),
    "list_of_the_amended": (
        g("The order that this one amends lists nothing, so everything may be bought."),
        g("It is {number}."),
        g("Leave the list of the amendment empty, and add the line."),
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
        g("Choose a date of that year, or a service that another year pays for."),
    ),
    # locations
    "host_only": (
        g("This is bought for the host location only."),
        g("{location} isn't the host."),
        g("The host's purchase serves all locations remotely."),
    ),
    "same_location": (
        g("The hours are there already."),
        "",
        g("Choose another listed location."),
    ),
    "single_location": (
        g("This service goes to exactly one location."),
        (g("Named are: {locations}."), g("It is at {location}.")),
        g("Choose one location."),
    ),
    "location_not_listed": (
        g("The location isn't listed in the work order."),
        g("It is {location}."),
        g("Choose a listed location, or add it to the order."),
    ),
    "own_work_order_required": (
        g("A tax-exception location needs its own work order for this."),
        g("{location} is such a location."),
        g("Draft an order for that location."),
    ),
    "tax_exception": (
        g("Credits can't move to or from a tax-exception location."),
        g("{location} is such a location."),
        g("Choose another location."),
    ),
    "one_host": (
        g("There has to be exactly one host."),
        g("Hosts here: {hosts}."),
        g("Name one location as host."),
    ),
    "host_administrator_required": (
        g("The host has no support services administrator."),
        g("The host is {location}."),
        g("Name one among the host's contacts."),
    ),
    "ede_location_required": (
        g("Allocate the service to a location first."),
        g("It is allocated on {allocated_on}."),
        g("The allocation comes before delivery planning."),
    ),
    "permission_required": (
        g("Microsoft's permission is needed."),
        g("The work order doesn't list {location}."),
        g("Record the permission, or choose a listed location."),
    ),
    "not_proactive": (
        g("People of other locations join proactive services alone."),
        g("The work order doesn't list {location}."),
        g("Choose a listed location."),
    ),
    "own_location": (
        g("The session is at this location already."),
        "",
        g("Choose another location of the customer."),
    ),
    "guests_known": (
        g("People of {location} take part already."),
        "",
        g("Withdraw their participation first, to enter it anew."),
    ),
    "guests_withdrawn": (
        g("This participation was withdrawn before."),
        "",
        g("Admit the location again if its people take part after all."),
    ),
    # after execution, deadlines
    "already_recorded": (
        g("This is recorded already."),
        g("On record: {at}."),
        g("Nothing has to be done: what is recorded stands."),
    ),
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
    "no_such_part": (
        g("The service has no such part of an onboarding."),
        "",
        g("Choose one of the parts that the page of the onboarding shows."),
    ),
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
    "plan_over": (
        g("This improvement plan is delivered, declined or withdrawn."),
        "",
        g("Ask for another improvement plan."),
    ),
    "plan_not_scheduled": (
        g("The improvement plan has no day yet."),
        "",
        g("Put it on a day first."),
    ),
    "before_it_begins": (
        g("It begins later."),
        g("Its first day is {first_day}."),
        g("Enter that day or a later one."),
    ),
    "not_mcsap": (g("This line isn't an MCSAP purchase."), "", g("Choose an MCSAP line.")),
    "not_earlier": (
        g("That isn't earlier than the end of the order."),
        g("Its last day is {last_day}."),
        g("Choose an earlier day."),
    ),
    "deadline_met": (
        g("The deadline is met already."),
        g("It was due on {due_on}."),
        g("Nothing has to be done any more."),
    ),
    "deadline_waived": (
        g("The deadline was waived."),
        g("It was due on {due_on}."),
        g("Nothing has to be done: nobody waits for it any more."),
    ),
    "deadline_withdrawn": (
        g("Nothing is due here any more."),
        "",
        g("Look at the list of deadlines for what is due now."),
    ),
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
}
