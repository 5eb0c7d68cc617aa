"""Who delivers what lies ahead: engineers of the team, assigned in turn where they are free."""

from datetime import datetime, timedelta

from accounts.rules.refusal import Refused
from services.scheduling.actions import add_engineer, assign_engineers
from services.scheduling.models import Booking, Engineer
from ussd_portal.demo.credentials import address
from ussd_portal.demo.portfolio import Stage

ENGINEERS = (
    ("noor.haddad", "Noor Haddad", "Entra ID, Defender", "Europe/Berlin"),
    ("felipe.rocha", "Felipe Rocha", "Azure, AKS", "Europe/Lisbon"),
    ("zhou.lan", "周岚", "Azure SQL, Power BI", "Asia/Shanghai"),
    ("grace.okoro", "Grace Okoro", "Windows Server, Hyper-V", "America/New_York"),
    ("kenji.mori", "Kenji Mori", "Microsoft 365, Intune", "Asia/Tokyo"),
)
# What is still to be staffed shows on the pages too.
UNSTAFFED = 5
AHEAD = timedelta(days=90)


def play_engineers(stage: Stage, *, now: datetime) -> None:
    """Enter the engineers and let each next one deliver the next booking, where free."""
    by = stage.people["helena.brandt"]
    people = [
        add_engineer(
            team=stage.team, name=name, email=address(local), focus=focus, time_zone=zone, by=by
        )
        for local, name, focus, zone in ENGINEERS
    ]
    ahead = Booking.objects.standing().between(now, now + AHEAD).order_by("starts_at", "pk")
    for number, booking in enumerate(ahead.select_related("booked_by")):
        if number % UNSTAFFED != UNSTAFFED - 1:
            _assign(booking, people[number % len(people) :] + people[: number % len(people)], now)


def _assign(booking: Booking, people: list[Engineer], now: datetime) -> None:
    for engineer in people:
        try:
            assign_engineers(booking=booking, engineers=[engineer], by=booking.booked_by, now=now)
        except Refused:
            continue
        return
