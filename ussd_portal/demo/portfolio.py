"""Play the demo's script: people, customers and orders, each at its own moment."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from accounts.models import Assignment, Contact, Customer, Location, Membership, Team, User
from services.catalog.models import Availability, CreditValue, Edition, Offering
from ussd_portal.demo import script
from ussd_portal.demo.credentials import address, demo_password
from ussd_portal.demo.places import CREDIT_VALUES, DEVELOPER_SUPPORT_MAXIMUM, NOT_SOLD
from ussd_portal.demo.shapes import Line, Order, Org, Place
from workorders.actions.deadlines import meet_deadline
from workorders.actions.orders.afterwards import record_intake, terminate_order
from workorders.actions.orders.drafts import draft_order, set_flex_years, set_locations
from workorders.actions.orders.execution import execute_order
from workorders.actions.orders.lines import Scope, add_line
from workorders.actions.orders.scenarios import add_scenario
from workorders.models import Deadline, WorkOrder
from workorders.models.orders import Funding
from workorders.queries.deadlines import DATES

Role = User.Role


@dataclass
class Stage:
    """Who and what has been made so far, by the script's names."""

    today: date
    edition: Edition
    team: Team
    password: str
    csams: dict[str, User] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    places: dict[str, list[Location]] = field(default_factory=dict)
    orders: dict[str, list[WorkOrder]] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def day(self, offset: int) -> date:
        """A day counted from today."""
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, hour: int = 9) -> datetime:
        """An instant on that day, in UTC."""
        return datetime.combine(self.day(offset), time(hour), UTC)


def make_portfolio(orgs: tuple[Org, ...], *, today: date, edition: Edition) -> Stage:
    """Everything of the script up to the orders; the same for the same day."""
    team = Team.objects.create(name="EMEA & APAC")
    # One password for everybody, so one hash: a good one takes its time.
    stage = Stage(today, edition, team, make_password(demo_password()))
    _catalogue_data(stage)
    _staff(stage)
    for org in orgs:
        _customer(stage, org)
        _orders(stage, org)
    return stage


def _person(stage: Stage, local: str, name: str, role: str, language: str, zone: str) -> User:
    user = User.objects.create(
        email=address(local),
        password=stage.password,
        name=name,
        role=role,
        language=language,
        time_zone=zone,
        team=stage.team if role in (Role.CSAM, Role.CSAM_LEAD) else None,
    )
    stage.people[local] = user
    return user


def _staff(stage: Stage) -> None:
    for local, (name, language, zone) in script.CSAMS.items():
        stage.csams[local] = _person(stage, local, name, Role.CSAM, language, zone)
    _person(stage, "helena.brandt", "Helena Brandt", Role.CSAM_LEAD, "en", "Europe/Berlin")
    _person(stage, "katalog", "Karin Lund", Role.CATALOGUE_ADMINISTRATOR, "en", "Europe/Berlin")
    _person(stage, "system", "Sam Ito", Role.SYSTEM_ADMINISTRATOR, "en", "UTC")


def _catalogue_data(stage: Stage) -> None:
    """What the description leaves open: credit values, what is sold where, maxima."""
    for country, (currency, value) in CREDIT_VALUES.items():
        CreditValue.objects.get_or_create(
            country=country,
            valid_from=date(2020, 1, 1),
            defaults={"currency": currency, "value_minor": value},
        )
    if Availability.objects.exists():
        return
    codes = Offering.objects.filter(edition=stage.edition).values_list("code", flat=True)
    Availability.objects.bulk_create(
        Availability(
            offering_code=code,
            country=country,
            available=code not in NOT_SOLD.get(country, ()),
            onsite=country not in ("SA", "MY"),
            max_quantity=DEVELOPER_SUPPORT_MAXIMUM if code == "developer-support" else None,
        )
        for code in codes
        for country in CREDIT_VALUES
    )


def _customer(stage: Stage, org: Org) -> None:
    customer = Customer.objects.create(
        name=org.name, short_name=org.short, currency=org.currency, team=stage.team
    )
    places = [_place(customer, place, position) for position, place in enumerate(org.places)]
    stage.customers[org.name], stage.places[org.name] = customer, places
    csam = stage.csams[org.csam]
    Assignment.objects.create(user=csam, customer=customer, starts_on=stage.day(-900))
    if org.csam == "jonas.weber":
        Assignment.objects.create(
            user=stage.csams["mara.keller"],
            customer=customer,
            covers_for=csam,
            starts_on=stage.day(-3),
            ends_on=stage.day(script.COVER_UNTIL),
        )
    _customer_people(stage, org, customer, places)


def _place(customer: Customer, place: Place, position: int) -> Location:
    return Location.objects.create(
        customer=customer,
        name=place.name,
        role=Location.Role.DOWNSTREAM if position else Location.Role.HOST,
        country=place.country,
        subdivision=place.subdivision,
        time_zone=place.zone,
        currency=place.currency,
        tax_exception=place.tax_exception,
        weekend=place.weekend,
        provider_language=place.language,
        local_language_available=place.language in ("zh", "ja", "de", "fr"),
    )


def _customer_people(stage: Stage, org: Org, customer: Customer, places: list[Location]) -> None:
    name, local = org.administrator
    zone = places[0].time_zone
    administrator = _person(stage, local, name, Role.CUSTOMER_ADMINISTRATOR, org.language, zone)
    Membership.objects.create(user=administrator, customer=customer)
    for role in (Contact.Role.ADMINISTRATOR, Contact.Role.REACTIVE):
        _contact(places[0], role, administrator)
    for name, local, position in org.contacts:
        place = places[position]
        person = _person(stage, local, name, Role.LOCATION_CONTACT, org.language, place.time_zone)
        Membership.objects.create(user=person, customer=customer).locations.add(place)
        _contact(place, Contact.Role.REACTIVE, person)
        if position == 0:
            _contact(place, Contact.Role.CLOUD, person)
    if org is script.CONTOSO:
        viewer = _person(
            stage, "viewer.contoso", "Paul Lindner", Role.CUSTOMER_VIEWER, org.language, zone
        )
        Membership.objects.create(user=viewer, customer=customer)


def _contact(place: Location, role: str, person: User) -> None:
    Contact.objects.create(
        customer=place.customer,
        location=place,
        role=role,
        name=person.name,
        email=person.email,
        phone="+49 711 5550100" if place.country == "DE" else "",
        user=person,
    )


def _orders(stage: Stage, org: Org) -> None:
    for number, order in enumerate(org.orders, 1):
        draft = _draft(stage, org, order, number)
        stage.orders.setdefault(org.name, []).append(_carry_on(stage, org, order, draft))


def _draft(stage: Stage, org: Org, order: Order, number: int) -> WorkOrder:
    by = stage.csams[org.csam]
    now = stage.moment((order.executed if order.executed is not None else 0) - 5)
    places = stage.places[org.name]
    draft = draft_order(
        customer=stage.customers[org.name],
        by=by,
        now=now,
        edition=stage.edition,
        number=f"WO-{stage.day(order.start):%y}-{100 + len(stage.people) * 7 + number:04}",
        currency=org.currency,
        units_per_usd=Decimal(org.places[0].per_usd),
        starts_on=stage.day(order.start),
        ends_on=stage.day(order.end),
        multi_country=len(places) > 1,
        base_price_minor=order.base,
        renews=_renewed(stage, org, order),
        purchasable=list(order.purchasable),
    )
    rates = {place: Decimal(facts.per_usd) for place, facts in zip(places, org.places, strict=True)}
    set_locations(order=draft, locations=rates, by=by, now=now)
    set_flex_years(order=draft, allotments=order.allotments, by=by, now=now)
    for line in order.lines:
        _line(stage, places, draft, line, by, now)
    return draft


def _renewed(stage: Stage, org: Org, order: Order) -> WorkOrder | None:
    """The customer's earlier order, if this one begins the day after its end."""
    for earlier in stage.orders.get(org.name, []):
        if earlier.ends_on + timedelta(days=1) == stage.day(order.start):
            return earlier
    return None


def _line(
    stage: Stage,
    places: list[Location],
    draft: WorkOrder,
    line: Line,
    by: User,
    now: datetime,
) -> None:
    hours = 60 if line.unit == "minute" else 1
    add_line(
        order=draft,
        offering=Offering.objects.get(edition=stage.edition, code=line.code),
        by=by,
        now=now,
        unit=line.unit,
        price_minor=line.price,
        funding=Funding.FLEX if line.year else Funding.MONEY,
        flex_year=line.year,
        exhibit_reference=line.exhibit,
        allocations=[(places[at], quantity * hours) for at, quantity in line.where.items()],
        scopes=[Scope(kind, identifier) for kind, identifier in line.scopes],
        **line.extra,  # type: ignore[arg-type]
    )


def _carry_on(stage: Stage, org: Org, order: Order, draft: WorkOrder) -> WorkOrder:
    if order.executed is None:
        _what_if(stage, org, draft)
        return draft
    by = stage.csams[org.csam]
    done = execute_order(order=draft, by=by, now=stage.moment(order.executed))
    if order.intake is not None:
        for line in done.lines.filter(offering__code__startswith="mcsap"):
            record_intake(
                line=line, at=stage.moment(order.intake), by=by, now=stage.moment(order.intake, 10)
            )
    if order.terminated is not None:
        done = terminate_order(
            order=done,
            on=stage.day(order.terminated),
            reason="Merged into the parent company's agreement",
            by=by,
            now=stage.moment(order.terminated - 30),
        )
    return done


def _what_if(stage: Stage, org: Org, draft: WorkOrder) -> None:
    """Two scenarios beside a draft: with mission-critical services, and with fewer credits."""
    by, now = stage.csams[org.csam], stage.moment(-1)
    host = stage.places[org.name][0]
    bigger = add_scenario(order=draft, title="With MCSAP", by=by, now=now)
    add_line(
        order=bigger,
        offering=Offering.objects.get(edition=stage.edition, code="mcsap"),
        by=by,
        now=now,
        unit="subscription",
        funding=Funding.MONEY,
        assessed_spend_usd_minor=900_000_000,
        platform_price_minor=2_500_000,
        tiers=script.TIERS,
        allocations=[(host, 1)],
        scopes=[Scope("subscription", "core-prod-001")],
    )
    smaller = add_scenario(order=draft, title="Smaller allowance", by=by, now=now)
    allotted = {year: amount * 4 // 5 for year, amount in draft_allotments(smaller).items()}
    set_flex_years(order=smaller, allotments=allotted, by=by, now=now)


def draft_allotments(order: WorkOrder) -> dict[int, int]:
    """The allowance of a draft by contract year."""
    return dict(order.flex_years.values_list("number", "allotment_minor"))


def meet_past_duties(stage: Stage) -> None:
    """What was due before today was done in time, but what one customer still owes."""
    owing = stage.customers.get(script.OWING)
    past = (
        Deadline.objects.open()
        .exclude(kind__in=[*DATES, Deadline.Kind.SUCCESS_ACTIVITY])
        .filter(due_at__lt=stage.moment(0))
    )
    for deadline in past.exclude(customer=owing) if owing else past:
        meet_deadline(deadline=deadline, by=None, now=deadline.due_at - timedelta(days=2))
