"""One outage by phone and by portal: two targets, both sides' times, an analysis, the replay."""

from datetime import date, timedelta

import pytest
from django.db.models import DateTimeField, F
from playwright.sync_api import Page, expect

from accounts.models import Assignment, Contact, Customer, User
from incidents.models import Incident, IncidentDuty, IncidentUpdate, RootCauseAnalysis
from tests import factories
from tests.browser.steps import card, settle, sign_in, sign_out
from tests.incidents.scenes import ARR, UER, hold
from ussd_portal.demo.credentials import demo_password

TODAY = date.today()


@pytest.fixture
def adventure(portal) -> Customer:
    """A customer with the base package, rapid response and enhanced response."""
    place = factories.host(factories.customer(name="Adventure Freight", short_name="Adventure"))
    order = factories.draft(
        place.customer, starts_on=TODAY - timedelta(days=90), ends_on=TODAY + timedelta(days=270)
    )
    factories.line(order)
    factories.executed(order)
    for programme in (ARR, UER):
        hold(order, programme)
    reader = factories.customer_administrator(
        place.customer, name="Aiko Brandt", email="aiko@demo.example", password=demo_password()
    )
    factories.contact(
        place, role=Contact.Role.REACTIVE, name=reader.name, email=reader.email, user=reader
    )
    mara = User.objects.get(email="mara.keller@demo.example")
    Assignment.objects.create(
        user=mara, customer=place.customer, starts_on=TODAY - timedelta(days=9)
    )
    return place.customer


@pytest.mark.clause("0-C14", "2.5-AR2", "2.5-UE3")
def test_two_targets_both_sides_times_an_analysis_and_the_replay(visit, adventure):
    tab = visit(viewport={"width": 1440, "height": 900})
    sign_in(tab, "aiko@demo.example")

    fill_in(tab, channel="phone")
    answer = tab.get_by_role("complementary", name="What will apply")
    expect(answer).to_contain_text("30 minutes")
    expect(answer).to_contain_text("Has to be submitted by portal")
    tab.get_by_role("button", name="Open the incident").click()
    expect(card(tab, "Why this target applies")).to_contain_text("Unified Enhanced Response (UER)")

    fill_in(tab, channel="portal")
    expect(answer).to_contain_text("15 minutes")
    expect(answer).to_contain_text("Slower than Azure Rapid Response (ARR)")
    tab.get_by_role("button", name="Open the incident").click()
    why = card(tab, "Why this target applies")
    why.get_by_role("link", name="Azure Rapid Response (ARR)").click()
    expect(tab.locator("#severity-A")).to_contain_text("applies to the incident")
    expect(tab.locator("#severity-A-target-azure_component")).to_contain_text("15 minutes")

    by_phone, by_portal = Incident.objects.filter(customer=adventure).order_by("pk")
    sign_out(tab)
    sign_in(tab, "mara.keller")
    answer_in_time(tab, by_portal)
    see_a_duty_missed(tab, by_portal)
    ask_for_the_analysis_a_minute_before_the_closure(tab, by_phone)
    ask_for_the_analysis_a_minute_after_the_closure(tab, by_portal)

    tab.goto(f"/incidents/replay/{adventure.pk}/")
    saved = card(tab, "Response minutes saved").get_by_role("row")
    expect(saved.filter(has_text="Mission critical, Azure platform")).to_contain_text("15 minutes")
    expect(saved.filter(has_text="Mission critical, Azure platform")).to_contain_text("1 of 2")
    targets = {by_phone: ("30 minutes", "15 minutes"), by_portal: ("15 minutes", "–")}
    for incident, (held, under_mcsap) in targets.items():
        row = card(tab, "Incident by incident").get_by_role("row").filter(has_text=incident.number)
        expect(row.get_by_role("cell").nth(1)).to_have_text(held)
        expect(row.get_by_role("cell").nth(3)).to_have_text(under_mcsap)


def fill_in(tab: Page, *, channel: str) -> None:
    """The form of an outage of virtual machines at severity A."""
    tab.goto("/incidents/new/")
    tab.get_by_label("Product or component").fill("Azure Virtual Machines")
    tab.locator("[name=severity][value=A]").check()
    tab.get_by_label("Business impact").fill("No truck leaves the yard.")
    tab.get_by_label("Title").fill("Dispatch servers are gone")
    tab.get_by_label("Submitted by").select_option(channel)
    settle(tab)


def answer_in_time(tab: Page, incident: Incident) -> None:
    """The account manager records the engineer's call."""
    tab.goto(f"/incidents/{incident.pk}/")
    do(tab, "Record first response", Engineer="Ada Okafor")
    expect(card(tab, "Clocks")).to_contain_text("Met")


def see_a_duty_missed(tab: Page, incident: Incident) -> None:
    """The customer can't supply people: the chart's transition is offered, never made alone."""
    duty = incident.duties.get(code="continuous_resources")
    tab.locator(f'a[href$="/duties/{duty.pk}/failed/"]').click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Nobody is on call at night.")
    dialog.get_by_role("button", name="Record it").click()
    expect(tab.get_by_text("Adventure hasn't supplied")).to_be_visible()
    expect(tab.get_by_role("link", name="Stop 24 × 7 work")).to_be_visible()
    incident.refresh_from_db()
    assert (incident.severity, incident.stepped_down_at) == ("A", None)


def ask_for_the_analysis_a_minute_before_the_closure(tab: Page, incident: Incident) -> None:
    """In time: the request stands, whatever is closed afterwards."""
    tab.goto(f"/incidents/{incident.pk}/")
    do(tab, "Request analysis", button="Request analysis", Note="Before it is closed")
    expect(card(tab, "Root cause analysis")).to_contain_text("Requested")
    a_minute_passes(incident)
    do(tab, "Close", button="Close incident")
    expect(card(tab, "Root cause analysis")).to_contain_text("Requested")


def ask_for_the_analysis_a_minute_after_the_closure(tab: Page, incident: Incident) -> None:
    """Too late: nothing offers it any more, and the form that is still open is refused."""
    tab.goto(f"/incidents/{incident.pk}/analysis/")
    other = tab.context.new_page()
    other.goto(f"/incidents/{incident.pk}/")
    do(other, "Close", button="Close incident")
    other.close()
    a_minute_passes(incident)
    tab.get_by_role("button", name="Request analysis").click()
    expect(tab.get_by_text("Too late.")).to_be_visible()
    assert not incident.analyses.exists()


def do(tab: Page, act: str, *, button: str = "", **fields: str) -> None:
    """Open the dialog of an act, fill it in and send it."""
    tab.get_by_role("link", name=act, exact=True).click()
    dialog = tab.get_by_role("dialog")
    for label, text in fields.items():
        dialog.get_by_label(label).fill(text)
    dialog.get_by_role("button", name=button or act).click()
    expect(dialog).to_have_count(0)


def a_minute_passes(incident: Incident) -> None:
    """Everything about the incident is a minute further in the past."""
    minute = timedelta(minutes=1)
    for rows in (
        Incident.objects.filter(pk=incident.pk),
        IncidentUpdate.objects.filter(incident=incident),
        IncidentDuty.objects.filter(incident=incident),
        RootCauseAnalysis.objects.filter(incident=incident),
    ):
        columns = [one.name for one in rows.model._meta.fields if isinstance(one, DateTimeField)]
        rows.update(**{name: F(name) - minute for name in columns})
