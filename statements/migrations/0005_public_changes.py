"""The content version: a small table that whatever changes what readers may see writes to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("statements", "0004_search")]

    operations = [
        migrations.CreateModel(
            name="PublicChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=32, verbose_name="mark")),
            ],
            options={
                "verbose_name": "public change",
                "verbose_name_plural": "public changes",
                "ordering": ["id"],
            },
        ),
    ]
