"""Refusals in words: the catalogue, people and keys."""

from collections.abc import Mapping

from accounts.wording.refusals.entry import Entry, g

TEXTS: Mapping[str, Entry] = {
    # catalogue
    "edition_frozen": (
        g("A published edition can't be changed."),
        g("Edition {edition} is published."),
        g("Draft a new edition from it."),
    ),
    "edition_incomplete": (
        g("The edition isn't complete."),
        g("Gaps: {count}. {missing}"),
        g("Fill them in the draft, then publish it."),
    ),
    "edition_exists": (
        g("An edition with this code exists and differs."),
        "{edition}",
        g("Choose another code, or edit the draft that has this one."),
    ),
    "edition_in_use": (
        g("Work orders refer to this edition."),
        g("It is {edition}."),
        g("Load the file under another code."),
    ),
    "edition_not_effective": (
        g("The edition isn't in effect yet."),
        g("It takes effect on {effective_on}."),
        g("Publish it on that day or later."),
    ),
    "file_broken": (
        g("The file can't be read."),
        g("{where}: {problem}"),
        g("Correct the file there and load it again."),
    ),
    "field_unknown": (
        g("The file has an unknown entry."),
        g("{where}: {problem}"),
        g("Correct the name of the entry, or remove it."),
    ),
    "field_invalid": (
        g("The file has an entry that isn't valid."),
        g("{where}: {problem}"),
        g("Correct the entry and load the file again."),
    ),
    # people and keys
    "invitation_expired": (g("This invitation has expired."), "", g("Ask for a new one.")),
    "invitation_used": (g("This invitation has been used."), "", g("Sign in instead.")),
    "already_member": (
        g("A person with this e-mail exists."),
        "",
        g("Have them sign in with it, or invite another address."),
    ),
    "name_taken": (g("This name is taken."), "{name}", g("Choose another name.")),
    "closes_before_it_opens": (
        g("The location closes before it opens."),
        "",
        g("Enter a closing time after the opening."),
    ),
    "contact_taken": (
        g("This person has that duty at this location already."),
        "{name}",
        g("Choose another duty or location."),
    ),
    "day_taken": (
        g("This day has an entry already."),
        "{day}: {name}",
        g("Remove it first."),
    ),
    "outside_your_scope": (
        g("You can invite people only where you work yourself."),
        "",
        g("Choose a role, a customer and people of your own, or ask your lead."),
    ),
    "cover_without_end": (
        g("A cover needs an end date."),
        "",
        g("Enter the last day on which they stand in."),
    ),
    "idempotency_key_reused": (
        g("This key was used for another request."),
        "",
        g("Use a fresh key for a new request."),
    ),
    "idempotency_key_malformed": (
        g("The key isn't valid."),
        g("At most {limit} printable characters."),
        g("Send a shorter key, for instance a UUID."),
    ),
    "request_in_progress": (
        g("The same request is being worked on."),
        "",
        g("Try again in a moment."),
    ),
}
