"""Statements by the month, or by the year, in which they were issued; those whose month isn't known count in none."""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from statements.dates import PartialDate
from statements.public.charts.scales import last_of_month

#: Beyond these, months are too narrow to be told apart, and years are counted.
MOST_MONTHS = 240
#: Beyond these, dates that lie in several periods are too many to be told apart, and are widened.
MOST_UNPLACED = 60


@dataclass(frozen=True)
class Periods:
    """How many statements were issued when, the oldest first. ``unplaced`` are the dates that lie in no single month,
    or year, each with how many statements bear it; ``widened`` says to what, "month" or "year", where these were too
    many.
    """

    by_year: bool
    counted: list[tuple[PartialDate, int]]
    unplaced: list[tuple[PartialDate, int]]
    widened: str = ""

    @property
    def total(self) -> int:
        return self.placed + sum(times for _date, times in self.unplaced)

    @property
    def placed(self) -> int:
        return sum(times for _date, times in self.counted)


def periods(dated: Sequence[tuple[PartialDate, int]], whole: PartialDate) -> Periods:
    """``whole`` is the span of the chart, which says whether months or years are counted."""
    months = (whole.last.year - whole.first.year) * 12 + whole.last.month - whole.first.month + 1
    by_year = months > MOST_MONTHS
    around = _year_around if by_year else _month_around
    counted: Counter[PartialDate] = Counter()
    unplaced: Counter[PartialDate] = Counter()
    for date, times in dated:
        period = around(date.first)
        if date.last <= period.last:
            counted[period] += times
        else:
            unplaced[date] += times
    widened = ""
    for name, wider in (("month", _month_around), ("year", _year_around)):
        if len(unplaced) > MOST_UNPLACED:
            unplaced, widened = _widened(unplaced, wider), name
    return Periods(by_year, sorted(counted.items()), sorted(unplaced.items()), widened)


def _widened(dates: Mapping[PartialDate, int], around: Callable[[datetime.date], PartialDate]) -> Counter[PartialDate]:
    """From the beginning of the first period of each to the end of the last one."""
    found: Counter[PartialDate] = Counter()
    for date, times in dates.items():
        found[PartialDate(around(date.first).first, around(date.last).last)] += times
    return found


def _month_around(day: datetime.date) -> PartialDate:
    return PartialDate(day.replace(day=1), last_of_month(day))


def _year_around(day: datetime.date) -> PartialDate:
    return PartialDate(datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31))
