"""News is told once; what is due goes out, again under the same Message-ID after a crash."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from accounts.actions import messages, outbox
from accounts.models import Message
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 24, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class DownBackend(EmailBackend):
    """A mail server that can't be reached."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("[Errno 111] Connection refused")


def tell(**changes):
    """A message about one subject to one person over both channels."""
    values = {
        "recipient": None,
        "subject_key": "deadline-1",
        "subject": "Request by 2 Dec 2026",
        "text": "Request it.\n",
        "html": "<p>Request it.</p>",
        "now": NOW,
        "offset": "30d",
        "link": "/deadlines/",
    }
    values |= changes
    values["recipient"] = values["recipient"] or factories.user(email="jana@example.com")
    return messages.write_messages(**values)


def email() -> Message:
    """The one e-mail of the test."""
    return Message.objects.get(channel=Message.Channel.EMAIL)


def test_the_same_news_is_written_once_for_each_channel():
    person = factories.user()
    assert len(tell(recipient=person)) == 2
    assert tell(recipient=person) == []
    assert Message.objects.count() == 2


def test_another_offset_or_person_is_other_news():
    person = factories.user()
    tell(recipient=person)
    assert len(tell(recipient=person, offset="14d")) == 2
    assert len(tell(recipient=factories.user())) == 2


def test_a_mail_carries_text_html_subject_and_a_message_id_of_its_own():
    tell()
    assert outbox.drain(now=NOW) == 1
    (sent,) = mail.outbox
    assert sent.to == ["jana@example.com"]
    assert sent.subject == "Request by 2 Dec 2026"
    assert sent.body == "Request it.\n"
    ((page, kind),) = [(part.content, part.mimetype) for part in sent.alternatives]
    assert kind == "text/html"
    assert "<h1>Request by 2 Dec 2026</h1>" in page
    assert "<p>Request it.</p>" in page
    assert sent.extra_headers == {
        "Message-ID": outbox.message_id(email()),
        "X-Portal-Subject": "deadline-1",
    }


def test_the_sheet_of_a_mail_speaks_the_readers_language():
    tell(recipient=factories.user(email="min@example.com", language="zh-hans"))
    outbox.drain(now=NOW)
    page = mail.outbox[0].alternatives[0].content
    assert '<html lang="zh-hans">' in page
    assert "支持门户" in page


def test_the_inbox_isnt_mailed():
    tell(channels=[Message.Channel.INBOX])
    assert outbox.drain(now=NOW) == 0


def test_a_message_waits_for_its_time():
    tell(due_at=NOW + MINUTE)
    assert outbox.drain(now=NOW) == 0
    assert outbox.drain(now=NOW + MINUTE) == 1


def test_what_is_sent_isnt_sent_again():
    tell()
    assert [outbox.drain(now=NOW), outbox.drain(now=NOW + timedelta(days=1))] == [1, 0]
    assert email().sent_at == NOW


def test_a_crash_between_sending_and_marking_repeats_it_under_the_same_message_id(
    monkeypatch, settings
):
    tell()

    class Crash(BaseException):
        pass

    def send_and_crash(self, messages):
        send(self, messages)
        raise Crash

    send = EmailBackend.send_messages
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", send_and_crash)
        with pytest.raises(Crash):
            outbox.drain(now=NOW)
    assert email().sent_at is None
    assert outbox.drain(now=NOW + settings.OUTBOX_LEASE) == 0, (
        "the lease of the dead worker still holds"
    )
    assert outbox.drain(now=NOW + settings.OUTBOX_LEASE + MINUTE) == 1
    first, second = (one.extra_headers["Message-ID"] for one in mail.outbox)
    assert first == second


def test_an_unreachable_server_is_tried_again_later_and_later(settings):
    settings.EMAIL_BACKEND = f"{__name__}.DownBackend"
    tell()
    waits, now = [], NOW
    for _attempt in range(outbox.MAX_ATTEMPTS - 1):
        assert outbox.drain(now=now) == 0
        waits.append((email().due_at - now) // MINUTE)
        now = email().due_at
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    assert email().dead_at is None


def test_a_message_is_dead_after_the_last_attempt_and_can_be_brought_back(settings):
    settings.EMAIL_BACKEND = f"{__name__}.DownBackend"
    tell()
    now = NOW
    for _attempt in range(outbox.MAX_ATTEMPTS):
        outbox.drain(now=now)
        now = email().due_at
    dead = email()
    assert dead.attempts == outbox.MAX_ATTEMPTS
    assert dead.last_error == "[Errno 111] Connection refused"
    assert dead.dead_at is not None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.drain(now=now + timedelta(days=30)) == 0
    outbox.resend(message=dead, now=now)
    assert outbox.drain(now=now) == 1


def test_one_bad_address_doesnt_hold_up_the_others():
    tell(recipient=factories.user(email="bad@example.com"), subject="broken")
    Message.objects.filter(address="bad@example.com").update(address="a\nb@example.com")
    tell(recipient=factories.user(email="good@example.com"))
    assert outbox.drain(now=NOW) == 1
    assert [one.to for one in mail.outbox] == [["good@example.com"]]


def test_a_line_break_in_a_subject_cant_add_a_header():
    tell(subject="Innocent\nBcc: all@example.com")
    outbox.drain(now=NOW)
    assert [one for one in mail.outbox if "\n" in one.subject] == []


def test_the_message_id_belongs_to_the_portals_domain(settings):
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@support.example.com>"
    tell()
    assert outbox.message_id(email()).endswith("@support.example.com>")


def test_reading_marks_ones_own_messages_alone():
    mine, other = factories.user(), factories.user()
    (row,) = tell(recipient=mine, channels=[Message.Channel.INBOX])
    (foreign,) = tell(recipient=other, channels=[Message.Channel.INBOX])
    assert messages.mark_read(messages=[row.pk, foreign.pk], user=mine, now=NOW) == 1
    assert messages.mark_read(messages=[row.pk], user=mine, now=NOW + MINUTE) == 0
    assert Message.objects.get(pk=row.pk).read_at == NOW
    assert Message.objects.get(pk=foreign.pk).read_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_two_drains_at_once_send_each_message_once():
    for _ in range(20):
        tell(recipient=factories.user())
    counts = drain_in_parallel()
    assert sum(counts) == 20
    assert len(mail.outbox) == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_without_the_claim_two_drains_send_twice(monkeypatch):
    """The twin: the race is real, the conditional UPDATE is what wins it."""
    monkeypatch.setattr(outbox, "_claim", lambda pk, now: True)
    for _ in range(20):
        tell(recipient=factories.user())
    drain_in_parallel()
    assert len(mail.outbox) > 20


def drain_in_parallel() -> list[int]:
    """Two workers that start at the same moment."""
    start = threading.Barrier(2)
    counts = []

    def work():
        try:
            start.wait(timeout=10)
            counts.append(outbox.drain(now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return counts
