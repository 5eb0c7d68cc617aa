"""Make the demo portfolio in one transaction, once."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import Message, User
from services.catalog.queries import current_edition
from ussd_portal.demo import script
from ussd_portal.demo.aftermath import play_aftermath
from ussd_portal.demo.agreements import play_agreements
from ussd_portal.demo.charges import play_charges
from ussd_portal.demo.credentials import DOMAIN
from ussd_portal.demo.deliveries import play_schedules
from ussd_portal.demo.engineers import play_engineers
from ussd_portal.demo.events import give_summaries, play_events
from ussd_portal.demo.exchanges import play_exchanges
from ussd_portal.demo.generated import more_customers
from ussd_portal.demo.guests import play_guests
from ussd_portal.demo.hours import play_hours
from ussd_portal.demo.mail import lose_a_letter, play_mail
from ussd_portal.demo.plans import play_plans
from ussd_portal.demo.portfolio import Stage, make_portfolio, meet_past_duties
from ussd_portal.demo.success import play_success
from ussd_portal.demo.troubles import play_troubles
from ussd_portal.demo.workshops import play_workshops
from workorders.actions.lapses import lapse_entitlements

FEWEST = 3
UNREAD = timedelta(days=4)


@transaction.atomic
def seed(*, today: date, now: datetime, customers: int, seed_number: int) -> Stage | None:
    """The demo for `today`; None when it is there already.

    `customers` beyond the script's are made up from `seed_number`; the first three sit in
    different regions. Raises `ValueError` without a published edition.
    """
    if User.objects.filter(email__endswith=f"@{DOMAIN}").exists():
        return None
    edition = current_edition()
    if edition is None:
        raise ValueError("no edition is published")
    wanted = max(FEWEST, customers)
    orgs = script.PORTFOLIO[:wanted] + more_customers(
        wanted - len(script.PORTFOLIO), seed_number=seed_number
    )
    stage = make_portfolio(orgs, today=today, edition=edition)
    play_schedules(stage, orgs)
    play_events(stage)
    play_hours(stage, now=now)
    play_engineers(stage, now=now)
    play_workshops(stage)
    play_guests(stage, now=now)
    play_charges(stage)
    play_exchanges(stage)
    play_agreements(stage)
    play_plans(stage)
    play_success(stage)
    meet_past_duties(stage)
    play_troubles(stage, now=now)
    play_aftermath(stage, now=now)
    give_summaries(stage, now=now)
    lapse_entitlements(now=now)
    play_mail(stage, now=now)
    _settle_old_news(now)
    lose_a_letter(now=now)
    return stage


def _settle_old_news(now: datetime) -> None:
    """What was told long ago has been sent and read; only the latest is still unread."""
    Message.objects.filter(channel=Message.Channel.EMAIL, due_at__lt=now).update(
        sent_at=F("due_at")
    )
    old = Message.objects.filter(channel=Message.Channel.INBOX, created_at__lt=now - UNREAD)
    old.update(read_at=F("created_at"))
