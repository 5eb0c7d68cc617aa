from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Message
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import ServiceRequest
from services.scheduling.queries.requests import open_requests, requests_of
from tests import factories
from workorders.models import Account

pytestmark = pytest.mark.django_db
NOW = factories.NOW
WHEN = {
    "starts_at": datetime(2027, 1, 20, 8, tzinfo=UTC),
    "ends_at": datetime(2027, 1, 20, 16, tzinfo=UTC),
}


def refused(entitlement=None, **fields) -> Refused:
    held = entitlement or factories.holding(factories.season())
    with pytest.raises(Refused) as caught:
        factories.service_request(held, **fields)
    assert not ServiceRequest.objects.exists()
    return caught.value


def decide(asked, **fields):
    values = {"accept": True, "by": asked.order.created_by, "now": NOW, **WHEN}
    return actions.decide_request(service_request=asked, **{**values, **fields})


def test_asking_uses_nothing_up_and_tells_the_account_managers():
    held = factories.holding(factories.season())
    asked = factories.service_request(held, note="Identity, for 14 people.")
    available = Account.objects.get(entitlement=held, bucket="available")
    assert available.balance == 4
    told = Message.objects.filter(subject_key=f"request:{asked.pk}:requested", channel="inbox")
    assert [message.recipient for message in told] == [held.order.created_by]
    assert "Identity, for 14 people." in told.get().text


def test_viewers_do_not_ask():
    held = factories.holding(factories.season())
    assert refused(held, by=factories.viewer(held.order.customer)).code == "not_allowed"


@pytest.mark.clause("2.8-C20", "0-C13")
def test_a_request_on_the_last_day_is_in_time_and_on_the_next_it_is_late():
    held = factories.holding(factories.season(ends_on=date(2027, 1, 22)))
    last = datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC)  # the end of the day in Berlin
    wanted = {"wanted_from": date(2027, 1, 4), "wanted_until": date(2027, 1, 8)}
    refusal = refused(held, now=last + timedelta(seconds=1), **wanted)
    assert (refusal.code, refusal.figures["last_day"]) == ("too_late", date(2026, 11, 23))
    assert factories.service_request(held, now=last, **wanted).pk


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        ((date(2027, 1, 8), date(2027, 1, 4)), "ends_before_start", "wanted_until"),
        ((date(2026, 11, 22), date(2026, 12, 4)), "in_the_past", "wanted_from"),
        ((date(2027, 7, 1), date(2027, 7, 2)), "order_ended", "date"),
        ((date(2027, 6, 30), date(2027, 7, 1)), "too_late", "wanted_until"),
    ],
)
def test_the_period_lies_ahead_and_within_the_days_of_use(wanted, code, field):
    refusal = refused(wanted_from=wanted[0], wanted_until=wanted[1])
    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.clause("2.2-F4")
def test_a_contract_year_s_service_is_asked_for_within_that_year():
    order = factories.season(ends_on=date(2028, 6, 30))
    held = factories.holding(order, funding="flex", flex_year=1, usable_until=date(2027, 6, 30))
    refusal = refused(held, wanted_from=date(2027, 7, 5), wanted_until=date(2027, 7, 9))
    assert (refusal.code, refusal.clauses) == ("too_late", ("2.2-F4", "2.7-T10"))


@pytest.mark.clause("2.6-M8")
def test_no_more_is_asked_for_than_is_left_and_only_where_it_is():
    held = factories.holding(factories.season())
    assert refused(held, quantity=5).code == "insufficient_units"
    assert refused(held, quantity=0).code == "quantity_invalid"
    other = factories.location(held.order.customer)
    assert refused(held, location=other).code == "location_not_listed"


def credits_held():
    order = factories.season()
    factories.credit_value()
    return factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=10,
        value=Money(1_000_000, "EUR"),
    )


@pytest.mark.clause("2.3-PC4")
def test_credits_are_asked_for_with_the_service_that_they_are_to_buy():
    lot = credits_held()
    edition = lot.order.edition
    custom = factories.offering("custom-proactive-services", edition)
    assert refused(lot, offering=custom).code == "ineligible_target"
    asked = factories.service_request(lot, offering=factories.offering("workshops", edition))
    with pytest.raises(Refused) as caught:
        decide(asked)
    assert caught.value.code == "value_required"
    booking = decide(asked, value=Money.of("4600", "EUR"))
    assert Account.objects.get(entitlement=lot, bucket="redeemed").balance == 5
    assert booking.request == asked


def test_another_service_than_the_entitlement_s_is_a_bug():
    held = factories.holding(factories.season())
    other = factories.offering("developer-support", held.order.edition)
    with pytest.raises(ValueError, match="isn't"):
        factories.service_request(held, offering=other)


# --- the answer -----------------------------------------------------------------------------


def test_accepting_books_what_was_asked_for():
    asked = factories.service_request(quantity=2, mode="remote", language="fr")
    booking = decide(asked, title="Identity")
    asked.refresh_from_db()
    assert (asked.decision, asked.booking, asked.decided_by) == (
        "booked",
        booking,
        asked.order.created_by,
    )
    assert (booking.quantity, booking.language_wanted, booking.title) == (2, "fr", "Identity")


@pytest.mark.clause("2.8-C20")
def test_a_request_made_in_time_is_booked_after_the_last_day():
    held = factories.holding(factories.season(ends_on=date(2027, 1, 31)))
    asked = factories.service_request(held)
    assert decide(asked, now=NOW + timedelta(days=30)).pk


@pytest.mark.clause("2.8-C20")
def test_a_request_counts_with_its_data():
    held = factories.holding(factories.season(ends_on=date(2027, 1, 31)))
    asked = factories.service_request(held, data_complete=False)
    with pytest.raises(Refused) as caught:
        decide(asked)
    assert caught.value.code == "data_missing"
    by = asked.requested_by
    with pytest.raises(Refused) as caught:
        actions.complete_request(service_request=asked, by=by, now=NOW + timedelta(days=10))
    assert caught.value.code == "too_late"
    done = actions.complete_request(service_request=asked, by=by, now=NOW + timedelta(days=9))
    assert done.data_completed_at == NOW + timedelta(days=9)
    again = actions.complete_request(service_request=done, by=by, now=NOW + timedelta(days=99))
    assert again.data_completed_at == done.data_completed_at
    assert decide(asked, now=NOW + timedelta(days=20)).pk


def test_data_of_a_service_without_cutoff_is_never_late():
    order = factories.season(ends_on=date(2027, 1, 31))
    held = factories.holding(order, offering=factories.offering("mcsap", order.edition))
    asked = factories.service_request(held, data_complete=False)
    done = actions.complete_request(
        service_request=asked, by=asked.requested_by, now=NOW + timedelta(days=40)
    )
    assert done.data_completed_at


def test_declining_states_its_reason_to_the_customer():
    asked = factories.service_request()
    with pytest.raises(Refused) as caught:
        decide(asked, accept=False, reason=" ")
    assert caught.value.code == "reason_required"
    assert decide(asked, accept=False, reason="No engineer in January.") is None
    asked.refresh_from_db()
    assert (asked.decision, asked.decision_reason) == ("declined", "No engineer in January.")
    told = Message.objects.get(
        subject_key=f"request:{asked.pk}:declined", channel="inbox", recipient=asked.requested_by
    )
    assert "No engineer in January." in told.text


def test_a_request_is_answered_once():
    asked = factories.service_request()
    decide(asked, accept=False, reason="No.")
    for act in (
        lambda: decide(asked),
        lambda: decide(asked, accept=False, reason="Still no."),
        lambda: actions.withdraw_request(service_request=asked, by=asked.requested_by, now=NOW),
        lambda: actions.complete_request(service_request=asked, by=asked.requested_by, now=NOW),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "already_decided"


def test_a_request_is_withdrawn_by_those_who_act_for_the_customer():
    asked = factories.service_request()
    with pytest.raises(Refused) as caught:
        actions.withdraw_request(
            service_request=asked, by=factories.viewer(asked.customer), now=NOW
        )
    assert caught.value.code == "not_allowed"
    gone = actions.withdraw_request(
        service_request=asked, by=asked.requested_by, now=NOW, reason="Done in house."
    )
    assert (gone.decision, gone.decision_reason) == ("withdrawn", "Done in house.")


def test_only_managers_decide():
    asked = factories.service_request()
    with pytest.raises(Refused) as caught:
        decide(asked, by=asked.requested_by)
    assert caught.value.code == "not_allowed"


def test_accepting_without_a_time_is_a_bug():
    with pytest.raises(ValueError, match="at a time"):
        decide(factories.service_request(), starts_at=None)


# --- lists ----------------------------------------------------------------------------------


@pytest.mark.clause("2.8-C20")
def test_open_requests_tell_the_days_left_to_the_cutoff():
    held = factories.holding(factories.season(ends_on=date(2027, 1, 31)))
    asked = factories.service_request(held)
    person = held.order.created_by
    rows = open_requests(requests_of(person, waiting=True), now=NOW)
    assert [(row.request, row.cutoff, row.days_left) for row in rows] == [
        (asked, date(2026, 12, 2), 9)
    ]
    late = open_requests(requests_of(person, waiting=True), now=NOW + timedelta(days=10))
    assert late[0].days_left == -1


def test_answered_requests_leave_the_waiting_list():
    asked = factories.service_request()
    person = asked.order.created_by
    decide(asked, accept=False, reason="No.")
    assert list(requests_of(person, waiting=True)) == []
    assert list(requests_of(person, waiting=False)) == [asked]
    assert list(requests_of(person)) == [asked]
