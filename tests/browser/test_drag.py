"""A booking dragged to another day moves when its cost is agreed to, not before."""

from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from services.scheduling.models import Booking
from tests.browser.steps import next_booking, settle, sign_in


def day_cell(tab: Page, day: date) -> Locator:
    return tab.locator(f"td[data-day='{day.isoformat()}']")


def entry_of(place: Page | Locator, booking: Booking) -> Locator:
    return place.locator(f"a[data-move$='/{booking.pk}/move/']")


def test_a_dragged_booking_goes_back_unless_the_move_is_kept(visit):
    tab = visit(viewport={"width": 1440, "height": 1000})
    sign_in(tab, "mara.keller")
    booking = next_booking()
    first = booking.starts_at.date()
    # The day before or after, whichever is in the same working week.
    target = first + timedelta(days=-1 if first.isoweekday() >= 5 else 1)
    tab.goto(f"/schedule/?view=month&day={first.isoformat()}")
    before = Booking.objects.count()

    entry_of(day_cell(tab, first), booking).drag_to(day_cell(tab, target))
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("costs nothing")
    expect(dialog.get_by_label("Begins on")).to_have_value(target.isoformat())
    expect(entry_of(day_cell(tab, target), booking)).to_be_visible()
    dialog.get_by_role("link", name="Leave it as it is", exact=True).click()

    expect(entry_of(day_cell(tab, first), booking)).to_be_visible()
    assert Booking.objects.count() == before

    entry_of(day_cell(tab, first), booking).drag_to(day_cell(tab, target))
    dialog.get_by_label("Reason, shown to the customer").fill("Dragged")
    dialog.get_by_role("button", name="Move at no cost").click()
    expect(tab.get_by_role("main")).to_contain_text("The booking has a new date.")
    settle(tab)

    booking.refresh_from_db()
    assert booking.moved_to.starts_at == booking.starts_at + (target - first)
    assert Booking.objects.count() == before + 1
