"""02/01/2024 is 2 January or 1 February: which of them, the other dates of the file decide, or nothing does."""

import datetime
import re
from enum import StrEnum

# 27/01/2022, 27-01-22; not the inside of 2022-01-27 or of 20-27/01/2022.
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-])", re.ASCII)


class DayOrder(StrEnum):
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    YEAR_FIRST = "year first"
    UNDECIDED = "undecided"
    CONTRADICTORY = "contradictory"


class DayOrders:
    """Fed with the cells of a file's date columns, it knows in which order the file writes its numbers.

    A cell that can be read in one way only decides. Cells that contradict each other decide nothing. Dates with dots
    have an order of their own and say nothing about others.
    """

    def __init__(self, *, today: datetime.date) -> None:
        self._today = today
        self._found: set[DayOrder] = set()

    def see(self, cell: str) -> None:
        for first, _separator, second, third in _NUMBERS.findall(cell):
            readings = readings_of(first, second, third, latest=self._today)
            if len(readings) == 1:
                self._found.update(readings)

    @property
    def order(self) -> DayOrder:
        if len(self._found) > 1:
            return DayOrder.CONTRADICTORY
        return next(iter(self._found), DayOrder.UNDECIDED)


def readings_of(first: str, second: str, third: str, *, latest: datetime.date) -> dict[DayOrder, datetime.date]:
    """Every day that three numbers can mean; the last has four digits, or two, as a year or as a day.

    Two digits are a year of this century, or of the last one where this one's would be after ``latest``. The year is
    not looked for at the front where it would be one of the last century and another order gives a day as well.
    """
    short = len(third) == 2
    orders = {
        DayOrder.DAY_FIRST: (third, second, first),
        DayOrder.MONTH_FIRST: (third, first, second),
        DayOrder.YEAR_FIRST: (first, second, third),
    }
    if not short or len(first) < 2:
        del orders[DayOrder.YEAR_FIRST]
    found = {}
    for order, (year, month, day) in orders.items():
        date = _day_of_short_year(year, month, day, latest) if short else day_of(int(year), int(month), int(day))
        if date is not None:
            found[order] = date
    if len(found) > 1 and DayOrder.YEAR_FIRST in found and found[DayOrder.YEAR_FIRST].year < 2000:
        del found[DayOrder.YEAR_FIRST]
    return found


def day_of(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _day_of_short_year(year: str, month: str, day: str, latest: datetime.date) -> datetime.date | None:
    date = day_of(2000 + int(year), int(month), int(day))
    if date is not None and date <= latest:
        return date
    return day_of(1900 + int(year), int(month), int(day))
