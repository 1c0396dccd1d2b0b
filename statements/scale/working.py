"""Making and storing all statements, by one process or by several that take turns."""

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, transaction

from statements.bulk import batches
from statements.scale import indexes, writing
from statements.scale.phrases import Phrases
from statements.scale.reference import World
from statements.scale.statements import BATCH, batch

#: Batches in a transaction: the more, the less often a page of an index is written.
_AT_ONCE = 8


class Maker:
    """Makes the parts of a data set, each of some batches, and stores them in turn."""

    def __init__(self, world: World, count: int) -> None:
        self._world, self._count = world, count
        self._phrases = Phrases(world)
        firsts = range(1, count + 1, BATCH)
        # Of few statements each of two processes gets some, too. However many there are: by parts rows are numbered.
        at_once = max(1, min(_AT_ONCE, len(firsts) // 4))
        self.parts = [list(part) for part in batches(firsts, at_once)]

    def make(self, number: int, turn: "Turn | None" = None) -> int:
        """The part of this number. Returns how many statements it has."""
        with _no_collecting():
            return self._make(number, turn)

    def _make(self, number: int, turn: "Turn | None") -> int:
        made = [
            batch(self._world, self._phrases, first, min(self._count, first + BATCH - 1))
            for first in self.parts[number]
        ]
        told = [writing.history(self._world, one) for one in made]
        desk, store_record = writing.prepared_desk(made, told), writing.prepared_record(made, told)
        ids = [bundle.statement.pk for one in made for bundle in one.bundles]
        with (turn or _Alone()).of(number) as wait, indexes.room_for_indexes():
            if connection.vendor == "sqlite":
                # It has one writer at a time.
                wait()
            with transaction.atomic():
                writing.store_desk(desk, ids)
                wait()
                store_record()
        return len(ids)


class Turn:
    """Of what has an order, or is counted, parts are stored one after the other, whoever makes them: so rows get the
    same numbers each time.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        self._changed = context.Condition()
        self._next = context.Value("q", 0, lock=False)
        self._failed = context.Value("b", 0, lock=False)

    @contextmanager
    def of(self, number: int) -> Iterator[Callable[[], None]]:
        """Yields what waits for it, which raises RuntimeError when another part could not be stored."""

        def wait() -> None:
            with self._changed:
                self._changed.wait_for(lambda: self._failed.value or self._next.value == number)
                if self._failed.value:
                    raise RuntimeError("Another part could not be stored.")

        try:
            yield wait
        except BaseException:
            self._failed.value = True
            raise
        finally:
            with self._changed:
                self._next.value = number + 1
                self._changed.notify_all()


class _Alone:
    @contextmanager
    def of(self, _number: int) -> Iterator[Callable[[], None]]:
        yield lambda: None


def make_all(world: World, count: int, *, processes: int, advance: Callable[[int], Any]) -> None:
    """All statements of a world whose own rows are stored. ``advance`` is told how many more there are."""
    maker = Maker(world, count)
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
def _no_collecting() -> Iterator[None]:
    """Rows go as soon as nobody refers to them. To look for circles among so many, again and again, took a fifth of all
    time; what there is of them is collected in the end.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
