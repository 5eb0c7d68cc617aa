from datetime import UTC, datetime, timedelta

import pytest

from incidents.rules.charts import FirstResponseTerms
from incidents.rules.response import Contact, FirstResponse, counts_as_response, first_response

TERMS = FirstResponseTerms(frozenset({"phone", "email"}))
SUBMITTED = datetime(2025, 3, 17, 10, tzinfo=UTC)
DUE = SUBMITTED + timedelta(minutes=15)
SECOND = timedelta(seconds=1)


def state(*contacts: Contact, now: datetime | None = None) -> FirstResponse:
    return first_response(TERMS, contacts, submitted_at=SUBMITTED, due_at=DUE, now=now)


@pytest.mark.clause("2.3-RE14", "X-39")
@pytest.mark.parametrize(
    ("channel", "automated", "counts"),
    [
        ("phone", False, True),
        ("email", False, True),
        ("email", True, False),
        ("portal", False, False),
        ("chat", False, False),
    ],
)
def test_a_person_on_the_phone_or_by_email_is_a_response(channel, automated, counts):
    assert counts_as_response(TERMS, Contact(SUBMITTED, channel, automated)) == counts


def test_an_edition_may_count_automatic_contacts():
    terms = FirstResponseTerms(frozenset({"chat"}), human_only=False)
    assert counts_as_response(terms, Contact(SUBMITTED, "chat", automated=True))


@pytest.mark.clause("0-C8", "2.3-RE14")
def test_a_response_at_the_due_instant_is_in_time_and_one_second_later_is_not():
    assert state(Contact(DUE, "phone")) == FirstResponse(DUE, met=True)
    assert state(Contact(DUE + SECOND, "email")) == FirstResponse(DUE + SECOND, met=False)


@pytest.mark.clause("2.3-RE14")
def test_the_earliest_contact_that_counts_is_the_first_response():
    call = Contact(SUBMITTED + 14 * timedelta(minutes=1), "phone")
    acknowledgement = Contact(SUBMITTED + SECOND, "email", automated=True)
    later = Contact(SUBMITTED + timedelta(hours=1), "email")
    assert state(later, acknowledgement, call) == FirstResponse(call.at, met=True)


@pytest.mark.clause("2.3-RE14")
def test_a_contact_before_submission_is_no_response_and_one_at_submission_is():
    assert state(Contact(SUBMITTED - SECOND, "phone"), now=SUBMITTED).at is None
    assert state(Contact(SUBMITTED, "phone")) == FirstResponse(SUBMITTED, met=True)


@pytest.mark.clause("0-C8", "2.3-RE15")
def test_without_a_response_the_target_is_pending_until_its_instant_has_passed():
    note = Contact(SUBMITTED + SECOND, "portal")
    assert state(note) == FirstResponse(None, met=None)
    assert state(note, now=DUE) == FirstResponse(None, met=None)
    assert state(note, now=DUE + SECOND) == FirstResponse(None, met=False)


@pytest.mark.clause("2.3-RE14", "0-C8")
def test_what_comes_later_than_now_has_not_happened_yet():
    call = Contact(SUBMITTED + 14 * timedelta(minutes=1), "phone")
    assert state(call, now=call.at - SECOND) == FirstResponse(None, met=None)
    assert state(call, now=call.at) == FirstResponse(call.at, met=True)
