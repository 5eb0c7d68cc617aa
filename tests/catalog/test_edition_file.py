"""The shipped edition: complete, in both languages, and in the vocabulary of the rules."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.catalog import editions
from services.catalog.rules.terms import TERM_SPECS, CancellationTier, terms_from

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    """The shipped edition with its register."""
    return editions.read(editions.SHIPPED).data


@pytest.fixture(scope="module")
def register(data) -> set[str]:
    """All ids of the register."""
    return {row["id"] for row in data["clauses"] + data["readings"]}


def mappings(value: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping in `value` with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from mappings(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from mappings(inner, f"{path}[{number}]")


def test_it_has_all_offerings_and_the_whole_register(data):
    assert len(data["offerings"]) == 47
    assert len({offering["code"] for offering in data["offerings"]}) == 47
    assert len(data["clauses"]) == 418
    assert len([row for row in data["readings"] if row["id"].startswith("0-C")]) == 17
    assert len([row for row in data["readings"] if row["id"].startswith("X-")]) == 45


def test_every_clause_it_cites_is_in_the_register(data, register):
    unknown = [
        (path, clause)
        for path, row in mappings(data)
        for key, value in row.items()
        if key.endswith("clauses") and path  # the section itself holds rows, not ids
        for clause in (value.values() if isinstance(value, dict) else value)
        if clause not in register
    ]
    assert unknown == []


def test_every_text_is_there_in_both_languages(data):
    lone = []
    for path, row in mappings(data):
        for key, text in row.items():
            stem, _, language = key.rpartition("_")
            if language not in {"en", "zh"}:
                continue
            other = row.get(f"{stem}_{'zh' if language == 'en' else 'en'}")
            if not text.strip() or (other is None and not path.startswith(".components")):
                lone.append(f"{path}.{key}")
    assert lone == []


def test_chinese_texts_are_chinese(data):
    foreign = [
        f"{path}.{key}"
        for path, row in mappings(data)
        for key, text in row.items()
        if key.endswith("_zh") and not CHINESE.search(text)
    ]
    assert foreign == []


def test_english_texts_hold_no_chinese(data):
    foreign = [
        f"{path}.{key}"
        for path, row in mappings(data)
        for key, text in row.items()
        if key.endswith("_en") and CHINESE.search(text)
    ]
    assert foreign == []


def test_every_offering_says_what_it_rests_on(data):
    silent = [
        offering["code"]
        for offering in data["offerings"]
        if not offering["clauses"]
        or not offering["conditions"]
        or not all(row["clauses"] for row in offering["conditions"] + offering["limits"])
    ]
    assert silent == []


def test_groups_members_and_contents_are_offerings(data):
    by_code = {offering["code"]: offering for offering in data["offerings"]}
    for code, offering in by_code.items():
        members = offering.get("members", [])
        assert members == [one for one, row in by_code.items() if row.get("parent") == code]
        assert bool(members) == offering.get("is_group", False)
        assert all(included in by_code for included in offering.get("includes", []))


@pytest.mark.clause("1-A1")
def test_the_terms_are_those_that_the_rules_know(data):
    specs = {spec.code: spec for spec in TERM_SPECS}
    assert {term["code"]: term["unit"] for term in data["terms"]} == {
        code: spec.unit for code, spec in specs.items()
    }
    assert all(set(specs[term["code"]].clauses) <= set(term["clauses"]) for term in data["terms"])
    terms = terms_from(
        {term["code"]: term["value"] for term in data["terms"]},
        [
            CancellationTier(tier["min_lead_days"], tier["percent"], ", ".join(tier["clauses"]))
            for tier in data["cancellation_tiers"]
        ],
    )
    assert [tier.percent for tier in terms.cancellation.tiers] == [0, 50, 100]
    assert terms.mcsap.plus_min_spend_usd_minor == 60_000_000_00


def minutes_of(data: dict[str, Any]) -> dict[str, dict[str, dict[str, int]]]:
    """Chart → severity → class → minutes."""
    return {
        code: {
            severity: row["initial_response_minutes"]
            for severity, row in chart["severities"].items()
        }
        for code, chart in data["severity_matrices"]["matrices"].items()
    }


def test_the_six_charts_have_their_minutes(data):
    fast = {"1": {"azure_component": 15}, "A": {"azure_component": 15}}
    assert minutes_of(data) == {
        "base": {
            "1": {"azure_component": 15, "other": 60},
            "A": {"azure_component": 60, "other": 60},
            "B": {"azure_component": 120, "other": 120},
            "C": {"azure_component": 240, "other": 240},
        },
        "mcsap": fast,
        "azure_event": fast,
        "arr": fast,
        "mcsfs_plus": {"1": {"security_product": 15}, "A": {"security_product": 15}},
        "uer": {
            "1": {"azure_component": 15, "other": 30},
            "A": {"azure_component": 30, "other": 30},
        },
    }


def test_every_chart_row_is_complete(data):
    charts = data["severity_matrices"]
    for chart in charts["matrices"].values():
        assert chart["downgrade"]["effect"] in {"lower_severity", "lose_24x7"}
        for row in chart["severities"].values():
            assert set(row["response_clauses"]) == set(row["initial_response_minutes"])
            assert row["customer_duties"]
            assert row["assigned"] is None or row["assigned"]["role"] in charts["roles"]
            codes = [duty["code"] for duty in row["customer_duties"]]
            assert len(set(codes)) == len(codes)
    assert set(charts["precedence"]["tie_order"]) == set(charts["matrices"])


def test_every_excluded_or_listed_component_is_in_the_catalogue_of_components(data):
    names = {component["name"] for component in data["components"]}
    aliases = {name for component in data["components"] for name in component.get("aliases", [])}
    charts = data["severity_matrices"]["matrices"].values()
    named = {name for chart in charts for name in chart["exclusions"].get("components", [])}
    listed = {name for chart in charts for name in chart.get("products", [])}
    assert listed <= names
    assert named <= names | aliases


def test_no_component_has_the_name_or_alias_of_another(data):
    names = [
        name.casefold()
        for component in data["components"]
        for name in [component["name"], *component.get("aliases", [])]
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_success_pillars_are_three_with_ten_activities(data):
    pillars = data["success_pillars"]["pillars"]
    assert len(pillars) == 3
    assert sum(len(pillar["activities"]) for pillar in pillars) == 10
