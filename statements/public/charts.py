"""A plain chart of one measure: every figure at its day and its number, none joined to another, none averaged."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from statements.models import Figure, Qualifier
from statements.record.figure_words import number, text_of_figure

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 12, 24, 32
_NARROWEST_YEAR = 60  # units between two years that are named below the chart
_MOST_STEPS = 5

SHAPES = {
    Qualifier.EXACT: "dot",
    Qualifier.ABOUT: "ring",
    Qualifier.NEARLY: "ring",
    Qualifier.AT_LEAST: "up",
    Qualifier.MORE_THAN: "up",
    Qualifier.UP_TO: "down",
    Qualifier.FEWER_THAN: "down",
    Qualifier.RANGE: "range",
}


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A figure at (x, y).

    ``reach`` is how far from x the days lie on which it may hold, ``rise`` leads from y to the upper end of a range.
    """

    shape: str
    x: float
    y: float
    reach: float
    rise: float
    title: str


@dataclass(frozen=True)
class Chart:
    """In units of its own coordinate system, ``WIDTH`` by ``HEIGHT``. ``without_number`` figures are not on it."""

    marks: list[Mark]
    years: list[Tick]
    values: list[Tick]
    without_number: int
    description: str

    width, height = WIDTH, HEIGHT
    left, right, top, bottom = _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM


def chart(figures: Sequence[Figure]) -> Chart | None:
    """None where fewer than two figures have a number: there is nothing to compare."""
    shown = [figure for figure in figures if figure.value is not None]
    if len(shown) < 2:
        return None
    first = datetime.date(min(figure.as_of_from for figure in shown).year, 1, 1)
    last = datetime.date(max(figure.as_of_until for figure in shown).year, 12, 31)
    highest = max(figure.value_to or figure.value or 0 for figure in shown)
    step = _step(highest)
    steps = max(1, -(-highest // step))
    top = step * steps

    def x(day: datetime.date) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (day - first).days / (last - first).days, 1)

    def y(value: int) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 1)

    years = range(first.year, last.year + 1)
    every = max(1, -(-len(years) * _NARROWEST_YEAR // (WIDTH - _LEFT - _RIGHT)))
    return Chart(
        marks=[_mark(figure, x, y) for figure in reversed(shown)],
        years=[Tick(x(datetime.date(year, 1, 1)), str(year)) for year in years[::every]],
        values=[Tick(y(step * index), number(step * index)) for index in range(steps + 1)],
        without_number=len(figures) - len(shown),
        description=_("%(count)s figures between %(first)s and %(last)s; the table has them all.")
        % {"count": number(len(shown)), "first": first.year, "last": last.year},
    )


def _mark(figure: Figure, x: Callable[[datetime.date], float], y: Callable[[int], float]) -> Mark:
    x_from, x_until = x(figure.as_of_from), x(figure.as_of_until)
    value = figure.value or 0
    as_of = figure.as_of
    title = f"{text_of_figure(figure)}, {as_of.display()}" if as_of is not None else str(text_of_figure(figure))
    shape = SHAPES[Qualifier(figure.qualifier)]
    rise = round(y(figure.value_to) - y(value), 1) if figure.value_to is not None else 0.0
    return Mark(shape, round((x_from + x_until) / 2, 1), y(value), round((x_until - x_from) / 2, 1), rise, title)


def _step(highest: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... of which five reach the highest number."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor * _MOST_STEPS >= highest:
                return size * factor
        size *= 10
