"""``rebuild_record``: the record's index anew from the published versions."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from statements.management.commands._quiet import no_log_of_queries
from statements.record import index


class Command(BaseCommand):
    help = "Makes the record's index anew from the published versions. Readers see the same before and after."

    @no_log_of_queries()
    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(_("The index holds %(count)d published statements.") % {"count": index.rebuild()})
