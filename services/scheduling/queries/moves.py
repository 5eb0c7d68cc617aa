"""Which bookings a booking was moved from."""

from collections.abc import Collection

from services.scheduling.models import Booking

# One that was moved more often than this is followed no further back.
MOST_MOVES = 20


def moved_from(bookings: Collection[Booking]) -> dict[int, list[tuple[int, int]]]:
    """By booking: key and version of those it was moved from, the first one first.

    As many queries as the longest chain has moves, whatever the number of bookings.
    """
    chains: dict[int, list[tuple[int, int]]] = {booking.pk: [] for booking in bookings}
    ends = {booking.pk: booking.pk for booking in bookings}
    for _move in range(MOST_MOVES):
        following: dict[int, int] = {}
        for row in Booking.objects.filter(moved_to__in=ends).only("moved_to", "version"):
            last = ends[row.moved_to_id or 0]
            chains[last].insert(0, (row.pk, row.version))
            following[row.pk] = last
        if not following:
            break
        ends = following
    return chains
