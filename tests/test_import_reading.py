"""A CSV file is read as a table that knows its lines, or refused whole with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.importing import FileRefused
from statements.importing.reading import escaped, read_table, unescaped


def refusal(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read_table(content, name="file.csv")
    return refused.value


def test_rows_know_the_line_on_which_they_begin():
    table = read_table(b'slug,note\r\na,"one\ntwo\r\nthree"\n\n  ,\nb,x\n', name="file.csv")
    assert table.header == ["slug", "note"]
    assert [(row.line, row.cells["slug"]) for row in table.rows] == [(2, "a"), (7, "b")]
    assert table.rows[0].cells["note"] == "one\ntwo\r\nthree"


def test_a_byte_order_mark_is_no_part_of_the_header():
    assert read_table("\ufeffslug,name\na,b\n".encode(), name="file.csv").header == ["slug", "name"]


def test_a_row_that_ends_early_has_blank_cells():
    assert read_table(b"a,b,c\n1\n", name="file.csv").rows[0].cells == {"a": "1", "b": "", "c": ""}


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", None, "empty"),
        (b"\n \n", None, "empty"),
        (b"slug,name\n", None, "no rows"),
        (b"slug,name\na,\xff\n", 2, "UTF-8"),
        ("slug,name\na,b\n".encode("utf-16"), 1, "CSV UTF-8"),
        (b"slug\na\n\0", 3, "NUL"),
        (b'slug,name\na,b\nc,"d\ne,f\n', 3, "never closed"),
        (b'slug,name\na,"b"c\n', 2, "doubled"),
        (b"slug,name\na,b\nc,d,e\n", 3, "3 cells"),
        (b"PK\x03\x04workbook", None, "workbook"),
    ],
)
def test_what_is_no_table_is_refused_whole_with_its_line(content, line, words):
    refused = refusal(content)
    assert refused.line == line
    assert words in str(refused)


@given(st.text())
def test_a_cell_that_was_escaped_is_read_back(cell):
    assert unescaped(escaped(cell)) == cell
    assert not escaped(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_apostrophe_of_the_word_itself_stays():
    assert read_table(b"name\n'Arabi\n''Arabi\n'=1+1\n", name="f").rows[0].cells["name"] == "'Arabi"
    assert [row.cells["name"] for row in read_table(b"name\n''Arabi\n'=1+1\n", name="f").rows] == ["'Arabi", "=1+1"]
