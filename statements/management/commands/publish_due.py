"""``publish_due``: publish the statements whose time has come."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from statements.actions.scheduling import publish_due


class Command(BaseCommand):
    help = "Publishes scheduled statements whose time has come. Safe to run twice, and while the site runs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        published = refused = 0
        for due in publish_due():
            if due.reasons:
                refused += 1
                self.stdout.write(
                    _("%(title)s: refused. %(reasons)s") % {"title": due.title, "reasons": " ".join(due.reasons)}
                )
            else:
                published += 1
                self.stdout.write(_("%(title)s: published.") % {"title": due.title})
        words = {"published": published, "refused": refused}
        self.stdout.write(_("Published: %(published)d. Refused: %(refused)d.") % words)
        if refused:
            sys.exit(1)
