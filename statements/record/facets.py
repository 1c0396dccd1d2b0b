"""How many statements each further choice would leave: the facets of the list, in one query of the index.

A number beside a value is the total of the list with this value as the only one of its parameter, under everything else
that was chosen. It is counted from the same SQL that finds the list's rows, so that the two cannot differ.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

from statements.models import Demand, Entry, Facet, Link, Measure, Organisation, Speaker
from statements.record.listing import FACETS_OF_PARAMETER, Criteria, matching

#: So many values of one parameter are counted: those that were chosen, and those with most statements.
MOST_VALUES = 60

#: The parts of the criteria that the bars of the years stand for.
DATES = ("issued_after", "issued_before")


@dataclass(frozen=True)
class Counted:
    """A value of a parameter. ``label`` is the name of the row that it is the slug of, else blank."""

    value: str
    label: str
    statements: int


@dataclass
class Facets:
    """``values`` by parameter, most statements first; with more than MOST_VALUES the parameter is in ``cut``.

    ``years``: in how many statements the date lies in this year or may lie in it. ``without``: the total of the list
    without one part of what was asked for; of ``dates`` that without either date, where both were given.
    """

    total: int = 0
    values: dict[str, list[Counted]] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    years: dict[int, int] = field(default_factory=dict)
    without: dict[str, int] = field(default_factory=dict)


def facets(criteria: Criteria) -> Facets:
    """One query, whatever was asked for and whatever is stored."""
    statement = _Statement(criteria)
    with connection.cursor() as cursor:
        cursor.execute(*statement.sql())
        return _read(cursor.fetchall())


def _read(rows: Iterable[tuple[str, str, str, int]]) -> Facets:
    found = Facets()
    for parameter, value, label, number in rows:
        if parameter == "total":
            found.total = number
        elif parameter == "without":
            found.without[value] = number
        elif parameter == "year":
            for year in range(int(value), int(label) + 1):
                found.years[year] = found.years.get(year, 0) + number
        else:
            found.values.setdefault(parameter, []).append(Counted(value, label, number))
    for parameter, values in found.values.items():
        values.sort(key=lambda counted: (-counted.statements, counted.label, counted.value))
        if len(values) > MOST_VALUES:
            found.cut.add(parameter)
    found.years = {year: found.years[year] for year in sorted(found.years)}
    return found


class _Statement:
    """The one query: under each set of criteria that is needed the rows of the index once, and what is counted there.

    Raw SQL, since the ORM can't name a part of a query and use it again: each facet would find all rows anew.
    """

    def __init__(self, criteria: Criteria) -> None:
        self._criteria = criteria
        self._found: dict[tuple[str, ...], str] = {}
        self._tables: list[str] = []
        self._parameters: list[Any] = []

    def sql(self) -> tuple[str, list[Any]]:
        parts = list(self._parts())
        return f"WITH {', '.join(self._tables)} {' UNION ALL '.join(parts)}", self._parameters

    def _parts(self) -> Iterator[str]:
        yield f"SELECT 'total', '', '', COUNT(*) FROM {self._rows()}"
        for part in self._criteria.restricted():
            yield f"SELECT 'without', '{part}', '', COUNT(*) FROM {self._rows(part)}"
        if set(DATES) <= set(self._criteria.restricted()):
            yield f"SELECT 'without', 'dates', '', COUNT(*) FROM {self._rows(*DATES)}"
        for parameter, name in (("kind", "kind"), ("language", "language"), ("has_count", "has_count")):
            value = f"CASE WHEN {name} THEN 'true' ELSE 'false' END" if name == "has_count" else name
            yield f"SELECT '{parameter}', {value}, '', COUNT(*) FROM {self._rows(parameter)} GROUP BY 2"
        years = "CAST(year_from AS VARCHAR(4)), CAST(year_until AS VARCHAR(4))"
        yield f"SELECT 'year', {years}, COUNT(*) FROM {self._rows(*DATES)} GROUP BY year_from, year_until"
        for parameter, model, label in (
            ("issuer", Organisation, "name"),
            ("speaker", Speaker, "name"),
            ("addressee", Organisation, "name"),
            ("demand", Demand, "title"),
            ("measure", Measure, "name"),
        ):
            yield self._most(parameter, _table(model), label)
        yield self._by_column("country", "issuer", _table(Organisation))
        yield self._by_column("theme", "demand", _table(Demand))

    def _rows(self, *without: str) -> str:
        """The name of the rows that are found without these parts of the criteria."""
        left_out = tuple(part for part in self._criteria.restricted() if part in without)
        if left_out not in self._found:
            name = "found_" + "_".join(("all", *left_out))
            self._found[left_out] = name
            sql, parameters = _sql_of(matching(self._criteria.without(*left_out)))
            self._tables.append(f"{name} AS ({sql})")
            self._parameters += parameters
        return self._found[left_out]

    def _links(self, parameter: str, without: str) -> str:
        """(entry_id, target_id) of what the parameter finds statements by; a pair may stand there twice."""
        rows = self._rows(without)
        link = f"SELECT l.entry_id, l.target_id FROM {_table(Link)} l JOIN {rows} f ON f.statement_id = l.entry_id"
        if parameter != "addressee":
            return f"{link} WHERE l.facet IN ({_quoted(FACETS_OF_PARAMETER[parameter])})"
        asked = _table(Demand.addressees.through)
        return (
            f"{link} WHERE l.facet = '{Facet.ADDRESSEE.value}' UNION ALL "
            f"SELECT l.entry_id, t.organisation_id FROM {_table(Link)} l JOIN {rows} f ON f.statement_id = l.entry_id "
            f"JOIN {asked} t ON t.demand_id = l.target_id WHERE l.facet = '{Facet.DEMAND_AS_ADDRESSED.value}'"
        )

    def _most(self, parameter: str, table: str, label: str) -> str:
        """Those of the rows with most statements; the chosen ones before all others."""
        chosen = getattr(self._criteria, parameter)
        ids = ", ".join(str(int(pk)) for pk in chosen)
        first = f"CASE WHEN target_id IN ({ids}) THEN 0 ELSE 1 END, " if chosen else ""
        counted = (
            f"SELECT target_id, COUNT(DISTINCT entry_id) AS n FROM ({self._links(parameter, parameter)}) AS links "
            f"GROUP BY target_id ORDER BY {first}n DESC, target_id LIMIT {max(MOST_VALUES, len(chosen)) + 1}"
        )
        return (
            f"SELECT '{parameter}', r.slug, r.{label}, c.n FROM ({counted}) AS c JOIN {table} r ON r.id = c.target_id"
        )

    def _by_column(self, parameter: str, of: str, table: str) -> str:
        """Of what finds a statement the values of a column."""
        return (
            f"SELECT '{parameter}', r.{parameter}, '', COUNT(DISTINCT links.entry_id) "
            f"FROM ({self._links(of, parameter)}) AS links JOIN {table} r ON r.id = links.target_id "
            f"WHERE r.{parameter} <> '' GROUP BY r.{parameter}"
        )


def _sql_of(entries: models.QuerySet[Entry]) -> tuple[str, Sequence[Any]]:
    columns = ("statement_id", "kind", "language", "has_count", "year_from", "year_until")
    return entries.order_by().values_list(*columns).query.get_compiler(connection=connection).as_sql()


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(facets: Sequence[Facet]) -> str:
    return ", ".join(f"'{facet.value}'" for facet in facets)
