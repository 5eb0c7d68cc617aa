"""The database refuses to change or remove a transfer."""

from django.db import migrations

from workorders.models.triggers import install_triggers


def install(apps, schema_editor):
    install_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("workorders", "0001_initial")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
