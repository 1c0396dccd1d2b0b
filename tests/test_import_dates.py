"""Dates as people type them into spreadsheets: understood, noticed where there is a doubt, never guessed."""

import csv
import datetime
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.dates import PartialDate
from statements.importing.values.day_order import DayOrder, DayOrders
from statements.importing.values.days import read_date
from statements.importing.values.months import months
from statements.importing.values.problems import CellProblem
from statements.models import Source, Statement
from tests.factories import DemandFactory, OrganisationFactory, make_statement
from tests.importing import imported, places, planned, sentence

TODAY = datetime.date(2026, 6, 15)
DAYS = st.dates(datetime.date(1950, 1, 1), TODAY)


def file_of(cells, *, column="published"):
    """A file of sources with these cells in one column."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(["title", "publisher", "kind", column])
    writer.writerows([f"T{number}", "P", "news", cell] for number, cell in enumerate(cells))
    return output.getvalue()


def read(*cells, by, column="published"):
    """The date of each cell as it would be stored, and the notices of its row."""
    plan = planned("sources", file_of(cells, column=column), by=by)
    assert plan.is_clean, plan.errors
    return [
        (result.changes[column][1], " ".join(notice.message for notice in result.notices)) for result in plan.results()
    ]


def refused(*cells, by, column="published"):
    """Sentence and suggestion of each mistake."""
    plan = planned("sources", file_of(cells, column=column), by=by)
    return [(error.message, error.suggestion) for error in plan.errors]


def understood(cell, order=DayOrder.UNDECIDED, **options):
    """The date in ISO 8601 and the notice, of one cell, on a day that doesn't move."""
    found, notice = read_date(cell, order=order, today=TODAY, **options)
    return found.isoformat(), notice


# Without a word


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2022-01-27", "2022-01-27"),
        ("2022-01", "2022-01"),
        ("2022", "2022"),
        ("2022-01-20/2022-01-27", "2022-01-20/2022-01-27"),
        ("2020-08 / 2021-01", "2020-08/2021-01"),
        ("2022-01-27T00:00:00", "2022-01-27"),
        ("2022-01-27 00:00:00+00:00", "2022-01-27"),
        ("1/27/2022 12:00:00 AM", "2022-01-27"),
        ("27.01.2022", "2022-01-27"),
        ("27.01.2022.", "2022-01-27"),
        ("27. 1. 2022", "2022-01-27"),
        ("27.01.2022 г.", "2022-01-27"),
        ("2022.01.27", "2022-01-27"),
        ("2022/01/27", "2022-01-27"),
        ("2022-1-27", "2022-01-27"),
        ("27/1/2022", "2022-01-27"),
        ("1/27/2022", "2022-01-27"),
        ("27-01-2022", "2022-01-27"),
        ("02/02/2022", "2022-02-02"),
        ("02.02.2022", "2022-02-02"),
        ("01.2022", "2022-01"),
        ("1/2022", "2022-01"),
        ("2022/01", "2022-01"),
        ("2022.", "2022"),
        ("2022 год", "2022"),
        ("27 January 2022", "2022-01-27"),
        ("27th of January, 2022", "2022-01-27"),
        ("January 27, 2022", "2022-01-27"),
        ("Thursday, January 27, 2022", "2022-01-27"),
        ("January 2022", "2022-01"),
        ("Sept. 2021", "2021-09"),
        ("27-Jan-2022", "2022-01-27"),
        ("27 января 2022", "2022-01-27"),
        ("27 января 2022 г.", "2022-01-27"),
        ("четверг, 27 января 2022 года", "2022-01-27"),
        ("май 2022", "2022-05"),
        ("27 студзеня 2022 г.", "2022-01-27"),
        ("студзень 2022", "2022-01"),
        ("2022. gada 27. janvāris", "2022-01-27"),
        ("2022. gada 27. janvārī", "2022-01-27"),
        ("2022. gada janvāris", "2022-01"),
        ("2022 m. sausio 27 d.", "2022-01-27"),
        ("27. Januar 2022", "2022-01-27"),
        ("27 janvier 2022", "2022-01-27"),
        ("27 stycznia 2022", "2022-01-27"),
        ("27\u00a0January\u202f2022", "2022-01-27"),
    ],
)
def test_what_means_one_day_everywhere_is_read_without_a_word(importer, cell, date):
    assert read(cell, by=importer) == [(date, "")]


# With a notice


@pytest.mark.parametrize(
    ("cell", "date", "why"),
    [
        ("02.01.2022", "2022-01-02", "the day comes first"),
        ("2022.02.01", "2022-02-01", "the month comes next"),
        ("27.01.22", "2022-01-27", "two digits"),
        ("27.01.87", "1987-01-27", "two digits"),
        ("27/01/87", "1987-01-27", "two digits"),
        ("27-Jan-22", "2022-01-27", "two digits"),
        ("44588", "2022-01-27", "by which spreadsheets keep this day"),
        ("44588.0", "2022-01-27", "by which spreadsheets keep this day"),
        ("44588.61", "2022-01-27", "the time of day is not kept"),
        ("20220127", "2022-01-27", "eight digits"),
        ("2022-01-27 14:30", "2022-01-27", "the time of day is not kept"),
        ("2022-01-27T14:30:05.123Z", "2022-01-27", "the time of day is not kept"),
        ("27.01.2022, 14:30", "2022-01-27", "the time of day is not kept"),
        ("1/27/2022 1:00 PM", "2022-01-27", "the time of day is not kept"),
        ("٢٧.٠١.٢٠٢٢", "2022-01-27", "another script"),
        ("27.-29.01.2022", "2022-01-27/2022-01-29", "interval"),
        ("27.01. – 03.02.2022", "2022-01-27/2022-02-03", "interval"),
        ("20-27 January 2022", "2022-01-20/2022-01-27", "interval"),
        ("January 20–27, 2022", "2022-01-20/2022-01-27", "interval"),
        ("27 January – 3 February 2022", "2022-01-27/2022-02-03", "interval"),
        ("January – March 2022", "2022-01/2022-03", "interval"),
        ("2022-01-20 - 2022-01-27", "2022-01-20/2022-01-27", "interval"),
        ("2022-01-20 – 2022-01-27", "2022-01-20/2022-01-27", "interval"),
        ("2022-01-20 to 2022-01-27", "2022-01-20/2022-01-27", "interval"),
        ("27.01.2022/28.01.2022", "2022-01-27/2022-01-28", "interval"),
        ("between 20 and 27 January 2022", "2022-01-20/2022-01-27", "interval"),
        ("с 20 по 27 января 2022 года", "2022-01-20/2022-01-27", "interval"),
        ("2021-2022", "2021/2022", "interval"),
    ],
)
def test_whatever_could_be_doubted_says_what_it_was_read_as(importer, cell, date, why):
    ((found, notice),) = read(cell, by=importer)
    assert found == date
    assert notice.startswith(f"Read as {date}: ")
    assert why in notice


def test_a_date_in_the_future_is_noticed_but_not_that_of_a_deadline(importer):
    assert read("2999-01-01", "31 December 2999", by=importer) == [
        ("2999-01-01", "2999-01-01 lies in the future."),
        ("2999-12-31", "2999-12-31 lies in the future."),
    ]
    make_statement(by=importer, title="S")
    DemandFactory(title="Release")
    plan = planned("mentions", "statement,demand,deadline\ns,release,31 December 2999\n", by=importer)
    ((_row, notices),) = [(result, result.notices) for result in plan.results()]
    assert (plan.is_clean, notices) == (True, [])
    assert understood("31.12.26", may_be_future=True)[0] == "2026-12-31"
    assert understood("31.12.26")[0] == "1926-12-31"


# Refused


@pytest.mark.parametrize(
    ("cell", "words", "suggestion"),
    [
        ("31.02.2022", "February 2022 has 28 days", ""),
        ("2022-02-30", "February 2022 has 28 days", ""),
        ("29/02/2023", "February 2023 has 28 days", ""),
        ("31 June 2022", "June 2022 has 30 days", ""),
        ("00.01.2022", "there is no day 0", ""),
        ("13.2022", "there is no month 13", ""),
        ("31/31/2022", "there is no month 31", ""),
        ("0000", "there is no such year", ""),
        ("01.27.2022", "there is no month 27", "2022-01-27"),
        ("2022-27-01", "there is no month 27", "2022-01-27"),
        ("2022.27.01", "there is no month 27", "2022-01-27"),
        ("2022-23", "there is no month 23", "2022/2023"),
        ("2022/23", "there is no month 23", "2022/2023"),
        ("02/01/2024", "no other date of the file tells which", "2024-01-02 or 2024-02-01"),
        ("02-01-2024", "no other date of the file tells which", "2024-01-02 or 2024-02-01"),
        ("05/03/22", "no other date of the file tells which", "2005-03-22 or 2022-03-05 or 2022-05-03"),
        ("2022.1", "can mean", "2022-01 or 2022-10"),
        ("2000/01", "can mean", "2000-01 or 2000/2001"),
        ("Jan-22", "has no year", "2022-01"),
        ("27 January", "has no year", ""),
        ("Monday, 27 January 2022", "Thursday", ""),
        ("2022-01-27/2022-01-20", "write the earlier date first", "2022-01-20/2022-01-27"),
        ("2022 – 2021", "write the earlier date first", "2021/2022"),
        ("02/01/2024 - 03/01/2024", "no other date of the file tells which", ""),
        ("19999", "is not a date", ""),
        ("60001", "is not a date", ""),
        ("27.01.2022 25:30", "is not a date", ""),
        ("1/27/2022 13:00 PM", "is not a date", ""),
        ("27² January 2022", "is not a date", ""),
        ("ca. 2022", "is not a date", ""),
        ("early 2022", "is not a date", ""),
        ("Q1 2022", "is not a date", ""),
        ("2022?", "is not a date", ""),
        ("January", "is not a date", ""),
        ("27", "is not a date", ""),
        ("1.2.3", "is not a date", ""),
        ("soon", "is not a date", ""),
        ("January 2022 " + "and later " * 20, "is not a date", ""),
        ("=TODAY()", "is a formula", ""),
        ("#REF!", "error of the spreadsheet", ""),
        ("########", "what a spreadsheet shows", ""),
        ("N/A", "leave the cell blank", ""),
        ("неизвестно", "leave the cell blank", ""),
        ("?", "leave the cell blank", ""),
        ("—", "leave the cell blank", ""),
    ],
)
def test_a_date_that_cannot_be_known_is_an_error_that_says_why(importer, cell, words, suggestion):
    ((message, offered),) = refused(cell, by=importer)
    assert words in message
    assert offered == suggestion


def test_a_year_of_two_digits_that_could_stand_in_front_is_not_guessed():
    for cell in ("22/01/27", "22.01.27", "22 Jan 27"):
        with pytest.raises(CellProblem) as caught:
            understood(cell)
        assert caught.value.suggestion == "1927-01-22 or 2022-01-27"
    assert understood("87/01/27") == ("1987-01-27", "Read as 1987-01-27: the year has two digits.")


def test_a_day_has_to_be_a_day(importer):
    assert read("27 January 2022", by=importer, column="accessed_on") == [("2022-01-27", "")]
    ((message, _suggestion),) = refused("January 2022", by=importer, column="accessed_on")
    assert "is not a day. Write it as 2022-01-27." in message


# The order of the numbers


def test_the_other_dates_of_the_file_decide_which_number_is_the_day(importer):
    assert read("02/01/2024", "27/01/2024", "2022-05-03", by=importer) == [
        ("2024-01-02", "Read as 2024-01-02: other dates of the file have the day first."),
        ("2024-01-27", ""),
        ("2022-05-03", ""),
    ]
    assert read("01/27/2024", "02/01/2024", "05/03/22", by=importer)[1:] == [
        ("2024-02-01", "Read as 2024-02-01: other dates of the file have the month first."),
        ("2022-05-03", "Read as 2022-05-03: the year has two digits; other dates of the file have the month first."),
    ]


def test_dates_that_contradict_each_other_decide_nothing(importer):
    ((message, suggestion),) = refused("02/01/2024", "27/01/2024", "01/27/2024", by=importer)
    assert "have both orders" in message
    assert suggestion == "2024-01-02 or 2024-02-01"


def test_dates_with_dots_and_ambiguous_ones_decide_nothing(importer):
    assert [offered for _message, offered in refused("27.01.2024", "03/03/2024", "02/01/2024", by=importer)] == [
        "2024-01-02 or 2024-02-01"
    ]


def test_another_column_of_the_file_decides_too(importer):
    header = "title,publisher,kind,published,accessed_on"
    plan = planned("sources", f"{header}\nA,P,news,02/01/2024,\nB,P,news,,28/01/2024\n", by=importer)
    assert plan.is_clean
    assert next(iter(plan.results())).changes["published"] == ("", "2024-01-02")


def test_a_word_that_is_no_date_column_decides_nothing(importer):
    header = "title,publisher,kind,published,author"
    plan = planned("sources", f"{header}\nA,P,news,02/01/2024,27/01/2024\n", by=importer)
    assert places(plan) == [(2, "published")]


def test_statements_are_identified_by_the_date_that_the_file_decides(importer):
    OrganisationFactory(name="A")
    header = "title,kind,language,issued,issuers"
    imported("statements", f"{header}\nOne,speech,en,02/01/2024,a\nTwo,speech,en,27/01/2024,a\n", by=importer)
    assert set(Statement.objects.values_list("slug", flat=True)) == {"a-one-2024-01-02", "a-two-2024-01-27"}
    again = planned("statements", f"{header}\nOne,speech,en,02/01/2024,a\nTwo,speech,en,27/01/2024,a\n", by=importer)
    assert again.counts["unchanged"] == 2


@given(st.permutations(["02/01/2024", "27/01/2024", "05/03/22", "2022", "27.01.2022", ""]))
def test_the_order_of_the_rows_does_not_matter(cells):
    orders = DayOrders(today=TODAY)
    for cell in cells:
        orders.see(cell)
    assert orders.order == DayOrder.DAY_FIRST


# Properties


@given(DAYS, DAYS, st.sampled_from(["day", "month", "year", "interval"]))
def test_what_is_written_in_iso_reads_back_as_itself_in_silence(one, other, precision):
    texts = {"day": one.isoformat(), "month": f"{one:%Y-%m}", "year": f"{one:%Y}"}
    first, last = min(one, other), max(one, other)
    date = PartialDate(first, last) if precision == "interval" else PartialDate.parse(texts[precision])
    assert read_date(date.isoformat(), order=DayOrder.MONTH_FIRST, today=TODAY) == (date, "")


@given(
    DAYS,
    st.sampled_from(["{d}.{m}.{y}", "{d:02}.{m:02}.{y}.", "{y}.{m:02}.{d:02}", "{d} {name} {y}", "{y}{m:02}{d:02}"]),
)
def test_a_day_in_any_plain_style_is_that_day(day, style):
    name = next(name for name, number in months().items() if number == day.month)
    cell = style.format(d=day.day, m=day.month, y=day.year, name=name)
    assert understood(cell)[0] == day.isoformat()


@given(DAYS, st.sampled_from("/-"), st.sampled_from(list(DayOrder)))
def test_numbers_in_an_unknown_order_are_never_read_as_one_of_two_days_in_silence(day, separator, order):
    cell = f"{day.day}{separator}{day.month}{separator}{day.year}"
    is_plain = day.day > 12 or day.day == day.month
    if is_plain:
        assert understood(cell, order) == (day.isoformat(), "")
    elif order in (DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST):
        found, notice = understood(cell, order)
        month_first = datetime.date(day.year, day.day, day.month).isoformat()
        assert found == (day.isoformat() if order == DayOrder.DAY_FIRST else month_first)
        assert f"Read as {found}" in notice
    else:
        with pytest.raises(CellProblem) as caught:
            understood(cell, order)
        assert day.isoformat() in caught.value.suggestion


@given(st.text(alphabet="0123456789 ./-–:TZapmJanjanv.года янв٣２²=#", max_size=24))
def test_any_text_is_a_date_or_a_problem_and_what_is_suggested_is_a_date(cell):
    try:
        understood(cell.strip() or "x")
    except CellProblem as problem:
        for offered in filter(None, problem.suggestion.split(" or ")):
            assert understood(offered)[1] in ("", f"{offered} lies in the future.")


def test_every_month_has_its_names_in_every_language_of_the_desk():
    for names in (
        [
            "January",
            "Jan",
            "января",
            "январь",
            "янв",
            "студзеня",
            "студзень",
            "janvāris",
            "janvārī",
            "sausio",
            "Januar",
        ],
        ["May", "мая", "май", "мая", "maijs", "maijā", "gegužės", "Mai", "mai", "maja", "травня"],
        ["December", "Dec", "декабря", "декабрь", "снежня", "снежань", "decembris", "decembrī", "gruodžio", "décembre"],
    ):
        assert len({understood(f"27 {name} 2022")[0] for name in names}) == 1


def test_a_file_with_dates_in_many_forms_is_stored_as_read(importer):
    imported("sources", file_of(["27.01.2022", "January 2022", "20-27 January 2022", "44588"]), by=importer)
    stored = [row.published.isoformat() for row in Source.objects.order_by("title")]
    assert stored == ["2022-01-27", "2022-01", "2022-01-20/2022-01-27", "2022-01-27"]


def test_a_mistake_in_a_date_names_line_and_column(importer):
    plan = planned("sources", file_of(["2022", "31.02.2022"]), by=importer)
    assert places(plan) == [(3, "published")]
    assert "“31.02.2022” is not a day of the calendar: February 2022 has 28 days." in sentence(plan)
