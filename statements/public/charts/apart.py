"""Keeping marks apart that would lie on one another: they stand side by side, and none is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

#: So many units apart from left to right, marks of nearly the same number can be told from one another.
_SAME_PLACE = 3
_GAP = 2
#: Of those side by side; more of them overlap a little.
_BROADEST = 240.0
#: A chart may be so much narrower on a small screen, while marks keep their size.
_NARROWED = 0.4


@dataclass(frozen=True)
class Place:
    """A part of the drawing, in units."""

    start: float
    end: float
    top: float
    bottom: float

    def overlaps(self, other: "Place") -> bool:
        return self.start < other.end and other.start < self.end and self.is_as_high_as(other)

    def is_as_high_as(self, other: "Place") -> bool:
        return self.top < other.bottom and other.top < self.bottom

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2

    @property
    def breadth(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Aside:
    """``shift`` in units to the right. ``group`` is the place of the last one of those that stand side by side here;
    ``column`` is where it stands among them, from left to right.
    """

    shift: float
    group: int
    column: int


def set_apart(places: Sequence[Place], *, width: float) -> list[Aside]:
    """How far aside each of these goes, in their order: the earlier of two to the left."""
    found: dict[int, Aside] = {}
    for group in _groups(places):
        columns: dict[int, int] = {}
        for index in group:
            near = [before for before in columns if places[before].is_as_high_as(places[index])]
            taken = {columns[before] for before in near}
            columns[index] = next(column for column in range(len(taken) + 1) if column not in taken)
        number = max(columns.values()) + 1
        step = min(max(places[one].breadth for one in group) + _GAP, _BROADEST / number)
        first = _first((number - 1) * step, places[group[0]], width)
        for index, column in columns.items():
            found[index] = Aside(round(first + column * step, 1), group[-1], column)
    return [found[index] for index in range(len(places))]


def _groups(places: Sequence[Place]) -> list[list[int]]:
    """Those of one place from left to right, and of these those that touch, if only through others between them."""
    groups: list[list[int]] = []
    for index, place in enumerate(places):
        touched = [
            group
            for group in groups
            if abs(place.middle - places[group[0]].middle) < _SAME_PLACE
            and any(place.is_as_high_as(places[one]) for one in group)
        ]
        joined = sorted([index, *(one for group in touched for one in group)])
        groups = [*(group for group in groups if group not in touched), joined]
    return groups


def _first(breadth: float, place: Place, width: float) -> float:
    """How far aside the first column goes: both sides alike, but near an edge of the chart they keep within it."""
    room_left, room_right = place.middle * _NARROWED, (width - place.middle) * _NARROWED
    return max(-breadth / 2, -room_left) if room_left < room_right else min(-breadth / 2, room_right - breadth)
