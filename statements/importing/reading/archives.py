"""ZIP archives, workbooks among them: opened only when they are whole, not locked and not larger than they seem."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.parsers.expat import ExpatError

from django.conf import settings
from django.utils.translation import gettext as _

from statements.importing.reading.limits import megabytes
from statements.importing.refused import FileRefused

#: What zipfile and the readers of its contents raise when bytes are not what they should be.
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, LookupError, OSError),
    *(ExpatError, ArithmeticError, RuntimeError, ValueError),
)

#: How many times IMPORT_MAX_BYTES a workbook may have unpacked: about as much as one of that size has.
MOST_TIMES = 10

# A bomb is a thousand times as large unpacked.
_MOST_RATIO = 100
_ANY_RATIO_UP_TO = 10_000_000  # bytes
_MOST_MEMBERS = 5000
_ENCRYPTED = 0x1


@contextmanager
def opened_archive(file: IO[bytes], *, size: int, most_times: int = MOST_TIMES) -> Iterator[zipfile.ZipFile]:
    """A ZIP of ``size`` bytes that is safe to read; what is damaged while it is being read is refused as well.

    Unpacked it may have up to ``most_times`` IMPORT_MAX_BYTES. Raises FileRefused.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive, size=size, most=most_times * settings.IMPORT_MAX_BYTES)
            yield archive
    except DAMAGES:
        raise FileRefused(
            _("This workbook or archive is damaged or cut short. Save it again, as .xlsx or as “CSV UTF-8”.")
        ) from None


def _check(archive: zipfile.ZipFile, *, size: int, most: int) -> None:
    members = archive.infolist()
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise FileRefused(_("This archive is protected by a password. Save it without one."))
    # zipfile never unpacks more of a member than its entry says.
    unpacked = sum(member.file_size for member in members)
    words = {"size": megabytes(unpacked), "most": megabytes(most)}
    if unpacked > _ANY_RATIO_UP_TO and unpacked > _MOST_RATIO * size:
        raise FileRefused(
            _("Unpacked, this file would have %(size)s MB, far more than it seems: it isn't opened.") % words
        )
    if unpacked > most or len(members) > _MOST_MEMBERS:
        raise FileRefused(
            _("Unpacked, this file would have %(size)s MB, and at most %(most)s MB are read. Split it.") % words
        )
