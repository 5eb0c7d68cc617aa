"""Where and when an offering is sold."""

from datetime import date


def is_sold(
    available: bool, *, valid_from: date | None, valid_to: date | None, on: date
) -> bool | None:
    """Whether an offering is sold in a country on a day, both ends included.

    What is sold until a day is withdrawn after it, and isn't sold before it begins. None:
    nothing is told of that day, so the representative is asked.

    Clause: 1-A5
    """
    begun = valid_from is None or valid_from <= on
    if begun and (valid_to is None or on <= valid_to):
        return available
    return False if available else None
