"""The statement on the page and as a file."""

import csv
import re
from datetime import date
from io import StringIO

import pytest
from django.urls import reverse

from tests import factories
from tests.workorders import scenes
from workorders.actions import holdings
from workorders.models import Entitlement

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(at, now):
    at(now)
    made = scenes.contoso()
    held = Entitlement.objects.get(order=made.order, offering__code="workshops", location=made.host)
    common = {"by": made.csam, "now": factories.NOW, "subject_key": "booking:1"}
    holdings.reserve_units(entitlement=held, quantity=3, on=date(2026, 3, 2), **common)
    holdings.deliver_units(entitlement=held, quantity=2, on=date(2026, 6, 1), **common)
    return made


def show(client, scene, name="order-statement", **query):
    return client.get(reverse(f"workorders:{name}", args=[scene.order.pk]), query)


def workshops(statement, location):
    return next(
        section
        for section in statement.sections
        if section.location == location and section.offering.code == "workshops"
    )


def test_a_statement_of_a_past_day_shows_what_stood_then(scene, sign_in):
    client = sign_in(scene.viewer)
    past = show(client, scene, as_of="2026-03-01").context["statement"]
    later = show(client, scene, as_of="2026-06-01", since="2026-03-01").context["statement"]
    assert workshops(past, scene.host).closing_left == 4
    section = workshops(later, scene.host)
    assert (section.opening_left, len(section.movements), section.closing_left) == (4, 2, 1)


def test_one_location_can_be_chosen(scene, sign_in):
    found = show(sign_in(scene.csam), scene, location=scene.pune.pk).context["statement"]
    assert {section.location for section in found.sections} == {scene.pune}


def test_a_location_contact_has_the_statement_of_their_location(scene, sign_in):
    client = sign_in(scene.contact)
    found = show(client, scene).context["statement"]
    assert {section.location for section in found.sections} == {scene.detroit}
    foreign = show(client, scene, location=scene.host.pk)
    assert list(foreign.context["form"].errors) == ["location"]


def test_the_file_says_the_same_as_the_screen(scene, sign_in):
    client = sign_in(scene.csam)
    statement = show(client, scene).context["statement"]
    answer = show(client, scene, "statement-export")
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))[1:]
    moves = sum(len(section.movements) for section in statement.sections)
    assert len(lines) == moves + 2 * len(statement.sections)
    hours = next(line for line in lines if line[1].startswith("Enhanced Designated") and line[7])
    assert (hours[2], hours[7]) == ("hour", "240")
    flex = next(line for line in lines if line[1] == "Flex allowance, year 2" and line[7])
    assert (flex[2], flex[7]) == ("EUR", "260000.00")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"as_of": "yesterday"}, "as_of"),
        ({"since": "2026-05-01", "as_of": "2026-04-01"}, "as_of"),
        ({"location": "0"}, "location"),
    ],
)
def test_a_period_that_can_t_be_read_is_told(scene, sign_in, query, field):
    answer = show(sign_in(scene.csam), scene, **query)
    assert list(answer.context["form"].errors) == [field]
    file = show(sign_in(scene.csam), scene, "statement-export", **query)
    assert (file.status_code, list(file.context["form"].errors)) == (422, [field])


def test_the_fragment_is_part_of_the_page(scene, sign_in):
    client = sign_in(scene.csam)
    url = reverse("workorders:order-statement", args=[scene.order.pk])
    page, fragment = (
        re.sub(r"\s+", " ", client.get(url, headers=headers).content.decode()).strip()
        for headers in ({}, {"HX-Request": "true"})
    )
    assert fragment in page
