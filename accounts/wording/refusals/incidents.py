"""Refusals in words: what people are told about incidents and what follows them."""

from collections.abc import Mapping

from accounts.wording.refusals.entry import Entry, g

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
        g(
            "Ask for the analysis that the agreement gives, or for the engineer's at severity 1 or A."
        ),
    ),
    "not_recurring": (
        g("This engineer helps with recurring incidents alone."),
        "",
        g("Group the incident with those that it repeats first."),
    ),
    "nothing_to_quote": (
        g("This analysis has no fee."),
        "",
        g("Go on without a quote: nobody has to agree to a fee."),
    ),
    "not_quoted": (g("No fee is quoted yet."), "", g("Wait for the quote.")),
    "fee_not_agreed": (
        g("The customer hasn't agreed to the fee."),
        "",
        g("Have the fee agreed before the analysis is delivered."),
    ),
    "no_such_analysis": (
        g("No such analysis was asked for."),
        g("It names “{track}”."),
        g("Ask for it first, or name one that was asked for."),
    ),
    "no_such_material": (
        g("The analysis doesn't ask for this."),
        g("It names “{material}”."),
        g("Name a piece that the analysis lists."),
    ),
    "no_such_role": (
        g("No such role joins this incident."),
        g("It names “{role}”."),
        g("Ask for the role first, or name one that takes part."),
    ),
    "role_not_offered": (
        g("The agreement doesn't give this at the severity of the incident."),
        g("The incident has severity {severity}."),
        g("Ask for a role that the page of the incident offers."),
    ),
    "joins_by_itself": (
        g("Nobody has to ask for this here: it comes by itself."),
        g("At severity {severity} it is automatic."),
        g("Nothing has to be done: the role takes part already."),
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
    "not_a_day_of_work": (
        g("A day has no such time."),
        g("At most {most} minutes."),
        g("Enter at least one minute, and each day by itself."),
    ),
    "outside_the_incident": (
        g("The day lies outside the incident."),
        g("From {first} to {last}."),
        g("Choose one of these days."),
    ),
    # what is learnt afterwards
    "incident_open": (g("The incident is open."), "", g("A review follows its closure.")),
    "before_closure": (
        g("The review can't have been held before the closure."),
        g("The incident was closed on {closed_on}."),
        g("Enter that day or a later one."),
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
    "event_not_over": (
        g("The window of the event isn't over."),
        g("Its last day is {last_day}."),
        g("Give the summary after that day."),
    ),
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
    "one_customer": (
        g("A problem belongs to one customer."),
        "",
        g("Group incidents of one customer alone; open a problem for each customer."),
    ),
    "problem_solved": (
        g("This problem is solved."),
        g("It was solved on {at}."),
        g("Open another problem if the cause comes back."),
    ),
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
        g("Record the first response when a person has called or written."),
    ),
    "elapsed_never_pauses": (
        g("This clock runs through: no clause lets it stand still."),
        "",
        g("Only a duty that counts business hours waits for Microsoft."),
    ),
    "already_paused": (
        g("This clock is paused already."),
        "",
        g("Let it go on first, then pause it again."),
    ),
    "not_paused": (
        g("This clock isn't paused."),
        "",
        g("Pause it first, while the customer waits for Microsoft."),
    ),
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
    "already_stepped_down": (
        g("This incident is no longer worked on around the clock."),
        "",
        g("Restore the work around the clock first, when the customer's people are there again."),
    ),
    "not_stepped_down": (
        g("This incident is worked on around the clock."),
        "",
        g("Nothing has to be restored."),
    ),
    "step_not_allowed": (
        g("The chart that governs this incident doesn't allow that."),
        g("It governs severity {severity}."),
        g("Take the transition that the page of the incident offers."),
    ),
    "not_lower": (
        g("That severity isn't lower."),
        g("The incident has severity {severity}."),
        g("Choose a severity below this one."),
    ),
    "duty_has_a_clock": (
        g("This duty has a time of its own, so its clock says whether it was met."),
        "",
        g("Record when the customer met it; past its end the clock tells the miss."),
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
    "channel_not_offered": (
        g("This channel isn't open for it."),
        g("Open are: {channels}."),
        g("Submit it in the portal, on the support website or by phone."),
    ),
    "not_internal_use": (
        g("Only the customer's own internal business is supported."),
        "",
        g("Submit what concerns the customer's own business; its customers turn to the customer."),
    ),
    "incident_closed": (
        g("The incident is closed."),
        g("It was closed {at}."),
        g("Open a new incident; group the two in a problem if the cause is the same."),
    ),
    "wrong_requester": (
        g("Somebody else has to ask for this."),
        (
            g("Severity {severity}, in production."),
            "",
        ),
        (
            g("Have the customer's designated MCSAP engineer ask for it."),
            g("Have the customer, the account manager or the incident managers ask for it."),
        ),
    ),
    "technology_not_eligible": (
        g("Not available for this technology."),
        "",
        g(
            "Record that the analysis is available, if Microsoft says so; a designated engineer's needs no such word."
        ),
    ),
    "other_customers_affected": (
        g("Other customers are affected as well."),
        "",
        g(
            "This analysis is for incidents that affect this customer alone; ask for another that the agreement gives."
        ),
    ),
    "not_supported": (
        g("This product isn't currently supported."),
        "{component}",
        g("Choose a product that is supported."),
    ),
    "in_the_future": (
        g("That moment lies in the future."),
        (
            g("{at} was entered, and today is {today}."),
            g("{at} was entered, and now it is {now}."),
        ),
        g("Enter when it happened: now or earlier."),
    ),
    "before_order": (
        g("No work order was in force at that moment."),
        g("It is about {on}."),
        g("Enter a moment within the term of an executed order."),
    ),
    "before_submission": (
        g("That is before the incident was submitted."),
        g("It was submitted {submitted_at}."),
        g("Enter that moment or a later one."),
    ),
    "acknowledgement_required": (
        g("The risk has to be acknowledged first."),
        "",
        g("Record that the customer acknowledges this point."),
    ),
    "title_required": (g("The incident needs a title."), "", g("Say in a few words what broke.")),
    "component_unknown": (
        g("The edition of the work order doesn't list this product."),
        g("Edition {edition} has no {component}."),
        g("Choose a product from the list."),
    ),
    "severity_unchanged": (
        g("The incident has this severity already."),
        g("The incident has severity {severity}."),
        g("Choose another severity."),
    ),
    "no_response": (
        g("This contact isn't a first response."),
        g("What counts: {channels}."),
        g("A person has to call or write an e-mail."),
    ),
    "already_answered": (
        g("The first response is recorded already."),
        g("It came {at}."),
        g("Add what happened since as an update."),
    ),
    "already_requested": (
        g("It is requested already."),
        g("Asked {at}."),
        g("Go on with what was asked for; it isn't asked for twice."),
    ),
    "no_such_duty": (
        g("The customer has no such duty in this incident."),
        g("It names “{duty}”."),
        g("Choose one of the incident's duties."),
    ),
    "already_asked": (
        g("This was asked already."),
        g("Asked {at}."),
        g("Wait for the answer, or record the one that came."),
    ),
    "before_request": (
        g("That is before the customer was asked."),
        g("Asked {asked_at}."),
        g("Enter that moment or a later one."),
    ),
    "before_last_event": (
        g("That is before something that is recorded already."),
        g("The latest was {at}."),
        g("Enter a later time."),
    ),
    "engineer_not_at_work": (
        g("The designated engineer works on business days."),
        g("{day} is none."),
        g("Choose a business day of the location."),
    ),
    "engineer_day_full": (
        g("A business day of the engineer has no such time."),
        g("At most {most} minutes; left on this day: {left}."),
        g("Enter at most what is left, or another day for the rest."),
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
        g("Choose an activity of this customer's plan."),
    ),
}
