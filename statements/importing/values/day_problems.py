"""What is answered to a cell of a date that can't be read."""

import datetime
from collections.abc import Iterable

from babel.dates import format_date
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.importing.values.day_order import DayOrder
from statements.importing.values.problems import CellProblem
from statements.locales import active_locale


def not_a_date(cell: str) -> CellProblem:
    return CellProblem(
        _("“%(text)s” is not a date this site reads. Write 2022-01-27, 2022-01, 2022 or 2022-01-20/2022-01-27.")
        % {"text": cell}
    )


def no_such_day(cell: str, year: int, month: int, day: int, *, suggestion: str = "") -> CellProblem:
    """Of three numbers that make no day: says which of them is wrong."""
    if not 1 <= year <= 9999:
        why = _("there is no such year")
    elif not 1 <= month <= 12:
        why = _("there is no month %(month)d") % {"month": month}
    elif day < 1:
        why = _("there is no day 0")
    else:
        named = PartialDate.parse(f"{year:04}-{month:02}")
        why = _("%(month)s has %(days)d days") % {"month": named.display(), "days": named.last.day}
    return CellProblem(
        _("“%(text)s” is not a day of the calendar: %(why)s.") % {"text": cell, "why": why}, suggestion=suggestion
    )


def ambiguous(cell: str, meanings: Iterable[str]) -> CellProblem:
    offered = _(" or ").join(meanings)
    return CellProblem(
        _("“%(text)s” can mean %(meanings)s. Write the one that is meant.") % {"text": cell, "meanings": offered},
        suggestion=offered,
    )


def undecided(cell: str, days: Iterable[datetime.date], order: DayOrder) -> CellProblem:
    """Of numbers whose order nothing tells."""
    offered = _(" or ").join(day.isoformat() for day in days)
    sentences = {
        DayOrder.UNDECIDED: _("“%(text)s” can mean %(days)s, and no other date of the file tells which."),
        DayOrder.CONTRADICTORY: _("“%(text)s” can mean %(days)s, and the file's other dates have both orders."),
    }
    sentence = sentences.get(order, _("“%(text)s” can mean %(days)s."))
    words = {"text": cell, "days": offered}
    return CellProblem(sentence % words + " " + _("Write the one that is meant."), suggestion=offered)


def without_year(cell: str, month: int, number: str, today: datetime.date) -> CellProblem:
    """Of a month and one number, which may be a day or a year of two digits."""
    suggestion = f"20{number}-{month:02}" if len(number) == 2 and 2000 + int(number) <= today.year else ""
    return CellProblem(_("“%(text)s” has no year. Write it with four digits.") % {"text": cell}, suggestion=suggestion)


def another_weekday(cell: str, day: datetime.date) -> CellProblem:
    weekday = format_date(day, format="EEEE", locale=active_locale())
    return CellProblem(
        _("“%(text)s”: %(date)s was another day of the week, %(weekday)s. Check which of the two is wrong.")
        % {"text": cell, "date": day.isoformat(), "weekday": weekday}
    )
