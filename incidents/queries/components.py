"""Products by the names that people give them, in the edition of the agreement."""

from datetime import datetime

from django.db.models import Q

from accounts.models import Customer
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from incidents.models import Component
from incidents.queries.charts import components_of
from incidents.queries.objections import no_agreement
from services.catalog.models import Edition
from workorders.queries.agreement import base_order
from workorders.queries.locations import zone_of


def find_component(edition: Edition, name: str) -> Component | None:
    """The product that people mean by a name; None for one that the edition doesn't know.

    A label in either language, a name or an alias; a version of a product is that product.
    """
    rows = Component.objects.filter(edition=edition)
    labelled = rows.filter(Q(label_en__iexact=name) | Q(label_zh_hans__iexact=name)).first()
    if labelled is not None:
        return labelled
    known = components_of(edition).find(name)
    names = [known.name, *known.part_of]
    found = {row.name: row for row in rows.filter(name__in=names)}
    return next((found[one] for one in names if one in found), None)


def edition_of(customer: Customer, at: datetime) -> Edition | None:
    """The edition of the agreement in force at an instant."""
    order = base_order(customer, local_date(at, zone_of(customer)))
    return order.edition if order else None


def component_for(customer: Customer, name: str, *, at: datetime) -> Component:
    """The product of that name under the agreement in force.

    Refuses `base_required` or `before_order` without one, `component_unknown` for a name
    that its edition doesn't list.
    """
    edition = edition_of(customer, at)
    if edition is None:
        raise no_agreement(customer, at)
    component = find_component(edition, name)
    if component is None:
        raise Refused("component_unknown", field="component", component=name, edition=edition.code)
    return component
