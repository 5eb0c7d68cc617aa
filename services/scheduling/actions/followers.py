"""What hangs on a booking: each noun says beside itself what becomes of it then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from services.scheduling.models import Booking


@dataclass(frozen=True, slots=True)
class Change:
    """Who cancels or moves a booking, and when."""

    by: User
    now: datetime


@dataclass(frozen=True, slots=True)
class Follower:
    """Something that belongs to a booking; each step runs in the transaction of the act.

    `falls` is told of a booking that was cancelled, `moves` of the one before and the one in
    its place.
    """

    moves: Callable[[Booking, Booking, Change], None]
    falls: Callable[[Booking, Change], None] | None = None
