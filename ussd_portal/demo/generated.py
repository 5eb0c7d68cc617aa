"""Customers beyond the script's, made up from a seed: the same for the same seed."""

from random import Random

from ussd_portal.demo.places import CHICAGO, LEEDS, PARIS, SINGAPORE, STUTTGART, SUZHOU, SYDNEY
from ussd_portal.demo.shapes import Line, Order, Org

FIRST = (
    "Alder",
    "Birch",
    "Cedar",
    "Delta",
    "Ember",
    "Fjord",
    "Garnet",
    "Harbor",
    "Iris",
    "Juniper",
)
SECOND = ("Foods", "Metals", "Insurance", "Airways", "Robotics", "Textiles", "Telecom", "Glass")
PLACES = (CHICAGO, LEEDS, STUTTGART, SYDNEY, SINGAPORE, SUZHOU, PARIS)
CSAMS = ("mara.keller", "jonas.weber", "wei.chen")


def more_customers(number: int, *, seed_number: int) -> tuple[Org, ...]:
    """`number` customers; none for a number below one."""
    random = Random(seed_number)  # noqa: S311 - a repeatable demo, not a secret
    return tuple(_customer(random, at) for at in range(max(0, number)))


def _customer(random: Random, at: int) -> Org:
    place = random.choice(PLACES)
    name = f"{random.choice(FIRST)} {random.choice(SECOND)} {at + 1}"
    local = f"admin{at + 1}"
    scale = int(100 / float(place.per_usd)) or 1
    allotment = random.randrange(8, 30) * 10_000 * 10_000 // scale
    start = -random.randrange(30, 330)
    share = allotment // 10
    order = Order(
        start,
        start + 364,
        start - 3,
        {1: allotment},
        (
            Line("workshops", share * 4, {0: random.randrange(2, 8)}, 1),
            Line("rap-as-a-service", share * 3, {0: random.randrange(1, 4)}, 1),
            Line("assessment-program", share * 2, {0: random.randrange(1, 3)}, 1),
        ),
        base=allotment * 2,
    )
    return Org(
        name,
        name.split()[0],
        place.currency,
        (place,),
        random.choice(CSAMS),
        (f"Alex {name.split()[0]}", local),
        (),
        (order,),
    )
