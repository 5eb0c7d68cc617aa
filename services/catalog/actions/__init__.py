"""What can be done to the catalogue: load, draft and publish editions."""

from services.catalog.actions.editions import (
    draft_edition,
    hold_draft,
    load_edition,
    make_searchable,
    publish_edition,
)

__all__ = ["draft_edition", "hold_draft", "load_edition", "make_searchable", "publish_edition"]
