"""``export_data DIR [--desk]``: what readers may see as a data package, or the desk as files to import."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from statements.importing.desk_export import desk_files
from statements.record.folder import FolderRefused, replacing
from statements.record.release import Release, release


class Command(BaseCommand):
    help = (
        "Writes every public table as CSV with a data package, and says what is different from the release that the "
        "folder held before; with --desk every KIND as import_csv reads it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="a new or empty folder, or that of an earlier export"
        )
        parser.add_argument("--desk", action="store_true", help="the desk, drafts included, for moving or keeping it")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = options["folder"]
        try:
            sentences = _write_desk(folder) if options["desk"] else _in_words(release(folder))
        except FolderRefused as refused:
            raise CommandError(str(refused)) from None
        except OSError as error:
            raise CommandError(
                _("%(folder)s can't be written: %(reason)s.") % {"folder": folder, "reason": error.strerror}
            ) from None
        count, *others = sentences
        self.stdout.write(_("%(count)s files in %(folder)s.") % {"count": count, "folder": folder})
        for sentence in others:
            self.stdout.write(sentence)


def _write_desk(folder: Path) -> list[str]:
    files = desk_files()
    with replacing(folder) as new:
        for name, content in files.items():
            (new / name).write_bytes(content)
    return [str(len(files))]


def _in_words(written: Release) -> list[str]:
    """How many files, and what is different from the release before."""
    count = str(written.files)
    if written.is_damaged:
        return [count, _("The release that was there before had been changed by others, so nothing was compared.")]
    if written.previous is None:
        return [count]
    created = {"created": written.previous.created}
    tables = {name: found for name, found in written.previous.tables.items() if any(vars(found).values())}
    if not tables:
        return [count, _("Nothing is different from the release of %(created)s.") % created]
    sentence = _("%(table)s: %(added)d added, %(changed)d changed, %(removed)d removed")
    lines = [sentence % {"table": name, **vars(found)} for name, found in tables.items()]
    return [count, _("Since the release of %(created)s:") % created, *lines]
