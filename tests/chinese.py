"""Reading pages and messages for English that shouldn't be there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser

from django.apps import apps

# Addresses of people and pages, and time zones by their IANA name.
ADDRESSES = re.compile(r"[\w.+-]+@[\w.-]+|https?://\S+|\b[A-Z]\w+(?:/[A-Z][\w+-]+)+")
# Names of products and notations that Chinese texts write in Latin letters.
NAMES = re.compile(
    r"""
    (?<![A-Za-z]) (?: Microsoft | Azure | GitHub | DevOps | JavaScript | O365 | Plus | Government
      | English  # a language is called by its own name
      | Outlook | Thunderbird | Apple | Intune | Entra | IoT | Kubernetes | Redis | Purview | Defender | Mooncake ) (?![A-Za-z])
    | [A-Z]{2,}(?:[a-z][A-Z])?[a-z]?(?![A-Za-z])  # abbreviations: API, CSV, MCSfS, EUR, IDs
    | [A-Za-z.-]*\d[A-Za-z0-9.-]*        # codes: WO-26-0001, T17, 2024-09, sha256
    """,
    re.VERBOSE,
)
WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
# A Chinese sentence has full-width punctuation.
HALF_WIDTH = re.compile(
    r"[\u4e00-\u9fff）”][,;:!?](?=\s|$|[\u4e00-\u9fff])|[\u4e00-\u9fff]\.(?=\s|$)"
)
# What people typed stays in the language in which they typed it; products have their names.
TYPED: Mapping[str, tuple[str, ...]] = {
    "accounts.User": ("name", "email"),
    "accounts.Team": ("name",),
    "accounts.Customer": ("name", "short_name"),
    "accounts.Location": ("name",),
    "accounts.LocationHoliday": ("name",),
    "accounts.Contact": ("name", "email"),
    "workorders.WorkOrder": ("title", "note", "termination_reason", "returned_reason"),
    "workorders.Exchange": ("note", "declined_reason", "consent_of", "written_agreement"),
    "workorders.Charge": ("text",),
    "workorders.WorkOrderLine": ("note", "exhibit_reference"),
    "workorders.LineScope": ("identifier",),
    "workorders.Override": ("reason",),
    "workorders.Transfer": ("reason",),
    "workorders.Deadline": ("waived_reason", "snoozed_reason"),
    "scheduling.Booking": ("title", "note", "cancellation_reason", "event_solution"),
    "scheduling.Workshop": ("decision_reason",),
    "scheduling.Attendee": ("name", "email"),
    "scheduling.ServiceRequest": ("note", "decision_reason"),
    "scheduling.Engineer": ("name", "email", "focus"),
    "scheduling.OnboardingTask": ("title", "note"),
    "scheduling.MonitoringScenario": (
        *("name", "resources", "response", "thresholds", "agreed_by", "retired_reason"),
    ),
    "scheduling.MonitorTrigger": ("signal", "case_number"),
    "scheduling.Guest": ("note",),
    "scheduling.HourLog": ("note",),
    "scheduling.Series": ("title",),
    "scheduling.SuccessObjective": ("title", "measure", "result", "dropped_reason"),
    "scheduling.SuccessActivity": ("title", "outcome", "dropped_reason"),
    "scheduling.SuccessAction": ("title",),
    "scheduling.DutyEvidence": ("evidence",),
    "scheduling.EventBrief": ("goal", "scope"),
    "scheduling.EventRisk": ("title", "advice", "owner_name", "settled_note"),
    "scheduling.RequestDatum": ("text",),
    "scheduling.TeamMeeting": ("attendees", "minutes"),
    "scheduling.ImprovementPlan": ("title", "outcome", "reason"),
    "incidents.Incident": ("title", "description", "impact", "scope_identifier"),
    "incidents.IncidentUpdate": ("text", "author"),
    "incidents.IncidentAssignment": ("person",),
    "incidents.RootCauseAnalysis": ("text", "findings"),
    "incidents.AnalysisMaterial": ("note",),
    "incidents.IncidentReview": ("attendees", "went_well", "to_improve"),
    "incidents.Problem": ("title", "cause"),
    "incidents.FollowUp": ("text", "owner"),
    "incidents.EmergencyStart": ("emergency", "scope", "authorised_by"),
    "incidents.EventSummary": ("text",),
    "incidents.Component": ("name", "label_en", "label_zh_hans", "family", "aliases"),
    "incidents.ChartExclusion": ("label",),
}
SPOKEN = ("alt", "aria-label", "aria-description", "data-l", "placeholder", "title")


class Reader(HTMLParser):
    """The texts of a page as eyes and ears meet them, and its links."""

    VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
    CODE = frozenset({"script", "style", "textarea", "code", "kbd", "pre"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._silent: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Names for the ear, links, and where silence begins."""
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        if self._silent or self._is_silent(tag, said):
            if tag not in self.VOID:
                self._silent.append(tag)
            return
        self.texts += [said[name] for name in SPOKEN if said.get(name)]
        if tag == "input" and said.get("type") in {"submit", "button", "reset"}:
            self.texts.append(said.get("value", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A shape of a drawing, for instance."""
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Where silence ends."""
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """What is to be seen."""
        if not self._silent and data.strip():
            self.texts.append(" ".join(data.split()))

    def _is_silent(self, tag: str, said: Mapping[str, str]) -> bool:
        """Code, what a person typed into a field, and what is marked as another language."""
        return tag in self.CODE or (tag != "html" and said.get("lang", "zh").startswith("en"))


def faults(texts: Iterable[str], allowed: re.Pattern[str]) -> list[str]:
    """Texts with an English word or half-width punctuation, each once."""
    return [
        text[:160]
        for text in dict.fromkeys(texts)
        if is_english(text, allowed) or HALF_WIDTH.search(text)
    ]


def is_english(text: str, allowed: re.Pattern[str]) -> bool:
    """Whether a word of English is in the text; a language is named in itself."""
    rest = NAMES.sub(" ", allowed.sub(" ", ADDRESSES.sub(" ", text)))
    return text != "English" and WORD.search(rest) is not None


def typed(tables: Mapping[str, tuple[str, ...]] = TYPED) -> re.Pattern[str]:
    """What stands in the tables, the longest first."""
    said: set[str] = set()
    for label, names in tables.items():
        for row in apps.get_model(label).objects.values_list(*names):
            said |= {" ".join(line.split()) for text in _strings(row) for line in text.splitlines()}
    words = sorted((one for one in said if len(one) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")


def _strings(row: Iterable[object]) -> Iterator[str]:
    """The texts of a row; other names of a thing are a list of them."""
    for one in row:
        yield from map(str, one if isinstance(one, list) else [one])
