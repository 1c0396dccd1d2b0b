"""Many rows at once: in batches, read, inserted, updated.

Django's ``bulk_create`` prepares each value through four calls and sends 40 rows a query to SQLite: it took two thirds
of the time of writing a large import. This does what it does for the plain columns that our tables have, at a third of
its price. ``bulk_update`` writes a CASE for each column with a WHEN for each row: here the values are one table that is
joined.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any

from django.db import connections, models, router, transaction
from django.db.models.base import ModelState

from statements import json_text

#: Below what SQLite takes since version 3.32, and PostgreSQL.
_MOST_VALUES = 30_000
BATCH = 500
_TEXT_OR_NONE = {str, type(None)}

Values = Callable[[Sequence[Any]], list[Any]]


def batches(rows: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def read(rows: models.QuerySet[Any], related: str = "") -> list[Any]:
    """The rows of a plain queryset, without what the ORM does for each: signals, and a call for each of its fields.

    ``related`` is a foreign key that is never empty: with each row comes the one that it refers to. One query. Equal to
    ``list(rows)``, or to ``list(rows.select_related(related))``, as long as nothing is deferred, annotated or
    prefetched.
    """
    model, database = rows.model, rows.db
    names = _columns(model)
    if not related:
        return [_stored(model, database, names, values) for values in rows.values_list(*names)]
    other = model._meta.get_field(related).related_model
    names_of_other = _columns(other)
    found = []
    for values in rows.values_list(*names, *(f"{related}__{name}" for name in names_of_other)):
        row = _stored(model, database, names, values[: len(names)])
        row._state.fields_cache[related] = _stored(other, database, names_of_other, values[len(names) :])
        found.append(row)
    return found


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _stored(model: type[models.Model], database: str, names: Sequence[str], values: Sequence[Any]) -> Any:
    row = object.__new__(model)
    state = ModelState()
    state.db, state.adding, state.fields_cache = database, False, {}
    row.__dict__ = {"_state": state, **dict(zip(names, values, strict=True))}
    return row


def made(model: type[models.Model], related: dict[str, Any] | None = None, /, **values: Any) -> Any:
    """An unsaved row with these columns, all others with their defaults, that refers to these rows by field: without
    what the ORM does for each, which takes five times as long.

    Equal to ``model(**related, **values)``. Columns are named as they are stored: ``statement_id``.
    """
    row = object.__new__(model)
    state = ModelState()
    state.fields_cache = related or {}
    row.__dict__ = {"_state": state, **_defaults(model), **values}
    for field, other in state.fields_cache.items():
        row.__dict__[f"{field}_id"] = other.__dict__[other._meta.pk.attname]
    return row


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def insert(rows: Sequence[Any]) -> None:
    """Store new rows of one model and give them their ids, in a query for each 500 or so, on PostgreSQL in two for all.
    Raises IntegrityError.

    What they refer to must be stored. Nothing is validated, and ``save`` is not called.
    """
    if not rows:
        return
    model = type(rows[0])
    pk, connection = model._meta.pk, _connection_of(model)
    has_ids = not isinstance(pk, models.AutoField)
    ids: list[Any] = []
    with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            ids = [] if has_ids else _next_ids(cursor, model, len(rows))
            _copy(cursor, model, _lines(rows, model, ids), has_ids=has_ids)
        else:
            for query, values in _inserts(rows, model, has_ids=has_ids):
                cursor.execute(f"{query} RETURNING {connection.ops.quote_name(pk.column)}", values)
                ids += [number for (number,) in cursor.fetchall()]
    for row, number in zip(rows, ids or [row.pk for row in rows], strict=True):
        row.__dict__[pk.attname] = number
        row._state.adding, row._state.db = False, connection.alias


def prepared(rows: Sequence[Any]) -> Callable[[], None]:
    """What stores these new rows of one model, which have their ids, when it is called: in the queries of ``insert``.

    All that can be done before is done now, so that a transaction for which others wait is short. Nothing is noted on
    the rows, and PostgreSQL's sequence of ids does not follow theirs.
    """
    if not rows:
        return lambda: None
    model = type(rows[0])
    connection = _connection_of(model)
    is_copied = connection.vendor == "postgresql"
    given: list[Any] = list(_lines(rows, model, []) if is_copied else _inserts(rows, model, has_ids=True))

    def store() -> None:
        with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
            if is_copied:
                _copy(cursor, model, given, has_ids=True)
            else:
                for query, values in given:
                    cursor.execute(query, values)

    return store


def _connection_of(model: type[models.Model]) -> Any:
    return connections[router.db_for_write(model)]


@cache
def _fields_of(model: type[models.Model], *, has_ids: bool) -> list[Any]:
    """All of a row; without its id where that is yet to be given."""
    return [field for field in model._meta.concrete_fields if has_ids or not field.primary_key]


def _inserts(rows: Sequence[Any], model: type[models.Model], *, has_ids: bool) -> Iterator[tuple[str, list[Any]]]:
    """Queries with the values of 500 rows or so."""
    quote, fields = _connection_of(model).ops.quote_name, _fields_of(model, has_ids=has_ids)
    columns = ", ".join(quote(field.column) for field in fields)
    start = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608  # names of our own tables
    marks = f"({', '.join(['%s'] * len(fields))})"
    for batch in batches(rows, min(BATCH, _MOST_VALUES // len(fields))):
        yield start + ", ".join([marks] * len(batch)), _flat(batch, fields)


def _next_ids(cursor: Any, model: type[models.Model], count: int) -> list[int]:
    """Taken from a table's sequence."""
    pk = model._meta.pk
    cursor.execute(
        # The sequence is looked up once, and not for each number.
        "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass)) FROM generate_series(1, %s)",
        [cursor.db.ops.quote_name(model._meta.db_table), pk.column, count],
    )
    return [number for (number,) in cursor.fetchall()]


def _lines(rows: Sequence[Any], model: type[models.Model], ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The values of rows, which end in these ids where there are some: else the rows have theirs."""
    fields = _fields_of(model, has_ids=not ids)
    for start in range(0, len(rows), BATCH):
        batch, numbers = rows[start : start + BATCH], ids[start : start + BATCH]
        yield from zip(*_values_by_column(batch, fields), *([numbers] if numbers else []), strict=True)


def _copy(cursor: Any, model: type[models.Model], lines: Iterable[tuple[Any, ...]], *, has_ids: bool) -> None:
    """As a stream: of a query with so many values the driver reads each mark in Python, which took half of the time."""
    fields = [*_fields_of(model, has_ids=has_ids), *([] if has_ids else [model._meta.pk])]
    quote = cursor.db.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    query = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with cursor.db.wrap_database_errors, cursor.copy(query) as copy:
        for line in lines:
            copy.write_row(line)


def update(rows: Sequence[Any], names: Sequence[str]) -> None:
    """Store the fields of these names of stored rows of one model, in a query for each 500, or 50 with documents.

    Raises IntegrityError, and ValueError for a text with a NUL. Nothing is validated, and ``save`` is not called.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = _connection_of(model)
    fields = [model._meta.get_field(name) for name in names]
    given = [model._meta.pk, *fields]
    quote = connection.ops.quote_name
    table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
    sets = [f"{quote(field.column)} = given.column{n}" for n, field in enumerate(fields, 2)]
    query = (
        f"UPDATE {table} SET {', '.join(sets)} "  # noqa: S608  # names of our own tables
        f"FROM ({given_rows(given)}) AS given WHERE {table}.{pk} = given.column1"
    )
    # Documents are long texts, and all of a batch are one.
    size = BATCH // 10 if any(isinstance(field, models.JSONField) for field in fields) else BATCH
    with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
        for batch in batches(rows, size):
            cursor.execute(query, [as_given(zip(*_values_by_column(batch, given), strict=True))])


def given_rows(fields: Sequence[Any]) -> str:
    """A query for rows whose values are those of these fields of a model; its columns are column1 and so on. Its one
    value is ``as_given``: with a mark for each value it took longer to write the query than to answer it.
    """
    connection = _connection_of(fields[0].model)
    if connection.vendor != "postgresql":
        columns = (f"json_extract(value, '$[{n}]') AS column{n + 1}" for n in range(len(fields)))
        return f"SELECT {', '.join(columns)} FROM json_each(%s)"  # noqa: S608  # nothing from outside
    types = (_type_of(field, connection) for field in fields)
    columns = (f"(given->>{n})::{kind} AS column{n + 1}" for n, kind in enumerate(types))
    return f"SELECT {', '.join(columns)} FROM json_array_elements(%s::json) AS given"  # noqa: S608  # the same


def as_given(rows: Iterable[Sequence[Any]]) -> str:
    """Of rows of values as the database takes them. Raises ValueError for a text with a NUL."""
    return json_text.as_parameter(list(rows))


def _type_of(field: Any, connection: Any) -> str:
    """A text is not cut to its column's length."""
    known_by = field.target_field if field.is_relation else field
    is_text = isinstance(known_by, models.CharField | models.TextField)
    return "text" if is_text else str(field.db_type(connection))


def _flat(rows: Sequence[Any], fields: Sequence[Any]) -> list[Any]:
    """What the database is given for these fields of each row, one row after the other."""
    return list(chain.from_iterable(zip(*_values_by_column(rows, fields), strict=True)))


def _values_by_column(rows: Sequence[Any], fields: Sequence[Any]) -> Iterator[list[Any]]:
    return (_values(field)(rows) for field in fields)


@cache
def _values(field: Any) -> Values:
    """From rows to what the database is given for this field of theirs: a column at a time takes half as long."""
    plain = attrgetter(field.attname)
    if field.is_relation:
        return _ids_of_related(field, plain)
    if isinstance(field, models.JSONField):
        return _each((field.encoder or json.JSONEncoder)().encode, plain)
    operations = _connection_of(field.model).ops
    if isinstance(field, models.DateTimeField):
        return _each(operations.adapt_datetimefield_value, plain)
    if isinstance(field, models.DateField):
        return _each(operations.adapt_datefield_value, plain)
    if isinstance(field, models.CharField | models.TextField):
        return _texts(plain)
    if isinstance(field, models.BooleanField | models.IntegerField):
        return lambda rows: list(map(plain, rows))
    raise TypeError(f"{field} is of a type that is not stored by this module yet.")


def _each(adapted: Callable[[Any], Any], plain: Callable[[Any], Any]) -> Values:
    return lambda rows: list(map(adapted, map(plain, rows)))


def _texts(plain: Callable[[Any], Any]) -> Values:
    def values(rows: Sequence[Any]) -> list[Any]:
        found = list(map(plain, rows))
        if set(map(type, found)) <= _TEXT_OR_NONE:
            return found
        # A value of choices is a text of its own class, which drivers need not know.
        return [value if value is None else str(value) for value in found]

    return values


def _ids_of_related(field: Any, plain: Callable[[Any], Any]) -> Values:
    def values(rows: Sequence[Any]) -> list[Any]:
        found = list(map(plain, rows))
        if None not in found:
            return found
        for row, related in zip(rows, found, strict=True):
            if related is None and (instance := field.get_cached_value(row, default=None)) is not None:
                # It was stored after this row had been made to refer to it.
                setattr(row, field.attname, instance.pk)
        return list(map(plain, rows))

    return values
