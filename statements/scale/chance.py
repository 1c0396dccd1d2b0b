"""What is drawn by chance, the same for the same seed: numbers that many share out unevenly, and dates."""

import datetime
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from struct import unpack
from typing import Generic, TypeVar

from statements.dates import PartialDate

T = TypeVar("T")

#: The days on which statements were issued.
FIRST_DAY = datetime.date(2003, 1, 1)
DAYS = (datetime.date(2026, 6, 30) - FIRST_DAY).days

#: Later years have more than earlier ones: the first day has a fifth of what the last one has.
_FIRST_TO_LAST = 0.2

_BITS = 16
_PLACES = 1 << _BITS


def generator(*parts: object) -> Random:
    """One for each part of the data, so that no part depends on how much of another was drawn before."""
    return Random(":".join(map(str, parts)))  # noqa: S311  # no secrets


@dataclass(frozen=True)
class Shares(Generic[T]):
    """Things of which the first is drawn most often, after the law of Zipf and Mandelbrot. Each place of ``table`` is
    drawn equally often.
    """

    things: Sequence[T]
    table: Sequence[T]

    @classmethod
    def of(cls, things: Sequence[T], *, flattened: float = 2.0) -> "Shares[T]":
        """The thing of rank n has 1 / (n + flattened) of the draws: the larger that is, the less the first have. What
        has less than one of 65,536 draws may have none.
        """
        ends = list(accumulate(1 / (rank + flattened) for rank in range(1, len(things) + 1)))
        step = ends[-1] / _PLACES
        return cls(things, [things[bisect(ends, (place + 0.5) * step)] for place in range(_PLACES)])

    def one(self, chance: Random) -> T:
        return self.table[chance.getrandbits(_BITS)]

    def many(self, chance: Random, count: int) -> list[T]:
        """With repetitions."""
        table = self.table
        return [table[place] for place in unpack(f"<{count}H", chance.randbytes(2 * count))]


@dataclass(frozen=True)
class Leading(Generic[T]):
    """The first of some things has a part of all draws for itself, the others share out the rest."""

    first: T
    part: float
    others: Shares[T]

    @classmethod
    def of(cls, things: Sequence[T], part: float, *, flattened: float = 2.0) -> "Leading[T]":
        return cls(things[0], part, Shares.of(things[1:], flattened=flattened))

    def one(self, chance: Random) -> T:
        return self.first if chance.random() < self.part else self.others.one(chance)

    def different(self, chance: Random, count: int) -> list[T]:
        """At most so many, in the order in which they were drawn; the first of all among them in its part of calls."""
        leading = [self.first] if count and chance.random() < self.part else []
        return list(dict.fromkeys((*leading, *self.others.many(chance, count - len(leading)))))


def any_of(chance: Random, things: Sequence[T]) -> T:
    """Each as often; ``Random.choice`` takes three times as long."""
    return things[int(chance.random() * len(things))]


def repeated(weights: Mapping[T, int]) -> list[T]:
    """Each thing as often as its weight says: for ``any_of``."""
    return [thing for thing, weight in weights.items() for _time in range(weight)]


def numbers(*weights: int) -> list[int]:
    """0, 1, 2, ... with these weights: for ``any_of``."""
    return repeated(dict(enumerate(weights)))


def issued(chance: Random) -> PartialDate:
    """Four of five are days; the others months, years and intervals."""
    low = _FIRST_TO_LAST**2
    # The inverse of a density that grows in a straight line from the first day to the last.
    part = ((low + chance.random() * (1 - low)) ** 0.5 - _FIRST_TO_LAST) / (1 - _FIRST_TO_LAST)
    day = FIRST_DAY + datetime.timedelta(days=int(part * DAYS))
    return less_precise(chance, day, chance.random())


def less_precise(chance: Random, day: datetime.date, drawn: float) -> PartialDate:
    if drawn < 0.8:
        return PartialDate(day, day)
    if drawn < 0.92:
        return PartialDate.parse(f"{day:%Y-%m}")
    if drawn < 0.96:
        return PartialDate.parse(f"{day:%Y}")
    return PartialDate(day, day + datetime.timedelta(days=chance.randint(2, 40)))
