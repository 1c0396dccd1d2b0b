"""A workbook is read as what its cells say, or refused with a sentence."""

from datetime import UTC, date, datetime, time

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from statements.importing.reading.archives import MOST_TIMES
from tests.reading import EVERY_SENTENCE, opened, refusal, rows_of
from tests.workbooks import MAIN, saved, with_part, with_sheet, workbook

HEADER = ["statement", "measure", "qualifier", "value"]
ROW = ["s", "m", "exact", 1007]


def moment(day: int, *of_day: int) -> datetime:
    """In January 2022. A workbook knows of no time zones."""
    return datetime(2022, 1, day, *of_day, tzinfo=UTC).replace(tzinfo=None)


def cells(content: bytes, **options: object) -> list[list[str]]:
    return [list(row.cells.values()) for row in rows_of(content, **options)]


def one_cell(value: object, *, number_format: str | None = None) -> tuple[str, str]:
    """What is read of a cell, and its fault."""

    def change(sheet: Worksheet) -> None:
        sheet["D2"] = value
        if number_format is not None:
            sheet["D2"].number_format = number_format

    row = rows_of(workbook(HEADER, [*ROW[:3], None], change=change))[0]
    return row.cells["value"], row.faults.get("value", "")


def test_a_workbook_is_a_table_with_the_numbers_of_its_rows():
    table = opened(workbook(["Counts of 2021"], [], HEADER, ROW, [], ["t", "m", "about", 40.0]), name="counts.xlsx")
    assert [(row.line, list(row.cells.values())) for row in table.rows()] == [
        (4, ["s", "m", "exact", "1007"]),
        (6, ["t", "m", "about", "40"]),
    ]
    understood = table.understood
    assert (understood.format, understood.sheet, understood.header_line) == ("xlsx", "Sheet", 3)
    assert (understood.encoding, understood.encoding_is_certain, understood.delimiter) == ("", True, "")
    assert understood.above == ["Counts of 2021"]


def test_it_is_a_workbook_whatever_its_name_says():
    assert cells(workbook(HEADER, ROW), name="counts.csv") == [["s", "m", "exact", "1007"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1007, "1007"),
        (1007.0, "1007"),
        (-3, "-3"),
        (0.1, "0.1"),
        (2.5, "2.5"),
        (1e20, "1e+20"),
        (True, "true"),
        (False, "false"),
        (date(2022, 1, 27), "2022-01-27"),
        (moment(27), "2022-01-27"),
        (moment(27, 14, 30), "2022-01-27T14:30:00"),
        (moment(27, 23, 59, 59), "2022-01-27T23:59:59"),
        (time(14, 30), "14:30:00"),
        ("plain", "plain"),
        ("01.02.2022", "01.02.2022"),
        (" spaces ", " spaces "),
        ("two\nlines", "two\nlines"),
        ("007", "007"),
    ],
)
def test_a_cell_reads_as_a_person_would_type_it(value, text):
    assert one_cell(value) == (text, "")


@pytest.mark.parametrize(
    ("number_format", "text"),
    [("yyyy-mm-dd", "2022-01-27"), ("DD.MM.YY", "2022-01-27"), ("[$-426]dddd, yyyy. gada d. mmmm", "2022-01-27")],
)
def test_a_number_that_is_shown_as_a_date_is_one(number_format, text):
    assert one_cell(44588, number_format=number_format) == (text, "")


@pytest.mark.parametrize("number_format", ["General", "0.00", "#,##0", '0 "days"', "@"])
def test_a_number_that_is_shown_as_one_stays_it(number_format):
    assert one_cell(44588, number_format=number_format) == ("44588", "")


def test_a_workbook_of_a_macintosh_counts_days_from_another_beginning():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    for row in (HEADER, [*ROW[:3], date(2022, 1, 27)]):
        book.active.append(row)
    assert cells(saved(book))[0][3] == "2022-01-27"


def test_a_date_that_no_calendar_has_is_a_fault():
    text, fault = one_cell(-5, number_format="yyyy-mm-dd")
    assert text == "-5"
    assert "-5 is none" in fault


def test_a_formula_is_a_fault_that_tells_its_value():
    assert one_cell("=SUM(A1:A9)") == ("", "This cell holds a formula, =SUM(A1:A9). Write its value instead.")
    data = (
        '<row r="1"><c t="inlineStr"><is><t>key</t></is></c><c t="inlineStr"><is><t>value</t></is></c></row>'
        '<row r="2"><c t="inlineStr"><is><t>k</t></is></c><c r="B2"><f>B3+1</f><v>8</v></c></row>'
    )
    row = rows_of(with_sheet(data))[0]
    assert row.cells == {"key": "k", "value": "8"}
    assert row.faults == {"value": "This cell holds a formula, =B3+1. Write its value instead: 8."}


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_of_the_spreadsheet_is_a_fault(error):
    text, fault = one_cell(error)
    assert text == error
    assert f"an error of the spreadsheet, {error}." in fault


def test_a_text_that_begins_like_a_formula_is_a_text():
    for text in ("=1+1", "- one\n- two", "+375", "@handle", "'Arabi"):

        def change(sheet: Worksheet, text: str = text) -> None:
            sheet["D2"].value = text
            sheet["D2"].data_type = "s"

        row = rows_of(workbook(HEADER, ROW[:3], change=change))[0]
        assert (row.cells["value"], row.faults) == (text, {})


def test_what_an_export_put_before_a_text_is_taken_off_where_a_spreadsheet_has_kept_it():
    assert one_cell("'- one") == ("- one", "")
    assert one_cell("''Arabi") == ("'Arabi", "")


def test_a_line_break_that_was_pasted_in_is_no_code():
    assert one_cell("one_x000D_\ntwo") == ("one\r\ntwo", "")
    assert one_cell("_x005F_x000D_ and x_x") == ("_x000D_ and x_x", "")


def test_a_nul_that_is_written_as_a_code_counts_as_a_lost_letter():
    text, fault = one_cell("w1_x0000_z")
    assert text == "w1\ufffdz"
    assert "was lost" in fault


def test_lost_and_garbled_letters_are_faults_as_in_a_text():
    assert "was lost" in one_cell("Fr\ufffdheit")[1]
    assert "It seems to say “Vēstnieks”" in one_cell("VÄ“stnieks")[1]


def test_every_script_is_read():
    rows = workbook(["slug", "title"], *([f"s{n}", sentence] for n, sentence in enumerate(EVERY_SENTENCE)))
    assert [row[1] for row in cells(rows, kind="demands")] == EVERY_SENTENCE


def test_texts_that_cells_share_are_read_without_their_looks_and_pronunciation():
    texts = (
        "<si><t>key</t></si><si><t>note</t></si><si><r><t>be</t></r><r><rPr><b/></rPr><t xml:space='preserve'> bold</t>"
        "</r><rPh sb='0' eb='1'><t>bee</t></rPh><phoneticPr fontId='1'/></si><si><t/></si>"
    )
    data = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>'
    )
    assert cells(with_sheet(data, texts=texts)) == [["be bold", ""]]


def test_a_sheet_with_prefixes_gaps_and_cells_without_places_is_read():
    data = (
        "<x:row><x:c t='inlineStr'><x:is><x:t>key</x:t></x:is></x:c>"
        "<x:c t='inlineStr'><x:is><x:t>value</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:t>note</x:t></x:is></x:c>"
        "</x:row><x:row r='9'><x:c r='A9' t='str'><x:v>k</x:v></x:c>"
        "<x:c r='C9' t='d'><x:v>2022-01-27</x:v></x:c><x:c s='0'/></x:row>"
        "<x:row><x:c t='b'><x:v>1</x:v></x:c><x:c><x:v> 7.0 </x:v></x:c></x:row>"
    )
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{data}</x:sheetData></x:worksheet>'
    table = opened(with_part(with_sheet(""), "xl/worksheets/sheet1.xml", lambda _old: sheet))
    assert [(row.line, list(row.cells.values())) for row in table.rows()] == [
        (9, ["k", "", "2022-01-27"]),
        (10, ["true", "7", ""]),
    ]


def test_what_a_sheet_says_about_its_size_is_not_believed():
    sheet = "xl/worksheets/sheet1.xml"
    content = with_part(workbook(HEADER, ROW), sheet, lambda text: text.replace('ref="A1:D2"', 'ref="A1"'))
    assert cells(content) == [["s", "m", "exact", "1007"]]


def test_blank_columns_and_formatted_cells_at_the_end_are_no_part_of_the_table():
    def change(sheet: Worksheet) -> None:
        for place in ("F1", "F2", "XFD2", "A900"):
            sheet[place].number_format = "0.00"
        sheet["E2"] = " "

    assert cells(workbook(HEADER, ROW, change=change)) == [["s", "m", "exact", "1007"]]


def test_something_beside_the_table_is_refused():
    refused = refusal(workbook(HEADER, [*ROW, None, "see below"]))
    assert (refused.line, "Column 6 has no name" in str(refused)) == (2, True)
    refused = refusal(workbook(HEADER, ROW, change=lambda sheet: sheet.cell(2, 600, "far away")))
    assert (refused.line, "beyond column 500" in str(refused)) == (2, True)


def test_the_only_sheet_with_rows_is_read():
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart")
    for row in (HEADER, ROW):
        book.create_sheet("Data").append(row) if "Data" not in book.sheetnames else book["Data"].append(row)
    assert opened(saved(book)).understood.sheet == "Data"


def test_of_several_sheets_the_one_named_like_the_kind_is_read_and_the_others_are_told():
    book = openpyxl.Workbook()
    book.active.append(["How to fill it in"])
    for row in (HEADER, ROW):
        (book["Counts"] if "Counts" in book.sheetnames else book.create_sheet("Counts")).append(row)
    understood = opened(saved(book)).understood
    assert (understood.sheet, understood.other_sheets) == ("Counts", ["Sheet"])
    refused = refusal(saved(book), kind="mentions")
    assert "Several sheets hold rows: “Sheet”, “Counts”. Name the one that is meant “mentions”" in str(refused)


def test_a_hidden_sheet_is_left_out_and_told_and_never_the_only_one():
    book = openpyxl.Workbook()
    book.active.append(["lists"])
    book.active.sheet_state = "hidden"
    data = book.create_sheet("Data")
    for row in (HEADER, ROW):
        data.append(row)
    assert opened(saved(book)).understood.other_sheets == ["Sheet"]
    data.delete_rows(1, 2)
    assert "Only hidden sheets hold rows: “Sheet”" in str(refusal(saved(book)))


def test_an_empty_workbook_and_one_without_rows_are_refused():
    assert "The workbook is empty" in str(refusal(workbook()))
    assert "a header and no rows" in str(refusal(workbook(HEADER)))


def test_a_workbook_that_is_too_long_is_refused(settings):
    settings.IMPORT_MAX_ROWS = 30
    assert opened(workbook(HEADER, *[ROW] * 30)).row_count == 30
    assert "more than 30 rows" in str(refusal(workbook(HEADER, *[ROW] * 31)))
    assert "more than 30 rows" in str(refusal(workbook(HEADER, *[ROW] * 99)))


def test_a_text_that_fills_the_sheet_from_one_place_is_refused(settings):
    settings.IMPORT_MAX_BYTES = 100_000
    rows = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(1, 200))
    content = with_sheet(rows, texts=f"<si><t>{'long ' * 1000}</t></si>")
    assert len(content) < settings.IMPORT_MAX_BYTES
    assert "more than 0.1 MB of text" in str(refusal(content))


def test_more_than_a_workbook_may_have_unpacked_is_refused(settings):
    content = with_sheet(f"<!--{'ab' * 60_000}-->")
    settings.IMPORT_MAX_BYTES = len(content)
    assert len(content) * MOST_TIMES < 120_000
    assert "Unpacked, this file would have 0.1 MB, and at most" in str(refusal(content))
