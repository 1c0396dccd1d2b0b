"""Where days and numbers lie on a chart."""

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from babel.dates import format_skeleton
from babel.numbers import format_compact_decimal
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.locales import active_locale
from statements.record.figure_words import number

#: How wide a chart on a page may be, in CSS pixels: beside its column of numbers, on a wide and on a narrow screen.
WIDE, NARROW = 560, 210
_ROOM_OF_A_YEAR, _ROOM_OF_A_MONTH = 42, 70
_MOST_MONTHS = 24
_COMPACT_FROM = 100_000


@dataclass(frozen=True)
class Tick:
    """``at`` is a place as text. What ``is_minor`` is left out where the chart is narrow."""

    at: str
    label: str
    is_minor: bool = False


@dataclass(frozen=True)
class Across:
    """From days to places, from left to right: ``first`` begins at the left edge, ``last`` ends at the right one.

    Places are shares of the width, as "43.21%": a chart on a page takes what width there is, and its text and marks
    keep their size. With a ``width`` they are numbers of its units, for a file that is scaled as a whole.
    """

    first: datetime.date
    last: datetime.date
    width: int = 0

    def start(self, day: datetime.date) -> str:
        return self._place((day - self.first).days)

    def middle(self, date: PartialDate) -> str:
        return self._place(self.share(date) * self._days)

    def end(self, day: datetime.date) -> str:
        return self._place((day - self.first).days + 1)

    def length(self, date: PartialDate) -> str:
        return self._place((date.last - date.first).days + 1)

    def share(self, date: PartialDate) -> float:
        """Of its middle: from 0 at the left edge to 1 at the right one."""
        return ((date.first - self.first).days + ((date.last - date.first).days + 1) / 2) / self._days

    def at(self, share: float) -> str:
        """The place of what ``share`` says."""
        return self._place(share * self._days)

    @property
    def _days(self) -> int:
        return (self.last - self.first).days + 1

    def _place(self, days: float) -> str:
        share = days / self._days
        return f"{share * self.width:.2f}" if self.width else f"{share * 100:.2f}%"

    @property
    def _months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def in_words(self) -> str:
        years = {"first": self.first.year, "last": self.last.year}
        if years["first"] == years["last"]:
            return _("in %(first)s") % years
        return _("between %(first)s and %(last)s") % years

    @property
    def ticks(self) -> list[Tick]:
        """At the first days of years, or of months where there are few."""
        if self._months > _MOST_MONTHS:
            years = range(self.first.year, self.last.year + 1)
            days = [datetime.date(year, 1, 1) for year in years]
            labels, room = [str(year) for year in years], _ROOM_OF_A_YEAR
        else:
            days = list(_months_between(self.first, self.last))
            labels, room = [format_skeleton("yMMM", day, locale=active_locale()) for day in days], _ROOM_OF_A_MONTH
        every = _every(len(days), self.width or WIDE, room)
        narrow = every * _every(-(-len(days) // every), NARROW, room)
        return [
            Tick(self.start(day), label, is_minor=index % narrow != 0 or not self._has_room(day, NARROW, room))
            for index, (day, label) in enumerate(zip(days, labels, strict=True))
            if index % every == 0 and self._has_room(day, self.width or WIDE, room)
        ]

    def _has_room(self, day: datetime.date, width: int, room: int) -> bool:
        """Whether the words at this day end before the chart does, or a little after."""
        return day == self.first or ((self.last - day).days + 1) / self._days * width > room * 0.6


def across(dates: Iterable[PartialDate], *, width: int = 0) -> Across:
    """Wide enough for these dates: whole years, or whole months where it is at most two years."""
    known = list(dates)
    first, last = min(date.first for date in known), max(date.last for date in known)
    scale = Across(first.replace(day=1), last_of_month(last), width)
    if scale._months > _MOST_MONTHS:
        return Across(datetime.date(first.year, 1, 1), datetime.date(last.year, 12, 31), width)
    return scale


def last_of_month(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _months_between(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield datetime.date(index // 12, index % 12 + 1, 1)


def _every(labels: int, width: int, room: int) -> int:
    """Every how-many-th of the labels has its room."""
    return max(1, -(-labels * room // width))


@dataclass(frozen=True)
class Upwards:
    """From numbers to places: 0 lies at ``base``, ``highest`` at ``top`` or a little below it, in units from above."""

    top: float
    base: float
    highest: int
    most_steps: int = 5

    @cached_property
    def _step(self) -> int:
        """The smallest of 1, 2, 5, 10, 20, 50, ... of which few reach the highest number."""
        size = 1
        while True:
            for factor in (1, 2, 5):
                if size * factor * self.most_steps >= self.highest:
                    return size * factor
            size *= 10

    @property
    def _steps(self) -> int:
        return max(1, -(-self.highest // self._step))

    def y(self, value: int) -> float:
        return round(self.base - (self.base - self.top) * value / (self._step * self._steps), 1)

    @property
    def ticks(self) -> list[Tick]:
        values = [self._step * index for index in range(self._steps + 1)]
        return [Tick(f"{self.y(value):.1f}", _label(value, values[-1])) for value in values]


def _label(value: int, highest: int) -> str:
    if highest < _COMPACT_FROM or value == 0:
        return number(value)
    return str(format_compact_decimal(value, format_type="short", locale=active_locale(), fraction_digits=1))
