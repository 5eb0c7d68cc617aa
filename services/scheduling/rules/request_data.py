"""The data that a request needs: what the service asks for, and what of it is missing."""

from collections.abc import Collection
from dataclasses import dataclass

from services.catalog.rules.offering import OfferingFacts

# Assessments that run in the customer's own Azure subscription (2.3-MA3).
IN_SUBSCRIPTION = frozenset({"on-demand-assessment", "on-demand-assessment-assistance"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece of data, and the clauses that ask for it."""

    code: str
    clauses: tuple[str, ...]


def data_wanted(facts: OfferingFacts, *, mode: str) -> tuple[Wanted, ...]:
    """The necessary or applicable data of a service, in the order in which it is asked for.

    Everything has a goal and a contact who knows the environment. Education names its
    participants, everything else the products and systems concerned. Assessments in the
    customer's subscription need that; onsite work needs access, telephone and network.

    Clause: 2.8-C20, 2.8-C9, 2.8-C10, 2.8-C19, 2.8-C21, 2.3-MA3
    """
    wanted = [Wanted("goal", ("2.8-C20",)), Wanted("contact", ("2.8-C10",))]
    if facts.category == "education":
        wanted.append(Wanted("participants", ("2.8-C20",)))
    else:
        wanted.append(Wanted("systems", ("2.8-C9", "2.8-C10")))
    if facts.code in IN_SUBSCRIPTION:
        wanted.append(Wanted("subscription", ("2.8-C19", "2.3-MA3")))
    if mode == "onsite":
        wanted.append(Wanted("site", ("2.8-C21",)))
    return tuple(wanted)


def data_missing(wanted: Collection[Wanted], supplied: Collection[str]) -> tuple[str, ...]:
    """What of the wanted data wasn't supplied, in its order.

    Clause: 2.8-C20
    """
    return tuple(one.code for one in wanted if one.code not in supplied)
