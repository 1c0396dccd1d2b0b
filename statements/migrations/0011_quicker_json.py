"""Versions, and the rows of import runs, are read and written by another library. What is stored stays as it is."""

from django.db import migrations, models

import statements.json_text
import statements.models.version


class Migration(migrations.Migration):
    dependencies = [("statements", "0010_lists_of_what_happened")]

    operations = [
        # The columns are what they were: to alter one would write each row of a large site again.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "version",
                    "document",
                    models.JSONField(
                        decoder=statements.json_text.Decoder, encoder=statements.models.version.DocumentEncoder
                    ),
                ),
                migrations.AlterField(
                    "runrows",
                    "rows",
                    models.JSONField(
                        decoder=statements.json_text.Decoder, default=list, encoder=statements.json_text.Encoder
                    ),
                ),
            ]
        ),
    ]
