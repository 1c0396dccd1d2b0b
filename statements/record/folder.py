"""Folders that hold an export and nothing else. One export takes the place of another as a whole."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from statements.record.tables import CHANGED, PACKAGE, PACKAGE_NAME, TABLES

DESK_MARK = "desk-export.txt"
UNFINISHED = "UNFINISHED.txt"

#: By one of these a folder is known as an earlier export. It is written last: where the first two are missing, the
#: files are no whole.
MARKS = (PACKAGE, DESK_MARK, UNFINISHED)

_NEW = ".new-"


class FolderRefused(Exception):
    """Its text says why nothing is written there, and what to do."""


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Gives a new folder to write an export into, one of the MARKS with it. When the block ends, its files take the
    place of those that ``folder`` holds; until then, and if it fails, these stay as they are. Raises OSError, and
    FolderRefused where that folder is neither empty nor an export.

    Whoever is killed while writing leaves a folder that begins with ``.new-``, which the next export deletes. While
    files are moved, the file UNFINISHED says so and no other mark is there; whoever is killed then leaves it like this,
    and the next export makes it whole. Of two exports at the same time the one that began first fails.
    """
    if folder.exists() and not folder.is_dir():
        raise FolderRefused(_("%(folder)s is a file. Name a folder.") % {"folder": folder})
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_strangers(folder)
    for left in _left_behind(folder):
        shutil.rmtree(left, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder))
    try:
        yield new
        _move(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def holds(folder: Path, mark: str) -> bool:
    """Whether it is a whole export with this mark."""
    return (folder / mark).is_file() and not (folder / UNFINISHED).exists()


def _left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(_NEW) and path.is_dir()]


def _present(folder: Path) -> list[str]:
    left = {path.name for path in _left_behind(folder)}
    return sorted(path.name for path in folder.iterdir() if path.name not in left)


def _refuse_strangers(folder: Path) -> None:
    present = _present(folder)
    ours = _ours(folder, present)
    strangers = [name for name in present if name not in ours]
    if strangers:
        raise FolderRefused(
            _("%(folder)s holds something else, such as %(name)s. Name an empty folder or that of an earlier export.")
            % {"folder": folder, "name": strangers[0]}
        )


def _ours(folder: Path, present: Iterable[str]) -> set[str]:
    """The files that may be overwritten and deleted here; none where no mark of ours is. A data package of somebody
    else has the same name by the standard, and other tables in it.
    """
    known = {table.file_name for table in TABLES} | {CHANGED.file_name, DESK_MARK, UNFINISHED}
    if PACKAGE in present:
        package = _package(folder / PACKAGE)
        if package.get("name", PACKAGE_NAME) != PACKAGE_NAME:
            return set()
        return known | {PACKAGE} | {str(resource.get("path")) for resource in package.get("resources", [])}
    if UNFINISHED in present:
        return set(present)  # nothing else was here when files began to be moved
    return known if DESK_MARK in present else set()


def _package(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _move(new: Path, folder: Path) -> None:
    names = [path.name for path in new.iterdir()]
    (folder / UNFINISHED).write_text(
        _("These files belong to two exports: the second one was stopped. Write it again into this folder.") + "\n",
        encoding="utf-8",
    )
    # The old mark goes first, then what an earlier export of the other sort left, which would look like a part of this.
    for name in sorted(set(_present(folder)) - {UNFINISHED}, key=lambda name: name not in MARKS):
        if name in MARKS or name not in names:
            (folder / name).unlink()
    for name in sorted(names, key=lambda name: (name in MARKS, name)):
        (new / name).replace(folder / name)
    (folder / UNFINISHED).unlink()
