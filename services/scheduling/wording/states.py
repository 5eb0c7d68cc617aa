"""States of bookings and requests as icon, word and role colour; languages by name."""

from babel.core import Locale, UnknownLocaleError
from django.utils.translation import gettext_lazy as _

from accounts.wording import formats
from services.scheduling.models import ServiceRequest
from workorders.wording.states import Shown

BOOKING_STATES = {
    shown.code: shown
    for shown in (
        Shown("planned", _("Confirmed"), "check", "ok"),
        Shown("unconfirmed", _("To be confirmed in writing"), "clock", "risk"),
        Shown("running", _("Taking place"), "player-play", "ok"),
        Shown("unrecorded", _("Delivery not recorded"), "alert-triangle", "risk"),
        Shown("delivered", _("Delivered"), "circle-check", "pause"),
        Shown("cancelled", _("Cancelled"), "ban", "pause"),
        Shown("moved", _("Moved"), "arrow-forward-up", "pause"),
    )
}
REQUEST_STATES = {
    shown.code: shown
    for shown in (
        Shown("waiting", _("Waiting for an answer"), "clock", "risk"),
        Shown("incomplete", _("Data still missing"), "alert-triangle", "risk"),
        Shown(ServiceRequest.Decision.BOOKED, _("Booked"), "check", "ok"),
        Shown(ServiceRequest.Decision.DECLINED, _("Declined"), "ban", "pause"),
        Shown(ServiceRequest.Decision.WITHDRAWN, _("Withdrawn"), "arrow-back-up", "pause"),
    )
}
# How an entry of the calendar looks; planned ones have no class of their own.
ENTRY_CLASSES = {
    "unconfirmed": "is-risk",
    "unrecorded": "is-risk",
    "delivered": "is-done",
    "cancelled": "is-off",
    "moved": "is-off",
}
LANGUAGES = (
    "en", "zh", "ja", "ko", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "tr", "ar", "he",
)  # fmt: skip


def request_state(request: ServiceRequest) -> Shown:
    """How a request stands."""
    if request.decision:
        return REQUEST_STATES[request.decision]
    return REQUEST_STATES["waiting" if request.data_completed_at else "incomplete"]


def language_name(code: str) -> str:
    """A language by its name in the reader's language; an unknown code as it is."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name(formats.locale())
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code
