"""An edition as a whole: what the catalogue keeps of it and the severity charts, together."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.actions.charts import copy_charts, load_charts
from incidents.queries.charts import has_charts
from services.catalog import actions as catalog
from services.catalog import editions as files
from services.catalog import queries
from services.catalog.models import Edition

MISSING_CHARTS = "severity_matrices: none"


@transaction.atomic
def load_edition(data: Mapping[str, Any], *, by: User | None = None) -> Edition:
    """The draft that `data` describes, with its charts; the same again changes nothing.

    Raises `Refused` with the path of the first wrong field; then nothing is written.
    """
    edition = catalog.load_edition(data, by=by)
    load_charts(data, edition=edition)
    return edition


@transaction.atomic
def draft_edition(
    *, based_on: Edition, code: str, titles: Mapping[str, str], effective_on: date, by: User
) -> Edition:
    """A draft with all rows and charts of `based_on`, to be edited and published later."""
    draft = catalog.draft_edition(
        based_on=based_on, code=code, titles=titles, effective_on=effective_on, by=by
    )
    copy_charts(based_on=based_on, draft=draft)
    return draft


@transaction.atomic
def publish_edition(*, edition: Edition, by: User | None, now: datetime) -> Edition:
    """From now on in force for new work orders; without charts it is refused."""
    if not has_charts(edition):
        raise Refused("edition_incomplete", clause="1-A1", missing=MISSING_CHARTS, count=1)
    return catalog.publish_edition(edition=edition, by=by, now=now)


def gaps_of(edition: Edition) -> list[str]:
    """What keeps a draft from being published, the charts included."""
    return [*queries.gaps_of(edition), *([] if has_charts(edition) else [MISSING_CHARTS])]


@transaction.atomic
def publish_shipped_edition(*, now: datetime) -> Edition:
    """Load the edition that the repository brings with its charts, and publish it."""
    edition = load_edition(files.read(files.SHIPPED).data)
    return publish_edition(edition=edition, by=None, now=now)
