"""How many statements each further choice would leave: the facets of the list.

A number beside a value is the total of the list with this value as the only one of its parameter, under everything else
that was chosen. It is counted from the rows that the list itself is made of, so that the two cannot differ; where
nothing else was chosen, or only one organisation, it was counted beforehand (``record.tally``).
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.core.cache import cache
from django.db import connection, models
from django.db.models import CharField, Count, F, Value
from django.db.models.functions import Cast

from statements.models import Counted as Tallied
from statements.models import Demand, Facet, Organisation, PartTally, Tally, TodayFacet
from statements.record.listing import NEWEST, Criteria, matching
from statements.record.names import Kind, Names, names_of

#: So many values of one parameter are counted: those that were chosen, and those with most statements.
MOST_VALUES = 60

#: The parts of the criteria that the bars of the years stand for.
DATES = ("issued_after", "issued_before")

#: Rows that are fetched at a time.
_MANY = 5000
#: Of so many rows of reference data each is named in a query.
_FEW = 200

_TALLY = connection.ops.quote_name(Tally._meta.db_table)
_PART_TALLY = connection.ops.quote_name(PartTally._meta.db_table)


@dataclass(frozen=True)
class Counted:
    """A value of a parameter. ``label`` is the name of the row that it is the slug of, else blank."""

    value: str
    label: str
    statements: int


@dataclass
class Facets:
    """``values`` by parameter, most statements first; with more than MOST_VALUES the parameter is in ``cut``.

    ``years``: in how many statements the date lies in this year or may lie in it. ``without``: where nothing was found,
    the total of the list without one part of what was asked for; of ``dates`` that without either date.
    """

    total: int = 0
    values: dict[str, list[Counted]] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    years: dict[int, int] = field(default_factory=dict)
    without: dict[str, int] = field(default_factory=dict)


#: By parameter, the columns of which each has one of few values: read and counted as one text, of which there are some
#: thousands.
_OF_FEW = {"kind": "kind", "language": "language", "has_count": "has_count", "year": "years"}
_FEW_IN_ONE, _BETWEEN = "few", "|"


@dataclass(frozen=True)
class _Parameter:
    """What its values are counted from: a column of _COLUMNS, and what was counted beforehand. ``kind`` is that of
    the rows of which its values are the slugs.
    """

    column: str
    tallied: str
    kind: str = ""
    parts: tuple[str, ...] = ()


_PARAMETERS = {
    "kind": _Parameter(_FEW_IN_ONE, Tallied.KIND),
    "language": _Parameter(_FEW_IN_ONE, Tallied.LANGUAGE),
    "has_count": _Parameter(_FEW_IN_ONE, Tallied.HAS_COUNT),
    "year": _Parameter(_FEW_IN_ONE, Tallied.YEARS, parts=DATES),
    "issuer": _Parameter("parts", Facet.PART, Kind.ORGANISATION),
    "speaker": _Parameter("speakers", Facet.SPEAKER, Kind.SPEAKER),
    "addressee": _Parameter("asked", TodayFacet.ADDRESSED, Kind.ORGANISATION),
    "demand": _Parameter("demands", Facet.DEMAND, Kind.DEMAND),
    "measure": _Parameter("measures", Facet.MEASURE, Kind.MEASURE),
    "country": _Parameter("parts", TodayFacet.COUNTRY),
    "theme": _Parameter("demands", TodayFacet.THEME),
}

#: How many rows have which text in a column.
_Texts = Counter[str]


def facets_as_of(version: str, criteria: Criteria) -> Facets:
    """The facets at this content version, or at a later one: counted once for all who ask the same. No query where
    somebody of this process did, else those of ``facets``.
    """
    asked = replace(criteria, sort=NEWEST)
    key = f"facets-{hashlib.sha256(repr((version, asked)).encode()).hexdigest()}"
    found: Facets | None = cache.get(key)
    if found is None:
        found = facets(asked)
        cache.set(key, found)
    return found


def facets(criteria: Criteria) -> Facets:
    """Four queries, whatever was asked for and whatever is stored; two where nothing was asked for, or only one
    organisation; one more where nothing is found. Else reads the narrow rows of all that is found.
    """
    counting = _Counting(criteria)
    found = Facets(total=counting.total)
    counted = {name: counting.values(name) for name in _PARAMETERS}
    for text, number in counted.pop("year").items():
        first, _sign, last = text.partition("-")
        for year in range(int(first), int(last) + 1):
            found.years[year] = found.years.get(year, 0) + number
    found.years = dict(sorted(found.years.items()))
    most = {name: _most(numbers, getattr(criteria, name)) for name, numbers in counted.items()}
    names = _names(most)
    for name, numbers in most.items():
        values = list(_counted(_PARAMETERS[name].kind, numbers, names))
        if values:
            found.values[name] = sorted(values, key=lambda one: (-one.statements, one.label, one.value))
        if len(numbers) > MOST_VALUES:
            found.cut.add(name)
    if not found.total:
        found.without = _totals_without(criteria)
    return found


def _most(numbers: Mapping[Any, int], chosen: Any) -> dict[Any, int]:
    """Those with most statements; the chosen ones before all others."""
    first = set(chosen) if isinstance(chosen, tuple) else set()
    ordered = sorted(numbers.items(), key=lambda item: (item[0] not in first, -item[1], item[0]))
    return dict(ordered[: max(MOST_VALUES, len(first)) + 1])


def _names(most: Mapping[str, Mapping[Any, int]]) -> Names:
    """One query."""
    wanted: dict[str, set[int]] = {}
    for name, numbers in most.items():
        if kind := _PARAMETERS[name].kind:
            wanted.setdefault(kind, set()).update(numbers)
    return names_of(wanted)


def _counted(kind: str, numbers: Mapping[Any, int], names: Names) -> Iterator[Counted]:
    for value, number in numbers.items():
        if not kind:
            yield Counted(value, "", number)
        elif (named := names.get(kind, value)) is not None:
            yield Counted(named.slug, named.name, number)


def _totals_without(criteria: Criteria) -> dict[str, int]:
    """One query; none where nothing was asked for."""
    left_out: dict[str, tuple[str, ...]] = {part: (part,) for part in criteria.restricted()}
    if set(DATES) <= left_out.keys():
        left_out["dates"] = DATES
    totals = [
        matching(criteria.without(*parts)).order_by().values(of=Value(name, CharField())).annotate(n=Count("pk"))
        for name, parts in left_out.items()
    ]
    if not totals:
        return {}
    first, *others = (rows.values_list("of", "n") for rows in totals)
    return dict(first.union(*others, all=True))


class _Counting:
    """Of each parameter the numbers of its values, under everything else that was chosen."""

    def __init__(self, criteria: Criteria) -> None:
        self._restricted = tuple(criteria.restricted())
        self._criteria = criteria
        self._left_out = {
            name: tuple(part for part in self._restricted if part in (parameter.parts or (name,)))
            for name, parameter in _PARAMETERS.items()
        }
        self._sets = sorted({(), *self._left_out.values()})

    @property
    def total(self) -> int:
        if self._is_tallied(()):
            return sum(self._tallied["kind"].values())
        return self._texts[(), _FEW_IN_ONE].total()

    def values(self, name: str) -> dict[Any, int]:
        left_out = self._left_out[name]
        if self._is_tallied(left_out):
            return self._tallied[name]
        texts = self._texts[left_out, _PARAMETERS[name].column]
        if (said := self._said_today(name)) is not None:
            return _numbers_of_said(texts, said)
        return _numbers_of_identities(texts) if _PARAMETERS[name].kind else _numbers_of_few(texts, name)

    def _is_tallied(self, left_out: tuple[str, ...]) -> bool:
        """Whether nothing is asked for then, or one organisation only."""
        asked = set(self._restricted) - set(left_out)
        return not asked or (asked == {"issuer"} and len(self._criteria.issuer) == 1)

    @cached_property
    def _tallied(self) -> dict[str, dict[Any, int]]:
        """One query. Of what has very many values those that are shown."""
        found: dict[str, dict[Any, int]] = {}
        selects: list[str] = []
        given: list[Any] = []
        for name, parameter in _PARAMETERS.items():
            left_out = self._left_out[name]
            if not self._is_tallied(left_out):
                continue
            found[name] = {}
            of_part = self._criteria.issuer if "issuer" not in left_out else ()
            tallied = (
                f"SELECT '{name}', target_id, value, number FROM {_PART_TALLY if of_part else _TALLY} WHERE of = %s"
            )
            if of_part:
                tallied += f" AND part_id = {int(of_part[0])}"
            if parameter.kind:
                chosen = getattr(self._criteria, name)
                selects.append(f"SELECT * FROM ({tallied} ORDER BY number DESC, target_id LIMIT %s) AS most_{name}")
                given += [str(parameter.tallied), max(MOST_VALUES, len(chosen)) + 1]
                tallied += f" AND target_id IN ({', '.join(str(int(pk)) for pk in chosen) or 'NULL'})"
            selects.append(tallied)
            given.append(str(parameter.tallied))
        if selects:
            with connection.cursor() as cursor:
                cursor.execute(" UNION ALL ".join(selects), given)
                for name, target, value, number in cursor.fetchall():
                    found[name][value or target] = number
        return found

    @cached_property
    def _texts(self) -> dict[tuple[tuple[str, ...], str], _Texts]:
        """By what is left out of the criteria, and by column. One query for all, of which a row is read at a time."""
        columns = {left_out: self._columns(left_out) for left_out in self._sets}
        queries = [
            self._rows(number, left_out, columns[left_out])
            for number, left_out in enumerate(self._sets)
            if columns[left_out]
        ]
        texts: dict[tuple[tuple[str, ...], str], _Texts] = {
            (left_out, column): Counter() for left_out, names in columns.items() for column in names
        }
        if not queries:
            return texts
        sql = " UNION ALL ".join(query for query, _parameters in queries)
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for _query, parameters in queries for value in parameters])
            while rows := cursor.fetchmany(_MANY):
                for number, values in _by_set(rows):
                    left_out = self._sets[number]
                    for name, found in zip(_COLUMNS, values, strict=True):
                        if name in columns[left_out]:
                            texts[left_out, name].update(found)
        return texts

    def _columns(self, left_out: tuple[str, ...]) -> set[str]:
        """Those that are counted under what is left then."""
        wanted = {
            parameter.column
            for name, parameter in _PARAMETERS.items()
            if self._left_out[name] == left_out and not self._is_tallied(left_out)
        }
        return wanted if left_out or self._is_tallied(left_out) else wanted | {_FEW_IN_ONE}

    def _rows(self, number: int, left_out: tuple[str, ...], columns: set[str]) -> tuple[str, Sequence[Any]]:
        rows = matching(self._criteria.without(*left_out)).order_by()
        values = [_COLUMNS[name] if name in columns else Value("", CharField()) for name in _COLUMNS]
        query = rows.values_list(Value(number, models.IntegerField()), *values).query
        return query.get_compiler(connection=connection).as_sql()

    def _said_today(self, name: str) -> "_Said | None":
        said = {"addressee": "asked", "country": "countries", "theme": "themes"}
        return getattr(self._reference, said[name]) if name in said else None

    @cached_property
    def _reference(self) -> "_Reference":
        return _Reference(
            demands={*self._identities_in("theme"), *(pk[1:] for pk in self._identities_in("addressee"))},
            organisations=self._identities_in("country"),
        )

    def _identities_in(self, name: str) -> set[str]:
        """None where they were counted beforehand."""
        texts = self._texts.get((self._left_out[name], _PARAMETERS[name].column), ())
        return set(" ".join(texts).split())


_HAS_COUNT = models.Case(models.When(has_count=True, then=Value("true")), default=Value("false"))
_FEW_AS_ONE = [_HAS_COUNT if column == "has_count" else F(column) for column in _OF_FEW.values()]
_COLUMNS: dict[str, Any] = {
    **{name: F(name) for name in dict.fromkeys(p.column for p in _PARAMETERS.values())},
    _FEW_IN_ONE: models.Func(
        *_FEW_AS_ONE, template="%(expressions)s", arg_joiner=f" || '{_BETWEEN}' || ", output_field=CharField()
    ),
}


def _by_set(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """The columns of rows that begin with the number of a set, by that number. Nearly always all have the same."""
    numbers, *columns = zip(*rows, strict=True)
    if len(set(numbers)) == 1:
        yield numbers[0], columns
        return
    for number, of_set in groupby(rows, itemgetter(0)):
        yield number, list(zip(*of_set, strict=True))[1:]


class _Said(dict[str, tuple[Any, ...]]):
    """From an identity, as it stands in a text, to what is said of it today; of most that is nothing."""

    def __missing__(self, identity: str) -> tuple[Any, ...]:
        return ()


class _Asked(_Said):
    """The same of "o7", organisation 7 itself, and "d3", whomever demand 3 is addressed to."""

    def __missing__(self, identity: str) -> tuple[int, ...]:
        return (int(identity[1:]),) if identity.startswith("o") else ()


class _Reference:
    """What facets say of demands and organisations today: a theme, a country, whom a demand is addressed to; by the
    identities as they stand in the texts.
    """

    def __init__(self, *, demands: Collection[str], organisations: Collection[str]) -> None:
        """One query: of these, or of all where these are many."""
        themes = _among(Demand.objects.order_by(), "pk", demands)
        countries = _among(Organisation.objects.order_by().exclude(country=""), "pk", organisations)
        asked = _among(Demand.addressees.through.objects.order_by(), "demand", demands)
        self.themes, self.countries, self.asked = _Said(), _Said(), _Asked()
        of_demands = themes.values_list(Value("theme", CharField()), "pk", "theme")
        of_organisations = countries.values_list(Value("country", CharField()), "pk", "country")
        addressed = asked.values_list(Value("asked", CharField()), "demand", Cast("organisation", CharField()))
        for what, pk, value in of_demands.union(of_organisations, addressed, all=True):
            if what == "asked":
                self.asked[f"d{pk}"] = (*self.asked.get(f"d{pk}", ()), int(value))
            elif value:
                (self.themes if what == "theme" else self.countries)[str(pk)] = (value,)


def _among(rows: models.QuerySet[Any, Any], column: str, identities: Collection[str]) -> models.QuerySet[Any, Any]:
    return rows.filter(**{f"{column}__in": list(identities)}) if len(identities) < _FEW else rows


def _numbers_of_few(texts: _Texts, name: str) -> dict[str, int]:
    place = list(_OF_FEW).index(name)
    numbers: Counter[str] = Counter()
    for text, number in texts.items():
        numbers[text.split(_BETWEEN)[place]] += number
    return numbers


def _numbers_of_said(texts: _Texts, said: _Said) -> dict[Any, int]:
    """In a text each counts once, whoever it is said of. Of most texts there is one: those are counted at once."""

    def each(text: str) -> Iterable[Any]:
        identities = text.split()
        return set().union(*map(said.__getitem__, identities)) if len(identities) > 1 else said[text]

    numbers = Counter(chain.from_iterable(each(text) for text, number in texts.items() if number == 1))
    for text, number in texts.items():
        if number > 1:
            for value in each(text):
                numbers[value] += number
    return numbers


def _numbers_of_identities(texts: _Texts) -> dict[int, int]:
    """In a text each stands once: of texts that occur once all are counted at once, which takes a tenth of the time."""
    numbers = Counter(" ".join(text for text, number in texts.items() if number == 1).split())
    for text, number in texts.items():
        if number > 1:
            for pk in text.split():
                numbers[pk] += number
    return {int(pk): number for pk, number in numbers.items()}
