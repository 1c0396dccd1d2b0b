"""The lay-out of a chart as a file: heading, drawing, legend, what is counted and how, and how to cite it."""

import textwrap
import unicodedata
from dataclasses import dataclass

from statements import text
from statements.public.charts.drawing import Chart, Key

WIDTH = 960
_MARGIN = 40
_LEFT, _RIGHT = 96, 40
#: How wide the drawing is, without the numbers at its left.
PLOT_WIDTH = WIDTH - _LEFT - _RIGHT

_HEADING, _WORDS = 22, 13  # sizes of letters
_LINE_OF_A_HEADING, _LINE = 28, 19
_MOST_LINES_OF_A_HEADING = 3
#: The width of most letters, as a share of their size.
_LETTER = 0.54
_LONGEST_LABEL = 90
_BESIDE_A_SWATCH, _BETWEEN_KEYS, _ROW_OF_KEYS = 26, 22, 30


@dataclass(frozen=True)
class Line:
    words: str
    y: float
    url: str = ""


@dataclass(frozen=True)
class PlacedKey:
    key: Key
    label: str
    x: float
    y: float
    words_x: float
    words_y: float


@dataclass(frozen=True)
class Sheet:
    """Everything with its place, in units of a sheet ``width`` by ``height``."""

    chart: Chart
    headings: list[Line]
    keys: list[PlacedKey]
    words: list[Line]
    plot_y: float
    height: float
    width = WIDTH
    left, plot_left = _MARGIN, _LEFT
    heading_size, words_size = _HEADING, _WORDS


def sheet(chart: Chart, notes: list[tuple[str, str]]) -> Sheet:
    """``notes`` stand at the foot, each with the address that it leads to, or none."""
    y = float(_MARGIN)
    headings = []
    for line in _wrapped(chart.title, _HEADING)[:_MOST_LINES_OF_A_HEADING]:
        headings.append(Line(line, y + _HEADING))
        y += _LINE_OF_A_HEADING
    plot_y = y
    y += chart.drawing.height + _LINE
    keys: list[PlacedKey] = []
    for legend in chart.legends:
        y = _place(legend, y, keys)
    words = []
    for sentences, url in [(" ".join(chart.sentences), ""), *notes]:
        y += _LINE / 2
        for line in _wrapped(sentences, _WORDS):
            words.append(Line(line, y + _WORDS, url))
            y += _LINE
    return Sheet(chart, headings, keys, words, plot_y, y + _MARGIN - _LINE / 2)


def _place(legend: list[Key], y: float, keys: list[PlacedKey]) -> float:
    """In rows as wide as the sheet; returns where the next one begins."""
    x = float(_MARGIN)
    for key in legend:
        label = text.excerpt(key.label, length=_LONGEST_LABEL)
        width = _BESIDE_A_SWATCH + _width(label, _WORDS)
        if x > _MARGIN and x + width > WIDTH - _MARGIN:
            x, y = float(_MARGIN), y + _ROW_OF_KEYS
        middle = y + _ROW_OF_KEYS / 2
        keys.append(PlacedKey(key, label, x, middle - key.height / 2, x + _BESIDE_A_SWATCH, middle + _WORDS / 3))
        x += width + _BETWEEN_KEYS
    return y + _ROW_OF_KEYS if legend else y


def _wrapped(words: str, size: int) -> list[str]:
    letters = int((WIDTH - 2 * _MARGIN) / (size * _LETTER))
    is_wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return textwrap.wrap(words, letters // 2 if is_wide else letters, break_on_hyphens=False)


def _width(words: str, size: int) -> float:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return (len(words) + wide) * size * _LETTER
