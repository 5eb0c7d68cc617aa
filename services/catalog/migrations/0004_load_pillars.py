"""Pillars for editions that were loaded before they were kept; in a transaction of its own."""

from django.db import migrations

from services.catalog import editions


def load_pillars(apps, schema_editor):
    """The pillars of the shipped edition, where it was loaded before they were kept."""
    found = apps.get_model("catalog", "Edition").objects.all()
    if not found.exists():
        return
    data = editions.read(editions.SHIPPED).data
    for edition in found.filter(code=data["edition"]["code"]):
        for position, entry in enumerate(data["success_pillars"]["pillars"]):
            pillar = apps.get_model("catalog", "Pillar").objects.create(
                edition=edition, **columns(entry, position)
            )
            for number, inner in enumerate(entry["activities"]):
                apps.get_model("catalog", "PillarActivity").objects.create(
                    pillar=pillar, **columns(inner, number)
                )


def columns(entry, position):
    """An entry of the file as columns in every language."""
    return {
        "code": entry["code"],
        "position": position,
        "clauses": entry["clauses"],
        "name": entry["name_en"],
        "name_en": entry["name_en"],
        "name_zh_hans": entry["name_zh"],
        "summary": entry["summary_en"],
        "summary_en": entry["summary_en"],
        "summary_zh_hans": entry["summary_zh"],
    }


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_pillars"),
    ]

    operations = [
        migrations.RunPython(load_pillars, migrations.RunPython.noop),
    ]
