import pickle

import pytest

from accounts.rules.refusal import Refused


@pytest.mark.clause("0-C17")
def test_a_refusal_carries_its_code_clauses_field_and_figures():
    refused = Refused("over_cap", clause="2.2-F3, 2.2-F6", field="amount", left=5)
    assert refused.code == "over_cap"
    assert refused.clauses == ("2.2-F3", "2.2-F6")
    assert refused.field == "amount"
    assert refused.figures == {"left": 5}
    assert refused.overridable is False
    assert str(refused) == "over_cap (2.2-F3, 2.2-F6)"


def test_a_refusal_without_a_clause_is_its_code():
    refused = Refused("stale")
    assert refused.clauses == ()
    assert str(refused) == "stale"


def test_a_refusal_crosses_processes_whole():
    refused = pickle.loads(
        pickle.dumps(Refused("host_only", clause="2.5-UE22", overridable=True, location="fr"))
    )
    assert (refused.code, refused.clauses) == ("host_only", ("2.5-UE22",))
    assert refused.overridable is True
    assert refused.figures == {"location": "fr"}
