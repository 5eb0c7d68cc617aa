"""What somebody without a mouse needs: a way past the frame, out of a dialog, to what is wrong."""

import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import Incident
from services.scheduling.models import Booking
from tests.browser.steps import heading, settle, sign_in


def test_the_first_tab_skips_to_the_content_and_shows_where_it_is(visit):
    tab = visit()
    sign_in(tab, "mara.keller")
    tab.goto(reverse("customer-list"))
    tab.keyboard.press("Tab")
    skip = tab.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    tab.keyboard.press("Enter")

    expect(tab.get_by_role("main")).to_be_focused()


def test_escape_closes_a_dialog_and_the_focus_returns(visit):
    tab = visit()
    sign_in(tab, "mara.keller")
    incident = Incident.objects.filter(closed_at=None, customer__name="Contoso Motors")[0]
    tab.goto(reverse("incidents:incident-detail", args=[incident.pk]))
    opener = tab.get_by_role("link", name="Change severity")
    opener.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("dialog")).to_be_visible()
    settle(tab)

    tab.keyboard.press("Escape")

    expect(tab.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_back_shows_the_list_before_the_filter_and_dialogs_still_open(visit):
    tab = visit()
    sign_in(tab, "mara.keller")
    tab.goto("/schedule/?view=month")
    tab.get_by_label("Customer", exact=True).select_option("Contoso Motors")
    expect(tab).to_have_url(re.compile("customer=[0-9]+"))
    settle(tab)

    tab.go_back()

    expect(tab).to_have_url("/schedule/?view=month")
    expect(tab.get_by_label("Customer", exact=True)).to_have_value("")
    booking = Booking.objects.standing().filter(
        entitlement__order__customer__name="Contoso Motors", starts_at__gt=timezone.now()
    )[0]
    tab.evaluate(
        "address => htmx.ajax('GET', address, {target: '#p-dialog', swap: 'innerHTML'})",
        reverse("scheduling:booking-move", args=[booking.pk]),
    )
    expect(tab.get_by_role("dialog")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_have_count(0)


def test_after_a_refused_form_the_focus_is_on_what_is_wrong(visit):
    tab = visit()
    sign_in(tab, "mara.keller")
    tab.goto(reverse("incidents:incident-open"))
    tab.get_by_role("button", name="Open the incident").click()
    summary = tab.get_by_role("alert").filter(has_text="look at this field again")
    expect(summary).to_be_focused()

    summary.get_by_role("link", name="Title").press("Enter")

    expect(tab.get_by_label("Title")).to_be_focused()
    expect(heading(tab)).to_have_text("Open an incident")
