from django.db import migrations


def drop(apps, _editor):
    """Workbooks checked before batches kept their sheet: they can neither be mended nor written, and are sent again."""
    checked = apps.get_model("surveys", "Batch").objects.filter(source="import", state="checked", grid="")
    checked.update(state="dropped", rows=[])


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0005_batch_is_read_by_a_worker"),
    ]

    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
