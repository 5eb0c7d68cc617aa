"""Support locations, their own holidays, and the customer's contacts."""

from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from accounts.models import Contact, Customer, Location, LocationHoliday, User
from accounts.rules.refusal import Refused

Row = TypeVar("Row", Location, Contact)


def may_change_locations(user: User) -> bool:
    """Locations carry terms of the agreement: those who manage it change them."""
    return user.manages_agreements


def may_change_contacts(user: User) -> bool:
    """The customer's administrator names its contacts and days off; so may the CSAM."""
    return user.manages_agreements or user.role == User.Role.CUSTOMER_ADMINISTRATOR


def version_of(row: models.Model) -> int:
    """How often the row was saved; a form sends it back to notice another's edit."""
    return int(row.history.count())  # type: ignore[attr-defined]


def may_add_customers(user: User) -> bool:
    """The lead takes customers into the team."""
    return user.role == User.Role.CSAM_LEAD and user.team_id is not None


@transaction.atomic
def add_customer(*, name: str, short_name: str, currency: str, by: User) -> Customer:
    """Take a customer into the lead's team; its host location comes next (2.6-M2)."""
    if not may_add_customers(by) or by.team is None:
        raise Refused("not_allowed")
    customer = Customer(name=name, short_name=short_name, currency=currency, team=by.team)
    customer._history_user = by  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError as error:
        raise Refused("name_taken", field="name", name=name) from error
    return customer


@transaction.atomic
def add_location(*, customer: Customer, by: User, **values: Any) -> Location:
    """A further location; a second host or a name that is taken is refused (2.6-M2)."""
    if not may_change_locations(by):
        raise Refused("not_allowed")
    return _saved(Location(customer=customer, **values), by)


@transaction.atomic
def change_location(*, location: Location, by: User, seen: int, **values: Any) -> Location:
    """Change what a form showed as version `seen`; the host stays the host (2.6-M2)."""
    if not may_change_locations(by):
        raise Refused("not_allowed")
    row = _still(Location.objects.select_for_update().get(pk=location.pk), seen)
    if row.role == Location.Role.HOST and values.get("role", row.role) != Location.Role.HOST:
        raise Refused("one_host", clause="2.6-M2", field="role")
    reckon_again(row.customer_id)
    return _saved(_with(row, values), by)


@transaction.atomic
def add_contact(*, customer: Customer, by: User, **values: Any) -> Contact:
    """Name a person for a duty at a location (2.8-C2, 2.8-C6)."""
    if not may_change_contacts(by):
        raise Refused("not_allowed")
    return _saved(_linked(Contact(customer=customer, **values)), by)


@transaction.atomic
def change_contact(*, contact: Contact, by: User, seen: int, **values: Any) -> Contact:
    """Change what a form showed as version `seen` (2.8-C13)."""
    if not may_change_contacts(by):
        raise Refused("not_allowed")
    row = _still(Contact.objects.select_for_update().get(pk=contact.pk), seen)
    return _saved(_linked(_with(row, values)), by)


@transaction.atomic
def remove_contact(*, contact: Contact, by: User) -> None:
    """The person no longer has the duty; a gap that this leaves is shown, not refused."""
    if not may_change_contacts(by):
        raise Refused("not_allowed")
    contact.delete()


@transaction.atomic
def add_holiday(
    *, location: Location, by: User, on: date, name: str, is_working_day: bool = False
) -> LocationHoliday:
    """A day off of one location, or a holiday on which people work; one entry a day."""
    if not may_change_contacts(by):
        raise Refused("not_allowed")
    holiday, is_new = LocationHoliday.objects.get_or_create(
        location=location, on=on, defaults={"name": name, "is_working_day": is_working_day}
    )
    if not is_new:
        raise Refused("day_taken", field="on", day=on, name=holiday.name)
    reckon_again(location.customer_id)
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: LocationHoliday, by: User) -> None:
    """Back to the national calendar on that day."""
    if not may_change_contacts(by):
        raise Refused("not_allowed")
    reckon_again(holiday.location.customer_id)
    holiday.delete()


def reckon_again(*customers: int) -> None:
    """A zone or a calendar changes: within the minute the open dates that hang on it follow.

    Clause: 0-C9, 0-C13
    """
    Customer.objects.filter(pk__in=customers).update(dates_stale=True)


def _still(row: Row, seen: int) -> Row:
    current = version_of(row)
    if current != seen:
        raise Refused("stale_edit", yours=seen, current=current)
    return row


def _with(row: Row, values: dict[str, Any]) -> Row:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _linked(contact: Contact) -> Contact:
    """Joined to the customer's person with the same address, if there is one."""
    contact.user = User.objects.filter(
        email__iexact=contact.email, memberships__customer=contact.customer_id
    ).first()
    return contact


def _saved(row: Row, by: User) -> Row:
    """Saved with its history; what a constraint says no to is a refusal."""
    row._history_user = by  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _refusal_of(row, error) from error
    return row


def _refusal_of(row: Row, error: IntegrityError) -> Refused:
    if isinstance(row, Contact):
        return Refused("contact_taken", field="email", name=row.email)
    if row.opens >= row.closes:
        return Refused("closes_before_it_opens", field="closes")
    others = Location.objects.filter(customer=row.customer_id).exclude(pk=row.pk)
    if row.role == Location.Role.HOST and others.filter(role=Location.Role.HOST).exists():
        return Refused("one_host", clause="2.6-M2", field="role")
    if others.filter(name=row.name).exists():
        return Refused("name_taken", field="name", name=row.name)
    raise error
