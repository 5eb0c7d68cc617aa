"""What HTMX brings equals what a reload brings; pressing twice does a thing once."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import Customer
from incidents.models import Incident
from services.scheduling.models import Booking
from tests.browser.steps import heading, settle, sign_in, working_day
from workorders.models import Entitlement, Transfer

# Clocks go on and keys are new on each page; everything else has to be equal.
LASTING = """part => part.outerHTML
  .replace(/name="(key|csrfmiddlewaretoken)" value="[^"]*"/g, "")
  .replace(/ class="(htmx-\\w+ ?)+"/g, "")
  .replace(/\\s+/g, " ")"""


def shown(tab: Page, part: str) -> str:
    settle(tab)
    return tab.locator(part).evaluate(LASTING)


def test_the_queue_filtered_in_place_equals_the_page_reloaded(visit, at):
    at(timezone.now())
    tab = visit()
    sign_in(tab, "mara.keller")
    tab.get_by_label("Customer", exact=True).select_option("Contoso Motors")
    contoso = Customer.objects.get(name="Contoso Motors")
    expect(tab).to_have_url(f"/?customer={contoso.pk}&kind=")
    in_place = shown(tab, "#queue-card")

    tab.reload()

    assert shown(tab, "#queue-card") == in_place
    expect(tab.locator("#queue-card tbody th")).not_to_have_count(0)
    assert set(tab.locator("#queue-card tbody th").all_inner_texts()) == {"Contoso Motors"}


def test_the_catalogue_searched_in_place_equals_the_page_reloaded(visit):
    tab = visit()
    sign_in(tab, "mara.keller")
    tab.goto("/catalogue/")
    tab.get_by_role("main").get_by_role("searchbox").press_sequentially("研讨会")
    expect(tab.get_by_role("main").get_by_role("link", name="Workshops")).to_be_visible()
    in_place = shown(tab, "#results")

    tab.reload()

    assert shown(tab, "#results") == in_place


def test_incidents_filtered_in_place_equal_the_page_reloaded(visit, at):
    at(timezone.now())
    tab = visit()
    sign_in(tab, "mara.keller")
    tab.goto("/incidents/")
    tab.get_by_label("Severity").select_option("A")
    settle(tab)
    in_place = shown(tab, "#results")

    file = tab.get_by_role("link", name="CSV")
    assert file.get_attribute("href").endswith("?q=&customer=&severity=A&state=")

    tab.reload()

    assert shown(tab, "#results") == in_place
    tab.get_by_label("Name of this view").fill("Severity A")
    tab.get_by_role("button", name="Save view").click()
    expect(tab.get_by_role("link", name="Severity A", exact=True)).to_have_attribute(
        "href", "/incidents/?severity=A"
    )


def test_booking_and_cancelling_pressed_twice_happen_once(visit):
    tab = visit()
    sign_in(tab, "mara.keller")
    before = Booking.objects.count()
    fill_in_a_workshop(tab, working_day(date.today() + timedelta(days=30)))
    tab.get_by_role("button", name="Book the service").dblclick()
    expect(heading(tab)).to_contain_text("Twice pressed")
    assert Booking.objects.count() == before + 1

    tab.get_by_role("link", name="Cancel the booking").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Reason, shown to the customer").fill("Pressed twice")
    dialog.get_by_role("button", name="Cancel at no cost").dblclick()
    expect(tab.get_by_role("main")).to_contain_text("Cancelled")
    booking = Booking.objects.latest("pk")
    assert booking.cancelled_at is not None
    assert Transfer.objects.filter(reason="Pressed twice").exists()


def test_an_incident_submitted_twice_is_opened_once(visit):
    tab = visit()
    sign_in(tab, "jana.vogt")
    before = Incident.objects.count()
    tab.goto(reverse("incidents:incident-open"))
    tab.get_by_label("Location of the contact").select_option("Stuttgart")
    settle(tab)
    tab.get_by_label("Product or component").fill("Windows Server")
    tab.get_by_role("radio", name="Work is hampered to a moderate degree").check()
    tab.get_by_label("Business impact").fill("Twelve people wait.")
    tab.get_by_label("Title").fill("Pressed twice")
    settle(tab)
    tab.get_by_role("button", name="Open the incident").dblclick()
    expect(heading(tab)).to_have_text("Pressed twice")
    assert Incident.objects.count() == before + 1


def test_what_is_typed_while_choices_arrive_stays(visit):
    tab = visit()
    sign_in(tab, "mara.keller")
    tab.goto(reverse("incidents:incident-open"))
    tab.get_by_label("Customer", exact=True).select_option("Contoso Motors")
    settle(tab)
    title = tab.get_by_label("Title")
    title.fill("Typed ")
    slow: list[Route] = []
    is_slow = True
    tab.route(
        "**/incidents/new/", lambda route: slow.append(route) if is_slow else route.continue_()
    )
    with tab.expect_request("**/incidents/new/"):
        tab.get_by_label("Location of the contact").select_option("Detroit")
    title.press_sequentially("while it loads")
    is_slow = False
    for route in slow:
        route.continue_()

    expect(tab.get_by_label("Contact optional")).to_contain_text("Luis Ortega")
    settle(tab)
    expect(title).to_have_value("Typed while it loads")
    expect(title).to_be_focused()
    expect(tab.get_by_text("Time in America/Detroit")).to_be_visible()


def workshop_of_contoso() -> Entitlement:
    """Workshops in Stuttgart, of the contract year that runs."""
    return Entitlement.objects.filter(
        offering__code="workshops",
        location__name="Stuttgart",
        usable_until__gte=date.today(),
    ).latest("usable_until")


def fill_in_a_workshop(tab: Page, day: date) -> None:
    held = workshop_of_contoso()
    tab.goto(f"/schedule/new/?customer={held.order.customer_id}&entitlement={held.pk}")
    tab.get_by_label("Title").fill("Twice pressed")
    tab.get_by_label("Begins on").fill(day.isoformat())
    tab.get_by_label("at", exact=True).first.fill("09:00")
    tab.get_by_label("at", exact=True).last.fill("12:00")
    tab.get_by_label("at", exact=True).last.blur()
    settle(tab)
