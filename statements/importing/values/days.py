"""Dates as people type them.

Silent: ISO 8601, and what means one day in every country: the name of a month (27 January 2022), a day beyond the 12th
or equal to its month beside a year of four digits (27.01.2022, 1/27/2022), a month with its year (January 2022,
01.2022), and midnight after a day. Everything else that is understood says in a notice what it was read as: numbers
with dots, where the day comes first by convention; numbers with strokes, which the file's other dates decide; years of
two digits; the numbers by which spreadsheets count days; a time of day, which isn't kept; and intervals.
"""

import datetime
import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.importing.values import day_problems
from statements.importing.values.characters import LONGEST, has_other_digits, plain
from statements.importing.values.day_order import DayOrder, day_of, readings_of
from statements.importing.values.months import DateWords, date_words
from statements.importing.values.problems import CellProblem, refuse_what_holds_no_value

_ISO_END = r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?"
_ISO = re.compile(rf"{_ISO_END}(?:\s*/\s*{_ISO_END})?", re.ASCII)
_THREE_NUMBERS = re.compile(r"(\d{1,2}|\d{4})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d{1,2})\.?", re.ASCII)
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[./-](\d{4})\.?", re.ASCII)
_YEAR_AND_MONTH = re.compile(r"(\d{4})([./-])(\d{1,2})\.?", re.ASCII)
_TOGETHER = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?", re.ASCII)
_TIME = re.compile(
    r"(?P<day>.+?)(?:T|,? (?:at |в )?)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r" ?(?P<half>[ap]\.?m\.?)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?",
    re.ASCII | re.IGNORECASE,
)
_YEAR_WORD = re.compile(r"(?<=[\d.]) ?(?:г|год|года|гады|gada|gads|g|р|року|m)\.?$", re.IGNORECASE)

_DAYS_OF_A_NAMED_MONTH = re.compile(r"([^\W\d_]+\.?) (\d{1,2}) ?[-–] ?(\d{1,2}),? (\d{4})")
_BETWEEN = re.compile(
    r"(?:(?:from|between|с|от|з|ад|no|starp) )?(.+?)"
    r"(?: to | until | and | по | до | и | па | да | і | līdz | un | ?– ?| - | / | ?\.\.+ ?)(.+)",
    re.IGNORECASE,
)
_DAY_ONLY = re.compile(r"(\d{1,2})\.?", re.ASCII)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\. ?(\d{1,2})\.?", re.ASCII)

_FIRST_SERIAL, _LAST_SERIAL = 20000, 60000  # 1954 to 2064
_SERIALS_BEGIN = datetime.date(1899, 12, 30)
_YEARS_AHEAD = 20


def read_date(
    cell: str, *, order: DayOrder, today: datetime.date, may_be_future: bool = False
) -> tuple[PartialDate, str]:
    """The date of a cell and a notice, or "". Raises CellProblem.

    ``order`` is that of the file's other dates. A date after ``today`` is noticed unless it ``may_be_future``.
    """
    if _ISO.fullmatch(cell):
        found, notices = _iso(cell), []
    else:
        latest = datetime.date(today.year + _YEARS_AHEAD, 12, 31) if may_be_future else today
        reader = _Reader(cell, order, latest)
        found = reader.read()
        notices = [reader.notice(found)]
    if found.first > today and not may_be_future:
        notices.append(_("%(date)s lies in the future.") % {"date": found})
    return found, " ".join(filter(None, notices))


def _iso(text: str) -> PartialDate:
    """Of what has the form of ISO 8601."""
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        start, _slash, end = (part.strip() for part in text.partition("/"))
        for endpoint in filter(None, (start, end)):
            year, month, day = (int(part) for part in (endpoint + "-01-01").split("-")[:3])
            if day_of(year, month, day) is None:
                raise day_problems.no_such_day(
                    text, year, month, day, suggestion="" if end else _meant_by(endpoint)
                ) from None
        raise CellProblem(str(error), suggestion=f"{end}/{start}") from None


def _meant_by(endpoint: str) -> str:
    """2022-27-01 has the month last; 2022-23 is two years, as seasons are written."""
    year, *rest = endpoint.split("-")
    if len(rest) == 2:
        swapped = day_of(int(year), int(rest[1]), int(rest[0]))
        return swapped.isoformat() if swapped else ""
    next_year = str(int(year) + 1)
    return f"{year}/{next_year}" if rest and next_year.endswith(rest[0]) else ""


def _ends_of_interval(text: str) -> tuple[str, str] | None:
    if match := _DAYS_OF_A_NAMED_MONTH.fullmatch(text):
        month, first, last, year = match.groups()
        return f"{month} {first} {year}", f"{month} {last} {year}"
    if match := _BETWEEN.fullmatch(text):
        return match[1], match[2]
    if text.count("-") + text.count("/") == 1:
        first, _separator, last = text.partition("-" if "-" in text else "/")
        return first.strip(), last.strip()
    return None


class _Reader:
    """Reads one cell that isn't in ISO 8601, and collects why the reading is worth a notice."""

    def __init__(self, cell: str, order: DayOrder, latest: datetime.date) -> None:
        """``latest``: a year of two digits is one of the last century where this century's would be after it."""
        self.cell, self.order, self.latest = cell, order, latest
        self.reasons: list[str] = []

    def read(self) -> PartialDate:
        text = plain(self.cell)
        refuse_what_holds_no_value(text)
        if len(text) > LONGEST:
            raise day_problems.not_a_date(self.cell)
        if has_other_digits(self.cell):
            self.because(_("its digits are those of another script"))
        text = _YEAR_WORD.sub("", self.without_time(text))
        found = self.moment(text) or self.interval(text)
        if found is None:
            raise day_problems.not_a_date(self.cell)
        return found

    def notice(self, found: PartialDate) -> str:
        if not self.reasons:
            return ""
        return _("Read as %(date)s: %(reasons)s.") % {"date": found, "reasons": "; ".join(self.reasons)}

    def because(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)

    def without_time(self, text: str) -> str:
        match = _TIME.fullmatch(text)
        if match is None:
            return text
        hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
        if match["half"]:
            if not 1 <= hour <= 12:
                raise day_problems.not_a_date(self.cell)
            hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
        if hour > 23 or minute > 59 or second > 59:
            raise day_problems.not_a_date(self.cell)
        if (hour, minute, second) != (0, 0, 0):
            self.because(_("the time of day is not kept"))
        return match["day"]

    def moment(self, text: str) -> PartialDate | None:
        """A day, a month or a year; an interval in ISO 8601."""
        if _ISO.fullmatch(text):
            return _iso(text)
        if match := _THREE_NUMBERS.fullmatch(text):
            return self.three_numbers(match[1], match[2], match[3], match[4])
        if match := _MONTH_AND_YEAR.fullmatch(text):
            return self.month(int(match[2]), int(match[1]))
        if match := _YEAR_AND_MONTH.fullmatch(text):
            return self.year_and_month(match[1], match[2], match[3])
        if match := _TOGETHER.fullmatch(text):
            self.because(_("eight digits are the year, the month and the day"))
            return self.day(int(match[1]), int(match[2]), int(match[3]))
        if (match := _SERIAL.fullmatch(text)) and _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
            return self.serial(int(match[1]), match[2] or "")
        words = date_words(text)
        return None if words is None else self.named_month(words)

    def three_numbers(self, first: str, separator: str, second: str, third: str) -> PartialDate | None:
        if len(first) == 4:
            return self.year_first(int(first), int(second), int(third)) if len(third) <= 2 else None
        if len(third) == 1:
            return None
        readings = readings_of(first, second, third, latest=self.latest)
        if separator == ".":
            if int(first) <= 12 and int(first) != int(second):
                self.because(_("with dots between the numbers the day comes first"))
            readings = self.day_first(readings)
        if len(third) == 2:
            self.because(_("the year has two digits"))
        if not readings:
            month_is_second = separator == "." or int(second) <= 12
            month, day = (second, first) if month_is_second else (first, second)
            raise self.no_such_day(int(third), int(month), int(day))
        return self.one_of(readings)

    def day_first(self, readings: dict[DayOrder, datetime.date]) -> dict[DayOrder, datetime.date]:
        """Without the month first, where nobody writes it. A day of the last century leaves a doubt."""
        kept = dict(readings)
        kept.pop(DayOrder.MONTH_FIRST, None)
        if readings and not kept:
            meant = readings[DayOrder.MONTH_FIRST]
            raise self.no_such_day(meant.year, meant.day, meant.month, suggestion=meant.isoformat())
        if DayOrder.DAY_FIRST in kept and kept[DayOrder.DAY_FIRST].year >= 2000:
            kept.pop(DayOrder.YEAR_FIRST, None)
        return kept

    def one_of(self, readings: dict[DayOrder, datetime.date]) -> PartialDate:
        """The only day of these, or the one that the file's other dates decide for."""
        days = sorted(set(readings.values()))
        if len(days) == 1:
            return PartialDate(days[0], days[0])
        if self.order not in readings:
            raise day_problems.undecided(self.cell, days, self.order)
        self.because(
            {
                DayOrder.DAY_FIRST: _("other dates of the file have the day first"),
                DayOrder.MONTH_FIRST: _("other dates of the file have the month first"),
                DayOrder.YEAR_FIRST: _("other dates of the file have the year first"),
            }[self.order]
        )
        return PartialDate(readings[self.order], readings[self.order])

    def year_first(self, year: int, month: int, day: int) -> PartialDate:
        meant = day_of(year, day, month)
        if meant is not None and day_of(year, month, day) is None:
            raise self.no_such_day(year, month, day, suggestion=meant.isoformat())
        if meant is not None and month != day:
            self.because(_("with the year first the month comes next"))
        return self.day(year, month, day)

    def year_and_month(self, year: str, separator: str, month: str) -> PartialDate:
        if separator == "." and month == "1":  # a spreadsheet writes 2022.10 without its last digit
            raise day_problems.ambiguous(self.cell, [f"{year}-01", f"{year}-10"])
        next_year = str(int(year) + 1)
        if len(month) == 2 and next_year.endswith(month):  # two years, as seasons are written
            years = f"{year}/{next_year}"
            if int(month) > 12:
                raise self.no_such_day(int(year), int(month), 1, suggestion=years)
            raise day_problems.ambiguous(self.cell, [f"{year}-{month}", years])
        return self.month(int(year), int(month))

    def serial(self, number: int, fraction: str) -> PartialDate:
        self.because(_("%(number)d is the number by which spreadsheets keep this day") % {"number": number})
        if fraction.strip("0"):
            self.because(_("the time of day is not kept"))
        day = _SERIALS_BEGIN + datetime.timedelta(days=number)
        return PartialDate(day, day)

    def named_month(self, words: DateWords) -> PartialDate | None:
        """27 January 2022, Thursday, January 27, 2022, 2022. gada 27. janvāris, January 2022, 27-Jan-22, 2022 г."""
        years = [int(number) for number in words.numbers if len(number) == 4]
        short = [number for number in words.numbers if len(number) <= 2]
        if words.weekday is not None and not (years and short):
            return None
        match (words.months, years, short):
            case ([], [year], []) if year:
                return PartialDate.parse(f"{year:04}")
            case ([month], [year], []):
                return self.month(year, month)
            case ([month], [year], [number]):
                day = self.day(year, month, int(number))
                if words.weekday not in (None, day.first.weekday()):
                    raise day_problems.another_weekday(self.cell, day.first)
                return day
            case ([month], [], [number]):
                raise day_problems.without_year(self.cell, month, number, self.latest)
            case ([month], [], [_day, year]) if len(year) == 2:
                return self.short_year(short, month, month_is_first=words.month_is_first)
        return None

    def short_year(self, numbers: Sequence[str], month: int, *, month_is_first: bool) -> PartialDate:
        self.because(_("the year has two digits"))
        readings = readings_of(numbers[0], str(month), numbers[1], latest=self.latest)
        readings.pop(DayOrder.MONTH_FIRST, None)  # the name says which one the month is
        if month_is_first:
            readings.pop(DayOrder.YEAR_FIRST, None)
        if not readings:
            raise self.no_such_day(int(numbers[1]), month, int(numbers[0]))
        return self.one_of(self.day_first(readings))

    def interval(self, text: str) -> PartialDate | None:
        """Two dates; the first may leave to the second what they share: 27.-29.01.2022, January - March 2022."""
        ends = _ends_of_interval(text)
        if ends is None:
            return None
        try:
            last = self.moment(ends[1])
            completed = None if last is None else self.completed(ends[0], last)
            first = completed or self.moment(ends[0])
        except CellProblem as problem:
            raise CellProblem(str(problem)) from None  # what it suggests is one end only
        if first is None or last is None:
            return None
        self.because(_("the day lies in this interval"))
        try:
            return PartialDate(first.first, last.last)
        except ValueError as error:
            turned = "" if completed else PartialDate(last.first, first.last).isoformat()
            raise CellProblem(str(error), suggestion=turned) from None

    def completed(self, text: str, last: PartialDate) -> PartialDate | None:
        """The first end of an interval that lacks the year, or the month, too, which the last end has."""
        year, month = last.first.year, last.first.month
        if last.is_day and (match := _DAY_ONLY.fullmatch(text)):
            return self.day(year, month, int(match[1]))
        if last.is_day and (match := _DAY_AND_MONTH.fullmatch(text)):
            return self.day(year, int(match[2]), int(match[1]))
        words = date_words(text)
        if words is not None and len(words.months) == 1 and words.weekday is None:
            if not words.numbers and last.last.month == month and not last.is_day:
                return self.month(year, words.months[0])
            if last.is_day and len(words.numbers) == 1 and len(words.numbers[0]) <= 2:
                return self.day(year, words.months[0], int(words.numbers[0]))
        return None

    def day(self, year: int, month: int, day: int) -> PartialDate:
        found = day_of(year, month, day)
        if found is None:
            raise self.no_such_day(year, month, day)
        return PartialDate(found, found)

    def month(self, year: int, month: int) -> PartialDate:
        if day_of(year, month, 1) is None:
            raise self.no_such_day(year, month, 1)
        return PartialDate.parse(f"{year:04}-{month:02}")

    def no_such_day(self, year: int, month: int, day: int, *, suggestion: str = "") -> CellProblem:
        return day_problems.no_such_day(self.cell, year, month, day, suggestion=suggestion)
