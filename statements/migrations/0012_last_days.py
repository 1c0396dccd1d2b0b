"""What is counted of dates gets an index by their last days: PostgreSQL looks by it for what lasts until a day."""

from django.db import migrations, models
from django.db.models.functions import Substr


class Migration(migrations.Migration):
    dependencies = [("statements", "0011_quicker_json")]

    operations = [
        migrations.AddIndex(
            "tally",
            models.Index(
                Substr("value", 12),
                models.F("value"),
                condition=models.Q(of="days", target_id=0),
                name="tally_last_day",
            ),
        ),
    ]
