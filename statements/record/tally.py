"""What is counted of the record beforehand: kept by whatever writes the index, and counted anew by rebuild_record.

Before rows of the index are changed, what they and those that say them again count for is taken away; afterwards what
they count for then is added. Whoever writes the index comes one after the other (``lock``), so that no two of them wait
for each other's numbers.
"""

import calendar
import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection, models

from statements.bulk import as_given, batches, given_rows
from statements.models import (
    Counted,
    DemandPeriod,
    DemandVoice,
    Entry,
    EntryFacets,
    Facet,
    Figure,
    Link,
    PartTally,
    Tally,
    TodayFacet,
    TodayLink,
)

#: Of PostgreSQL's advisory locks the one of those who write the index: any number that nobody else takes.
_LOCK = 7_283_461_957

#: Keys that are stored by one query.
_AT_ONCE = 4000
#: Keys of many batches that are held in memory: some 40 MB.
_TOGETHER = 100_000

#: What is counted for each organisation with any part, too: all that a list of its statements offers to choose.
_OF_PARTS = frozenset(
    [
        *(Counted.KIND, Counted.LANGUAGE, Counted.HAS_COUNT, Counted.YEARS),
        *(Facet.SPEAKER, Facet.DEMAND, Facet.MEASURE, *TodayFacet),
    ]
)

#: By whom a demand is made.
_VOICES = (Facet.ISSUER, Facet.PART, Facet.SPEAKER)

Key = tuple[Any, ...]


@dataclass
class Numbers:
    """By table, from the values of its columns to what they count."""

    of: dict[type[models.Model], Counter[Key]] = field(default_factory=lambda: {model: Counter() for model in _KEYS})

    def add(self, model: type[models.Model], *key: Any, number: int = 1) -> None:
        self.of[model][key] += number

    def without(self, other: "Numbers") -> "Numbers":
        """What is to be added to the other ones to have these; no zeros."""
        differing = Numbers()
        for model, numbers in self.of.items():
            before = other.of[model]
            for key in numbers.keys() | before.keys():
                if number := numbers[key] - before[key]:
                    differing.of[model][key] = number
        return differing


@contextmanager
def kept(
    statement_ids: Collection[int], *, are_new: bool = False, add: Callable[[Numbers], object] | None = None
) -> Iterator[None]:
    """Around whatever makes or removes the index rows of these statements, in a transaction. ``are_new``: they have no
    rows yet. At most a dozen queries for each 500 of them, and for each 500 that repeat or translate one of them.
    ``add`` is given what is to be stored, where that may wait for the end of the transaction: see ``together``.
    """
    lock()
    repeating = _repeating(statement_ids)
    before = numbers_of(repeating if are_new else {*repeating, *statement_ids})
    yield
    (add or store)(numbers_of({*repeating, *statement_ids}).without(before))


@contextmanager
def together() -> Iterator[Callable[[Numbers], None]]:
    """For many batches of one transaction, in which nobody reads what is counted: a key that several of them have is
    stored once for some 100,000 keys.
    """
    gathered = Numbers()

    def store_gathered() -> None:
        store(gathered.without(Numbers()))  # what came and went again is nothing
        gathered.of = Numbers().of

    def add(numbers: Numbers) -> None:
        for model, of_model in numbers.of.items():
            gathered.of[model].update(of_model)
        if sum(map(len, gathered.of.values())) >= _TOGETHER:
            store_gathered()

    yield add
    store_gathered()


def lock() -> None:
    """Until the end of the transaction nobody else changes what is counted. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _repeating(statement_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for batch in batches(sorted(statement_ids)):
        found.update(Entry.objects.filter(says_again__among=batch).values_list("pk", flat=True))
    return found


def numbers_of(statement_ids: Iterable[int]) -> Numbers:
    """What the index rows of these statements count for. Five queries for each 500; one where they have no rows."""
    numbers = Numbers()
    for batch in batches(sorted(statement_ids)):
        _count(batch, numbers)
    return numbers


_COLUMNS = ("pk", "kind", "language", "has_count", "years", "issued_from", "issued_until", "entry__says_again_id")


def _count(ids: Collection[int], numbers: Numbers) -> None:
    entries = list(EntryFacets.objects.filter(pk__among=ids).values_list(*_COLUMNS))
    links = _targets(Link.objects.filter(entry__among=ids)) if entries else {}
    today = _found_today(ids) if entries else {}
    origins = {again for *_values, again in entries if again is not None}
    repeated = _targets(Link.objects.filter(entry__among=origins, facet=Facet.DEMAND)) if origins else {}
    for pk, kind, language, has_count, years, first, last, again in entries:
        targets = links.get(pk, {})
        keys: list[Key] = [
            (Counted.KIND, 0, kind),
            (Counted.LANGUAGE, 0, language),
            (Counted.HAS_COUNT, 0, has_count_as_value(has_count=has_count)),
            (Counted.YEARS, 0, years),
            (Counted.DAYS, 0, f"{first}/{last}"),
            *((facet, target, "") for facet, found in targets.items() for target in found),
            *today.get(pk, ()),
        ]
        numbers.of[Tally].update(keys)
        of_parts = [key for key in keys if key[0] in _OF_PARTS]
        for part in targets.get(Facet.PART, ()):
            numbers.of[PartTally].update((part, *key) for key in of_parts)
        said = repeated.get(again, {}).get(Facet.DEMAND, [])
        _count_demands(targets, set(said), _period(first, last), numbers)
    figures = Figure.objects.filter(entry__among=ids).order_by().values_list("measure")
    for measure, number in figures.annotate(n=models.Count("pk")) if entries else ():
        numbers.add(Tally, Counted.FIGURES, measure, "", number=number)


def has_count_as_value(*, has_count: bool) -> str:
    """As it stands in a Tally, and in the address of a list."""
    return "true" if has_count else "false"


def _count_demands(targets: Mapping[str, list[int]], said: set[int], period: Key, numbers: Numbers) -> None:
    """``said``: what the public statement that this one says again demands."""
    voices = [(facet, target) for facet in _VOICES for target in targets.get(facet, ())]
    if Facet.ISSUER in targets:
        voices = [(facet, target) for facet, target in voices if facet != Facet.SPEAKER]
    for demand in targets.get(Facet.DEMAND, ()):
        if demand in said:
            continue
        numbers.add(Tally, Counted.FIRST_SAID, demand, "")
        numbers.add(DemandPeriod, demand, *period)
        for facet, target in voices:
            numbers.add(DemandVoice, demand, facet, target)


def _targets(links: models.QuerySet[Link]) -> dict[int, dict[str, list[int]]]:
    """By entry and facet."""
    found: dict[int, dict[str, list[int]]] = {}
    for entry, facet, target in links.order_by().values_list("entry_id", "facet", "target_id"):
        found.setdefault(entry, {}).setdefault(facet, []).append(target)
    return found


def _found_today(ids: Collection[int]) -> dict[int, list[Key]]:
    """By entry."""
    found: dict[int, list[Key]] = {}
    rows = TodayLink.objects.filter(entry__among=ids).order_by()
    for entry, *key in rows.values_list("entry_id", "facet", "target_id", "value"):
        found.setdefault(entry, []).append(tuple(key))
    return found


def _period(first: datetime.date, last: datetime.date) -> Key:
    """The month in which both lie, else these days themselves."""
    if (first.year, first.month) != (last.year, last.month):
        return first, last
    return first.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1])


_KEYS: dict[type[models.Model], tuple[str, ...]] = {
    Tally: ("of", "target_id", "value"),
    PartTally: ("part_id", "of", "target_id", "value"),
    DemandVoice: ("demand_id", "facet", "target_id"),
    DemandPeriod: ("demand_id", "first", "last"),
}


def store(differing: Numbers) -> None:
    """Add these to what is stored; what is nothing then goes. Two queries a table, and one more for each 4,000 keys."""
    for model, numbers in differing.of.items():
        # In one order, as everybody's locks are taken.
        for batch in batches(sorted(numbers.items(), key=lambda item: tuple(map(str, item[0]))), _AT_ONCE):
            _add(model, batch)
        if any(number < 0 for number in numbers.values()):
            model._default_manager.filter(number=0).delete()


def _add(model: type[models.Model], numbers: Collection[tuple[Key, int]]) -> None:
    quote, table = connection.ops.quote_name, connection.ops.quote_name(model._meta.db_table)
    keys = ", ".join(quote(name) for name in _KEYS[model])
    rows = given_rows(_fields(model))
    values = [as_given([*key, number] for key, number in numbers)]
    of_sources = {key[1]: number for key, number in numbers if key[0] == Facet.SOURCE} if model is Tally else {}
    if of_sources:
        # The first row, so that it is read before any other one is written.
        more, given = _more_sources(table, of_sources)
        rows = f"SELECT %s, 0, '', {more} UNION ALL {rows}"
        values = [str(Counted.SOURCES), *given, *values]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({keys}, number) "  # noqa: S608  # names of our own
            # SQLite would take ON for the beginning of what is joined.
            f"SELECT * FROM ({rows}) AS more WHERE TRUE "
            f"ON CONFLICT ({keys}) DO UPDATE SET number = {table}.number + excluded.number",
            values,
        )


@cache
def _fields(model: type[models.Model]) -> list[Any]:
    return [model._meta.get_field(name) for name in (*_KEYS[model], "number")]


def _more_sources(table: str, numbers: Mapping[int, int]) -> tuple[str, list[Any]]:
    """In SQL, with its values: how many more rows of sources there will be once these numbers are added to what is
    stored. A row that appears was not there; one that goes has the number that is taken away.
    """
    of_sources = f'SELECT COUNT(*) FROM {table} WHERE "of" = %s'  # noqa: S608  # a name of our own
    parts, given = ["0"], []
    added = [target for target, number in numbers.items() if number > 0]
    taken = [(target, -number) for target, number in numbers.items() if number < 0]
    fields = [Tally._meta.get_field(name) for name in ("target_id", "number")]
    if added:
        parts.append(f"+ %s - ({of_sources} AND target_id IN ({given_rows(fields[:1])}))")
        given += [len(added), str(Facet.SOURCE), as_given([target] for target in added)]
    if taken:
        parts.append(f"- ({of_sources} AND (target_id, number) IN ({given_rows(fields)}))")
        given += [str(Facet.SOURCE), as_given(taken)]
    return f"({' '.join(parts)})", given


def differences() -> list[str]:
    """Sentences on what is stored and isn't what there is. Reads the whole index, a batch at a time."""
    expected = Numbers()
    for batch in batches(list(Entry.objects.order_by("pk").values_list("pk", flat=True))):
        _count(batch, expected)
    if sources := sum(key[0] == Facet.SOURCE for key in expected.of[Tally]):
        expected.add(Tally, Counted.SOURCES, 0, "", number=sources)
    stored = Numbers()
    for model, names in _KEYS.items():
        for *key, number in model._default_manager.values_list(*names, "number"):
            stored.add(model, *key, number=number)
    wrong = expected.without(stored)
    return [
        f"{model._meta.verbose_name} {', '.join(str(value) for value in key if value)}: "
        f"{stored.of[model][key]} are counted, and there are {expected.of[model][key]}: rebuild_record counts anew."
        for model, numbers in wrong.of.items()
        for key in sorted(numbers, key=str)
    ]


def clear() -> None:
    for model in _KEYS:
        model._default_manager.all().delete()
