"""How much is read, and the sentences for more: IMPORT_MAX_BYTES and IMPORT_MAX_ROWS of the settings."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from statements.importing.incoming import Incoming
from statements.importing.refused import FileRefused

#: Among how many rows from the beginning of a file its header is looked for.
LINES_ABOVE = 20

_MEGABYTE = 1_000_000


def checked_size(incoming: Incoming) -> int:
    """In bytes. Raises FileRefused for a file that is gone, can't be opened or is too large."""
    try:
        with incoming.open():
            size = incoming.content.stat().st_size if isinstance(incoming.content, Path) else len(incoming.content)
    except OSError as error:
        raise FileRefused(_("The file can't be read: %(reason)s.") % {"reason": error.strerror}) from None
    refuse_too_large(size)
    return size


def refuse_too_large(size: int) -> None:
    """``size`` in bytes. Raises FileRefused."""
    if size > settings.IMPORT_MAX_BYTES:
        words = {"size": megabytes(size), "most": megabytes(settings.IMPORT_MAX_BYTES)}
        raise FileRefused(_("The file has %(size)s MB, and at most %(most)s MB are read. Split it.") % words)


def too_many_rows() -> FileRefused:
    """The refusal of a file with more than IMPORT_MAX_ROWS."""
    words = {"most": f"{settings.IMPORT_MAX_ROWS:,}"}
    return FileRefused(_("The file has more than %(most)s rows. Split it.") % words)


def too_much_text() -> FileRefused:
    """The refusal of a workbook whose texts alone would be a file over IMPORT_MAX_BYTES."""
    words = {"most": megabytes(settings.IMPORT_MAX_BYTES)}
    return FileRefused(_("The workbook holds more than %(most)s MB of text. Split it.") % words)


def megabytes(size: int) -> str:
    """Of a size in bytes, for a sentence; never 0.0 of something."""
    return f"{max(size / _MEGABYTE, 0.1):.1f}".removesuffix(".0")
