"""What an edition calls its charts, roles, duties and escalations, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.translation import get_language

from incidents.models import Chart, ChartRow, CustomerDuty, Escalation, SupportRole
from incidents.rules.charts import BASE_PROGRAMME
from services.catalog.models import Edition


@dataclass(frozen=True, slots=True)
class Names:
    """Words by code; a code without words stands for itself."""

    charts: Mapping[str, str]
    roles: Mapping[str, str]
    duties: Mapping[str, str]
    escalations: Mapping[str, str]

    def chart(self, code: str) -> str:
        """The name of a chart."""
        return self.charts.get(code, code)

    def role(self, code: str) -> str:
        """The name of a role."""
        return self.roles.get(code, code.replace("_", " "))

    def duty(self, code: str) -> str:
        """What the customer does."""
        return self.duties.get(code, code.replace("_", " "))


def names_of(edition: Edition) -> Names:
    """Everything that the page of an incident calls by name; kept once published."""
    if edition.published_at is None:
        return _read_names(edition.pk)
    key = (edition.pk, edition.published_at, edition.content_hash)
    return _frozen_names(*key, get_language() or "en")


@lru_cache(maxsize=64)
def _frozen_names(edition_id: int, _published_at: datetime, _content: str, _language: str) -> Names:
    return _read_names(edition_id)


def _read_names(edition: int) -> Names:
    """Four queries."""
    of_charts = {"row__chart__edition": edition}
    return Names(
        charts={one.code: one.name for one in Chart.objects.filter(edition=edition)},
        roles={one.code: one.name for one in SupportRole.objects.filter(edition=edition)},
        duties={one.code: one.text for one in CustomerDuty.objects.filter(**of_charts)},
        escalations={one.code: one.text for one in Escalation.objects.filter(**of_charts)},
    )


def severity_help(edition: Edition) -> dict[str, ChartRow]:
    """The base chart's situations by severity, the gravest first: the help for choosing."""
    rows = ChartRow.objects.filter(chart__edition=edition).select_related("chart")
    return {
        row.severity: row
        for row in rows.order_by("severity")
        if BASE_PROGRAMME in row.chart.programmes
    }
