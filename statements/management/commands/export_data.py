"""``export_data DIR [--desk]``: what readers may see as a data package, or the desk as files to import."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from statements.importing.desk_export import desk_files
from statements.importing.public_export import public_files
from statements.importing.tables import FolderRefused, write_files


class Command(BaseCommand):
    help = "Writes every public table as CSV with a data package; with --desk every KIND as import_csv reads it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="a new or empty folder, or that of an earlier export"
        )
        parser.add_argument("--desk", action="store_true", help="the desk, drafts included, for moving or keeping it")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = options["folder"]
        files = desk_files() if options["desk"] else public_files()
        try:
            write_files(folder, files)
        except FolderRefused as refused:
            raise CommandError(str(refused)) from None
        except OSError as error:
            raise CommandError(
                _("%(folder)s can't be written: %(reason)s.") % {"folder": folder, "reason": error.strerror}
            ) from None
        self.stdout.write(_("%(count)d files in %(folder)s.") % {"count": len(files), "folder": folder})
