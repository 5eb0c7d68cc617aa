"""A key makes a request count once: same answer again, other body refused, no second effect."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.actions import keys
from accounts.http import idempotent
from accounts.models import IdempotencyKey, Team
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 24, tzinfo=UTC)


def make_team() -> tuple[int, dict[str, int]]:
    """An effect that can be counted."""
    return 201, {"team": factories.team().pk}


def run(user, key="key-1", body=None, act=make_team):
    """The action under a key."""
    return idempotent(user=user, key=key, body=body or {"credits": 3}, now=NOW, act=act)


def test_the_same_key_and_body_give_the_same_answer_and_one_effect():
    person = factories.user()
    assert run(person) == run(person)
    assert Team.objects.count() == 1


def test_without_a_key_each_request_counts():
    person = factories.user()
    run(person, key="")
    run(person, key="")
    assert Team.objects.count() == 2
    assert IdempotencyKey.objects.count() == 0


def test_two_people_may_use_the_same_key():
    run(factories.user())
    run(factories.user())
    assert Team.objects.count() == 2


def test_the_order_of_the_bodys_fields_doesnt_matter():
    person = factories.user()
    run(person, body={"a": 1, "b": 2})
    run(person, body={"b": 2, "a": 1})
    assert Team.objects.count() == 1


def test_a_body_may_hold_dates_and_money():
    person = factories.user()
    body = {"on": NOW.date(), "at": NOW, "fee": Money(480_000, "EUR")}
    assert run(person, body=body) == run(person, body=dict(body))


def test_the_same_key_for_another_body_is_refused_and_does_nothing():
    person = factories.user()
    run(person)
    with pytest.raises(Refused) as refusal:
        run(person, body={"credits": 4})
    assert refusal.value.code == "idempotency_key_reused"
    assert Team.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 101, "a\x00b", "a\nb"])
def test_a_malformed_key_is_refused_and_does_nothing(key):
    with pytest.raises(Refused) as refusal:
        run(factories.user(), key=key)
    assert refusal.value.code == "idempotency_key_malformed"
    assert Team.objects.count() == 0


def test_a_refusal_isnt_kept_so_that_the_request_can_be_tried_again():
    person = factories.user()

    def refuse() -> tuple[int, dict[str, int]]:
        factories.team()
        raise Refused("insufficient_credits")

    with pytest.raises(Refused):
        run(person, act=refuse)
    assert (Team.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert run(person)[0] == 201


def test_an_answer_that_isnt_an_object_is_kept_as_it_is():
    person = factories.user()
    assert run(person, act=lambda: (204, None)) == (204, None)
    assert run(person, act=make_team) == (204, None)


def test_answers_are_forgotten_after_their_time():
    person = factories.user()
    run(person)
    assert keys.forget_answers(before=NOW) == 0
    assert keys.forget_answers(before=NOW + timedelta(seconds=1)) == 1
    run(person)
    assert Team.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_eight_at_once_under_one_key_have_one_effect_and_one_answer():
    person = factories.user()
    start, answers = threading.Barrier(8), []

    def work():
        try:
            start.wait(timeout=10)
            answers.append(run(person))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert Team.objects.count() == 1
    assert answers == [(201, {"team": Team.objects.get().pk})] * 8
