"""Figures in words: with their qualifier, and with the separators of the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.locales import active_locale
from statements.models import Figure, Measure, Qualifier
from statements.record.reading import ListedFigure


@dataclass(frozen=True)
class FigureText:
    """``qualifier`` is blank for an exact figure; ``number`` is blank where there are only words, and then ``wording``
    is what was said instead.
    """

    qualifier: str
    number: str
    wording: str

    def __str__(self) -> str:
        if not self.number:
            return f"“{self.wording}”"
        return f"{self.qualifier} {self.number}" if self.qualifier else self.number


def number(value: int) -> str:
    return str(format_decimal(value, locale=active_locale()))


def figure_text(qualifier: str, value: int | None, value_to: int | None, wording: str) -> FigureText:
    if value is None:
        return FigureText("", "", wording)
    if value_to is not None:
        both = _("%(low)s to %(high)s") % {"low": number(value), "high": number(value_to)}
        return FigureText(_("from"), both, wording)
    label = "" if qualifier == Qualifier.EXACT else str(Qualifier(qualifier).label)
    return FigureText(label, number(value), wording)


def text_of_figure(figure: Figure) -> FigureText:
    return figure_text(figure.qualifier, figure.value, figure.value_to, figure.wording)


def text_of_row(row: Mapping[str, Any]) -> FigureText:
    """Of a count in a document."""
    return figure_text(row["qualifier"], row["value"], row["value_to"], row["wording"])


#: The orders in which the figures of a day stand together.
BY_DAY = ("-as_of", "as_of")


@dataclass(frozen=True)
class DayOfFigures:
    """The figures of one measure that hold as of the same day. ``differ``: they do not all say the same."""

    as_of: PartialDate | None
    rows: list[ListedFigure]
    differ: bool


def days_of_figures(rows: Sequence[ListedFigure], *, sort: str) -> list[DayOfFigures]:
    """Figures of one measure, by day; each alone where they are not in the order of their days."""
    if sort not in BY_DAY:
        return [DayOfFigures(row.figure.as_of, [row], differ=False) for row in rows]
    days = []
    for as_of, group in groupby(rows, key=lambda row: row.figure.as_of):
        figures = list(group)
        said = {text_of_figure(row.figure) for row in figures}
        days.append(DayOfFigures(as_of, figures, len(said) > 1))
    return days


def basis_in_words(basis: str) -> str:
    return {
        Measure.Basis.STOCK.value: _("How many there were at that moment."),
        Measure.Basis.TOTAL.value: _("How many there were in all since a day in the past."),
        Measure.Basis.CHANGE.value: _("How many more or fewer there were within a period."),
        Measure.Basis.EVENT.value: _("How many were concerned by what happened on that day."),
        Measure.Basis.RATE.value: _("How many there were in each unit of time, such as a day."),
    }[basis]
