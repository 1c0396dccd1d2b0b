"""Making and storing all statements, by one process or by several that take turns."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from statements.bulk import batches
from statements.scale import writing
from statements.scale.phrases import Phrases
from statements.scale.reference import World
from statements.scale.statements import BATCH, batch

#: Batches in a transaction: the more, the less often a page of an index is written.
_AT_ONCE = 8


class Maker:
    """Makes the parts of a data set, each of some batches, and stores them in turn."""

    def __init__(self, world: World, count: int, *, processes: int) -> None:
        self._world, self._count = world, count
        self._phrases = Phrases(world)
        firsts = range(1, count + 1, BATCH)
        # Of few statements each process gets some, too.
        at_once = max(1, min(_AT_ONCE, len(firsts) // (2 * processes)))
        self.parts = [list(part) for part in batches(firsts, at_once)]

    def make(self, number: int, turn: "Turn | None" = None) -> int:
        """The part of this number. Returns how many statements it has."""
        made = [
            batch(self._world, self._phrases, first, min(self._count, first + BATCH - 1))
            for first in self.parts[number]
        ]
        told = [writing.history(self._world, one) for one in made]
        with turn.of(number) if turn is not None else _anytime(), writing.room_for_indexes(), transaction.atomic():
            for one, happened in zip(made, told, strict=True):
                writing.store(one, happened)
        return sum(len(one.bundles) for one in made)


class Turn:
    """Parts are stored one after the other, whoever makes them: so rows get the same numbers each time."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        self._changed = context.Condition()
        self._next = context.Value("q", 0, lock=False)
        self._failed = context.Value("b", 0, lock=False)

    @contextmanager
    def of(self, number: int) -> Iterator[None]:
        """Raises RuntimeError when a part before this one could not be stored."""
        with self._changed:
            self._changed.wait_for(lambda: self._failed.value or self._next.value == number)
            if self._failed.value:
                raise RuntimeError("An earlier part could not be stored.")
        try:
            yield
        except BaseException:
            self._failed.value = True
            raise
        finally:
            with self._changed:
                self._next.value += 1
                self._changed.notify_all()


def make_all(world: World, count: int, *, processes: int, advance: Callable[[int], Any]) -> None:
    """All statements of a world whose own rows are stored. ``advance`` is told how many more there are."""
    maker = Maker(world, count, processes=processes)
    if processes == 1:
        for number in range(len(maker.parts)):
            advance(maker.make(number))
        return
    # A process that is forked has the world already, and must not share a connection.
    connections.close_all()
    turn = Turn()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(maker, turn)) as pool:
        for made in pool.map(_make, range(len(maker.parts))):
            advance(made)


_OURS: dict[str, Any] = {}


def _begin(maker: Maker, turn: Turn) -> None:
    _OURS.update(maker=maker, turn=turn)


def _make(number: int) -> int:
    made: int = _OURS["maker"].make(number, _OURS["turn"])
    return made


@contextmanager
def _anytime() -> Iterator[None]:
    yield
