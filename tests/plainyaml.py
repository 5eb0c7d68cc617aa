"""YAML as anybody would read and write it, in C: an edition has seven thousand lines."""

from typing import Any

import yaml


def load(text: str) -> Any:
    """What plain YAML says."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def dump(data: Any) -> str:
    """`data` in its own order."""
    return yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
