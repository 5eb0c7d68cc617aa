"""The rules cite the register, the register knows what they cite, and a test proves it."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from services.catalog import editions

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "services/catalog", "workorders", "services/scheduling", "incidents")
CITATION = re.compile(r"^Clause: (?P<ids>[^\n]+(?:\n[^\n]+)*)\Z", re.MULTILINE)
CLAUSE = re.compile(r"(?:[0-9A-Z]+(?:\.[0-9]+)?)-[A-Z]*[0-9]+")
T = TypeVar("T", ast.FunctionDef, ast.ClassDef)


def rule_files() -> list[Path]:
    """Every module of rules."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).glob("rules/**/*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def decorators(node: ast.FunctionDef | ast.ClassDef) -> set[str]:
    """The last names of its decorators, e.g. ``dataclass``, ``property``."""
    names = set()
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        names.add(called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""))
    return names


def is_value(node: ast.ClassDef) -> bool:
    """Whether a class only holds values: a record, a choice or an exception."""
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    kinds = {"Enum", "StrEnum", "IntEnum", "NamedTuple", "TypedDict", "Protocol", "Exception"}
    return "dataclass" in decorators(node) or bool(bases & kinds)


def public(nodes: Iterable[ast.stmt], kind: type[T]) -> Iterator[T]:
    """The functions or classes among `nodes` that others may use."""
    for node in nodes:
        if isinstance(node, kind) and not node.name.startswith("_"):
            yield node


def rules_of(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Public functions, and the public methods of classes that are more than values."""
    yield from public(tree.body, ast.FunctionDef)
    for one in public(tree.body, ast.ClassDef):
        if not is_value(one) and not cited_in(ast.get_docstring(one) or ""):
            yield from public(one.body, ast.FunctionDef)


def cited_in(docstring: str) -> tuple[str, ...]:
    """The ids of the last lines of a docstring that begin with ``Clause:``."""
    match = CITATION.search(docstring)
    return tuple(re.split(r",\s*", match["ids"].strip())) if match else ()


def docstrings(tree: ast.Module) -> Iterator[str]:
    """Every docstring below the module's own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield ast.get_docstring(node) or ""


def citations() -> dict[str, set[str]]:
    """Each cited id, and the modules of rules that cite it."""
    cited: dict[str, set[str]] = {}
    for path in rule_files():
        for docstring in docstrings(ast.parse(path.read_text(encoding="utf-8"))):
            for clause in cited_in(docstring):
                cited.setdefault(clause, set()).add(name_of(path))
    return cited


def marked() -> set[str]:
    """The ids in the marks ``@pytest.mark.clause(...)`` of all tests."""
    ids = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.clause":
                ids |= {ast.literal_eval(argument) for argument in node.args}
    return ids


def register() -> set[str]:
    """The ids of the clauses, readings and contradictions of the shipped edition."""
    data = editions.read(editions.SHIPPED).data
    return {entry["id"] for section in ("clauses", "readings") for entry in data[section]}


# What writes values down; the contract says nothing about it.
GENERAL = {
    "accounts/rules/explained.py": {"plain", "fraction_text"},
    "accounts/rules/money.py": {"minor_digits"},
}


@pytest.mark.parametrize("path", rule_files(), ids=name_of)
def test_every_public_rule_cites_its_clauses(path):
    general = GENERAL.get(name_of(path), set())
    silent = {
        node.name
        for node in rules_of(ast.parse(path.read_text(encoding="utf-8")))
        if not cited_in(ast.get_docstring(node) or "")
    }
    assert silent == general


def test_every_cited_clause_is_in_the_register():
    known = register()
    assert {clause: files for clause, files in citations().items() if clause not in known} == {}


def test_every_marked_clause_is_in_the_register():
    assert marked() - register() == set()


def test_every_cited_clause_is_proved_by_a_marked_test():
    proved = marked()
    assert {clause: files for clause, files in citations().items() if clause not in proved} == {}


def test_figures_and_refusals_name_clauses_of_the_register():
    """Ids stand in `clause=` and `clauses=` too, not only in docstrings."""
    known = register()
    strangers = {}
    for path in rule_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.keyword) and node.arg in {"clause", "clauses"}):
                continue
            for text in (part for part in ast.walk(node.value) if isinstance(part, ast.Constant)):
                unknown = set(CLAUSE.findall(str(text.value))) - known
                if unknown:
                    strangers[name_of(path)] = unknown
    assert strangers == {}


def test_a_citation_is_the_last_line_of_a_docstring():
    assert cited_in("Sum.\n\nClause: 2.2-F3, 0-C11") == ("2.2-F3", "0-C11")
    assert cited_in("Sum.\n\nClause: 2.2-F3,\n2.2-F4") == ("2.2-F3", "2.2-F4")
    assert cited_in("Clause: 2.2-F3\n\nSum.") == ()
    assert cited_in("Sum.") == ()


def test_the_register_is_whole():
    ids = register()
    assert len(ids) == 418 + 17 + 45
    assert {"2.2-F3", "0-C17", "X-45", "A-UE9", "Z-2"} <= ids
