"""Editions in the administration, with their charts."""

from datetime import datetime
from typing import Any

from django.contrib import admin

from services.catalog.admin import EditionAdmin
from services.catalog.models import Edition
from ussd_portal import editions

admin.site.unregister(Edition)


@admin.register(Edition)
class WholeEditionAdmin(EditionAdmin):
    """As the catalogue's; a draft copies the charts too, and publishing needs them."""

    def put_in_force(self, edition: Edition, *, by: Any, now: datetime) -> Edition:
        """Refused without charts."""
        return editions.publish_edition(edition=edition, by=by, now=now)

    def draft_from(self, edition: Edition, **head: Any) -> Edition:
        """With the charts."""
        return editions.draft_edition(based_on=edition, **head)

    def gaps_of(self, edition: Edition) -> list[str]:
        """The charts are among them."""
        return editions.gaps_of(edition)
