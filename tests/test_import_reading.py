"""A text file is read as a table that knows its lines, or refused whole with a sentence."""

import tracemalloc
from pathlib import Path

import pytest

from statements.importing import FileRefused
from statements.importing.incoming import Incoming
from statements.importing.reading.limits import checked_size
from tests.reading import opened, refusal, rows_of

COUNTS = "statement{0}measure{0}qualifier{0}value{1}s{0}m{0}exact{0}1007{1}"
CELLS = {"statement": "s", "measure": "m", "qualifier": "exact", "value": "1007"}


def test_rows_know_the_line_on_which_they_begin():
    table = opened(b'slug,title\r\na,"one\ntwo\r\nthree"\n\n  ,\nb,x\n', kind="demands")
    rows = list(table.rows())
    assert table.header == ["slug", "title"]
    assert [(row.line, row.cells["slug"]) for row in rows] == [(2, "a"), (7, "b")]
    assert rows[0].cells["title"] == "one\ntwo\r\nthree"


def test_a_row_that_ends_early_has_blank_cells():
    assert rows_of(b"slug,title,theme\na\n", kind="demands")[0].cells == {"slug": "a", "title": "", "theme": ""}


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_and_line_end_reads_the_same(delimiter, end):
    table = opened(COUNTS.format(delimiter, end).encode())
    assert [(row.line, row.cells) for row in table.rows()] == [(2, CELLS)]
    assert (table.understood.format, table.understood.delimiter) == ("csv", delimiter)


def test_the_delimiter_is_the_one_that_finds_the_columns_although_another_stands_more_often():
    content = "statement;measure;qualifier;value;note\n" + "s;m;exact;7;one, two, three, four, five, six\n" * 9
    table = opened(content.encode())
    assert table.understood.delimiter == ";"
    assert next(table.rows()).cells["note"] == "one, two, three, four, five, six"


def test_the_delimiter_of_a_file_with_columns_of_their_own_is_the_one_that_gives_even_rows():
    content = "Кто;Что, где;Когда\nМИД;Минск, Москва, Рига;2022\nООН;Женева;2021\n"
    understood = opened(content.encode()).understood
    assert understood.delimiter == ";"
    assert [column.theirs for column in understood.columns] == ["Кто", "Что, где", "Когда"]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;;;;", "\ufeffsep=;"])
def test_a_first_line_can_name_the_delimiter_and_is_no_row(first):
    table = opened((first + "\r\n" + COUNTS.format(";", "\r\n")).encode())
    assert [(row.line, row.cells) for row in table.rows()] == [(3, CELLS)]
    assert (table.understood.header_line, table.understood.above) == (2, [])


def test_a_first_line_that_names_something_else_as_the_delimiter_is_refused():
    refused = refusal(b"sep=^\nstatement^measure^qualifier\na^b^c\n")
    assert refused.line == 1
    assert "“^” stands between the cells" in str(refused)


def test_a_chosen_delimiter_comes_first_and_must_be_one_that_can_be_read():
    content = b"sep=;\nstatement;a|measure;a|qualifier;a\ns;m|e|x\n"
    assert opened(content, delimiter="|").understood.delimiter == "|"
    assert "choose a comma" in str(refusal(b"a,b\n", delimiter="^"))


def test_titles_and_blank_lines_above_the_header_are_left_out_and_told():
    content = "Counts of 2021,,,\n\n,,\nExported by hand,,,\n" + COUNTS.format(",", "\n")
    table = opened(content.encode())
    assert [(row.line, row.cells) for row in table.rows()] == [(6, CELLS)]
    assert table.understood.header_line == 5
    assert table.understood.above == ["Counts of 2021", "Exported by hand"]


def test_a_title_that_is_the_name_of_a_column_is_not_the_header():
    table = opened(b"Statement\nstatement,measure,qualifier,value\ns,m,exact,7\n")
    assert table.understood.header_line == 2


def test_what_looks_like_a_row_above_the_header_is_never_left_out():
    refused = refusal(b"s,m,exact,1\nstatement,measure,qualifier,value\ns,m,exact,7\n")
    assert refused.line == 1
    assert "stands above the header, which is line 2" in str(refused)


def test_blank_rows_and_columns_at_the_end_are_no_part_of_the_table():
    content = COUNTS.format(",", ",,,\n") + ",,,,,,\n , ,,\n\n"
    assert [row.cells for row in rows_of(content.encode())] == [CELLS]


def test_a_column_without_a_name_may_only_be_blank():
    assert rows_of(b"statement,measure,,qualifier\ns,m,,exact\n")[0].cells["qualifier"] == "exact"
    refused = refusal(b"statement,measure,,qualifier\ns,m,,exact\ns,m,?,exact\n")
    assert refused.line == 3
    assert "Column 3 has no name" in str(refused)
    refused = refusal(b"statement,measure,qualifier,\ns,m,exact,?\n")
    assert (refused.line, "Column 4 has no name" in str(refused)) == (2, True)


def test_a_cell_that_begins_like_a_formula_is_text_and_what_export_put_before_it_is_taken_off():
    content = b"slug,title\na,=1+1\nb,'=1+1\nc,'Arabi\nd,''Arabi\ne,\"'- one\n- two\"\nf,- one\ng,@handle\nh,+375\n"
    cells = [row.cells["title"] for row in rows_of(content, kind="demands")]
    assert cells == ["=1+1", "=1+1", "'Arabi", "'Arabi", "- one\n- two", "- one", "@handle", "+375"]


def test_rows_can_be_read_again_and_are_scanned_on_the_way():
    scanned = []
    table = opened(COUNTS.format(",", "\n").encode(), scan=scanned.append)
    assert scanned == list(table.rows()) == list(table.rows())
    first, second = table.rows(), table.rows()
    assert next(first) == next(second)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", None, "empty"),
        (b"\n \n", None, "empty"),
        (b"\xef\xbb\xbf", None, "empty"),
        (b"sep=;\n", None, "empty"),
        (b"slug,title\n", None, "no rows"),
        (b"slug,title\n,\n  , \n", None, "no rows"),
        ("slug,title\na,ā\nb,ē\nc,\xff\n".encode().replace("ÿ".encode(), b"\xff"), 4, "not in UTF-8"),
        (b"slug,title\na,\xd0\x9c\xd0\xb8\xd1", 2, "not in UTF-8"),
        (b"slug,title\na,b\0\n", 2, "NUL"),
        ("slug,title\na,b\n".encode("utf-16-le"), 1, "NUL"),
        (b'slug,title\na,b\nc,"d\ne,f\n', 3, "never closed"),
        (b'slug,title\na,"b"c\n', 2, "doubled"),
        (b"slug,title\na,b\nc,d,e\n", 3, "3 cells, the header has 2. Put quotation marks around a cell with a comma"),
        (b"%PDF-1.7 slug,title", None, "PDF"),
        (b"\r\n<!DOCTYPE html><html><body>Log in</body></html>", None, "web page"),
        (b"<html xmlns:x='urn:x'><table><tr><td>slug</td></tr></table>", None, "web page"),
        ("\ufeff<html></html>".encode("utf-16-le"), None, "web page"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", None, "Excel 2003"),
        (b"<?xml version='1.0'?><feed/>", None, "XML file"),
        (b'[{"slug": "a"}]', None, "JSON"),
        (b"{\\rtf1 slug", None, "RTF"),
        (b"\x89PNG\r\n\x1a\n", None, "picture"),
        (b"\x1f\x8b\x08slug", None, "gzip"),
        (b"7z\xbc\xaf\x27\x1c", None, "7z"),
    ],
)
def test_what_is_no_table_is_refused_whole_with_its_line(content, line, words):
    refused = refusal(content, kind="demands")
    assert (refused.line, words in str(refused)) == (line, True), str(refused)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("before", [0, 1, 4000, 160_000])
def test_the_line_of_undecodable_bytes_is_told_wherever_it_is(end, before):
    content = f"slug,title{end}".encode() + f"a,ā{end}".encode() * before + b"b,\xff\xc4\x81\xc4\x81"
    assert refusal(content, kind="demands", encoding="utf-8").line == before + 2


def test_a_file_that_is_too_large_or_too_long_is_refused(settings):
    content = COUNTS.format(",", "\n").encode()
    settings.IMPORT_MAX_BYTES = len(content) - 1
    assert "at most 0.1 MB are read" in str(refusal(content))
    settings.IMPORT_MAX_BYTES = len(content) + 100
    settings.IMPORT_MAX_ROWS = 1
    assert opened(content).row_count == 1
    assert "more than 1 rows" in str(refusal(content + b"s,m,exact,8\n"))


def test_a_file_that_is_gone_is_refused(tmp_path):
    assert "can't be read: No such file" in str(refusal(tmp_path / "gone.csv"))
    with pytest.raises(FileRefused, match="Is a directory"):
        checked_size(Incoming("counts", "folder", tmp_path))


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path):
    assert _peak(tmp_path / "long.csv", 30_000) < _peak(tmp_path / "short.csv", 8000) + 500_000


def _peak(path: Path, rows: int) -> int:
    """The most memory, in bytes, that opening and reading takes; such a file of 30,000 rows has 9 MB."""
    path.write_text("statement,measure,qualifier,note\n" + f"s,m,exact,{'word ' * 60}\n" * rows, encoding="utf-8")
    opened(path)
    tracemalloc.start()
    try:
        for _row in opened(path).rows():
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
