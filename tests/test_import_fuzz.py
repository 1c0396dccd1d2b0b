"""Whatever is written is read as it was written; whatever bytes come in, they are read or refused with a sentence."""

import csv
import io
import re
import zipfile
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from statements.cells import escaped, unescaped
from statements.importing import FileRefused
from statements.importing.incoming import FileOptions, Incoming
from statements.importing.kinds import kind_named
from statements.importing.reading import DELIMITERS, ENCODINGS, open_archive, open_table
from statements.importing.reading.encodings import line_of_bad_bytes
from statements.importing.tables import csv_bytes
from tests.reading import EVERY_SENTENCE, opened
from tests.workbooks import MAIN, packed, with_sheet, workbook

COLUMNS = list(kind_named("demands").columns())
VALID_WORKBOOK = workbook(["slug", "title"], ["a", "Über"], ["b", 7], ["c", "=1+1"])
VALID_TEXT = 'slug;title\r\na;"Über\r\nalles"\r\nb;Ā\'x\r\n'.encode()


words = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufeff\ufffd", exclude_categories=["Cs"]), max_size=12
)


def of_page(encoding: str) -> st.SearchStrategy[str]:
    """Cells that this encoding can hold."""
    if encoding.startswith("utf"):
        return words
    letters = bytes(range(0x20, 0x100)).decode(encoding, "ignore")
    return st.text(st.sampled_from(letters + "\r\n"), max_size=12)


@st.composite
def tables(draw: st.DrawFn, encoding: str) -> list[list[str]]:
    """A header and rows of which none is blank."""
    header = draw(
        st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=5, unique=True).map(lambda names: ["title", *names])
    )
    header = list(dict.fromkeys(header))
    row = st.lists(of_page(encoding), min_size=len(header), max_size=len(header)).filter(
        lambda row: any(map(str.strip, row))
    )
    return [header, *draw(st.lists(row, min_size=1, max_size=6))]


@given(
    data=st.data(),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(DELIMITERS),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    has_mark=st.booleans(),
)
def test_what_is_read_is_what_was_written(data, encoding, delimiter, end, quoting, has_mark):
    header, *rows = data.draw(tables(encoding))
    if any(sign in cell for row in rows for cell in row for sign in "\r\n"):
        quoting = csv.QUOTE_ALL  # of the line breaks csv quotes those alone that end its own lines
    if len(header) == 1 and any("," in row[0] for row in rows):
        quoting = csv.QUOTE_ALL  # with one column, nothing else tells that the comma is not what stands between cells
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([header, *([escaped(cell) for cell in row] for row in rows)])
    mark = "\ufeff" if encoding == "utf-16" or (encoding == "utf-8" and has_mark) else ""
    content = (mark + output.getvalue()).encode("utf-16-be" if encoding == "utf-16" else encoding)
    table = opened(content, kind="demands", encoding=encoding)
    assert [[row.cells[name] for name in header] for row in table.rows()] == rows
    assert (table.understood.delimiter in (delimiter, ","), table.row_count) == (True, len(rows))


@given(
    rows=st.lists(st.lists(st.sampled_from(EVERY_SENTENCE[:4]), min_size=2, max_size=2), min_size=1, max_size=9),
    above=st.lists(st.sampled_from(["", "Title", ";;", " "]), max_size=4),
    below=st.lists(st.sampled_from(["", ";", " ; ; "]), max_size=4),
)
def test_lines_around_a_table_in_a_code_page_change_nothing(rows, above, below):
    lines = [*above, "Title;Description", *(";".join(row) for row in rows), *below]
    table = opened("\r\n".join(lines).encode("windows-1251"), kind="demands")
    assert [list(row.cells.values()) for row in table.rows()] == rows
    assert [row.line for row in table.rows()] == [len(above) + 2 + number for number in range(len(rows))]


@given(
    rows=st.lists(
        st.tuples(
            st.one_of(
                st.text(
                    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
                ),
                st.integers(-(10**15), 10**15),
                st.booleans(),
                st.floats(-1e300, 1e300),
                st.dates(),
            )
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_read_of_a_workbook_is_what_was_written(rows):
    def change(sheet):
        for line, (value,) in enumerate(rows, start=2):
            sheet.cell(line, 1, f"s{line}")
            cell = sheet.cell(line, 2)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"

    read = [row.cells["title"] for row in opened(workbook(["slug", "title"], change=change), kind="demands").rows()]
    for (value,), cell in zip(rows, read, strict=True):
        if isinstance(value, str):
            assert cell == unescaped(re.sub(r"_x00([01][0-9A-F]|5F|7F)_", lambda code: chr(int(code[1], 16)), value))
        elif isinstance(value, bool):
            assert cell == str(value).lower()
        elif isinstance(value, int | float):
            assert float(cell) == float(f"{value:.16g}")  # as many digits as openpyxl writes
        elif value.year >= 1901:
            assert cell == value.isoformat()


def read_or_refused(content: bytes, **options) -> None:
    """Nothing but FileRefused, and then with a sentence and perhaps a line."""
    try:
        table = open_table(
            Incoming("demands", "f.csv", content), FileOptions(**options), kind_named("demands").known_columns()
        )
        rows = [] if table.problems else list(table.rows())
    except FileRefused as refused:
        sentence, line = str(refused), refused.line
    else:
        assert len(rows) == table.row_count
        assert table.understood.as_json()
        assert all(any(map(str.strip, row.cells.values())) for row in rows)
        return
    assert sentence
    assert line is None or line >= 1


@given(st.binary(max_size=300), st.sampled_from(["", *ENCODINGS, "?"]), st.sampled_from(["", *DELIMITERS, "?"]))
def test_any_bytes_are_read_or_refused(content, encoding, delimiter):
    read_or_refused(content, encoding=encoding, delimiter=delimiter)
    read_or_refused(b"slug,title\n" + content, encoding=encoding, delimiter=delimiter)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "windows-1251", "windows-1257"]))
def test_any_text_is_read_or_refused(text, encoding):
    read_or_refused(("slug;title\n" + text).encode(encoding, "ignore"))


def changed(content: bytes, changes: list[tuple[int, int]], end: int) -> bytes:
    spoilt = bytearray(content)
    for place, byte in changes:
        spoilt[place % len(spoilt)] = byte
    return bytes(spoilt[: len(spoilt) - end % 40])


changes = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6)


@given(changes, st.integers(0, 39))
def test_a_spoilt_text_is_read_or_refused(places, end):
    read_or_refused(changed(VALID_TEXT, places, end))


@given(changes, st.integers(0, 39))
def test_a_spoilt_workbook_is_read_or_refused(places, end):
    read_or_refused(changed(VALID_WORKBOOK, places, end))


@given(st.data())
def test_a_workbook_with_a_spoilt_part_is_read_or_refused(data):
    with zipfile.ZipFile(io.BytesIO(VALID_WORKBOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    parts[name] = changed(parts[name], data.draw(changes), data.draw(st.integers(0, 39)))
    read_or_refused(packed(parts))


elements = st.sampled_from(
    [
        *(
            "<row>",
            "</row>",
            '<row r="{}">',
            "<c>",
            "</c>",
            '<c r="B{}" t="s">',
            '<c t="{}">',
            '<c s="{}">',
            "<v>{}</v>",
        ),
        *(
            "<f>{}</f>",
            "<is><t>",
            "</t></is>",
            "{}",
            "<!--{}-->",
            '<c t="n" s="1"><v>{}</v></c>',
            '<c t="d"><v>{}</v></c>',
        ),
    ]
)


@given(
    st.lists(
        st.tuples(elements, st.sampled_from(["1", "-1", "1e9", "1e308", "b", "e", "str", "2022-01-27", "&#1;", "x"]))
    )
)
def test_any_sheet_is_read_or_refused(pieces):
    read_or_refused(
        with_sheet("".join(element.format(value) for element, value in pieces), texts="<si><t>title</t></si>")
    )
    whole = "".join(
        f'<row><c t="inlineStr"><is><t>title</t></is></c></row><row>{element}</row>' for element, _v in pieces
    )
    read_or_refused(with_sheet(f"<x xmlns='{MAIN}'>{whole}</x>".format(*["1"] * 99)))


@given(changes, st.integers(0, 39))
def test_a_spoilt_archive_of_files_is_opened_or_refused(places, end):
    content = changed(packed({"counts.csv": "a,b\n" * 9, "speakers.csv": "name\nx"}), places, end)
    with suppress(FileRefused):
        assert open_archive(Incoming("", "all.zip", content))


@given(st.text())
def test_a_cell_that_was_escaped_is_read_back(cell):
    assert unescaped(escaped(cell)) == cell
    assert not escaped(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(words, min_size=2, max_size=2).filter(lambda row: any(map(str.strip, row))), min_size=1))
def test_what_an_export_writes_is_read_with_its_line_breaks(rows):
    table = opened(csv_bytes(["slug", "title"], rows), kind="demands", encoding="utf-8")
    read = [[_one_sort_of_break(cell) for cell in row.cells.values()] for row in table.rows()]
    assert read == [[_one_sort_of_break(cell) for cell in row] for row in rows]


def _one_sort_of_break(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")


@given(st.lists(st.text(st.sampled_from("aē\r\n\"'")), max_size=30), st.integers(0, 3))
def test_the_line_of_undecodable_bytes_is_that_of_a_text_editor(pieces, more):
    before = "".join(pieces)
    lines = before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    content = before.encode() + b"\xff" + b"\n\xff" * more
    assert line_of_bad_bytes(Incoming("counts", "f", content), "utf-8") == lines
