"""The first response: what counts as one, and whether it came in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from incidents.rules.charts import FirstResponseTerms


@dataclass(frozen=True, slots=True)
class Contact:
    """Something that Microsoft sent or said."""

    at: datetime
    channel: str
    automated: bool = False


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """When the first response came, and whether in time: None while that is pending."""

    at: datetime | None
    met: bool | None


def counts_as_response(terms: FirstResponseTerms, contact: Contact) -> bool:
    """Whether a contact stops the clock: by a person, over a channel that counts.

    An automatic acknowledgement never does, nor does a note in the portal or a chat.

    Clause: 2.3-RE14, X-39
    """
    human = not (terms.human_only and contact.automated)
    return human and contact.channel in terms.channels


def first_response(
    terms: FirstResponseTerms,
    contacts: Iterable[Contact],
    *,
    submitted_at: datetime,
    due_at: datetime,
    now: datetime | None = None,
) -> FirstResponse:
    """The earliest contact since submission that counts, and how it stands to the target.

    At the due instant it is in time, one moment later it isn't. Without a response the
    target is pending up to and including the due instant, and missed from then on;
    without `now` it is pending, and what comes after `now` hasn't happened yet. What is
    met or missed stays so: it follows from facts.

    Clause: 2.3-RE14, 2.3-RE15, 0-C8
    """
    moments = [
        contact.at
        for contact in contacts
        if submitted_at <= contact.at
        and (now is None or contact.at <= now)
        and counts_as_response(terms, contact)
    ]
    if moments:
        return FirstResponse(min(moments), met=min(moments) <= due_at)
    missed = now is not None and now > due_at
    return FirstResponse(None, met=False if missed else None)
