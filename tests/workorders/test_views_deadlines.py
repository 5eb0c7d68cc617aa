"""Deadlines on the page: filters, month, proof, met, waived, put off."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tests import factories
from tests.workorders import scenes
from workorders.models import Deadline

pytestmark = pytest.mark.django_db
LIST = "/orders/deadlines/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def scene(at, now):
    at(now)
    return scenes.contoso()


@pytest.fixture
def duty(scene):
    """A duty of the customer, due in nine days."""
    cutoff = Deadline.objects.get(order=scene.order, kind="request_cutoff")
    return duty_like(cutoff)


def duty_like(row, **changes):
    fields = {"kind": "uer_onboarding", "subject_key": f"line:{factories.number()}", **changes}
    copy = Deadline.objects.get(pk=row.pk)
    copy.pk = None
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save()
    return copy


def url_of(name, *args):
    return reverse(f"workorders:{name}", args=args)


def squeezed(markup):
    plain = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", markup)
    return re.sub(r"\s+", " ", plain).strip()


def test_what_is_to_do_is_listed_by_date(scene, duty, sign_in):
    late = duty_like(duty, due_at=factories.NOW - timedelta(days=3))
    rows = sign_in(scene.csam).get(LIST).context["rows"]
    assert rows[0].deadline == late
    assert [(row.state.code, row.due_role) for row in rows[:2]] == [
        ("missed", "late"),
        ("soon", "risk"),
    ]
    assert [row.deadline.due_at for row in rows] == sorted(row.deadline.due_at for row in rows)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"kind": "expiry"}, {"expiry"}),
        ({"owner": "csam"}, {"expiry"}),
        ({"since": "2027-01-01", "until": "2027-01-31"}, {"expiry", "contract_year_end"}),
        ({"q": "WO-25-0117", "kind": "request_cutoff"}, {"request_cutoff"}),
        ({"q": "nothing"}, set()),
        ({"status": "waived"}, set()),
    ],
)
def test_filters_narrow_the_list(scene, duty, sign_in, query, kinds):
    rows = sign_in(scene.csam).get(LIST, query).context["rows"]
    assert {row.deadline.kind for row in rows} == kinds


@pytest.mark.parametrize(
    "status", ["", "open", "missed", "snoozed", "met", "waived", "passed", "all"]
)
def test_every_status_can_be_asked_for(scene, duty, sign_in, status):
    assert sign_in(scene.csam).get(LIST, {"status": status}).status_code == 200


@pytest.mark.parametrize(
    "query", [{"since": "tomorrow"}, {"kind": "x"}, {"customer": "0"}, {"until": "9999-12-31"}]
)
def test_filters_that_can_t_be_read_are_told(scene, sign_in, query):
    answer = sign_in(scene.csam).get(LIST, query)
    assert list(answer.context["form"].errors) == list(query)
    assert answer.context["rows"] == []


@pytest.mark.parametrize("month", ["2026-12", "", "never", "0000-00", "2199-12"])
def test_the_month_shows_what_is_due_on_each_day(scene, duty, sign_in, month):
    context = sign_in(scene.csam).get(LIST, {"view": "month", "month": month}).context
    entries = [entry for week in context["weeks"] for day in week for entry in day.entries]
    due = {deadline.kind for deadline, _state in entries}
    assert due == ({"request_cutoff", "uer_onboarding"} if month != "2199-12" else set())


@pytest.mark.parametrize("query", [{}, {"view": "month", "month": "2026-12"}])
def test_the_fragment_is_part_of_the_page(scene, duty, sign_in, query):
    client = sign_in(scene.csam)
    page = squeezed(client.get(LIST, query).content.decode())
    fragment = squeezed(client.get(LIST, query, headers=HTMX).content.decode())
    assert fragment in page


@pytest.mark.parametrize("act", ["proof", "meet", "waive", "snooze"])
def test_an_opened_row_is_the_row_of_the_reloaded_list(scene, duty, sign_in, act):
    client = sign_in(scene.csam)
    row = client.get(url_of("deadline-row", duty.pk), {"act": act, "in": "list"}, headers=HTMX)
    page = client.get(LIST, {"on": duty.pk, "act": act})
    assert squeezed(row.content.decode()) in squeezed(page.content.decode())


def test_without_htmx_a_row_leads_to_the_deadline(scene, duty, sign_in):
    answer = sign_in(scene.csam).get(url_of("deadline-row", duty.pk))
    assert answer["Location"] == f"/orders/deadlines/{duty.pk}/"


def test_a_deadline_is_met_and_stays_so_by_a_second_click(scene, duty, sign_in):
    client = sign_in(scene.csam)
    row = client.post(url_of("deadline-act", duty.pk, "meet"), headers=HTMX)
    duty.refresh_from_db()
    assert (row.status_code, duty.met_at, duty.met_by) == (200, factories.NOW, scene.csam)
    assert client.post(url_of("deadline-act", duty.pk, "meet")).status_code == 404


def test_waiving_needs_a_reason_that_stays_with_the_deadline(scene, duty, sign_in):
    client = sign_in(scene.csam)
    url = url_of("deadline-act", duty.pk, "waive")
    empty = client.post(url, {f"d{duty.pk}-reason": " "}, headers=HTMX)
    assert (empty.status_code, "is required" in empty.content.decode()) == (422, True)
    client.post(url, {f"d{duty.pk}-reason": "Agreed with the customer"})
    duty.refresh_from_db()
    assert (duty.waived_by, duty.waived_reason) == (scene.csam, "Agreed with the customer")
    page = client.get(url_of("deadline-detail", duty.pk)).content.decode()
    assert "Agreed with the customer" in page


def test_snoozing_past_the_date_is_refused_and_what_was_typed_stays(scene, duty, sign_in):
    client = sign_in(scene.csam)
    url = url_of("deadline-act", duty.pk, "snooze")
    data = {f"d{duty.pk}-until": "2026-12-24", f"d{duty.pk}-reason": "Waiting for the plant"}
    answer = client.post(url, data)
    assert (answer.status_code, answer.context["opened"]) == (422, "snooze")
    assert "Waiting for the plant" in answer.content.decode()
    client.post(url, {**data, f"d{duty.pk}-until": "2026-11-30"})
    duty.refresh_from_db()
    assert duty.snoozed_until == datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)
    rows = client.get(LIST, {"status": "snoozed"}).context["rows"]
    assert [row.deadline for row in rows] == [duty]


def test_the_intake_is_recorded_with_its_instant(sign_in, at, now):
    at(now)
    order, csam = scenes.draft_order(flex=False)
    from workorders.actions.orders import Scope, execute_order

    scopes = [Scope("subscription", "sub-1")]
    line = factories.line(order, "mcsap", 1, unit="subscription", scopes=scopes)
    order.refresh_from_db()
    execute_order(order=order, by=csam, now=factories.SIGNED)
    intake = Deadline.objects.get(kind="mcsap_intake")
    client = sign_in(csam)
    data = {f"d{intake.pk}-at": "2025-12-20T10:00"}
    client.post(url_of("deadline-act", intake.pk, "meet"), data)
    line.refresh_from_db()
    intake.refresh_from_db()
    assert line.intake_completed_at == datetime(2025, 12, 20, 9, tzinfo=UTC)
    assert intake.met_at == line.intake_completed_at


@pytest.mark.parametrize("role", ["administrator", "viewer", "contact"])
def test_customers_look_but_don_t_act(scene, duty, sign_in, role):
    client = sign_in(scene.people[role])
    assert client.get(url_of("deadline-detail", duty.pk)).context["acts"] == []
    assert client.post(url_of("deadline-act", duty.pk, "meet")).status_code == 404
    duty.refresh_from_db()
    assert duty.met_at is None


def test_a_date_that_simply_arrives_is_neither_met_nor_waived(scene, sign_in):
    cutoff = Deadline.objects.get(order=scene.order, kind="request_cutoff")
    client = sign_in(scene.csam)
    rows = client.get(LIST, {"kind": "request_cutoff"}).context["rows"]
    assert [row.acts for row in rows] == [("snooze",)]
    assert client.post(url_of("deadline-act", cutoff.pk, "meet")).status_code == 404


def test_a_stranger_finds_no_deadline(scene, duty, sign_in):
    client = sign_in(scene.stranger)
    for url in (url_of("deadline-detail", duty.pk), url_of("deadline-row", duty.pk)):
        assert client.get(url, headers=HTMX).status_code == 404
    assert client.post(url_of("deadline-act", duty.pk, "meet")).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_needs_the_same_queries_for_one_row_and_thirty(
    scene, duty, sign_in, rows, django_assert_num_queries
):
    for number in range(rows - 1):
        duty_like(duty, due_at=duty.due_at + timedelta(minutes=number))
    client = sign_in(scene.csam)
    query = {"kind": "uer_onboarding"}
    client.get(LIST, query)
    with django_assert_num_queries(5):
        assert len(client.get(LIST, query).context["rows"]) == rows


def test_long_lists_go_on_by_pages(scene, duty, sign_in):
    for number in range(70):
        duty_like(duty, due_at=duty.due_at + timedelta(minutes=number))
    client = sign_in(scene.csam)
    query = {"kind": "uer_onboarding"}
    first = client.get(LIST, query).context
    second = client.get(LIST, {**query, "after": first["page"].after}).context
    seen = [row.deadline.pk for row in (*first["rows"], *second["rows"])]
    assert (len(seen), len(set(seen)), second["page"].after) == (71, 71, "")


@pytest.mark.parametrize(
    ("role", "kind", "label", "leads_to"),
    [
        ("csam", "request_cutoff", "Plan bookings", "/schedule/new/?customer="),
        ("administrator", "request_cutoff", "Request a service", "/schedule/new/?customer="),
        ("csam", "event_confirmation", "Confirm event", "/schedule/7/event/"),
        ("csam", "minimum_enrolment", "Decide on the workshop", "/schedule/7/"),
        ("administrator", "free_cancellation", "Keep or cancel", "/schedule/7/"),
        ("csam", "quarterly_review", "Hold the review", "/schedule/customers/"),
    ],
)
def test_the_page_leads_to_where_the_deadline_is_resolved(
    scene, duty, sign_in, role, kind, label, leads_to
):
    person = scene.csam if role == "csam" else factories.customer_administrator(scene.customer)
    subject = "order:7" if kind == "request_cutoff" else "booking:7"
    duty = duty_like(duty, kind=kind, subject_key=subject)
    page = sign_in(person).get(url_of("deadline-detail", duty.pk)).content.decode()
    button = re.search(r'<a class="btn p-b-go" href="([^"]+)">([^<]+)</a>', page)
    assert button[2] == label
    assert button[1].startswith(leads_to)


def test_no_button_leads_away_where_it_is_over_or_not_the_readers_turn(scene, duty, sign_in):
    event = duty_like(duty, kind="event_confirmation", subject_key="booking:7")
    over = duty_like(duty, kind="expiry", due_at=factories.NOW - timedelta(days=3))
    cutoff = Deadline.objects.get(order=scene.order, kind="request_cutoff")
    administrator = factories.customer_administrator(scene.customer)
    looker = factories.viewer(scene.customer)
    for person, row in ((administrator, event), (scene.csam, over), (looker, cutoff)):
        page = sign_in(person).get(url_of("deadline-detail", row.pk)).content.decode()
        assert '<a class="btn p-b-go"' not in page
