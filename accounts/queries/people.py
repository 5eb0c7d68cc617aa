"""Who is around a customer, and which duties nobody has."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Contact, Location


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty at a location that nobody is named for."""

    location: Location
    role: str
    clause: str

    @property
    def role_label(self) -> str:
        """The duty in words."""
        return str(Contact.Role(self.role).label)


def contact_gaps(locations: Iterable[Location], contacts: Iterable[Contact]) -> list[Gap]:
    """Duties that ought to be filled: the host's administrator, a reactive contact each.

    `contacts` are those of the same locations; rows are compared in memory.
    """
    filled = {(one.location_id, one.role) for one in contacts}
    gaps = []
    for place in locations:
        if (
            place.role == Location.Role.HOST
            and (place.pk, Contact.Role.ADMINISTRATOR) not in filled
        ):
            gaps.append(Gap(place, Contact.Role.ADMINISTRATOR, "2.8-C4"))
        if (place.pk, Contact.Role.REACTIVE) not in filled:
            gaps.append(Gap(place, Contact.Role.REACTIVE, "2.8-C6"))
    return gaps
