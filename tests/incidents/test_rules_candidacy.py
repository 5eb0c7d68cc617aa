from dataclasses import replace
from datetime import date

import pytest

from incidents.rules.candidacy import ProgrammeFacts
from incidents.rules.resolver import resolve
from tests.incidents.shipped import (
    ARR,
    BASE,
    CHART,
    CHARTS,
    COMPONENTS,
    EVENT,
    MCSAP,
    MCSAP_PLUS,
    SECURITY_PLUS,
    UER,
    incident,
)
from workorders.rules.term import Period

ALL = (ARR, UER, MCSAP, SECURITY_PLUS, EVENT)


def chosen(*arguments, **facts) -> tuple[str, int]:
    resolution = resolve(CHARTS, incident(*arguments, **facts))
    return resolution.chart, resolution.minutes


def reason(chart: str, *arguments, **facts) -> str:
    table = resolve(CHARTS, incident(*arguments, **facts)).table
    return next(line.reason for line in table if line.chart == chart)


# --- Exclusions --------------------------------------------------------------------------


@pytest.mark.clause("A-BS18", "A-UE7", "2.4-AP14", "2.5-AR5", "X-16", "X-28")
@pytest.mark.parametrize(
    ("component", "held", "severity", "expected"),
    [
        ("Azure StorSimple", (), "1", ("base", 60)),
        ("GitHub AE", (), "A", ("base", 60)),
        ("Communication Services", (), "1", ("base", 60)),
        ("Azure Billing", (), "1", ("base", 60)),
        ("Azure Maps", (), "1", ("base", 15)),
        ("Universal Print", (UER,), "1", ("base", 15)),
        ("US Gov clouds", (UER,), "1", ("base", 15)),
        ("A40", (UER,), "1", ("base", 15)),
        ("Azure StorSimple", (UER,), "1", ("uer", 30)),
        ("Azure Communication Services", (ARR, UER), "1", ("uer", 15)),
        ("Azure Communication Services", (ARR, UER, MCSAP), "1", ("mcsap", 15)),
        ("Azure Maps", (ARR, UER, MCSAP), "A", ("arr", 15)),
        ("Mooncake", (MCSAP,), "A", ("base", 60)),
        ("Mooncake", (ARR, MCSAP), "A", ("arr", 15)),
        ("Azure Stack HCI", (ARR, UER, MCSAP), "A", ("uer", 30)),
        ("Billing & Subscription Management", (UER, MCSAP), "1", ("uer", 15)),
    ],
)
def test_each_chart_has_its_own_list_of_exclusions(component, held, severity, expected):
    assert chosen(severity, *held, component=component) == expected


@pytest.mark.clause("2.4-AP14", "A-UE7", "2.4-AE17")
def test_the_cloud_that_a_component_runs_in_counts_like_a_component():
    gov = COMPONENTS.find("azure_government")
    elsewhere = {"cloud": gov, "description": "AEM"}
    assert chosen("1", UER, MCSAP, EVENT, **elsewhere) == ("base", 15)
    assert reason("azure_event", "1", EVENT, **elsewhere) == "excluded"
    assert reason("mcsap", "1", MCSAP, **elsewhere) == "excluded"
    sovereign = COMPONENTS.find("sovereign")
    assert reason("azure_event", "1", EVENT, cloud=sovereign, description="AEM") == "excluded"


@pytest.mark.clause("2.4-AE17")
def test_an_event_is_for_the_public_cloud():
    for cloud in ("US Gov clouds", "Azure China"):
        assert reason("azure_event", "1", EVENT, component=cloud, description="AEM") == "excluded"


@pytest.mark.clause("2.4-AP50", "2.4-AP14")
@pytest.mark.parametrize(
    "component", ["Entra ID", "Azure AD B2C", "SQL Server", "Windows 11", "Surface"]
)
def test_four_kinds_of_product_are_never_covered_by_mcsap(component):
    situation = incident("A", MCSAP, component=component, product_class="azure_component")
    line = next(line for line in resolve(CHARTS, situation).table if line.chart == "mcsap")
    assert (line.reason, line.clauses) == ("excluded", ("2.4-AP50",))


@pytest.mark.clause("2.4-AP14")
def test_staff_can_exclude_more_from_an_open_list():
    excluded = {MCSAP: ProgrammeFacts(excluded=frozenset({"Azure Virtual Machines"}))}
    assert reason("mcsap", "A", MCSAP, facts=excluded) == "excluded"
    assert reason("mcsap", "A", MCSAP, component="Azure Storage", facts=excluded) == ""


# --- Scope -------------------------------------------------------------------------------


@pytest.mark.clause("2.4-SE3", "2.4-SE5")
@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ("Entra", ("mcsfs_plus", 15)),
        ("Entra ID", ("mcsfs_plus", 15)),
        ("Microsoft Defender for Endpoint", ("mcsfs_plus", 15)),
        ("Purview DLP", ("mcsfs_plus", 15)),
        ("Purview eDiscovery", ("base", 60)),
        ("Defender for Cloud", ("base", 60)),
    ],
)
def test_security_plus_covers_the_products_that_it_lists(component, expected):
    assert chosen("A", SECURITY_PLUS, component=component, channel="web") == expected


@pytest.mark.clause("2.4-SE3")
def test_a_product_outside_the_list_is_out_however_it_is_filed():
    filed = {"component": "Purview eDiscovery", "product_class": "security_product"}
    assert chosen("1", SECURITY_PLUS, **filed) == ("base", 60)


@pytest.mark.clause("0-C14", "2.4-SE5")
def test_elsewhere_a_security_product_is_like_any_other():
    unlisted = {SECURITY_PLUS: ProgrammeFacts(tenant_listed=False)}
    assert chosen("1", ARR, MCSAP, component="Intune", facts=unlisted) == ("base", 60)
    assert chosen("1", ARR, UER, MCSAP, component="Intune", facts=unlisted) == ("uer", 30)
    assert reason("mcsap", "1", MCSAP, component="Intune") == "product_not_covered"


@pytest.mark.clause("0-C14")
def test_the_class_can_be_stated_apart_from_the_component():
    assert chosen("1", component="Contoso ERP") == ("base", 60)
    assert chosen("1", component="Contoso ERP", product_class="azure_component") == ("base", 15)


# --- Gates, subscriptions, tenants, windows, keywords ------------------------------------


@pytest.mark.clause("2.4-AP11", "2.4-AP2", "2.4-AP3", "2.4-SE5", "0-C14")
@pytest.mark.parametrize(
    ("programme", "chart", "fact", "expected"),
    [
        (MCSAP, "mcsap", "gate_open", "gate_closed"),
        (MCSAP_PLUS, "mcsap", "gate_open", "gate_closed"),
        (MCSAP, "mcsap", "subscription_enrolled", "subscription_not_enrolled"),
        (MCSAP, "mcsap", "buyer_affiliated", "buyer_not_affiliated"),
        (SECURITY_PLUS, "mcsfs_plus", "tenant_listed", "tenant_not_listed"),
        (EVENT, "azure_event", "inside_window", "outside_window"),
    ],
)
def test_what_a_programme_asks_for_has_to_be_there(programme, chart, fact, expected):
    component = "Intune" if programme == SECURITY_PLUS else "Azure Storage"
    facts = {programme: ProgrammeFacts(**{fact: False})}
    situation = {"component": component, "description": "AEM", "facts": facts}
    assert reason(chart, "A", **situation) == expected
    facts[programme] = ProgrammeFacts()
    assert chosen("A", **situation) == (chart, 15)


def test_one_of_two_programmes_of_a_chart_is_enough():
    facts = {MCSAP: ProgrammeFacts(gate_open=False), MCSAP_PLUS: ProgrammeFacts()}
    assert chosen("A", facts=facts) == ("mcsap", 15)
    facts[MCSAP_PLUS] = ProgrammeFacts(subscription_enrolled=False)
    assert reason("mcsap", "A", facts=facts) == "gate_closed"


@pytest.mark.clause("A-AE1")
@pytest.mark.parametrize(
    ("description", "chart"),
    [
        ("AEM launch day - checkout errors", "azure_event"),
        ("aem: checkout errors", "azure_event"),
        ("checkout errors (AEM)", "azure_event"),
        ("AEM上线当日结账报错", "azure_event"),
        ("", "base"),
        ("checkout errors", "base"),
        ("AEMX checkout", "base"),
        ("maem", "base"),
    ],
)
def test_the_keyword_of_an_event_is_a_whole_word_in_any_case(description, chart):
    assert chosen("A", EVENT, description=description)[0] == chart


# --- Channels ----------------------------------------------------------------------------


@pytest.mark.clause("2.5-AR2", "A-AE1", "2.4-AP17", "2.5-UE3", "A-AP4", "X-13")
@pytest.mark.parametrize(
    ("channel", "charts"),
    [
        ("portal", {"base", "uer", "arr", "mcsap", "azure_event"}),
        ("web", {"base", "uer", "mcsap"}),
        ("phone", {"base", "uer", "mcsap"}),
        ("chat", {"base", "mcsap"}),
        ("email", {"base"}),
        (None, {"base", "uer", "arr", "mcsap", "azure_event"}),
    ],
)
def test_a_chart_is_reached_by_its_channels_and_the_portal_is_on_the_web(channel, charts):
    situation = incident("A", *ALL, channel=channel, description="AEM")
    assert set(resolve(CHARTS, situation).candidates) == charts


@pytest.mark.clause("2.5-AR2")
def test_a_chart_that_names_no_channel_is_reached_by_all():
    open_to_all = replace(CHART["arr"], channels=frozenset())
    resolution = resolve([open_to_all, CHART["base"]], incident("A", ARR, channel="email"))
    assert resolution.chart == "arr"


# --- In force ----------------------------------------------------------------------------


@pytest.mark.clause("0-C16", "0-C14")
@pytest.mark.parametrize(
    ("day", "chart"), [("2025-01-31", "base"), ("2025-02-01", "arr"), ("2025-04-30", "arr"),
                       ("2025-05-01", "base")],
)  # fmt: skip
def test_a_programme_counts_from_its_first_to_its_last_day(day, chart):
    term = Period(date(2025, 2, 1), date(2025, 4, 30))
    facts = {ARR: ProgrammeFacts(in_force=term)}
    assert chosen("A", facts=facts, submitted_on=date.fromisoformat(day))[0] == chart


@pytest.mark.clause("2.1-B1", "2.4-AP46")
def test_without_a_base_agreement_no_programme_counts():
    facts = {BASE: ProgrammeFacts(in_force=Period(last=date(2025, 4, 30)))}
    day = date(2025, 5, 1)
    assert chosen("A", MCSAP, facts=facts, submitted_on=day) == ("base", 60)
    assert reason("mcsap", "A", MCSAP, facts=facts, submitted_on=day) == "base_not_in_force"


def test_where_nothing_is_said_of_the_base_agreement_it_is_in_force():
    situation = incident("A", MCSAP, submitted_on=date(2025, 5, 1))
    del situation.programmes[BASE]
    assert resolve(CHARTS, situation).chart == "mcsap"
