"""Mails are due while workers and beats are killed: none is lost, none goes out under two ids.

The same at full size, with an outage of Redis: `python -m bench.kills` (`make drills`).
"""

import sys

import pytest

from bench.kills import Drill

pytestmark = [
    pytest.mark.drill,
    pytest.mark.xdist_group("runportal"),
    pytest.mark.skipif(sys.platform != "linux", reason="kills processes"),
]


def test_whatever_is_killed_every_mail_arrives_under_one_message_id():
    drill = Drill(db="sqlite", lease=2, delay=0.02, seed=7, impatient=True)
    with drill.standing():
        outcome = drill.kills(messages=80, workers=2, beats=2, kills=4)
    assert (outcome.lost, outcome.dead, outcome.told_under_two_ids) == (0, 0, 0)
    assert len(drill.arrived.mails) == 80
    assert (outcome.kills, outcome.killed_workers + outcome.killed_beats) == (4, 4)
    assert outcome.repeated <= outcome.kills, "a kill repeats at most the mail it fell into"


def test_the_sink_tells_two_ids_of_one_mail_apart():
    """The twin: the count above can fail."""
    drill = Drill(db="sqlite", lease=2, delay=0, seed=1)
    drill.arrived.mails["a@example.com", "x"].update({"<1@x>": 1, "<2@x>": 1})
    drill.end()
    assert [len(ids) for ids in drill.arrived.mails.values()] == [2]
