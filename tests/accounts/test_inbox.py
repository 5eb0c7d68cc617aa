"""The inbox: one's own messages, read one by one or all at once."""

import pytest
from django.utils import timezone

from accounts.actions import messages
from accounts.models import Message, User
from accounts.wording.messages import gist
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara() -> User:
    """The person at the desk."""
    return factories.csam()


def news(person: User, count: int = 1, **fields) -> list[Message]:
    """Messages in the person's inbox."""
    return [
        messages.write_messages(
            recipient=person,
            subject_key=f"news-{factories.number()}",
            subject=f"News {n}",
            text="What happened.\n\nAnd why.",
            now=timezone.now(),
            channels=[Message.Channel.INBOX],
            **fields,
        )[0]
        for n in range(count)
    ]


def unread(person: User) -> int:
    """How many the bell shows."""
    return Message.objects.visible_to(person).unread().count()


def test_the_bell_counts_what_is_unread_on_every_page(mara, sign_in):
    news(mara, 2)
    news(factories.csam(), 3)
    page = sign_in(mara).get("/profile/").content.decode()
    assert "Inbox, 2 unread" in page


def test_opening_a_message_marks_it_and_leads_to_what_it_is_about(mara, sign_in):
    (message,) = news(mara, link="/catalogue/")
    answer = sign_in(mara).post(f"/inbox/{message.pk}/open/")
    assert answer["Location"] == "/catalogue/"
    assert unread(mara) == 0


def test_a_message_about_nothing_in_particular_leads_back(mara, sign_in):
    (message,) = news(mara)
    assert sign_in(mara).post(f"/inbox/{message.pk}/open/")["Location"] == "/inbox/"


def test_reading_never_happens_by_a_get(mara, sign_in):
    (message,) = news(mara)
    client = sign_in(mara)
    assert client.get(f"/inbox/{message.pk}/open/").status_code == 405
    assert client.get("/inbox/read/").status_code == 405
    client.get("/inbox/")
    assert unread(mara) == 1


def test_somebody_elses_message_doesnt_exist(mara, sign_in):
    (foreign,) = news(factories.csam())
    assert sign_in(mara).post(f"/inbox/{foreign.pk}/open/").status_code == 404


def test_all_is_marked_at_once_and_the_fragment_equals_the_page(mara, sign_in):
    news(mara, 3)
    client = sign_in(mara)
    fragment = client.post("/inbox/read/", headers={"hx-request": "true"}).content.decode()
    assert unread(mara) == 0
    page = client.get("/inbox/").content.decode()
    assert fragment.strip() in page


def test_unread_ones_are_shown_alone_if_asked_for(mara, sign_in):
    first, _second = news(mara, 2)
    messages.mark_read(messages=[first.pk], user=mara, now=timezone.now())
    page = sign_in(mara).get("/inbox/?unread=1").content.decode()
    assert ("News 1" in page, "News 0" in page) == (True, False)


def test_an_empty_inbox_says_so(mara, sign_in):
    client = sign_in(mara)
    assert "No messages yet" in client.get("/inbox/").content.decode()
    assert "Nothing unread" in client.get("/inbox/?unread=1").content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "999999999999999999999", "x", ""])
def test_a_page_that_doesnt_exist_shows_the_nearest(page, mara, sign_in):
    news(mara, 25)
    assert sign_in(mara).get(f"/inbox/?page={page}").status_code == 200


def test_the_inbox_costs_the_same_with_one_and_with_twenty_messages(
    mara, sign_in, django_assert_num_queries
):
    client = sign_in(mara)
    news(mara, 1, customer=factories.customer())
    client.get("/inbox/")
    with django_assert_num_queries(QUERIES):
        client.get("/inbox/")
    news(mara, 19, customer=factories.customer())
    with django_assert_num_queries(QUERIES):
        client.get("/inbox/")


# Session, person, count, page, unread count of the frame.
QUERIES = 5


def test_a_message_is_shown_without_links_and_without_what_its_subject_says():
    message = Message(
        subject="Contoso: last free day to cancel, today",
        text="Last free day to cancel\n\nUntil Mon 23 Nov.\nClause 2.7-T17.\n\nhttps://x.example/1\n",
    )
    assert gist(message) == "Until Mon 23 Nov. Clause 2.7-T17."
