"""Numbers and figures as people type them: never another number in silence, and a qualifier from the same cell."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.importing.desk_export import desk_files
from statements.importing.values.figures import read_figure
from statements.importing.values.numbers import LARGEST, read_whole
from statements.importing.values.problems import CellProblem
from statements.models import CountObservation, Measure, Qualifier
from tests.factories import MeasureFactory, make_statement
from tests.importing import imported, places, planned, sentence


@pytest.fixture
def desk(importer):
    """A statement and a measure that figures can hang on."""
    make_statement(by=importer, title="S")
    MeasureFactory(name="M")
    return importer


def count(by, **cells):
    """The plan of a file with one figure."""
    output = io.StringIO()
    writer = csv.DictWriter(output, ["statement", "measure", *cells])
    writer.writeheader()
    writer.writerow({"statement": "s", "measure": "m", **cells})
    return planned("counts", output.getvalue(), by=by)


def figure_of(plan):
    """Qualifier, value and value_to as they would be stored, and the notices."""
    assert plan.is_clean, plan.errors
    (result,) = plan.results()
    read = tuple(result.changes.get(name, ("", ""))[1] for name in ("qualifier", "value", "value_to"))
    return *read, " ".join(notice.message for notice in result.notices)


# Whole numbers


@pytest.mark.parametrize(
    "cell",
    [
        "1 007",
        "1,007",
        "1.007",
        "1'007",
        "1’007",
        "1\u00a0007",
        "1\u2009007",
        "1\u202f007",
        "1007.00",
        "1007.0",
        "1007,00",
        "1,007.00",
        "1.007,00",
        "1 007,0",
        "01007",
        "１００７",
        "١٠٠٧",
        "١٬٠٠٧",
        "1\u200b007",
    ],
)
def test_a_number_in_any_grouping_is_that_number_with_a_notice(desk, cell):
    assert figure_of(count(desk, qualifier="exact", value=cell)) == ("exact", "1007", "", "Read as 1007.")


def test_digits_are_read_without_a_word(desk):
    for cell in ("0", "7", "1007", "2021"):
        assert figure_of(count(desk, qualifier="exact", value=cell)) == ("exact", cell, "", "")


@pytest.mark.parametrize(
    ("cell", "words", "suggestion"),
    [
        ("1,07", "groups of three digits", ""),
        ("10,07", "groups of three digits", ""),
        ("1,00,000", "groups of three digits", ""),
        ("1,007,00", "groups of three digits", ""),
        ("1,007.008", "groups of three digits", ""),
        ("0.007", "groups of three digits", ""),
        ("1.5", "not a whole number", ""),
        ("1 2", "not a whole number", ""),
        ("27.01.2022", "not a whole number", ""),
        ("-5", "negative", ""),
        ("−5", "negative", ""),
        ("(5)", "negative", ""),
        ("9223372036854775808", "larger than any number that is kept", ""),
        ("9" * 5000, "larger than any number that is kept", ""),
        ("1.2e3", "shortened by a spreadsheet", ""),
        ("1.2E+03", "shortened by a spreadsheet", ""),
        ("12 thousand", "partly in words", "12000"),
        ("12k", "partly in words", "12000"),
        ("1.5 million", "partly in words", "1500000"),
        ("12 тыс.", "partly in words", "12000"),
        ("1007*", "digits only", "1007"),
        ("1 007 people", "digits only", "1007"),
        ("1st", "digits only", "1"),
        ("2 dozen", "digits only", ""),
        ("5%", "digits only", ""),
        ("1007²", "digits only", ""),
        ("3½", "digits only", ""),
        ("1500+", "digits only", ""),
        ("+5", "digits only", ""),
        ("=SUM(A1)", "is a formula", ""),
        ("#REF!", "error of the spreadsheet", ""),
        ("#N/A", "error of the spreadsheet", ""),
        ("N/A", "leave the cell blank", ""),
        ("n/a", "leave the cell blank", ""),
        ("-", "leave the cell blank", ""),
        ("?", "leave the cell blank", ""),
        ("нет данных", "leave the cell blank", ""),
        ("many", "digits only", ""),
    ],
)
def test_what_is_no_whole_number_is_an_error_that_says_what_to_write(importer, cell, words, suggestion):
    plan = planned("measures", f'name,unit,basis,position\nM,people,stock,"{cell}"\n', by=importer)
    assert places(plan) == [(2, "position")]
    assert words in sentence(plan)
    assert plan.errors[0].suggestion == suggestion


def test_a_very_large_number_is_noticed(desk):
    notice = figure_of(count(desk, value="> 200 000 000"))[3]
    assert notice == "Read as more than 200000000. 200000000 is unusually large."


def test_other_columns_of_numbers_read_them_alike(importer):
    imported("measures", 'name,unit,basis,position\nM,people,stock,"1,007"\n', by=importer)
    assert Measure.objects.get().position == 1007


# Figures


@pytest.mark.parametrize(
    ("qualifier", "cells"),
    [
        ("more than", [">880", "> 880", "more than 880", "More Than 880", "over 880", "more  than\u00a0880"]),
        ("more than", ["более 880", "больше 880", "свыше 880", "более чем 880"]),
        ("more than", ["больш за 880", "больш 880", "звыш 880", "vairāk nekā 880", "vairāk par 880"]),
        ("at least", ["880+", "880 +", "≥880", ">= 880", "at least 880", "no fewer than 880", "880 or more"]),
        ("at least", ["не менее 880", "не меньше 880", "не менш за 880", "vismaz 880", "ne mazāk kā 880"]),
        ("nearly", ["nearly 880", "almost 880", "почти 880", "амаль 880", "gandrīz 880"]),
        ("about", ["~880", "≈ 880", "about 880", "around 880", "some 880", "approximately 880", "approx. 880"]),
        ("about", ["ca. 880", "около 880", "примерно 880", "порядка 880", "каля 880", "aptuveni 880", "apmēram 880"]),
        ("up to", ["up to 880", "≤880", "<=880", "no more than 880", "до 880", "не более 880", "да 880", "līdz 880"]),
        ("fewer than", ["<880", "fewer than 880", "less than 880", "менее 880", "меньше 880", "менш за 880"]),
        ("fewer than", ["mazāk nekā 880", "mazāk par 880"]),
        ("exact", ["exactly 880", "ровно 880", "дакладна 880", "tieši 880"]),
    ],
)
def test_one_cell_says_the_number_and_how_it_is_meant(desk, qualifier, cells):
    for cell in cells:
        expected = (qualifier, "880", "", f"Read as {qualifier} 880.")
        assert figure_of(count(desk, value=cell)) == expected, cell


@pytest.mark.parametrize(
    "cell",
    [
        *("325-535", "325–535", "325 - 535", "325 to 535", "between 325 and 535", "from 325 to 535"),
        *("от 325 до 535", "между 325 и 535", "325 до 535", "ад 325 да 535", "паміж 325 і 535"),
        *("no 325 līdz 535", "starp 325 un 535"),
    ],
)
def test_one_cell_says_both_ends_of_a_range(desk, cell):
    assert figure_of(count(desk, value=cell)) == ("range", "325", "535", "Read as a range from 325 to 535.")


def test_numbers_within_a_figure_may_be_in_groups(desk):
    assert figure_of(count(desk, value="nearly 1,500"))[:3] == ("nearly", "1500", "")
    assert figure_of(count(desk, value="свыше 1 007"))[:3] == ("more than", "1007", "")
    assert figure_of(count(desk, value="1,500-2,000"))[:3] == ("range", "1500", "2000")
    assert figure_of(count(desk, value="2021-2022")) == ("range", "2021", "2022", "Read as a range from 2021 to 2022.")


@pytest.mark.parametrize(
    ("cell", "words", "suggestion"),
    [
        ("535-325", "from the smaller number to the larger", "325-535"),
        ("325-325", "from the smaller number to the larger", "325"),
        ("01-27", "is not a figure", ""),
        ("2022-01-27", "is not a figure", ""),
        ("12 or 13", "is not a figure", ""),
        ("1/2", "is not a figure", ""),
        ("from 325", "is not a figure", ""),
        ("от 325", "is not a figure", ""),
        ("+1500", "is not a figure", ""),
        (">~5", "is not a figure", ""),
        ("more than 1500+", "is not a figure", ""),
        ("about -5", "is not a figure", ""),
        ("10-15 thousand", "is not a figure", ""),
        ("1500 %", "is not a figure", ""),
        ("880 prisoners in jail", "is not a figure", ""),
        ("more than 880 people", "words in the column wording", "more than 880"),
        ("1500+ people", "words in the column wording", "at least 1500"),
        ("325-535 people", "words in the column wording", "325-535"),
        (">1007*", "words in the column wording", "more than 1007"),
        ("about 325-535", "is a range and “about” at once", "325-535"),
        ("about 12 thousand", "partly in words", "about 12000"),
        ("~1.5", "not a whole number", ""),
        ("-5", "negative", ""),
        (">9223372036854775808", "larger than any number that is kept", ""),
        ("thousands", "write unquantified in the column qualifier", ""),
        ("many dozens", "write unquantified in the column qualifier", ""),
        ("несколько", "write unquantified in the column qualifier", ""),
        ("=SUM(A1)", "is a formula", ""),
        ("N/A", "leave the cell blank", ""),
        ("more than 880 " + "and so on " * 20, "words in the column wording", ""),
    ],
)
def test_what_is_no_figure_is_an_error_that_says_what_to_write(desk, cell, words, suggestion):
    plan = count(desk, qualifier="", value=cell)
    error = next(error for error in plan.errors if error.column == "value")
    assert words in error.message
    assert error.suggestion == suggestion


# The cell and the columns beside it


def test_a_file_with_figures_needs_no_column_for_the_qualifier(desk):
    imported("counts", "statement,measure,value\ns,m,>880\ns,m,325-535\n", by=desk)
    stored = (
        CountObservation.objects.filter(measure__slug="m")
        .order_by("value")
        .values_list("qualifier", "value", "value_to")
    )
    assert list(stored) == [("range", 325, 535), ("more than", 880, None)]
    assert places(planned("counts", "statement,measure,wording\ns,m,many\n", by=desk)) == [(1, "qualifier")]


def test_a_bare_number_without_a_qualifier_is_exact_only_when_staff_say_so(desk):
    for plan in (count(desk, value="880"), count(desk, qualifier="", value="880")):
        assert places(plan) == [(2, "qualifier")]
        assert plan.errors[0].suggestion == "exact"
    assert count(desk, qualifier="", wording="many thousands").errors[0].suggestion == ""


def test_a_cell_and_its_columns_may_say_the_same(desk):
    assert figure_of(count(desk, qualifier="more than", value=">880"))[:3] == ("more than", "880", "")
    assert figure_of(count(desk, qualifier="range", value="325-535", value_to="535"))[:3] == ("range", "325", "535")
    assert figure_of(count(desk, qualifier="", value="325-535", value_to=""))[:3] == ("range", "325", "535")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"qualifier": "exact", "value": ">880"}, "means “more than”, and the column qualifier says “exact”"),
        ({"qualifier": "about", "value": "325-535"}, "means “range”, and the column qualifier says “about”"),
        ({"value": "325-535", "value_to": "600"}, "means “range”, and the column value_to says 600"),
        ({"value": ">880", "value_to": "900"}, "means “more than”, and the column value_to says 900"),
    ],
)
def test_a_cell_that_contradicts_its_columns_is_one_error(desk, cells, words):
    plan = count(desk, **cells)
    assert places(plan) == [(2, "value")]
    assert words in sentence(plan)


def test_a_cell_changes_the_qualifier_of_a_stored_figure(desk):
    imported("counts", "key,statement,measure,value\nk,s,m,325-535\n", by=desk)
    plan = imported("counts", "key,value\nk,>880\n", by=desk)
    (result,) = plan.results()
    assert result.changes == {"qualifier": ("range", "more than"), "value": ("325", "880"), "value_to": ("535", "")}
    imported("counts", "key,qualifier,value\nk,,900\n", by=desk)
    assert CountObservation.objects.filter(key="k").values_list("qualifier", "value").get() == ("more than", 900)


def test_a_figure_is_exported_in_its_columns_and_read_back_unchanged(desk):
    imported("counts", "statement,measure,value\ns,m,~40\ns,m,325-535\n", by=desk)
    content = desk_files()["counts.csv"].decode()
    assert ",about,40,," in content
    assert ",range,325,535," in content
    plan = imported("counts", content, by=desk)
    assert (plan.counts["unchanged"], list(plan.warned())) == (3, [])


# Properties

_MARKS = [",", ".", "'", "’", " ", "\u00a0", "\u2009", "\u202f"]


def _digits(text):
    """The digits of a text as 0-9, without the zeros of a fraction and those in front."""
    plain = "".join(str(unicodedata.decimal(character, character)) for character in text)
    whole = re.sub(r"[.,]0{1,2}$", "", plain.strip())
    return "".join(character for character in whole if character in "0123456789").lstrip("0") or "0"


@given(st.integers(0, LARGEST), st.sampled_from(_MARKS), st.sampled_from(["", ".0", ".00", ",0", ",00"]))
def test_a_whole_number_in_any_grouping_style_reads_as_itself(number, mark, fraction):
    grouped = f"{number:,}".replace(",", mark)
    if fraction[:1] == mark and grouped != str(number):
        return  # 1,007,00 has one mark for two things
    found, notice = read_whole(grouped + fraction)
    assert found == number
    assert f"Read as {number}." in notice or grouped + fraction == str(number)


@given(st.text(alphabet="0123456789 .,'’-–+<>~٣２²½k%e()*\u00a0\u202fзаboutrт", max_size=16))
def test_no_text_is_read_as_a_number_with_other_digits(text):
    cell = text.strip() or "x"
    try:
        number, notice = read_whole(cell)
    except CellProblem:
        return
    assert str(number) == _digits(cell)
    assert notice or str(number) == cell


@given(
    st.sampled_from(["", ">", "~", "about ", "до ", "больш за ", "vairāk nekā ", "from ", "no "]),
    st.text(alphabet="0123456789 .,'-–", max_size=12),
    st.sampled_from(["", "+", " or more", " people", "*", " to 9", " līdz 12"]),
)
def test_no_text_is_read_as_a_figure_with_other_digits(before, numbers, after):
    cell = (before + numbers + after).strip() or "x"
    try:
        figure = read_figure(cell)
    except CellProblem:
        return
    assert figure.qualifier in {"", *Qualifier.values} - {"unquantified"}
    assert (figure.value_to is not None) == (figure.qualifier == "range")
    assert figure.notice or str(figure.value) == cell
    if figure.value_to is None:
        kept = re.sub(r"\D+$", "", cell) if after in ("+", " or more") else cell
        assert str(figure.value) == _digits(kept)
    else:
        assert figure.value < figure.value_to
    assert read_figure(str(figure)) == read_figure(str(figure).upper())


@given(st.integers(0, LARGEST), st.integers(0, LARGEST), st.sampled_from(["-", " - ", "–", " to ", " до "]))
def test_two_numbers_are_a_range_or_an_error(first, second, between):
    cell = f"{first}{between}{second}"
    if first < second:
        figure = read_figure(cell)
        assert (figure.qualifier, figure.value, figure.value_to) == ("range", first, second)
    else:
        with pytest.raises(CellProblem) as caught:
            read_figure(cell)
        assert read_figure(caught.value.suggestion).value == second
