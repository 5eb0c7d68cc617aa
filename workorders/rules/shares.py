"""Splitting a whole into whole parts that add up to it."""

from collections.abc import Sequence
from fractions import Fraction


def shares(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """`total` in whole parts in proportion to `weights`; the parts add up to `total`.

    Each part is cut off; what remains goes, one unit each, to the parts that lost most,
    the earlier of two that lost as much. Raises `ValueError` for a negative total or
    weight, or when all weights are zero.

    Clause: 2.6-M4, 2.6-M21
    """
    if total < 0 or any(weight < 0 for weight in weights) or not sum(weights):
        raise ValueError(f"{total} can't be split by {list(weights)}")
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [part.__floor__() for part in exact]
    by_loss = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in by_loss[: total - sum(parts)]:
        parts[i] += 1
    return tuple(parts)
