"""Products by the names that people give them, in the edition of the agreement."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Customer
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from incidents.models import Component
from incidents.queries.charts import components_of
from incidents.queries.objections import no_agreement
from services.catalog.models import Edition
from services.catalog.rules.search import searchable, words_of
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


def search_components(components: QuerySet[Component], question: str) -> QuerySet[Component]:
    """Those in whose name, labels or other names every word of `question` occurs."""
    words = words_of(question)
    if not words:
        return components
    found = [row.pk for row in components if _has_all(_texts(row), words)]
    return components.filter(pk__in=found)


def _texts(row: Component) -> str:
    labels = (row.label_en, row.label_zh_hans)  # type: ignore[attr-defined]
    return searchable(row.name, *(label or "" for label in labels), *map(str, row.aliases))


def _has_all(text: str, words: tuple[str, ...]) -> bool:
    return all(word in text for word in words)
