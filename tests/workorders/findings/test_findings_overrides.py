"""What staff override, with a reason."""

import pytest

from accounts.rules.refusal import Refused
from tests.workorders.findings.checks import NOW
from workorders.actions import orders
from workorders.models import Override

pytestmark = pytest.mark.django_db


@pytest.mark.clause("0-C17")
@pytest.mark.parametrize("code", ["over_cap", "insufficient_credits", "tax_exception"])
def test_money_and_balances_are_never_overridden(draft, code):
    with pytest.raises(Refused, match="not_overridable"):
        orders.override_refusal(
            customer=draft.customer,
            subject_key="line:1",
            code=code,
            reason="x",
            by=draft.created_by,
            now=NOW,
        )


def test_an_override_needs_a_reason(draft):
    with pytest.raises(Refused, match="reason_required"):
        orders.override_refusal(
            customer=draft.customer,
            subject_key="line:1",
            code="host_only",
            reason="  ",
            by=draft.created_by,
            now=NOW,
        )
    assert not Override.objects.exists()
