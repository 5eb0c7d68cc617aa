"""The adapters by group and action, and the comparison of answers with cases."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from accounts.rules.refusal import Refused
from ussd_portal import conformance

Answer: TypeAlias = dict[str, Any]
Adapter: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any]], Answer]

_adapters: dict[tuple[str, str], Adapter] = {}

PARTS = ("given", "when", "then")
# Lists under these keys of `then` are sets (conventions of the case file).
SETS = frozenset({"assign", "participants"})
NUMBER = re.compile(r"-?\d+\.\d+|-?\d+")


def adapter(group: str, *actions: str) -> Callable[[Adapter], Adapter]:
    """Register a function `(given, when) -> answer` for these actions of `group`.

    A `Refused` that the function lets through becomes the answer ``accepted: false``
    with its reason code.
    """

    def register(function: Adapter) -> Adapter:
        for action in actions:
            if (group, action) in _adapters:
                raise ValueError(f"two adapters for {group}/{action}")
            _adapters[group, action] = function
        return function

    return register


def load_adapters() -> Mapping[tuple[str, str], Adapter]:
    """All adapters, after importing every module below this package."""
    for module in pkgutil.walk_packages(conformance.__path__, f"{conformance.__name__}."):
        importlib.import_module(module.name)
    return _adapters


@dataclass(frozen=True, slots=True)
class Failure:
    """A case whose answer differs, or that could not be put to the application."""

    id: str
    group: str
    action: str
    expected: Any
    got: Any
    error: str = ""


@dataclass(slots=True)
class Report:
    """What became of a file of cases."""

    passed: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    @property
    def groups(self) -> dict[str, tuple[int, int]]:
        """Passed and failed by group, in the order of the file's groups by name."""
        failed: dict[str, int] = {}
        for failure in self.failures:
            failed[failure.group] = failed.get(failure.group, 0) + 1
        names = sorted({*self.passed, *failed})
        return {name: (self.passed.get(name, 0), failed.get(name, 0)) for name in names}


def run(cases: Iterable[object]) -> Report:
    """Put each case to the application; nothing that a case holds stops the run."""
    adapters = load_adapters()
    report = Report()
    for number, case in enumerate(cases, start=1):
        verdict = _verdict(case, number, adapters)
        if isinstance(verdict, Failure):
            report.failures.append(verdict)
        else:
            report.passed[verdict] = report.passed.get(verdict, 0) + 1
    return report


def _verdict(
    case: object, number: int, adapters: Mapping[tuple[str, str], Adapter]
) -> Failure | str:
    """The group of a case that passes, or its failure."""
    if not isinstance(case, Mapping):
        return Failure(f"#{number}", "?", "?", None, None, "a case is a mapping")
    case_id, group = str(case.get("id") or f"#{number}"), str(case.get("group") or "?")
    given, when, then = _parts(case)
    action = str(when.get("action") or "?")
    if not then:
        error = "given, when and then are mappings, and then expects something"
        return Failure(case_id, group, action, case.get("then"), None, error)
    function = adapters.get((group, action))
    if function is None:
        return Failure(case_id, group, action, then, None, f"no adapter for {group}/{action}")
    try:
        answer = _answer(function, given, when)
    except Exception as exc:  # a broken case or adapter is a failed case
        return Failure(case_id, group, action, then, None, f"{type(exc).__name__}: {exc}")
    if all(_same(key, expected, answer.get(key)) for key, expected in then.items()):
        return group
    return Failure(case_id, group, action, then, answer)


def _parts(case: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """given, when and then of a case; all empty if one of them is no mapping."""
    parts = tuple({} if case.get(name) is None else case[name] for name in PARTS)
    return parts if all(isinstance(part, Mapping) for part in parts) else ({}, {}, {})


def _answer(function: Adapter, given: Mapping[str, Any], when: Mapping[str, Any]) -> Answer:
    try:
        return function(given, when)
    except Refused as refused:
        answer: Answer = {"accepted": False, "reason": refused.code}
        if refused.overridable:
            answer["overridable"] = True
        return answer


def _same(key: str, expected: object, got: object) -> bool:
    """Whether `got` is what the case expects under `key`."""
    expected, got = _value(expected), _value(got)
    if key in SETS and isinstance(expected, list) and isinstance(got, list):
        return set(map(repr, expected)) == set(map(repr, got))
    return type(expected) is type(got) and expected == got


def _value(thing: object) -> object:
    """A comparable form: one instant is one instant in any zone, 1.50 is 1.5."""
    match thing:
        case bool():
            return thing
        case int() | float():
            return Decimal(str(thing))
        case datetime() if thing.tzinfo is not None:
            return thing.timestamp()
        case date():
            return thing.isoformat()
        case str():
            return _text_value(thing)
        case Mapping():
            return {str(key): _value(item) for key, item in thing.items()}
        case list() | tuple() | set() | frozenset():
            return [_value(item) for item in thing]
    return thing


def _text_value(text: str) -> object:
    if NUMBER.fullmatch(text):
        return Decimal(text)
    if "T" in text:
        try:
            return _value(datetime.fromisoformat(text))
        except ValueError:
            return text
    return text
