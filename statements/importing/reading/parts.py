"""The parts of an XLSX file, as far as a table needs them: sheets, shared texts, which formats are dates (ECMA-376).

Read as a stream of elements, so that neither a large sheet nor a forged one fills the memory. openpyxl takes three to
four times as long for the same, and leaves out rows that are not in order.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers import expat

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from statements.cells import unescaped
from statements.importing.reading.limits import too_much_text
from statements.importing.refused import FileRefused

#: A name and attributes where an element begins, a name and None where it ends.
Event = tuple[str, Mapping[str, str] | None]

Start = Callable[[str, Mapping[str, str]], object]
TakesText = Callable[[str], object]

_PIECE = 1 << 16
# A control character as XLSX writes it, such as the first one of a line break that was pasted in; or the underscore of
# a text that only looks like one.
_CODE = re.compile(r"_x00([01][0-9A-F]|5F|7F)_")


@dataclass(frozen=True)
class SheetPart:
    name: str
    path: str
    is_visible: bool


@dataclass(frozen=True)
class WorkbookParts:
    """``texts`` are those that cells share, ``date_styles`` the styles of cells that show a number as a date."""

    sheets: list[SheetPart]
    texts: list[str]
    date_styles: frozenset[int]
    epoch: datetime


class Parts:
    """The members of the archive by their names, which some programs write with backslashes or in another case."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._by_name = {member.filename.replace("\\", "/").lower(): member for member in archive.infolist()}

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._by_name

    def events(self, path: str) -> Iterator[Event]:
        """The elements of a part, in its order. Raises what ``read`` raises."""
        found: list[Event] = []
        reading = self.read(
            path,
            start=lambda name, attributes: found.append((local_name(name), attributes)),
            end=lambda name: found.append((local_name(name), None)),
            text=lambda _text: None,
        )
        for _piece in reading:
            yield from found
            found.clear()

    def read(self, path: str, *, start: Start, end: TakesText, text: TakesText) -> Iterator[None]:
        """Tell of the elements and texts of a part as they come, a piece of it at each step. Names have their prefix.

        Raises FileRefused for a document type, LookupError for a part that is missing, ExpatError for what is no XML.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
        with self._archive.open(self._by_name[path.lower()]) as part:
            while piece := part.read(_PIECE):
                parser.Parse(piece)
                yield
        parser.Parse(b"", True)
        yield


def _refuse_document_type(*_declaration: object) -> None:
    """Without a document type XML has no entities of its own: none that name files, none that swell."""
    raise FileRefused(
        _(
            "This workbook holds XML that could make its reader open other files. Spreadsheet programs write none: "
            "save the table as “CSV UTF-8”."
        )
    )


def workbook_parts(parts: Parts) -> WorkbookParts:
    """Raises FileRefused and, where a part is damaged or missing, one of archives.DAMAGES."""
    root = dict(_targets(parts, "").values())["officeDocument"]
    targets = _targets(parts, root)
    sheets: list[SheetPart] = []
    epoch = WINDOWS_EPOCH
    for name, attributes in parts.events(root):
        if attributes and name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            epoch = MAC_EPOCH
        if attributes and name == "sheet":
            identifier = next(value for key, value in attributes.items() if key.endswith(":id"))
            kind, path = targets[identifier]
            if kind == "worksheet":
                sheets.append(SheetPart(attributes["name"], path, attributes.get("state", "visible") == "visible"))
    of_kind = dict(targets.values())
    texts = _shared_texts(parts, of_kind["sharedStrings"]) if of_kind.get("sharedStrings", "") in parts else []
    styles = _date_styles(parts, of_kind["styles"]) if of_kind.get("styles", "") in parts else frozenset()
    return WorkbookParts(sheets, texts, styles, epoch)


def _targets(parts: Parts, path: str) -> dict[str, tuple[str, str]]:
    """What a part refers to, by identifier: the kind of it, and its path."""
    folder, name = posixpath.split(path)
    found = {}
    for element, attributes in parts.events(posixpath.join(folder, "_rels", f"{name}.rels")):
        if attributes and element == "Relationship":
            # A target is relative to the folder of the part, unless it begins with a slash.
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)
    return found


def _shared_texts(parts: Parts, path: str) -> list[str]:
    reader = _TextsReader()
    for _piece in parts.read(path, start=reader.start, end=reader.end, text=reader.text):
        pass
    return reader.texts


class _TextsReader:
    """A text may be cut into runs of different looks; how to pronounce it is no part of it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._room = settings.IMPORT_MAX_BYTES
        self._pieces: list[str] = []
        self._is_text = self._is_pronunciation = False

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        name = local_name(name)
        if name == "t":
            self._is_text = not self._is_pronunciation
        elif name == "rPh":
            self._is_pronunciation = True

    def text(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        name = local_name(name)
        self._is_text = False
        if name == "rPh":
            self._is_pronunciation = False
        elif name == "si":
            self.texts.append(text_of("".join(self._pieces)))
            self._pieces = []
            self._room -= len(self.texts[-1])
            if self._room < 0:
                raise too_much_text()


def _date_styles(parts: Parts, path: str) -> frozenset[int]:
    formats: dict[int, Any] = dict(BUILTIN_FORMATS)
    of_cells: list[int] = []
    is_of_cells = False
    for name, attributes in parts.events(path):
        if name == "cellXfs":
            is_of_cells = attributes is not None
        elif attributes is not None and name == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif attributes is not None and name == "xf" and is_of_cells:
            of_cells.append(int(attributes.get("numFmtId", 0)))
    return frozenset(style for style, number in enumerate(of_cells) if is_date_format(formats.get(number)))


def local_name(name: str) -> str:
    """Without the prefix of its namespace, which every program chooses for itself."""
    return name.rpartition(":")[2] if ":" in name else name


def _character(code: re.Match[str]) -> str:
    """No database keeps a NUL: it counts as a letter that was lost, and the cell is refused."""
    return chr(int(code[1], 16)).replace("\0", "\ufffd")


def text_of(value: str) -> str:
    """A text from the XML without its codes, and without the mark that an export has put before a formula."""
    if "_x" in value:
        value = _CODE.sub(_character, value)
    return unescaped(value)
