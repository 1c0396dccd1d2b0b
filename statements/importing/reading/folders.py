"""Several files as one run: a folder, or a ZIP, with files that are named like their KINDs."""

import re
import zipfile
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from statements.importing import KINDS
from statements.importing.incoming import Incoming
from statements.importing.reading.archives import opened_archive
from statements.importing.reading.formats import ZIP_STARTS
from statements.importing.reading.limits import checked_size, megabytes
from statements.importing.refused import FileRefused

#: The endings of files that can be read, in any case.
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")

# What our own exports lay beside their tables, and what systems and programs leave behind.
_NO_TABLES = frozenset(["datapackage.json", "desk-export.txt", "thumbs.db", "desktop.ini", "__macosx"])
_LEFT_BEHIND = (".", "~$")
_OUTSIDE = re.compile(r"/|[A-Za-z]:|.*\\|(?:.*/)?\.\.(?:/|$)", re.DOTALL)


def open_folder(path: Path) -> list[Incoming]:
    """The files of a folder in the order of KINDS, to be read from where they are.

    Raises FileRefused where there is none, where one is the file of no KIND or the second of the same, and where they
    are too large, alone or together.
    """
    if not path.is_dir():
        words = {"path": path}
        raise FileRefused(_("%(path)s is not a folder. With “all”, name the folder that holds the files.") % words)
    found = [file for file in sorted(path.iterdir()) if not _is_left_behind(file.name)]
    files = [Incoming(_kind_of(file.name, path), file.name, file) for file in found]
    return _in_order(files, path, sum(map(checked_size, files)))


def open_archive(incoming: Incoming) -> list[Incoming]:
    """The files of a ZIP in the order of KINDS, unpacked in memory. What KIND the ZIP itself is said to be is nothing.

    They stand at its top or together in a folder. Raises FileRefused for what ``open_folder`` refuses, and for a ZIP
    that is damaged, locked or more than it seems, or holds another one.
    """
    size = checked_size(incoming)
    with incoming.open() as file:
        if not file.read(4).startswith(ZIP_STARTS):
            raise FileRefused(
                _("This is no ZIP archive. Hand in a ZIP with the files, or choose what this file holds.")
            )
        with opened_archive(file, size=size, most_times=1) as archive:
            members = _tables_in(archive, incoming.name)
            files = [Incoming(kind, path.name, archive.read(str(path))) for kind, path in members]
    return _in_order(files, incoming.name, sum(map(checked_size, files)))


def _tables_in(archive: zipfile.ZipFile, name: str) -> list[tuple[str, PurePosixPath]]:
    """KIND and path of each file that counts."""
    members = [member.filename for member in archive.infolist() if not member.is_dir()]
    if "[Content_Types].xml" in members:
        raise FileRefused(
            _("This is a workbook or a document, no ZIP of tables. Choose what it holds instead of “all”.")
        )
    outside = next(filter(_OUTSIDE.match, members), None)
    if outside is not None:
        words = {"archive": name, "name": outside}
        raise FileRefused(_("%(archive)s names a place outside of it: %(name)s. It isn't opened.") % words)
    paths = [path for path in map(PurePosixPath, members) if not any(map(_is_left_behind, path.parts))]
    for path in paths:
        if path.suffix.lower() == ".zip":
            words = {"archive": name, "name": path.name}
            raise FileRefused(_("%(archive)s holds another archive, %(name)s. Pack the tables themselves.") % words)
        if path.parent != paths[0].parent:
            words = {"archive": name, "name": str(path)}
            raise FileRefused(_("%(archive)s holds files in several folders, such as %(name)s. Use one.") % words)
    return [(_kind_of(path.name, name), path) for path in paths]


def _is_left_behind(name: str) -> bool:
    return name.lower() in _NO_TABLES or name.startswith(_LEFT_BEHIND)


def _kind_of(name: str, holder: object) -> str:
    """Raises FileRefused for the file of no KIND."""
    for kind in KINDS:
        if name.lower() in {f"{kind}{ending}" for ending in ENDINGS}:
            return kind
    words = {"holder": holder, "name": name, "known": _known(), "endings": ", ".join(ENDINGS)}
    raise FileRefused(
        _(
            "%(holder)s holds %(name)s, which is the file of no KIND. They are: %(known)s; or with another ending: "
            "%(endings)s."
        )
        % words
    )


def _in_order(files: list[Incoming], holder: object, size: int) -> list[Incoming]:
    """Raises FileRefused where there are none, two of a KIND, or too much together."""
    if not files:
        words = {"holder": holder, "known": _known()}
        raise FileRefused(_("%(holder)s holds none of these files: %(known)s.") % words)
    if size > settings.IMPORT_MAX_BYTES:
        words = {"holder": holder, "size": megabytes(size), "most": megabytes(settings.IMPORT_MAX_BYTES)}
        raise FileRefused(
            _("The files of %(holder)s have %(size)s MB together, and at most %(most)s MB are read. Split them.")
            % words
        )
    by_kind: dict[str, Incoming] = {}
    for file in files:
        first = by_kind.setdefault(file.kind, file)
        if first is not file:
            words = {"holder": holder, "first": first.name, "second": file.name}
            raise FileRefused(_("%(holder)s holds %(first)s and %(second)s: keep one of the two.") % words)
    return sorted(files, key=lambda file: KINDS.index(file.kind))


def _known() -> str:
    return ", ".join(f"{kind}.csv" for kind in KINDS)
