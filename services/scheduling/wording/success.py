"""States of objectives and activities of a success plan; shades of its heat map."""

from django.utils.translation import gettext_lazy as g

from workorders.wording.states import Shown

STATES = {
    shown.code: shown
    for shown in (
        Shown("open", g("Open"), "target", ""),
        Shown("planned", g("Planned"), "calendar", ""),
        Shown("under_way", g("Under way"), "player-play", "ok"),
        Shown("late", g("Late"), "alert-triangle", "late"),
        Shown("done", g("Done"), "check", "ok"),
        Shown("achieved", g("Achieved"), "check", "ok"),
        Shown("dropped", g("Dropped"), "ban", "pause"),
    )
}
# From how many deliveries in a month on a cell is shaded darker.
SHADES = ((3, "h3"), (2, "h2"), (1, "h1"))


def shade(count: int) -> str:
    """How dark a cell of the heat map is; nothing for an empty one."""
    return next((name for least, name in SHADES if count >= least), "")
