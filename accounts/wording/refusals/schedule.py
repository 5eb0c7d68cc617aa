"""Refusals in words: bookings, requests and mission-critical services."""

from collections.abc import Mapping

from accounts.wording.refusals.entry import Entry, g

TEXTS: Mapping[str, Entry] = {
    # scheduling
    "too_late": (
        g("Too late."),
        (
            g("It could be asked for until {requested_until}."),
            g("The incident was closed {closed_at}; the last day to ask was {last_day}."),
            g("The incident was closed {closed_at}."),
            g("The last day was {last_day}."),
        ),
        (
            g("Ask for a later date; staff may take a late request with a written reason."),
            g("Ask in time at the next incident, best before it is closed."),
            g("Ask at the next incident, before it is closed."),
            g("Choose that day or an earlier one."),
        ),
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
        (g("{asked} was entered, booked: {booked}."), g("Booked: {booked}.")),
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
        g("Choose that day or a later one; onboarding and discovery may begin now."),
    ),
    "short_notice": (
        g("Confirmed too late for the event."),
        g("The written confirmation was due on {last_day}."),
        g("Microsoft may still take it, with a narrower assessment."),
    ),
    "not_confirmed_in_writing": (
        g("The event isn't confirmed in writing."),
        g("The confirmation is due on {last_day}."),
        g("Enter the day on which the customer confirmed it in writing."),
    ),
    "cloud_not_public": (
        g("Only Azure public cloud is supported."),
        "",
        g("Book the event for a solution in Azure public cloud."),
    ),
    "restricted_staff": (
        g("Restricted staffing can't be provided."),
        "",
        g("Book it without restrictions on who gives the support."),
    ),
    "event_too_long": (
        g("The event is too long."),
        g("One event covers at most {maximum} consecutive days, so this takes {needed} events."),
        g("Book that many events, or fewer days."),
    ),
    "onboarding_not_earlier": (
        g("That isn't an earlier end of the onboarding."),
        g("It ends on {last_day} anyway."),
        g("Choose a day before it."),
    ),
    "before_quarter": (
        g("The quarter hasn't begun by then."),
        g("It begins on {first_day}."),
        g("Choose a day in the quarter, or an earlier quarter."),
    ),
    "no_such_quarter": (
        g("The service has no meeting for that quarter."),
        g("Quarter {quarter}."),
        g("Choose a quarter of the term for which a meeting is due."),
    ),
    "data_not_wanted": (
        g("The service doesn't need this data."),
        g("It names “{unknown}”."),
        g("Leave it out: supply what the service asks for."),
    ),
    "nothing_supplied": (g("Nothing was supplied."), "", g("Fill in at least one piece.")),
    "solution_missing": (
        g("No Azure solution is named."),
        g("Each event covers one solution."),
        g("Name every solution that the activity touches."),
    ),
    "solution_twice": (
        g("A solution is named twice."),
        "{solution}",
        g("Name each solution once."),
    ),
    "event_begun": (
        g("The window has begun."),
        g("It began {starts_at}; the risks are found before it."),
        g("Open an incident for what happens inside it."),
    ),
    "nothing_to_tell": (
        g("The customer was told of every risk."),
        "",
        g("Record a new risk first."),
    ),
    "seats_full": (
        g("All seats are taken."),
        (g("Row {row}: {seats} seats are bought for it."), g("{seats} seats are bought for it.")),
        g("Put the person on the waiting list, or set more seats aside."),
    ),
    "workshop_full": (
        g("All places are taken."),
        (g("Row {row}: it holds {capacity}."), g("It holds {capacity}.")),
        g("Put the person on the waiting list, or raise the capacity."),
    ),
    "workshop_begun": (
        g("The workshop has begun."),
        g("It began {starts_at}."),
        g("Who takes part can’t be changed any more."),
    ),
    "workshop_decided": (
        g("It is decided already whether this workshop takes place."),
        "",
        g("Cancel the booking if it can't take place after all, or book another workshop."),
    ),
    "already_enrolled": (
        g("Somebody with this address is on the list already."),
        (g("Row {row}: {email}"), "{email}"),
        g("Enter another address, or leave the person out."),
    ),
    "attendee_withdrawn": (
        g("This person is no longer on the list."),
        "{name}",
        g("Enrol the person anew."),
    ),
    "nobody_named": (g("Nobody is named."), "", g("Name at least one person.")),
    "name_missing": (
        g("A name is missing."),
        g("Row {row}."),
        g("Write the name before the address."),
    ),
    "email_malformed": (
        g("That isn’t an e-mail address."),
        (g("Row {row}: {email}"), "{email}"),
        g("Write it as in ada@contoso.example."),
    ),
    "minimum_above_capacity": (
        g("The minimum is above the capacity."),
        g("A minimum of {minimum} doesn’t fit into {capacity}."),
        g("Lower the minimum, or raise the capacity."),
    ),
    "decision_too_late": (
        g("The decision comes too late."),
        g("The eve of the workshop is {last_day}."),
        g("Choose a day before the workshop."),
    ),
    "enrolment_reached": (
        g("Enough people are enrolled."),
        g("{registered} are enrolled, the minimum is {minimum}."),
        g("Low enrolment is no reason to cancel it."),
    ),
    "capacity_required": (
        g("State how many seats it has."),
        "",
        g("Enter a whole number above zero."),
    ),
    "seats_in_use": (
        g("More seats are taken than that."),
        g("{taken} are taken."),
        g("Withdraw attendees first."),
    ),
    "seats_fixed": (
        g("Seats can’t be given back any more."),
        (
            g("{seats} are set aside; giving some back was free until {last_day}."),
            g("{seats} are set aside."),
        ),
        g("A free seat can still be given to somebody else."),
    ),
    "notice_missing": (
        g("Nobody was told of the recording beforehand."),
        "",
        g("Record that notice was given."),
    ),
    "consent_missing": (
        g("Not everybody who takes part has agreed to be recorded."),
        "",
        g("Record the consent of each attendee."),
    ),
    "permission_missing": (
        g("The region asks for a written permission."),
        "",
        g("Record that it was given."),
    ),
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
    "in_the_past": (
        g("That moment has passed."),
        (
            g("{until} was entered, and today is {today}."),
            g("{until} was entered, and now it is {now}."),
        ),
        g("Choose a later one."),
    ),
    "ends_before_start": (
        g("The end comes before the start."),
        "",
        g("Choose a later end, or an earlier start."),
    ),
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
        g("Choose that engineer, or enter another address."),
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
    "not_sold_in_hours": (
        g("This service isn't sold in hours."),
        "",
        g("Choose an entitlement that counts hours; others are used up by bookings."),
    ),
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
        g("Book a new series, or a single session."),
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
    "already_cancelled": (
        g("It is cancelled already."),
        g("It was cancelled {at}."),
        g("Book it anew, or choose one that stands."),
    ),
    "already_delivered": (
        g("It is delivered already."),
        g("It was delivered {at}."),
        g("Book another one if more is needed."),
    ),
    "already_decided": (
        g("This request is answered already."),
        (
            g("The answer: {decision}."),
            g("Answered {at}."),
        ),
        g("Ask anew if something else is wanted."),
    ),
    "quote_changed": (
        g("The figures have changed since they were shown."),
        g("Shown was {shown}, now it is {now}."),
        g("Look at them again and confirm."),
    ),
    # mission-critical
    "plus_only": (
        g("This belongs to MCSAP Plus."),
        "",
        g("Have MCSAP Plus noted on the work order."),
    ),
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
}
