"""By when a draft has to be allocated and signed."""

from datetime import date, timedelta

from accounts.rules.explained import Explained


def allocation_due(order_start: date, *, zone: str = "") -> Explained[date]:
    """The last day on which a draft's flex allowance can be allocated in good time.

    Allowance is allocated before the order is executed, and what isn't is taken back. The
    text prints no date; an order that is to be in force from its start is executed on
    that day at the latest, so `order_start` is the last day, to its end at the host
    location. Executed earlier, allocating ends then.

    Clause: 2.2-F7, 0-C1, 0-C13
    """
    return Explained(
        order_start,
        inputs=(("order_start", order_start),),
        steps=(("last_day", order_start),),
        clauses=("2.2-F7",),
        readings=("0-C1", "X-04"),
        zone=zone,
    )


def renewal_execution_due(renewal_start: date, *, zone: str = "") -> Explained[date]:
    """The last day on which a renewal can be executed so that it follows without a gap.

    The day before the renewal's start, which is the last day of the order it renews when
    both follow one another; unused value of that one lapses in any case.

    Clause: 2.7-T10, 0-C16, 0-C13
    """
    day = renewal_start - timedelta(days=1)
    return Explained(
        day,
        inputs=(("renewal_start", renewal_start),),
        steps=(("last_day", day),),
        clauses=("2.7-T10",),
        readings=("0-C16", "0-C1"),
        zone=zone,
    )
