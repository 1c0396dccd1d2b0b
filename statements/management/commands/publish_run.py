"""``publish_run RUN --user NAME``: publish what an import brought and left in review."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.actions.refusal import Refusal
from statements.importing.publishing import publish_run
from statements.management.commands._importing import user_named
from statements.models import ImportRun, Version


class Command(BaseCommand):
    help = "Publishes what an import run brought and left in review, by somebody other than the importer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=int, metavar="RUN", help="the number that import_csv ended with")
        parser.add_argument("--user", required=True, metavar="NAME", help="the reviewer")
        told = parser.add_mutually_exclusive_group()
        told.add_argument("--minor", action="store_true", help="what readers saw before is changed by a minor fix")
        told.add_argument("--correction", metavar="NOTE", help="it is corrected; the note says to readers what was")

    def handle(self, *_args: Any, **options: Any) -> None:
        run = ImportRun.objects.filter(pk=options["run"], state=ImportRun.State.APPLIED).first()
        if run is None:
            raise CommandError(_("There is no applied import run %(number)d.") % {"number": options["run"]})
        try:
            published = publish_run(run=run, by=user_named(options["user"]), **_answer(options))
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        for title, reasons in published.refused:
            self.stdout.write(f"{title}: {' '.join(reasons)}")
        statements, updates = len(published.statements), len(published.updates)
        what = [
            ngettext("%(number)d statement", "%(number)d statements", statements) % {"number": statements},
            ngettext("%(number)d update of demands", "%(number)d updates of demands", updates) % {"number": updates},
        ]
        words = {"statements": what[0], "updates": what[1], "refused": len(published.refused)}
        self.stdout.write(_("Published: %(statements)s and %(updates)s. Refused: %(refused)d.") % words)
        if not (published.statements or published.updates or published.refused):
            self.stdout.write(_("Nothing of this run waits for a reviewer: it is published, returned or a draft."))
        if published.refused:
            sys.exit(1)


def _answer(options: dict[str, Any]) -> dict[str, str]:
    if options["minor"]:
        return {"revision": Version.Revision.MINOR}
    if options["correction"] is not None:
        return {"revision": Version.Revision.CORRECTION, "note": options["correction"]}
    return {}
