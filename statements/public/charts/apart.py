"""Moving marks aside that would lie on one another: a little, and so that no two have the same middle."""

from collections.abc import Sequence
from dataclasses import dataclass

#: No mark goes farther aside than this, in units, which are CSS pixels on a page: it stays beside its day.
FARTHEST = 12.0
#: After so many attempts to fit a crowd into that, all are drawn nearer to their days alike.
_MOST_ATTEMPTS = 6


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
class _Pair:
    """Two that are near one another and as high as one another; ``apart``: so far, they do not touch."""

    left: int
    right: int
    apart: float


def set_apart(places: Sequence[Place]) -> list[float]:
    """How far to the right each of these goes, in their order; it is negative for those that go to the left.

    At most FARTHEST. What touches no other stays. Of two that are as high as one another the earlier stays the left
    one, and their middles are never the same. A crowd that has no room within the limit does overlap: the more of them
    there are, the less of each is seen. All this holds at the width that the places are of; where a page is narrower,
    marks of different days come nearer and may cover one another.
    """
    pairs = _pairs(places)
    share = [1.0] * len(places)  # of what a pair has to be apart
    for _attempt in range(_MOST_ATTEMPTS):
        shifts, joined = _pushed(places, pairs, share)
        farthest: dict[int, float] = {}
        for index, shift in enumerate(shifts):
            farthest[joined[index]] = max(farthest.get(joined[index], 0), abs(shift))
        if max(farthest.values(), default=0) <= FARTHEST:
            break
        for index, group in enumerate(joined):
            share[index] *= min(1, FARTHEST / farthest[group]) if farthest[group] else 1
    # Whatever is left of a crowd: all a little nearer to their own places, which keeps their order.
    nearer = min(1, FARTHEST / max(map(abs, shifts), default=FARTHEST)) if any(shifts) else 1
    return [round(shift * nearer, 2) for shift in shifts]


def _pairs(places: Sequence[Place]) -> list[_Pair]:
    """All that could touch once they are moved; the left ones from left to right."""
    order = _from_left_to_right(places)
    reach = max((place.breadth for place in places), default=0) + 2 * FARTHEST
    middles = [place.middle for place in places]
    pairs = []
    for position, left in enumerate(order):
        place, farthest = places[left], middles[left] + reach
        for right in order[position + 1 :]:
            if middles[right] > farthest:
                break
            if place.is_as_high_as(places[right]):
                pairs.append(_Pair(left, right, (place.breadth + places[right].breadth) / 2))
    return pairs


def _from_left_to_right(places: Sequence[Place]) -> list[int]:
    """Those of one place in as few columns as they need, so that what hides no other does not count as beside it."""
    columns: dict[int, int] = {}
    by_middle: dict[float, list[int]] = {}
    for index, place in enumerate(places):
        of_middle = by_middle.setdefault(place.middle, [])
        taken = {columns[one] for one in of_middle if places[one].is_as_high_as(place)}
        columns[index] = next(column for column in range(len(taken) + 1) if column not in taken)
        of_middle.append(index)
    return sorted(columns, key=lambda index: (places[index].middle, columns[index], index))


def _pushed(places: Sequence[Place], pairs: Sequence[_Pair], share: Sequence[float]) -> tuple[list[float], list[int]]:
    """Half-way between all that touch pushed to the right, and all pushed to the left; and who pushed whom, as a
    number of the group for each. Both keep every pair apart, so what lies between does.
    """
    to_right, to_left = [place.middle for place in places], [place.middle for place in places]
    joined = list(range(len(places)))

    def group_of(index: int) -> int:
        while (other := joined[index]) != index:
            # Half of the way is spared whoever asks next.
            joined[index] = index = joined[other]
        return index

    for pair in pairs:
        least = to_right[pair.left] + pair.apart * min(share[pair.left], share[pair.right])
        if least > to_right[pair.right]:
            to_right[pair.right] = least
            joined[group_of(pair.left)] = group_of(pair.right)
    for pair in reversed(pairs):
        most = to_left[pair.right] - pair.apart * min(share[pair.left], share[pair.right])
        if most < to_left[pair.left]:
            to_left[pair.left] = most
            joined[group_of(pair.left)] = group_of(pair.right)
    shifts = [(right + left) / 2 - place.middle for right, left, place in zip(to_right, to_left, places, strict=True)]
    return shifts, [group_of(index) for index in range(len(places))]
