"""What is packed is opened only when it is a workbook, whole, unlocked and not a trap."""

import io
import zipfile

import pytest

from tests.reading import opened, refusal
from tests.workbooks import MAIN, packed, with_part, with_sheet, workbook

KEY = '<row><c t="inlineStr"><is><t>key</t></is></c></row><row><c t="inlineStr"><is><t>k</t></is></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
HEADER = ["statement", "measure", "qualifier", "value"]
ROW = ["s", "m", "exact", 1007]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODT = "application/vnd.oasis.opendocument.text"
TYPE = '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{}.main+xml"/></Types>'
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
SWELLING = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


def locked(content: bytes) -> bytes:
    """The same archive, said to be encrypted."""
    marked = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = marked.find(signature)
        while start >= 0:
            marked[start + offset] |= 1
            start = marked.find(signature, start + 4)
    return bytes(marked)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE + "Workbook".encode("utf-16-le"), "an old Excel (.xls). Open it and save it as .xlsx"),
        (OLE + "WordDocument".encode("utf-16-le"), "an old Office program"),
        (b"\t\x08\x10\x00\x00\x06\x05\x00", "an old Excel (.xls)"),
        (packed({"mimetype": ODS, "content.xml": "<x/>"}), "LibreOffice or OpenOffice (.ods). Open it and save"),
        (packed({"mimetype": ODT, "content.xml": "<x/>"}), "a document of LibreOffice or OpenOffice. It is no table"),
        (packed({"Index/Document.iwa": "x", "Metadata/Properties.plist": "x"}), "Apple Numbers"),
        (packed({"Index.zip": "x"}), "Apple Numbers"),
        (packed({"[Content_Types].xml": TYPE.format("wordprocessingml"), "word/document.xml": "<x/>"}), "(.docx)"),
        (packed({"[Content_Types].xml": TYPE.format("presentationml"), "ppt/presentation.xml": "<x/>"}), "(.pptx)"),
        (packed({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"x"}), "binary workbook (.xlsb)"),
        (packed({"counts.csv": "statement,measure,qualifier"}), "This is an archive (ZIP), whatever its name says"),
        (packed({}), "This is an archive (ZIP)"),
        (locked(packed({"counts.csv": "statement,measure,qualifier"})), "protected by a password"),
        (b"PK\x03\x04workbook", "damaged or cut short"),
    ],
)
def test_what_is_packed_but_no_workbook_is_refused_with_its_own_sentence(content, words):
    refused = refusal(content, name="counts.csv")
    assert (refused.line, words in str(refused)) == (None, True), str(refused)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_that_is_cut_short_is_refused(share):
    content = workbook(HEADER, *[ROW] * 50)
    assert "damaged or cut short" in str(refusal(content[: int(len(content) * share)]))


def test_a_workbook_with_a_changed_byte_is_refused():
    content = bytearray(workbook(HEADER, *[ROW] * 50))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo(SHEET).header_offset + 60
    content[start] ^= 0xFF
    assert "damaged or cut short" in str(refusal(bytes(content)))


@pytest.mark.parametrize(
    "data",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="99999999999"/>',
        '<row r="one"/>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="1"><v>1</v></c></row>',
        '<row r="1"><c><v>NaN</v></c></row>',
        '<row r="1"><c><v>1e999</v></c></row>',
        '<row r="1"><c><v>many</v></c></row>',
        '<row r="1"><c t="s"><v>0</v></c></row>',
        '<row r="1"><c t="?"><v>0</v></c></row>',
        '<row r="1"><c t="d"><v>yesterday</v></c></row>',
        '<row r="1"><c s="x"><v>0</v></c></row>',
        "<row><c>",
    ],
)
def test_a_sheet_that_breaks_the_rules_of_the_format_is_refused(data):
    assert "damaged or cut short" in str(refusal(with_sheet(data)))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("xl/workbook.xml", lambda text: text.replace("r1", "r7")),
        ("xl/_rels/workbook.xml.rels", lambda text: text.replace("sheet1.xml", "sheet7.xml")),
        ("_rels/.rels", lambda text: text.replace("officeDocument", "nothing")),
        ("xl/workbook.xml", lambda text: "no XML"),
    ],
)
def test_a_workbook_whose_parts_do_not_find_each_other_is_refused(name, change):
    assert "damaged or cut short" in str(refusal(with_part(with_sheet(KEY), name, change)))


def test_a_workbook_in_the_strict_form_of_the_format_is_read():
    content = with_sheet(KEY)
    for name in (SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"):
        content = with_part(
            content, name, lambda text: text.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml")
        )
    assert opened(content).row_count == 1


def test_parts_are_found_whatever_the_case_and_slashes_of_their_names():
    with zipfile.ZipFile(io.BytesIO(workbook(HEADER, ROW))) as archive:
        parts = {name.replace("xl/", "XL\\"): archive.read(name) for name in archive.namelist()}
    assert opened(packed(parts)).row_count == 1


@pytest.mark.parametrize("document_type", [ENTITY, SWELLING, '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">'])
@pytest.mark.parametrize(
    "part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"]
)
def test_xml_with_entities_or_another_document_type_is_refused(part, document_type):
    content = with_part(with_sheet(KEY), part, lambda text: f'<?xml version="1.0"?>{document_type}{text}')
    assert "could make its reader open other files" in str(refusal(content))


def test_an_entity_without_a_declaration_is_refused():
    content = with_sheet('<row><c t="inlineStr"><is><t>&secret;</t></is></c></row>')
    assert "damaged or cut short" in str(refusal(content))


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = with_sheet(f"<!--{'0' * 40_000_000}-->")
    assert len(content) < 100_000
    assert "Unpacked, this file would have 40 MB, far more than it seems" in str(refusal(content))


def test_a_bomb_that_lies_about_its_size_is_damaged():
    content = bytearray(with_sheet(f"<!--{'0' * 40_000_000}-->"))
    real, claimed = (40_000_000 + len(f'<worksheet xmlns="{MAIN}"><sheetData><!----></sheetData></worksheet>'), 1000)
    content = content.replace(real.to_bytes(4, "little"), claimed.to_bytes(4, "little"))
    assert "damaged or cut short" in str(refusal(bytes(content)))


def test_an_archive_of_very_many_files_is_refused():
    assert "Unpacked, this file would have" in str(refusal(packed({f"{number}.csv": "" for number in range(5001)})))
