"""An edition as a whole: what the catalogue keeps of it and the severity charts, together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules.refusal import Refused
from incidents.actions.charts import copy_charts, load_charts
from incidents.models import Chart
from incidents.queries.chart_comparison import compare_charts
from incidents.queries.chart_content import chart_content_of
from incidents.queries.chart_gaps import chart_gaps_of
from incidents.queries.charts import has_charts
from services.catalog import actions as catalog
from services.catalog import editions as files
from services.catalog import queries
from services.catalog.models import Edition, Offering
from services.catalog.queries import Comparison
from services.catalog.queries.content import content_of as catalogue_content_of

MISSING_CHARTS = gettext_lazy(
    "There are no severity charts: nobody could tell how soon an incident is answered"
)


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
    """From now on in force for new work orders; without whole charts it is refused.

    Refuses as the catalogue does, and `edition_incomplete` with everything that is missing.
    """
    if edition.state == Edition.State.DRAFT and _gaps_of_charts(edition):
        gaps = gaps_of(edition)
        raise Refused(
            "edition_incomplete", clause="1-A1", missing="; ".join(gaps[:5]), count=len(gaps)
        )
    return catalog.publish_edition(edition=edition, by=by, now=now)


def gaps_of(edition: Edition) -> list[str]:
    """What keeps a draft from being published, the charts included."""
    return [*_gaps_of_charts(edition), *queries.gaps_of(edition)]


def _gaps_of_charts(edition: Edition) -> list[str]:
    return chart_gaps_of(edition) if has_charts(edition) else [str(MISSING_CHARTS)]


def compare(old: Edition, new: Edition) -> Comparison:
    """The difference of two editions, charts included, in a fixed number of queries."""
    return replace(queries.compare(old, new), charts=compare_charts(old, new))


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing an edition would do: its head, and what differs from the published one."""

    edition: Edition
    offerings: int
    charts: int
    published: Edition | None
    comparison: Comparison | None
    gaps: list[str]


@transaction.atomic
def import_edition(data: Mapping[str, Any], *, by: User | None) -> Edition:
    """A new draft from a file; refuses as `load_edition` does, and `edition_exists`.

    Importing replaces nothing: a draft is edited, or loaded anew by `manage.py catalog load`.
    """
    head = data.get("edition")
    code = head.get("code") if isinstance(head, Mapping) else None
    if isinstance(code, str) and Edition.objects.filter(code=code.strip()).exists():
        raise Refused("edition_exists", field="edition.code", edition=code.strip())
    return load_edition(data, by=by)


def preview_edition(data: Mapping[str, Any]) -> Preview:
    """What `import_edition` would make of `data`; refuses as it does, and writes nothing."""
    with transaction.atomic():
        edition = import_edition(data, by=None)
        published = queries.current_edition()
        preview = Preview(
            edition,
            offerings=Offering.objects.filter(edition=edition).count(),
            charts=Chart.objects.filter(edition=edition).count(),
            published=published,
            comparison=compare(published, edition) if published else None,
            gaps=gaps_of(edition),
        )
        transaction.set_rollback(True)
    return preview


def content_of(edition: Edition) -> dict[str, Any]:
    """What the file of `edition` says: catalogue and charts; credit values aren't part of it."""
    return {**catalogue_content_of(edition), **chart_content_of(edition)}


def file_of(edition: Edition) -> str:
    """`edition` as the YAML that `load_edition` accepts: under another code it says the same."""
    head = f"# Edition {edition.code} of the services description\n"
    return head + files.written(content_of(edition))


@transaction.atomic
def publish_shipped_edition(*, now: datetime) -> Edition:
    """Load the edition that the repository brings with its charts, and publish it."""
    edition = load_edition(files.read(files.SHIPPED).data)
    return publish_edition(edition=edition, by=None, now=now)
