"""Who is warned of what in an incident."""

from datetime import datetime

from accounts.models import User
from accounts.rules.calendar_days import local_date
from incidents.models import Incident
from workorders.queries.locations import zone_of
from workorders.queries.recipients import account_managers_of, administrators_of, contacts_of

# From this share on the leads of the team hear of a target, and CSAMs of a duty.
URGENT = 90


def customers_people(incident: Incident) -> list[User]:
    """Those who act for the location of the incident, and the customer's administrators."""
    people = [*contacts_of(incident.location), *administrators_of(incident.customer)]
    return list({person.pk: person for person in people}.values())


def managers_of(incident: Incident, now: datetime) -> list[User]:
    """The CSAMs of its customer, those who cover included."""
    return account_managers_of(incident.customer, local_date(now, zone_of(incident.customer)))


def leads_of(incident: Incident) -> list[User]:
    """The leads of the customer's team."""
    team = incident.customer.team_id
    leads = User.objects.filter(team=team, role=User.Role.CSAM_LEAD, is_active=True)
    return list(leads.order_by("pk")) if team else []


def warned_of_response(incident: Incident, percent: int, now: datetime) -> list[User]:
    """Microsoft's targets: the CSAMs, and their leads once it is urgent."""
    people = managers_of(incident, now)
    return [*people, *leads_of(incident)] if percent >= URGENT else people


def warned_of_duty(incident: Incident, percent: int, now: datetime) -> list[User]:
    """The customer's time: its own people, and the CSAMs once it is urgent."""
    people = customers_people(incident)
    return [*people, *managers_of(incident, now)] if percent >= URGENT else people
