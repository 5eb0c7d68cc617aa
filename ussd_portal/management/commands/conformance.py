"""`manage.py conformance FILE`: put worked cases to the application and compare."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from ussd_portal.conformance.registry import Failure, Report, run


class _PlainLoader(yaml.CSafeLoader):
    """YAML whose dates and decimal numbers stay the text that the file has.

    `80000.00` without quotes is an amount, not a binary fraction.
    """


_PlainLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith((":timestamp", ":float", ":merge", ":value"))
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class Command(BaseCommand):
    help = "Runs the worked cases of a YAML or JSON file; exit code 1 if any fails."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = run(cases_of(options["file"]))
        if options["json"]:
            self.stdout.write(json.dumps(_as_data(report), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_as_text(report))
        if report.failures:
            raise SystemExit(1)


def cases_of(path: Path) -> list[object]:
    """The cases of a file: the list under `cases`, or the list that is the file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise CommandError(f"{path}: {exc.strerror or exc}") from exc
    except UnicodeDecodeError as exc:
        line = exc.object[: exc.start].count(b"\n") + 1
        raise CommandError(f"{path}, line {line}: not UTF-8 text") from exc
    content = _parsed(path, text)
    cases = content.get("cases") if isinstance(content, dict) else content
    if not isinstance(cases, list):
        raise CommandError(f"{path}, line 1: no list of cases (key 'cases')")
    return cases


def _parsed(path: Path, text: str) -> object:
    try:
        if path.suffix.lower() == ".json":
            return json.loads(text, parse_float=str)
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a safe loader
    except json.JSONDecodeError as exc:
        raise CommandError(f"{path}, line {exc.lineno}: {exc.msg}") from exc
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        line = mark.line + 1 if mark else 1
        raise CommandError(f"{path}, line {line}: {exc.problem or exc.context}") from exc
    except yaml.reader.ReaderError as exc:
        line = text[: exc.position].count("\n") + 1
        raise CommandError(f"{path}, line {line}: {exc.reason}") from exc
    except (RecursionError, ValueError) as exc:
        raise CommandError(f"{path}: cannot be read: {exc}") from exc


def _as_data(report: Report) -> dict[str, Any]:
    return {
        "passed": sum(report.passed.values()),
        "failed": len(report.failures),
        "groups": {
            name: {"passed": passed, "failed": failed}
            for name, (passed, failed) in report.groups.items()
        },
        "failures": [
            {
                "id": failure.id,
                "group": failure.group,
                "action": failure.action,
                "expected": _plain(failure.expected),
                "got": _plain(failure.got),
                "error": failure.error,
            }
            for failure in report.failures
        ],
    }


def _plain(thing: object) -> Any:
    return json.loads(json.dumps(thing, default=str))


def _as_text(report: Report) -> str:
    width = max([len("total"), *map(len, report.groups)])
    lines = [f"{'group':<{width}}  passed  failed"]
    lines += [
        f"{name:<{width}}  {passed:>6}  {failed:>6}"
        for name, (passed, failed) in report.groups.items()
    ]
    total = sum(report.passed.values())
    lines.append(f"{'total':<{width}}  {total:>6}  {len(report.failures):>6}")
    lines += [line for failure in report.failures for line in _failure_lines(failure)]
    return "\n".join(lines)


def _failure_lines(failure: Failure) -> list[str]:
    shown = json.dumps(_plain(failure.expected), ensure_ascii=False)
    got = failure.error or json.dumps(_plain(failure.got), ensure_ascii=False)
    return [
        f"FAILED {failure.id} ({failure.group}/{failure.action})",
        f"  expected {shown}",
        f"  got      {got}",
    ]
