"""What the commands around imports share."""

import tempfile
import zipfile
from codecs import lookup
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files import File
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from statements.importing import FileRefused
from statements.importing.directory import nearest
from statements.importing.incoming import EVERY_FILE, Alike, FileOptions, Incoming, Options
from statements.importing.kinds import kind_named
from statements.importing.reading import DELIMITERS, ENCODINGS, KnownColumns, open_table
from statements.importing.reading.archives import DAMAGES
from statements.importing.reading.headers import folded
from statements.importing.uploads import counts_in

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", r"\t": "\t", "bar": "|"}


def user_named(name: str | None) -> User:
    """Who the command acts for: the account of this name, or the only superuser. Raises CommandError."""
    if name:
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active account “%(name)s”. Name one with --user.") % {"name": name})
        return user
    superusers = list(User.objects.filter(is_superuser=True, is_active=True)[:2])
    if len(superusers) != 1:
        raise CommandError(_("Say with --user NAME whose work this is: there is not exactly one superuser."))
    return superusers[0]


def options_of(given: dict[str, Any], files: Sequence[Incoming]) -> Options:
    """What was chosen on the command line, for these files. Raises CommandError."""
    how = FileOptions(encoding=_encoding(given["encoding"]), delimiter=_delimiter(given["delimiter"]))
    kinds = [file.kind for file in files]
    mapping = _mapping(given["map"], [name for kind in kinds for name in kind_named(kind).columns()])
    if len(files) == 1:
        of_files = {EVERY_FILE: replace(how, mapping=mapping)}
    else:
        of_files = {file.name: replace(how, mapping=own) for file, own in _shared_out(mapping, files, how)}
    return Options(
        files={name: options for name, options in of_files.items() if options != FileOptions()},
        create_missing=given["create_missing"],
        alike=Alike(given["alike"]),
    )


def _encoding(given: str) -> str:
    """Under any name that Python has for it."""
    if not given:
        return ""
    try:
        found = lookup(given).name.removesuffix("-sig")
    except LookupError:
        found = ""
    for known in ENCODINGS:
        if lookup(known).name == found:
            return known
    words = {"given": given, "known": ", ".join(ENCODINGS)}
    raise CommandError(_("“%(given)s” is no encoding that is known. Write one of: %(known)s.") % words)


def _delimiter(given: str) -> str:
    if given in ("", *DELIMITERS):
        return given
    if given not in _DELIMITERS:
        words = {"given": given, "known": "comma, semicolon, tab, bar"}
        raise CommandError(_("“%(given)s” is no delimiter that is known. Write one of: %(known)s.") % words)
    return _DELIMITERS[given]


def _mapping(given: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """From theirs to ours. Our names have no "=", theirs may have one."""
    ours = list(dict.fromkeys(known))
    mapping: dict[str, str] = {}
    for pair in given:
        theirs, equals, target = (part.strip() for part in pair.rpartition("="))
        words = {"pair": pair, "theirs": theirs, "target": target, "known": ", ".join(ours)}
        if not (equals and theirs):
            sentence = _("“%(pair)s” maps nothing. Write “Their column=ours”, or nothing behind = to leave it out.")
            raise CommandError(sentence % words)
        if target and target not in ours:
            words["similar"] = nearest(target, ours) or ""
            if words["similar"]:
                raise CommandError(_("There is no column “%(target)s” here. Did you mean “%(similar)s”?") % words)
            raise CommandError(_("There is no column “%(target)s” here. The columns are: %(known)s.") % words)
        if mapping.setdefault(theirs, target) != target:
            raise CommandError(_("“%(theirs)s” is mapped twice. Keep one of the two.") % words)
    return mapping


def _shared_out(
    mapping: dict[str, str], files: Sequence[Incoming], how: FileOptions
) -> Iterator[tuple[Incoming, dict[str, str]]]:
    """Each of several files with what concerns columns that it has. The headers are read for that."""
    left = set(mapping)
    for file in files:
        known = kind_named(file.kind).known_columns()
        names = _names_in(file, how, known) if mapping else set()
        own = {
            theirs: ours
            for theirs, ours in mapping.items()
            if folded(theirs) in names and (not ours or ours in known.names)
        }
        left -= set(own)
        yield file, own
    if left:
        sentence = _("None of the files has a column “%(theirs)s” that can be read so.")
        raise CommandError(sentence % {"theirs": min(left)})


def _names_in(file: Incoming, how: FileOptions, known: KnownColumns) -> set[str]:
    """None of a file that can't be read: the plan says why."""
    try:
        return {folded(column.theirs) for column in open_table(file, how, known).understood.columns}
    except FileRefused:
        return set()


def rows_in(files: Iterable[Incoming]) -> int:
    """About how many, without reading them: a row with breaks in its cells counts as several."""
    return sum(max(0, _lines_in(file) - 1) for file in files)


def _lines_in(file: Incoming) -> int:
    with file.open() as content:
        if not zipfile.is_zipfile(content):
            content.seek(0)
            return max(counts_in(content, b"\n", b"\r"))
        try:
            with zipfile.ZipFile(content) as archive:
                return _rows_in_sheets(archive)
        except DAMAGES:
            return 0  # the plan says what is wrong with it


def _rows_in_sheets(archive: zipfile.ZipFile) -> int:
    sheets = [member for member in archive.infolist() if member.filename.startswith("xl/worksheets/")]
    if sum(sheet.file_size for sheet in sheets) > settings.IMPORT_MAX_BYTES:
        return 0  # it may be more than it seems
    return sum(sum(counts_in(archive.open(sheet), b"<row ", b"<row>")) for sheet in sheets)


@contextmanager
def kept_as(path: Path, files: Sequence[Incoming]) -> Iterator[File[bytes]]:
    """What the history keeps of this import: the file itself, of a folder an archive of its files."""
    if path.is_file():
        with path.open("rb") as content:
            yield File(content, name=path.name)
        return
    with tempfile.TemporaryFile() as content:
        with zipfile.ZipFile(content, "w") as archive:
            for file in files:
                with file.open() as source, archive.open(zipfile.ZipInfo(file.name), "w") as target:
                    while block := source.read(1 << 20):
                        target.write(block)
        content.seek(0)
        yield File(content, name=f"{path.resolve().name}.zip")
