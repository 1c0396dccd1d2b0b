"""Partial dates: as precise as known, in texts, forms, columns, filters and words."""

import calendar
import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from statements.dates import PartialDate, PartialDateFormField, overlapping
from statements.models import Statement
from tests.factories import StatementFactory

DAYS = st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-01-27", "2022-01-27", "2022-01-27"),
        ("2022-02", "2022-02-01", "2022-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022", "2022-01-01", "2022-12-31"),
        ("2022-01-20/2022-01-27", "2022-01-20", "2022-01-27"),
        ("2020-08/2021-01", "2020-08-01", "2021-01-31"),
        ("2020/2021", "2020-01-01", "2021-12-31"),
        (" 2022-01-27 ", "2022-01-27", "2022-01-27"),
        ("2022-01-20 / 2022-01-27", "2022-01-20", "2022-01-27"),
    ],
)
def test_iso_8601_is_read_as_the_first_and_the_last_possible_day(text: str, first: str, last: str) -> None:
    date = PartialDate.parse(text)
    assert (date.first.isoformat(), date.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("2022-01-01/2022-01-31", "2022-01"),
        ("2022-01/2022-12", "2022"),
        ("2020-08-01/2021-01-31", "2020-08/2021-01"),
        ("2022-01-27/2022-01-27", "2022-01-27"),
        ("2022-01-01", "2022-01-01"),
        ("2020-08-09/2021", "2020-08-09/2021-12-31"),
    ],
)
def test_the_shortest_form_is_written(text: str, shortest: str) -> None:
    assert PartialDate.parse(text).isoformat() == shortest


@given(DAYS, DAYS)
def test_what_is_written_is_read_back_as_the_same_two_days(one: datetime.date, other: datetime.date) -> None:
    date = PartialDate(min(one, other), max(one, other))
    assert PartialDate.parse(date.isoformat()) == date


@given(DAYS)
def test_a_month_never_turns_into_its_first_day(day: datetime.date) -> None:
    month = PartialDate.parse(f"{day:%Y-%m}")
    assert month.isoformat() == f"{day:%Y-%m}"
    assert month.display() == f"{calendar.month_name[day.month]} {day.year}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "27.01.2022",
        "2022-1-27",
        "2022-13",
        "2022-02-30",
        "01/02/2022",
        "2022-01-27T10:00",
        "２０２２",
        "2022/",
        "/",
    ],
)
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^“.*” is not .*\.$"):
        PartialDate.parse(text)


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="earlier date first"):
        PartialDate.parse("2022-01-27/2022-01-20")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2022-01-27", "27 January 2022"),
        ("2021-11", "November 2021"),
        ("2021", "2021"),
        ("2022-01-20/2022-01-27", "between 20 and 27 January 2022"),
        ("2018-04-19/2018-12-24", "between 19 April 2018 and 24 December 2018"),
        ("2020-08/2021-01", "between August 2020 and January 2021"),
    ],
)
def test_words_are_as_precise_as_the_date(text: str, words: str) -> None:
    assert PartialDate.parse(text).display() == words


def test_words_are_in_the_readers_language() -> None:
    with translation.override("lv"):
        assert PartialDate.parse("2022-01-27").display() == "2022. gada 27. janvāris"


def test_the_form_field_reads_a_text_and_shows_it_again() -> None:
    field = PartialDateFormField(required=False)
    assert field.clean("2022-01") == PartialDate.parse("2022-01")
    assert field.prepare_value(PartialDate.parse("2022-01")) == "2022-01"
    assert field.clean("") is None
    assert not field.has_changed(PartialDate.parse("2022-01"), "2022-01")
    with pytest.raises(ValidationError, match="not a day of the calendar"):
        field.clean("2022-02-30")


def test_a_model_shows_its_two_columns_as_one_value(db: None) -> None:
    statement = StatementFactory(issued="2022-01")
    assert Statement.objects.get(pk=statement.pk).issued == PartialDate.parse("2022-01")
    statement.issued = None
    assert (statement.issued_from, statement.issued_until) == (None, None)


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [
        ("2022-01-15", None, True),
        (None, "2022-01-15", True),
        ("2022-02", None, False),
        (None, "2021", False),
        ("2022-01-31", "2022-01-31", True),
    ],
)
def test_filters_match_by_overlap(after: str | None, before: str | None, found: bool, db: None) -> None:
    StatementFactory(issued="2022-01")
    condition = overlapping(
        "issued",
        after=PartialDate.parse(after) if after else None,
        before=PartialDate.parse(before) if before else None,
    )
    assert Statement.objects.filter(condition).exists() is found
