"""Many programs on one balance, over HTTP, as they would really come."""

import http.client
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread

from accounts.actions.keys import make_token
from tests import factories
from tests.twins import move_without_looking
from workorders.models import Redemption
from workorders.queries.ledger import verify_ledger

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PROGRAMS = 32


@pytest.fixture
def order(now, at):
    at(now)
    factories.credit_value()
    order = factories.executed(factories.draft())
    factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=10,
    )
    return order


class Server(ThreadedWSGIServer):
    """Lets as many wait at the door as come at the same moment."""

    request_queue_size = 4 * PROGRAMS


@pytest.fixture
def live(transactional_db, monkeypatch):
    """The portal on a port of its own."""
    monkeypatch.setattr(LiveServerThread, "server_class", Server)
    thread = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    yield thread
    thread.terminate()


def redeem_at_once(order, server, now, *, keys):
    """The statuses and bodies that `PROGRAMS` programs get, all asking for one credit."""
    _row, token = make_token(user=order.created_by, name="Race", now=now)
    place = order.order_locations.get().location
    body = json.dumps(
        {
            "location": place.pk,
            "lines": [{"offering": "workshops", "value": "1000.00", "currency": "EUR"}],
        }
    )
    start = Barrier(PROGRAMS)

    def program(number):
        wire = http.client.HTTPConnection(server.host, server.port, timeout=60)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": keys(number),
        }
        start.wait(timeout=30)
        wire.request("POST", f"/api/v1/orders/{order.pk}/credits/redeem/", body, headers)
        answer = wire.getresponse()
        said = json.loads(answer.read())
        wire.close()
        return answer.status, said

    with ThreadPoolExecutor(PROGRAMS) as pool:
        return list(pool.map(program, range(PROGRAMS)))


def test_32_programs_redeem_the_last_10_credits_exactly(order, live, now):
    answers = redeem_at_once(order, live, now, keys=str)
    assert Counter(status for status, _said in answers) == {201: 10, 409: 22}
    refused = [said for status, said in answers if status == 409]
    assert {said["code"] for said in refused} == {"insufficient_credits"}
    assert Redemption.objects.count() == 10
    assert verify_ledger().in_order


def test_32_programs_with_one_key_get_one_answer(order, live, now):
    answers = redeem_at_once(order, live, now, keys=lambda _number: "same")
    assert {status for status, _said in answers} == {201}
    assert len({said[0]["id"] for _status, said in answers}) == 1
    assert Redemption.objects.count() == 1


def test_without_the_guard_more_programs_succeed(order, live, now, monkeypatch):
    """The twin: with a ledger that doesn't look at what is there, too many succeed."""
    monkeypatch.setattr("workorders.actions.ledger.move_at_once", move_without_looking)
    answers = redeem_at_once(order, live, now, keys=str)
    made = Counter(status for status, _said in answers)[201]
    assert made > 10 or not verify_ledger().in_order
