"""Figures in words: with their qualifier, and with the separators of the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.models import Measure
from statements.record.figure_words import text_of_figure
from statements.record.reading import ListedFigure

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
