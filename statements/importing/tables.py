"""Files of an export and the folder they go to, which holds nothing else."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from statements.cells import for_text_file
from statements.record.tables import PACKAGE

DESK_MARK = "desk-export.txt"

#: By one of these a folder is known as an earlier export.
MARKS = (PACKAGE, DESK_MARK)


class FolderRefused(Exception):
    """Its text says why nothing is written there, and what to do."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8, commas, one line feed at the end of a row; what a spreadsheet would take for a formula is escaped."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([for_text_file(cell) for cell in row] for row in rows)
    return output.getvalue().encode()


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write an export where nothing is, or where an earlier one was. Raises FolderRefused, or OSError."""
    if folder.exists() and not folder.is_dir():
        raise FolderRefused(_("%(folder)s is a file. Name a folder.") % {"folder": folder})
    present = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    is_export = any(mark in present for mark in MARKS)
    strangers = [name for name in present if not is_export or not (name in MARKS or name.endswith(".csv"))]
    if strangers:
        raise FolderRefused(
            _("%(folder)s holds something else, such as %(name)s. Name an empty folder or that of an earlier export.")
            % {"folder": folder, "name": strangers[0]}
        )
    folder.mkdir(parents=True, exist_ok=True)
    # What an earlier export of the other sort left would look like a part of this one.
    for name in set(present) - files.keys():
        (folder / name).unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
