"""Editions as files: how they are read, and where the shipped ones are.

A file is YAML. Its clauses and readings may stand in a second file that `register` names,
beside it or among the shipped ones. What is wrong is refused with field and line.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.rules.refusal import Refused

FOLDER = Path(__file__).parent
SHIPPED = FOLDER / "2024-09.yaml"
LARGEST = 8 * 1024 * 1024
DEEPEST = 32


class _Loader(yaml.CSafeLoader):
    """The safe loader, which also names the line of keys and values that can't stand."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:  # a date such as 2024-13-01
            raise _unreadable(str(error), node) from None

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        value = super().construct_scalar(node)
        if isinstance(value, str) and "\0" in value:
            raise _unreadable(_("a text has no NUL in it"), node)
        return value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise _unreadable(_("a key is a text: put it in quotes"), key)
            if key.value in seen:
                raise _unreadable(_("%(code)s stands twice") % {"code": key.value}, key)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _unreadable(problem: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


@dataclass(frozen=True, slots=True)
class EditionFile:
    """A file's content, and where in it a field stands."""

    data: dict[str, Any]
    texts: dict[str, str]

    def place_of(self, field: str) -> tuple[str, int] | None:
        """File name and line of a field such as ``offerings[3].mark``, or of its nearest parent."""
        section = field.partition("[")[0].partition(".")[0]
        for name, text in self.texts.items():
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
            if node is not None and section in [
                key.value for key, _value in getattr(node, "value", [])
            ]:
                return name, _line_of(node, tuple(_steps(field)))
        return None


def read(path: Path) -> EditionFile:
    """The edition in `path`, with its register of clauses.

    Raises `Refused` naming file, line and column when it can't be read.
    """
    return _assembled(path.name, _text_of(path), folders=(path.parent, FOLDER))


def read_upload(name: str, content: bytes) -> EditionFile:
    """The edition in an uploaded file; a register apart is looked for among the shipped ones.

    Refuses as `read` does.
    """
    return _assembled(name, _decoded(name, content), folders=(FOLDER,))


def _assembled(name: str, text: str, *, folders: tuple[Path, ...]) -> EditionFile:
    texts = {name: text}
    data = _mapping(text, name)
    register = data.pop("register", None)
    if register is not None:
        beside = _register_path(register, folders)
        texts[beside.name] = _text_of(beside)
        for section, rows in _mapping(texts[beside.name], beside.name).items():
            if section in data:
                raise Refused(
                    "field_invalid", field=section, where=section, problem=_("stands twice")
                )
            data[section] = rows
    return EditionFile(data, texts)


class _Dumper(yaml.CSafeDumper):
    """The safe dumper, which writes a list out wherever it stands."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(data: dict[str, Any]) -> str:
    """`data` as YAML in the order given, every text on a line of its own."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**16)


def _register_path(register: object, folders: tuple[Path, ...]) -> Path:
    if not isinstance(register, str) or Path(register).name != register:
        problem = _("the name of a file beside this one is needed")
        raise Refused("field_invalid", field="register", where="register", problem=problem)
    candidates = [folder / register for folder in folders]
    return next((found for found in candidates if found.is_file()), candidates[0])


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise _broken(path.name, _("it is larger than 8 MB"))
        return _decoded(path.name, path.read_bytes())
    except FileNotFoundError:
        raise _broken(path.name, _("there is no such file")) from None
    except OSError as error:
        raise _broken(path.name, error.strerror or str(error)) from None


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _broken(name, _("it isn't UTF-8 text"), line, 1) from None


def _mapping(text: str, name: str) -> dict[str, Any]:
    try:
        _refuse_depth(text, name)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader of our own
    except yaml.constructor.ConstructorError as error:  # in our words
        raise _broken(name, error.problem or "", *_place(error)) from None
    except yaml.MarkedYAMLError as error:
        raise _broken(name, _no_yaml(error.problem or ""), *_place(error)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _broken(name, _("a character that no text has"), line, 1) from None
    except (yaml.YAMLError, ValueError) as error:
        raise _broken(name, _no_yaml(str(error))) from None
    if not isinstance(data, dict):
        raise _broken(name, _("a mapping is needed"), 1, 1)
    return data


def _place(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    mark = error.problem_mark or error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _no_yaml(problem: str) -> str:
    """The parser says more, but in English alone."""
    said = _("this isn't YAML")
    return f"{said} ({problem})" if problem and (get_language() or "en") == "en" else said


def _refuse_depth(text: str, name: str) -> None:
    """The loader recurses in C and would take the process along; its events don't.

    Aliases are refused: a few of them can stand for gigabytes.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            raise _broken(
                name,
                _("aliases aren't allowed: write *%(name)s out") % {"name": event.anchor},
                line,
                1,
            )
        if depth > DEEPEST:
            raise _broken(name, _("it is nested too deeply"), line, 1)


def _broken(name: str, problem: str, line: int = 0, column: int = 0) -> Refused:
    where = _("line %(line)s, column %(column)s") % {"line": line, "column": column}
    return Refused(
        "file_broken",
        where=where if line else name,
        problem=problem,
        file=name,
        line=line,
        column=column,
    )


def _steps(field: str) -> Iterator[str | int]:
    for part in field.replace("]", "").split("."):
        name, *numbers = part.split("[")
        yield name
        yield from (int(number) for number in numbers)


def _line_of(node: yaml.Node, steps: tuple[str | int, ...]) -> int:
    """The line of the deepest node on the way; a mapping's value stands where its key does."""
    line = node.start_mark.line + 1
    for step in steps:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark.line + 1, item
    return None
