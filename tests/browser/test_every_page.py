"""Every page that a role can reach from its navigation: built right, laid out right, usable."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.looks import (
    SCHEMES,
    faults_of_access,
    faults_of_layout,
    faults_of_structure,
)
from tests.browser.steps import next_booking, sign_in

PEOPLE = {
    "csam": "mara.keller",
    "csam_lead": "helena.brandt",
    "customer_administrator": "jana.vogt",
    "location_contact": "luis.ortega",
    "customer_viewer": "viewer.contoso",
    "catalogue_administrator": "katalog",
    "system_administrator": "system",
}
# Who sees most on either side: from their pages every link to another kind of page is followed.
FOLLOWED = ("csam", "customer_administrator")
STEPS = 12
# Beside the navigation everybody has these.
EVERYBODY = ("/profile/", "/inbox/", "/search/?q=contoso", "/catalogue/readings/")
# Files, filters of a page that was seen, and what the portal doesn't draw itself.
ELSEWHERE = re.compile(r"\.csv|/admin/|/api/|/accounts/|#|\?|^/catalogue/clauses/")
LINKS = "links => links.map(link => link.getAttribute('href'))"
# One page of each kind: a list, or the first page that a list leads to.
MAIN = (
    ("/", ""),
    ("/customers/", ""),
    ("/customers/", r"/customers/\d+/"),
    ("/orders/", r"/orders/\d+/"),
    ("/schedule/", ""),
    ("/schedule/?view=month", ""),
    ("/schedule/new/", ""),
    ("/schedule/", r"/schedule/\d+/"),
    ("/schedule/forecast/", ""),
    ("/schedule/forecast/", r"/schedule/planner/\d+/"),
    ("/orders/deadlines/", ""),
    ("/incidents/", ""),
    ("/incidents/", r"/incidents/\d+/"),
    ("/catalogue/", ""),
    ("/profile/", ""),
)


def kind(path: str) -> str:
    """Pages that differ by their number or code alone are of one kind."""
    return re.sub(r"/\d+/", "/N/", re.sub(r"/offerings/[^/]+/", "/offerings/X/", path))


def links(tab: Page, within: str) -> list[str]:
    """Addresses of this site that lead from here to a page of its own."""
    found = tab.eval_on_selector_all(f"{within} a[href]", LINKS)
    return [link for link in found if link.startswith("/") and not ELSEWHERE.search(link)]


@pytest.mark.parametrize("role", PEOPLE)
def test_pages_are_well_built_at_every_size_in_light_and_dark(visit, role):
    tab = visit()
    sign_in(tab, PEOPLE[role])
    todo = ["/", *links(tab, "header"), *EVERYBODY]
    seen: set[str] = set()
    faults = []
    while todo:
        path = todo.pop(0)
        if kind(path) in seen:
            continue
        seen.add(kind(path))
        answer = tab.goto(path)
        assert answer.status == 200, path
        found = [*faults_of_structure(tab), *faults_of_layout(tab)]
        faults += [f"{path}: {fault}" for fault in found]
        if role in FOLLOWED and len(seen) <= STEPS:
            todo += links(tab, "main")

    assert faults == []


@pytest.mark.parametrize("act", ["cancel", "move"])
def test_a_dialog_that_is_a_page_has_headings_in_order(visit, act):
    tab = visit()
    sign_in(tab, "mara.keller")
    booking = next_booking()
    tab.goto(reverse(f"scheduling:booking-{act}", args=[booking.pk]))

    expect(tab.get_by_role("heading", name="Effect on the ledger", level=2)).to_be_visible()
    assert list(faults_of_structure(tab)) == []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "dark")])
def test_main_pages_have_no_serious_barrier(visit, width, scheme):
    tab = visit(viewport={"width": width, "height": 900}, color_scheme=scheme)
    sign_in(tab, "mara.keller")
    faults = []
    for path, follow in MAIN:
        tab.goto(path)
        if follow:
            tab.goto(next(link for link in links(tab, "main") if re.fullmatch(follow, link)))
        faults += [f"{tab.url}: {fault}" for fault in faults_of_access(tab)]

    assert faults == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_customers_see_has_no_serious_barrier(visit, scheme):
    tab = visit(color_scheme=scheme)
    tab.goto("/accounts/login/")
    faults = [f"sign-in: {fault}" for fault in faults_of_access(tab)]
    sign_in(tab, "jana.vogt")
    names = ("home", "incidents:incident-open", "scheduling:request-create")
    for path in map(reverse, names):
        tab.goto(path)
        faults += [f"{path}: {fault}" for fault in faults_of_access(tab)]

    assert faults == []
