"""Readings that an administrator chooses in a draft change what orders under it compute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from services.catalog.models import Edition
from tests import factories
from tests.catalog.test_admin import draft_from, form_data
from workorders.actions.orders import Scope
from workorders.models import Deadline, WorkOrder

pytestmark = pytest.mark.django_db
SIGNED = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 10, 9, tzinfo=UTC)
CHOICES = {
    "start_is_day_one": "start_is_day_zero",
    "lowest_minutes": "most_specific",
    "general_limit": "penalty_for_late_intake",
}


def choose_others(editor, published: Edition) -> Edition:
    """A draft of the edition with the other reading of each, published on the pages."""
    draft_from(editor, published)
    draft = Edition.objects.get(code="next")
    url = reverse("admin:catalog_edition_change", args=[draft.pk])
    data = form_data(editor.get(url))
    data.update({name: CHOICES[value] for name, value in data.items() if value in CHOICES})
    assert editor.post(url, data).status_code == 302
    editor.post(reverse("admin:catalog_edition_publish", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.published_at is not None
    return draft


def executed_on_pages(client, customer) -> WorkOrder:
    """An order over 2027's neighbour year with UER and MCSAP, drafted and executed on the pages."""
    client.post(
        reverse("workorders:order-draft"),
        {
            "customer": customer.pk,
            "number": "",
            "starts_on": "2026-12-01",
            "ends_on": "2027-11-30",
            "currency": "EUR",
            "base_price_minor": "120000",
            "units_per_usd": "0.92",
        },
    )
    order = WorkOrder.objects.latest("pk")
    for code in ("unified-enhanced-response", "mcsap"):
        scopes = [Scope("subscription", "prod-001")] if code == "mcsap" else []
        factories.line(order, code, 1, unit="subscription", scopes=scopes)
    order.refresh_from_db()
    url = reverse("workorders:order-execute", args=[order.pk])
    page = client.get(url)
    data = {**page.context["form"].initial, "version": order.version, "confirmed": "on"}
    answer = client.post(url, data)
    order.refresh_from_db()
    assert order.executed_at is not None, answer.content.decode()
    return order


def computed(client, order) -> dict[str, object]:
    """What the three readings decide under the order, asked of the API."""
    due = Deadline.objects.get(order=order, kind="uer_onboarding").due_on
    host = order.customer.locations.get(role="host")
    preview = client.post(
        "/api/v1/incidents/preview/",
        {
            "location": host.pk,
            "component": "Universal Print",
            "severity": "1",
            "channel": "phone",
            "title": "No prints",
            "impact": "Hall 3 stands still",
        },
        content_type="application/json",
    ).json()
    line = order.lines.get(offering__code="mcsap")
    day = (LATER + timedelta(days=8)).date()
    answer = client.post(
        "/api/v1/improvement-plans/",
        {"line": line.pk, "title": "Failover", "focus": "resiliency", "wanted_from": day},
        content_type="application/json",
    )
    return {
        "0-C3": due,
        "0-C14": (preview["target"]["chart"], preview["target"]["resolution"]["minutes"]),
        "X-33": answer.json().get("code", answer.status_code),
    }


@pytest.mark.clause("1-A1", "0-C3", "0-C14", "X-33", "2.5-UE15", "2.4-AP12", "2.4-AP10")
def test_readings_chosen_in_a_draft_decide_under_its_orders_and_no_others(sign_in, at):
    at(SIGNED)
    published = factories.published_edition()
    customers = [factories.host().customer for _ in range(2)]
    person = factories.csam(*customers)
    csam = sign_in(person)
    orders = [executed_on_pages(csam, customers[0])]
    edition = choose_others(sign_in(factories.user("catalogue_administrator")), published)
    orders.append(executed_on_pages(csam, customers[1]))
    assert [order.edition for order in orders] == [published, edition]
    for order in orders:
        line = order.lines.get(offering__code="mcsap")
        done = csam.post(
            reverse("api:line-intake", args=[line.pk]),
            {"at": SIGNED.isoformat()},
            content_type="application/json",
        )
        assert done.status_code == 200, done.content
    at(LATER)
    csam = sign_in(person)
    # 60 days from 1 December 2026: day 60 is 29 January; counted from day 0 it is the 30th.
    assert computed(csam, orders[0]) == {
        "0-C3": date(2027, 1, 29),
        "0-C14": ("base", 15),
        "X-33": "onboarding_period",
    }
    assert computed(csam, orders[1]) == {
        "0-C3": date(2027, 1, 30),
        "0-C14": ("uer", 30),
        "X-33": 201,
    }
    page = csam.get(reverse("catalog:reading-list")).content.decode()
    for option, cases in (
        ("The first day is day 0: one day more", "MON-001"),
        ("The chart of the most specific programme that applies", "SCN-006"),
        ("A penalty: only after a late intake document", "MON-024"),
    ):
        assert option in page
        assert cases in page
