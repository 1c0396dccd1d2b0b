"""``check_data``: every rule that a constraint can't hold, a line per offence."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from statements.management.commands._quiet import no_log_of_queries
from statements.record.check import offences


class Command(BaseCommand):
    help = (
        "Checks every rule that a constraint can't hold. Prints a line per offence and exits with 1 when there is one."
    )

    @no_log_of_queries()
    def handle(self, *_args: Any, **_options: Any) -> None:
        found = False
        for offence in offences():
            found = True
            self.stdout.write(offence)
        if found:
            sys.exit(1)
        self.stdout.write(_("Everything is in order."))
