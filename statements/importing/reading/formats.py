"""What a file is by its first bytes, whatever its name says: text, a workbook, or something that is no table."""

import codecs
import re
import zipfile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.importing.incoming import Incoming
from statements.importing.reading.archives import opened_archive
from statements.importing.refused import FileRefused

CSV = "csv"
XLSX = "xlsx"

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")

_START = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_OLD_EXCEL = "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")

_SAVE_AS = gettext_lazy("Open it and save it as .xlsx or as “CSV UTF-8”.")
_NO_TABLE = gettext_lazy("It is no table. Hand in a .csv, .tsv or .xlsx file.")

#: First bytes and what the file is.
_KNOWN_STARTS = (
    (b"%PDF", gettext_lazy("This is a PDF."), _NO_TABLE),
    (b"{\\rtf", gettext_lazy("This is a text document (RTF)."), _NO_TABLE),
    (b"\x89PNG", gettext_lazy("This is a picture."), _NO_TABLE),
    (b"\xff\xd8\xff", gettext_lazy("This is a picture."), _NO_TABLE),
    (b"GIF8", gettext_lazy("This is a picture."), _NO_TABLE),
    (b"\x1f\x8b", gettext_lazy("This is a compressed file (gzip)."), gettext_lazy("Unpack it first.")),
    (b"BZh", gettext_lazy("This is a compressed file (bzip2)."), gettext_lazy("Unpack it first.")),
    (b"\xfd7zXZ", gettext_lazy("This is a compressed file (xz)."), gettext_lazy("Unpack it first.")),
    (b"7z\xbc\xaf", gettext_lazy("This is an archive (7z)."), gettext_lazy("Unpack it first.")),
    (b"Rar!", gettext_lazy("This is an archive (RAR)."), gettext_lazy("Unpack it first.")),
    (b"SQLite format 3", gettext_lazy("This is a database."), _NO_TABLE),
    (b"\t\x02\x06\x00", gettext_lazy("This is a workbook of an old Excel (.xls)."), _SAVE_AS),
    (b"\t\x04\x06\x00", gettext_lazy("This is a workbook of an old Excel (.xls)."), _SAVE_AS),
    (b"\t\x08\x10\x00", gettext_lazy("This is a workbook of an old Excel (.xls)."), _SAVE_AS),
)
#: A file that a ZIP holds, and what the ZIP is then.
_KNOWN_MEMBERS = (
    (r"xl/workbook\.bin", gettext_lazy("This is a binary workbook (.xlsb)."), _SAVE_AS),
    (r"Index/.*\.iwa|Index\.zip", gettext_lazy("This is a document of Apple Numbers or Pages."), _SAVE_AS),
    (r"word/document\.xml", gettext_lazy("This is a text document (.docx)."), _NO_TABLE),
    (r"ppt/presentation\.xml", gettext_lazy("This is a presentation (.pptx)."), _NO_TABLE),
)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|style|div)\b", re.I | re.S)
_XML = re.compile(rb"\s*<\?xml\b")
_JSON = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"])')
_IS_WORKBOOK = re.compile(
    rb"(?:spreadsheetml\.(?:sheet|template)|(?:sheet|template)\.macroEnabled)\.main\+xml", re.IGNORECASE
)
_LONGEST_TYPES = 1 << 20


def format_of(incoming: Incoming, *, size: int) -> str:
    """CSV or XLSX. Raises FileRefused, with a sentence of its own for each of the other things that staff hand in."""
    with incoming.open() as file:
        start = file.read(_START)
    if start.startswith(ZIP_STARTS):
        _refuse_other_archives(incoming, size)
        return XLSX
    if start.startswith(_OLE):
        _refuse_ole(incoming)
    for mark, what, advice in _KNOWN_STARTS:
        if start.startswith(mark):
            raise FileRefused(f"{what} {advice}")
    _refuse_markup(start)
    return CSV


def _refuse_markup(start: bytes) -> None:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", "ignore").encode()
    start = start.removeprefix(codecs.BOM_UTF8)
    is_xml = _XML.match(start) is not None
    if is_xml and b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise FileRefused(f"{_('This is a workbook in XML (Excel 2003).')} {_SAVE_AS}")
    if _HTML.match(start) or (is_xml and b"<html" in start.lower()):
        raise FileRefused(
            _(
                "This is a web page, whatever its name says: a site has sent a page instead of the file, or a program "
                "saves tables as pages. Open it in a spreadsheet program and save it as .xlsx or as “CSV UTF-8”."
            )
        )
    if is_xml:
        raise FileRefused(f"{_('This is an XML file.')} {_NO_TABLE}")
    if _JSON.match(start):
        raise FileRefused(f"{_('This is a JSON file.')} {_NO_TABLE}")


def _refuse_ole(incoming: Incoming) -> None:
    with incoming.open() as file:
        content = file.read()
    if _PROTECTED in content:
        raise FileRefused(_("This workbook is protected by a password. Save it without one."))
    if any(name in content for name in _OLD_EXCEL):
        raise FileRefused(f"{_('This is a workbook of an old Excel (.xls).')} {_SAVE_AS}")
    raise FileRefused(f"{_('This is a document of an old Office program.')} {_NO_TABLE}")


def _refuse_other_archives(incoming: Incoming, size: int) -> None:
    with incoming.open() as file, opened_archive(file, size=size) as archive:
        names = archive.namelist()
        types = _beginning(archive, "[Content_Types].xml")
        mimetype = _beginning(archive, "mimetype")
    if _IS_WORKBOOK.search(types):
        return
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        raise FileRefused(f"{_('This is a workbook of LibreOffice or OpenOffice (.ods).')} {_SAVE_AS}")
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        raise FileRefused(f"{_('This is a document of LibreOffice or OpenOffice.')} {_NO_TABLE}")
    for pattern, what, advice in _KNOWN_MEMBERS:
        if any(re.fullmatch(pattern, name) for name in names):
            raise FileRefused(f"{what} {advice}")
    raise FileRefused(
        _(
            "This is an archive (ZIP), whatever its name says. To import several files at once, choose “all” as their "
            "KIND; otherwise unpack it and hand in one file."
        )
    )


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    if name not in archive.namelist():
        return b""
    with archive.open(name) as member:
        return member.read(_LONGEST_TYPES)
