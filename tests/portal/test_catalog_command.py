"""`manage.py catalog load FILE`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from services.catalog import editions
from services.catalog.models import Edition
from tests import factories, plainyaml

pytestmark = pytest.mark.django_db


def load(path: Path) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("catalog", "load", str(path), stdout=out)
    return out.getvalue().strip()


def write(tmp_path: Path, data: dict) -> Path:
    """A file with `data`, register included."""
    path = tmp_path / "own.yaml"
    path.write_text(plainyaml.dump(data))
    return path


def test_the_shipped_file_is_loaded_once():
    assert load(editions.SHIPPED) == "2024-09: 47 offerings and 6 charts loaded as a draft."
    assert load(editions.SHIPPED) == "2024-09: loaded already, nothing changed (draft)."
    assert Edition.objects.get().state == "draft"


def test_another_file_becomes_another_draft(tmp_path):
    path = write(tmp_path, factories.small_edition_data(code="2027-01"))
    assert load(path) == "2027-01: 3 offerings and 1 charts loaded as a draft."


def test_broken_yaml_is_told_with_its_line(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("edition:\n  code: [\n")
    with pytest.raises(CommandError) as error:
        load(path)
    assert str(error.value).startswith(
        "broken.yaml, line 3: The file can't be read. line 3, column 1: "
    )
    assert str(error.value).endswith("(file_broken)")


def test_a_wrong_field_is_told_with_its_line(tmp_path):
    data = factories.small_edition_data()
    data["offerings"][1]["mark"] = "golden"
    path = write(tmp_path, data)
    lines = path.read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.endswith("mark: golden"))
    with pytest.raises(CommandError) as error:
        load(path)
    assert str(error.value) == (
        f"own.yaml, line {line}: The file has an entry that isn't valid. "
        "offerings[1].mark: Value 'golden' is not a valid choice. "
        "Correct the entry and load the file again. (field_invalid)"
    )
    assert not Edition.objects.exists()


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError) as error:
        load(tmp_path / "nowhere.yaml")
    assert str(error.value).startswith("nowhere.yaml: The file can't be read.")


def test_a_frozen_edition_is_not_overwritten(tmp_path):
    factories.published_edition()
    data = factories.edition_data()
    data["edition"]["title_en"] = "Other"
    with pytest.raises(CommandError) as error:
        load(write(tmp_path, data))
    assert "A published edition can't be changed." in str(error.value)
