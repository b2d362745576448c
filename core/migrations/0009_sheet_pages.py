from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_sheet_remarks"),
    ]

    operations = [
        migrations.AddField(
            model_name="sheetimport",
            name="pages",
            field=models.JSONField(blank=True, default=list, verbose_name="Sheets that are read"),
        ),
    ]
