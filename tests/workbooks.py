"""Workbooks for tests: as openpyxl writes them, and by hand, since some programs write what openpyxl never would."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def workbook(
    *rows: Sequence[object], title: str = "Sheet", change: Callable[[Worksheet], object] | None = None
) -> bytes:
    """Of one sheet, with these rows; ``change`` may do more to it."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return output.getvalue()


def with_part(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The same archive with one part changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {member: archive.read(member) for member in archive.namelist()}
    return packed(parts | {name: change(parts[name].decode()).encode()})


def with_sheet(data: str, *, texts: str = "") -> bytes:
    """The smallest workbook: a sheet with this data, and texts that its cells share."""
    return packed(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}"/></Types>',
            "_rels/.rels": _RELATIONS.format(_relation("r1", "officeDocument", "xl/workbook.xml")),
            "xl/_rels/workbook.xml.rels": _RELATIONS.format(
                _relation("r1", "worksheet", "/xl/worksheets/sheet1.xml")
                + _relation("r2", "sharedStrings", "sharedStrings.xml")
            ),
            "xl/workbook.xml": (
                f'<workbook xmlns="{MAIN}" xmlns:r="{_KINDS}"><sheets><sheet name="One" r:id="r1"/></sheets></workbook>'
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        }
    )


def _relation(identifier: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{identifier}" Type="{_KINDS}/{kind}" Target="{target}"/>'
