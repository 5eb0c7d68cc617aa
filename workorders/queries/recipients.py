"""Who is told about an agreement."""

from datetime import date, datetime

from django.db.models import Q

from accounts.models import Assignment, Customer, Location, User
from accounts.rules.calendar_days import local_date
from workorders.models import WorkOrder
from workorders.queries.locations import zone_of


def account_managers_of(customer: Customer, on: date) -> list[User]:
    """The CSAMs assigned to the customer on a day, those who cover included."""
    active = Assignment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), customer=customer, starts_on__lte=on
    )
    people = User.objects.filter(pk__in=active.values("user"), is_active=True)
    return list(people.order_by("pk"))


def leads_of(customer: Customer) -> list[User]:
    """The leads of the customer's team."""
    people = User.objects.filter(team=customer.team_id, role=User.Role.CSAM_LEAD, is_active=True)
    return list(people.order_by("pk"))


def administrators_of(customer: Customer) -> list[User]:
    """The customer's administrators."""
    people = User.objects.filter(
        memberships__customer=customer,
        role=User.Role.CUSTOMER_ADMINISTRATOR,
        is_active=True,
    )
    return list(people.order_by("pk"))


def contacts_of(location: Location) -> list[User]:
    """The people who act for the location."""
    people = User.objects.filter(
        memberships__locations=location, role=User.Role.LOCATION_CONTACT, is_active=True
    )
    return list(people.distinct().order_by("pk"))


def people_of_order(order: WorkOrder, *, now: datetime) -> list[User]:
    """Account managers and the customer's administrators."""
    today = local_date(now, zone_of(order.customer))
    return [*account_managers_of(order.customer, today), *administrators_of(order.customer)]


def reviewers_of(order: WorkOrder, *, now: datetime) -> list[User]:
    """Who reviews a draft: the leads of the customer's team and its account managers."""
    today = local_date(now, zone_of(order.customer))
    leads = User.objects.filter(
        team=order.customer.team_id, role=User.Role.CSAM_LEAD, is_active=True
    )
    people = {person.pk: person for person in leads.order_by("pk")}
    people |= {person.pk: person for person in account_managers_of(order.customer, today)}
    return list(people.values())
