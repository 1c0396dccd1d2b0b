"""Versions are stored with their letters as they are. Those that are there already read the same, and stay."""

from django.db import migrations, models

import statements.models.version


class Migration(migrations.Migration):
    dependencies = [("statements", "0008_today_links")]

    operations = [
        # The column is what it was: to alter it would write each version of a large site again.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "version", "document", models.JSONField(encoder=statements.models.version.DocumentEncoder)
                ),
            ]
        ),
    ]
