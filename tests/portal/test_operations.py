"""The operations page: what waits, what failed, and dead letters that go out again."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.actions import messages, outbox
from accounts.actions.operations import note_failure, note_success, resend_messages
from accounts.models import Message, SweepRun, User
from accounts.rules.refusal import Refused
from accounts.tasks import drain_outbox
from tests import factories
from tests.chinese import Reader, faults, typed
from ussd_portal.queries.operations import read_operations
from ussd_portal.sweeps import sweep_until_done

pytestmark = pytest.mark.django_db
NOW = factories.NOW
MINUTE = timedelta(minutes=1)


@pytest.fixture
def operator():
    return factories.user(User.Role.SYSTEM_ADMINISTRATOR)


def letter(*, dead=False, due=NOW, sent=None, error=""):
    (message,) = messages.write_messages(
        recipient=factories.user(),
        subject_key="deadline:1",
        subject="Contoso: secret",
        text="x",
        now=NOW,
        due_at=due,
        channels=["email"],
    )
    Message.objects.filter(pk=message.pk).update(
        dead_at=NOW if dead else None, sent_at=sent, last_error=error, attempts=8 if dead else 0
    )
    return Message.objects.get(pk=message.pk)


def test_it_counts_what_waits_what_is_dead_and_what_went_out():
    letter()
    letter(due=NOW - 5 * MINUTE, error="refused")
    letter(due=NOW + MINUTE)
    letter(dead=True)
    letter(sent=NOW - MINUTE)
    letter(sent=NOW - timedelta(days=2))
    state = read_operations(NOW)
    assert (state.queued, state.waiting, state.retrying, state.dead, state.sent_today) == (
        2, 1, 1, 1, 1,
    )  # fmt: skip
    assert state.oldest == NOW - 5 * MINUTE


def test_a_sweep_of_every_minute_is_late_after_five():
    name = "accounts.tasks.drain_outbox"
    sweep = lambda now: next(s for s in read_operations(now).sweeps if s.task == name)  # noqa: E731
    assert sweep(NOW).is_late
    note_success(name=name, did=3, now=NOW)
    assert not sweep(NOW + 5 * MINUTE).is_late
    assert sweep(NOW + 5 * MINUTE + timedelta(seconds=1)).is_late


def test_failures_are_counted_until_it_comes_through_again():
    for _time in range(2):
        note_failure(name="x", error="OSError: gone", now=NOW)
    run = SweepRun.objects.get()
    assert (run.failures, run.failed_at, run.last_error) == (2, NOW, "OSError: gone")
    note_success(name="x", did=0, now=NOW + MINUTE)
    run.refresh_from_db()
    assert (run.failures, run.done_at, run.worked_at) == (0, NOW + MINUTE, None)


def test_what_it_did_is_that_of_the_last_time_it_had_something_to_do():
    note_success(name="x", did=3, now=NOW)
    note_success(name="x", did=0, now=NOW + MINUTE)
    run = SweepRun.objects.get()
    assert (run.done_at, run.worked_at, run.did) == (NOW + MINUTE, NOW, 3)


def test_tasks_leave_word_of_success_and_of_failure(monkeypatch):
    drain_outbox.apply()
    name = "accounts.tasks.drain_outbox"
    assert SweepRun.objects.get(name=name).failures == 0

    def fail(*, now):
        raise OSError("no server")

    monkeypatch.setattr(outbox, "drain", fail)
    drain_outbox.apply()
    run = SweepRun.objects.get(name=name)
    assert (run.failures, run.last_error) == (1, "OSError: no server")


def test_the_sweep_command_leaves_word_too():
    sweep_until_done(NOW)
    assert set(SweepRun.objects.values_list("done_at", flat=True)) == {NOW}


def test_a_dead_letter_goes_out_again_under_its_message_id(operator, sign_in, at):
    at(NOW)
    dead, other = letter(dead=True), letter(dead=True)
    expected = outbox.message_id(dead)
    answer = sign_in(operator).post(f"/operations/messages/{dead.pk}/resend/")
    assert answer["Location"] == "/operations/"
    assert outbox.drain(now=NOW) == 1
    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [expected]
    other.refresh_from_db()
    assert other.dead_at == NOW


def test_all_dead_letters_go_out_again_and_living_ones_are_left_alone(operator):
    letter(dead=True), letter(dead=True), letter(sent=NOW)
    assert resend_messages(by=operator, now=NOW) == 2
    assert resend_messages(by=operator, now=NOW) == 0
    with pytest.raises(Refused, match="not_allowed"):
        resend_messages(by=factories.user(), now=NOW)


def test_the_page_names_addresses_and_errors_and_no_words_of_a_mail(operator, sign_in):
    dead = letter(dead=True, error="550 no such user")
    page = sign_in(operator).get("/operations/").content.decode()
    assert (dead.address in page, "550 no such user" in page) == (True, True)
    assert "secret" not in page


def test_for_everybody_else_there_is_no_such_page(sign_in):
    dead = letter(dead=True)
    for role in User.Role.values:
        client = sign_in(factories.user(role))
        answers = [
            client.get("/operations/").status_code,
            client.post("/operations/messages/resend/").status_code,
            client.post(f"/operations/messages/{dead.pk}/resend/").status_code,
        ]
        is_operator = role == User.Role.SYSTEM_ADMINISTRATOR
        assert answers == ([200, 302, 302] if is_operator else [404, 404, 404]), role


def test_the_swapped_state_is_that_of_a_reload(operator, sign_in, at):
    at(NOW)
    client = sign_in(operator)
    letter(dead=True)
    part = client.get("/operations/", headers={"HX-Request": "true"}).content.decode().strip()
    assert part.startswith('<div id="operations-state"')
    whole = client.get("/operations/").content.decode()
    assert whole.count('id="operations-state"') == 1


def test_the_page_takes_the_same_queries_for_one_letter_and_for_thirty(
    operator, sign_in, django_assert_max_num_queries
):
    client = sign_in(operator)
    for _number in range(30):
        letter(dead=True)
    with django_assert_max_num_queries(10):
        client.get("/operations/")


def test_the_page_is_chinese_but_for_codes_and_errors(operator, sign_in):
    User.objects.filter(pk=operator.pk).update(language="zh-hans")
    note_failure(name="accounts.tasks.drain_outbox", error="OSError: no server", now=NOW)
    letter(dead=True, error="550 no such user")
    page = Reader(sign_in(operator).get("/operations/").content.decode())
    assert faults(page.texts, typed()) == []
