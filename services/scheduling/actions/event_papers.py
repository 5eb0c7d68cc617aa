"""The brief of an Azure event and its risks go where its booking goes."""

from services.scheduling.actions.followers import Change, Follower
from services.scheduling.models import Booking, EventBrief, EventRisk


def _take_along(old: Booking, new: Booking, _change: Change) -> None:
    EventBrief.objects.filter(booking=old).update(booking=new)
    EventRisk.objects.filter(booking=old).update(booking=new)


# Of an event that falls they stay as its history.
PAPERS = Follower(moves=_take_along)
