"""Cyberattack work that begins before its contract."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from incidents.actions.emergencies import agree_scope, record_contract, start_emergency
from incidents.models import EmergencyStart
from tests import factories
from tests.incidents.scenes import NOW, YES, agreement, code_of, hold, host_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.clause("2.4-IR2", "2.4-IR3", "2.4-IR4", "2.4-IR5")
def test_an_emergency_starts_on_the_customers_word_with_all_consequences_on_record(order, csam):
    person = factories.customer_administrator(order.customer)
    act = {
        "location": host_of(order),
        "emergency": "Ransom note on file servers",
        "authorised_by": person.name,
        "by": person,
        "now": NOW,
    }
    for missing in YES:
        fields = {**act, **YES, missing: False}
        assert code_of(start_emergency, **fields) == "acknowledgement_required"
    start = start_emergency(**act, **YES, idempotency_key="k")
    assert start_emergency(**act, **YES, idempotency_key="k") == start
    assert (start.order, start.authorised_at) == (order, NOW)
    assert agree_scope(start=start, scope="File servers", by=csam).scope == "File servers"
    sign = {"start": start, "by": csam, "now": NOW + 9 * DAY}
    assert code_of(record_contract, **sign, signed_on=date(2027, 1, 1)) == "in_the_future"
    assert code_of(record_contract, **sign, signed_on=date(2026, 11, 1)) == "contract_signed"
    assert record_contract(**sign, signed_on=date(2026, 11, 30)).signed_on == date(2026, 11, 30)
    assert code_of(record_contract, **sign, signed_on=date(2026, 11, 30)) == "already_recorded"
    for fields in ({"bears_risk": False}, {"authorised_by": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EmergencyStart.objects.update(**fields)


@pytest.mark.clause("2.4-IR2")
def test_without_an_agreement_or_with_mscir_bought_there_is_no_early_start(csam):
    act = {"emergency": "x", "authorised_by": "y", "by": csam, "now": NOW, **YES}
    assert code_of(start_emergency, location=factories.host(), **act) == "base_required"
    bought = agreement()
    hold(bought, "mscir")
    assert code_of(start_emergency, location=host_of(bought), **act) == "contract_signed"
