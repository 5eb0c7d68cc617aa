"""The resolver against appendix A restated by hand: products × programmes × channels × severities."""

import random
from collections.abc import Iterable

import pytest

from incidents.rules.candidacy import ProgrammeFacts
from incidents.rules.resolver import resolve
from tests.incidents.shipped import (
    ARR,
    CHARTS,
    COMPONENTS,
    DATA,
    EVENT,
    MCSAP,
    SECURITY_PLUS,
    UER,
    incident,
)

AZURE = "azure_component"
# The exclusions as the clauses list them; the catalogue's names.
NAMED = {
    "base": {"Azure StorSimple", "GitHub AE", "Azure Communication Services", "Azure Billing"},
    "mcsap": {
        "US Gov clouds", "Azure China cloud (Mooncake)", "Azure Media Services", "Azure Stack",
        "Azure Billing", "Azure Maps", "Azure StorSimple", "GitHub AE", "Universal Print",
        "Test Base for M365", "Microsoft Mesh",
    },
    "arr": {
        "Azure Media Services", "Azure Stack", "Azure StorSimple", "GitHub AE", "Universal Print",
        "Azure Communication Services", "Azure Billing", "Test Base for M365", "Microsoft Mesh",
    },
    "uer": {
        "US Gov clouds", "Azure StorSimple", "GitHub AE", "A40", "Azure Media Services",
        "Azure Stack", "Test Base for M365", "Microsoft Mesh", "Universal Print",
    },
    "azure_event": {"US Gov clouds", "Azure China cloud (Mooncake)"},
}  # fmt: skip
SECURED = {
    "Entra", "Entra ID", "Entra External ID", "Intune", "Purview DLP", "Purview MIP",
    "Defender MDE", "Defender MDA", "Defender MDI", "Defender MDO",
}  # fmt: skip
REACHED_BY = {
    "azure_event": {"portal"},
    "mcsap": {"portal", "web", "phone", "chat"},
    "mcsfs_plus": {"phone", "web", "portal"},
    "arr": {"portal"},
    "uer": {"phone", "web", "portal"},
}
PROGRAMMES = {
    "azure_event": EVENT, "mcsap": MCSAP, "mcsfs_plus": SECURITY_PLUS, "arr": ARR, "uer": UER,
}  # fmt: skip
TIES = ("azure_event", "mcsap", "mcsfs_plus", "arr", "uer", "base")
DESCRIPTIONS = ("AEM launch", "launch of aem: errors", "plain", "theAEMs")
ALL_CASES = 6_000


def expected(
    severity: str, held: Iterable[str], name: str, kind: str, channel: str, words: str
) -> tuple[str, int]:
    """The chart and its minutes, by hand (0-C14)."""
    if severity in "BC":
        return "base", {"B": 120, "C": 240}[severity]
    azure = severity == "1" and kind == AZURE
    found = [("base", 15 if azure and name not in NAMED["base"] else 60)]
    reached = [chart for chart in held if channel in REACHED_BY[chart]]
    found += [
        (chart, minutes)
        for chart in reached
        if (minutes := promised(chart, azure, name, kind, words)) is not None
    ]
    return min(found, key=lambda one: (one[1], TIES.index(one[0])))


def promised(chart: str, azure: bool, name: str, kind: str, words: str) -> int | None:
    """The minutes of a programme at severity 1 or A; None if it isn't a candidate."""
    if chart == "mcsfs_plus":
        return 15 if name in SECURED else None
    if chart == "uer":
        return 15 if azure and name not in NAMED["uer"] else 30
    if kind != AZURE or name in NAMED[chart]:
        return None
    called = "AEM" in words.replace("aem:", "AEM").split()
    return 15 if chart != "azure_event" or called else None


@pytest.mark.clause(
    "0-C14", "A-BS2", "A-BS3", "A-BS7", "A-BS10", "A-BS15", "A-BS18", "A-AP2", "A-AE1", "A-AE3",
    "A-SE2", "A-AR2", "A-UE2", "A-UE3", "A-UE5", "A-UE7", "2.4-AP14", "2.4-AP17", "2.4-AE17",
    "2.4-SE3", "2.5-AR2", "2.5-AR5", "2.5-UE3", "X-16", "X-17", "X-38",
)  # fmt: skip
def test_chart_and_minutes_are_those_worked_out_by_hand():
    chance = random.Random("charts")
    wrong = []
    for _ in range(ALL_CASES):
        entry = chance.choice(DATA["components"])
        held = chance.sample(list(PROGRAMMES), chance.randrange(6))
        severity, words = chance.choice("1A1ABC"), chance.choice(DESCRIPTIONS)
        channel = chance.choice(("portal", "web", "phone", "chat", "email"))
        case = (severity, held, entry["name"], entry["product_class"], channel, words)
        found = resolve(
            CHARTS,
            incident(
                severity,
                *(PROGRAMMES[chart] for chart in held),
                component=entry["name"],
                channel=channel,
                description=words,
            ),
        )
        if (found.chart, found.minutes) != expected(*case):
            wrong.append((case, found.chart, found.minutes))
    assert wrong == []


@pytest.mark.clause("0-C14")
def test_the_order_in_which_charts_and_programmes_come_makes_no_difference():
    chance = random.Random("order")
    for _ in range(200):
        held = chance.sample(list(PROGRAMMES.values()), 4)
        situation = incident("1", *held, component=chance.choice(DATA["components"])["name"])
        charts = list(CHARTS)
        chance.shuffle(charts)
        first, second = resolve(CHARTS, situation), resolve(charts, situation)
        assert (first.chart, first.minutes) == (second.chart, second.minutes)
        assert set(first.candidates) == set(second.candidates)


def test_every_loser_says_why_it_lost():
    for entry in DATA["components"]:
        facts = dict.fromkeys(PROGRAMMES.values(), ProgrammeFacts(gate_open=False))
        found = resolve(CHARTS, incident("A", component=entry["name"], facts=facts))
        assert COMPONENTS.find(entry["name"]).name == entry["name"]
        for line in found.table:
            assert line.reason or line.minutes is not None
            assert line.clauses or line.outcome in {"wins", "slower", "less_specific"}
