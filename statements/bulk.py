"""Many rows at once: in batches, read, inserted, updated.

Django's ``bulk_create`` prepares each value through four calls and sends 40 rows a query to SQLite: it took two thirds
of the time of writing a large import. This does what it does for the plain columns that our tables have, at a third of
its price. ``bulk_update`` writes a CASE for each column with a WHEN for each row: here the values are one table that is
joined.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connections, models, router, transaction
from django.db.models.base import ModelState

#: Below what SQLite takes since version 3.32, and PostgreSQL.
_MOST_VALUES = 30_000
BATCH = 500

Value = Callable[[Any], Any]


def batches(rows: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def read(rows: models.QuerySet[Any]) -> list[Any]:
    """The rows of a plain queryset, without what the ORM does for each: signals, and a call for each of its fields.

    One query. Equal to ``list(rows)`` as long as nothing is deferred, joined or prefetched.
    """
    model = rows.model
    names = [field.attname for field in model._meta.concrete_fields]
    found = []
    for values in rows.values_list(*names):
        row = object.__new__(model)
        state = ModelState()
        state.db, state.adding, state.fields_cache = rows.db, False, {}
        row.__dict__ = {"_state": state, **dict(zip(names, values, strict=True))}
        found.append(row)
    return found


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
        row.__dict__[f"{field}_id"] = other.pk
    return row


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def insert(rows: Sequence[Any], *, with_ids: bool = False) -> None:
    """Store new rows of one model and give them their ids, in a query for each 500 or so, on PostgreSQL in two for all.
    Raises IntegrityError.

    What they refer to must be stored. Nothing is validated, and ``save`` is not called. ``with_ids``: they have their
    ids already. PostgreSQL's sequence of ids does not follow these.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    has_ids = with_ids or not isinstance(model._meta.pk, models.AutoField)
    fields = [field for field in model._meta.concrete_fields if has_ids or not field.primary_key]
    store = _copy if connection.vendor == "postgresql" else _insert
    with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
        ids = store(cursor, connection, model, rows, fields, has_ids=has_ids)
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias


def _insert(
    cursor: Any,
    connection: Any,
    model: type[models.Model],
    rows: Sequence[Any],
    fields: Sequence[Any],
    *,
    has_ids: bool,
) -> list[Any]:
    """In queries with the values of 500 rows or so. Returns the ids."""
    quote = connection.ops.quote_name
    values = [_value(field) for field in fields]
    columns = ", ".join(quote(field.column) for field in fields)
    start = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608  # names of our own tables
    end = f" RETURNING {quote(model._meta.pk.column)}"
    marks = f"({', '.join(['%s'] * len(fields))})"
    ids: list[Any] = []
    for batch in batches(rows, min(BATCH, _MOST_VALUES // len(fields))):
        cursor.execute(start + ", ".join([marks] * len(batch)) + end, [value(row) for row in batch for value in values])
        ids += [pk for (pk,) in cursor.fetchall()]
    return ids


def _copy(
    cursor: Any,
    connection: Any,
    model: type[models.Model],
    rows: Sequence[Any],
    fields: Sequence[Any],
    *,
    has_ids: bool,
) -> list[Any]:
    """As a stream: of a query with so many values the driver reads each mark in Python, which took half of the time.
    Returns the ids, which are taken from the table's sequence before.
    """
    quote = connection.ops.quote_name
    pk = model._meta.pk
    table = quote(model._meta.db_table)
    numbers: list[Any] = [()] * len(rows)
    if not has_ids:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, pk.column, len(rows)]
        )
        numbers = cursor.fetchall()
    values = [_value(field) for field in fields]
    fields = fields if has_ids else [*fields, pk]
    columns = ", ".join(quote(field.column) for field in fields)
    with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row, number in zip(rows, numbers, strict=True):
            copy.write_row([*(value(row) for value in values), *number])
    return [row.pk for row in rows] if has_ids else [number for (number,) in numbers]


def update(rows: Sequence[Any], names: Sequence[str]) -> None:
    """Store the fields of these names of stored rows of one model, in a query for each 500 or so.

    Raises IntegrityError. Nothing is validated, and ``save`` is not called.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields = [model._meta.get_field(name) for name in names]
    values: list[Value] = [attrgetter("pk"), *(_value(field) for field in fields)]
    quote = connection.ops.quote_name
    table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
    sets = [
        f"{quote(field.column)} = {_typed(field, f'given.column{n}', connection)}" for n, field in enumerate(fields, 2)
    ]
    marks = f"({', '.join(['%s'] * len(values))})"
    size = min(BATCH, _MOST_VALUES // len(values))
    with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
        for batch in batches(rows, size):
            cursor.execute(
                f"UPDATE {table} SET {', '.join(sets)} "  # noqa: S608  # names of our own tables
                f"FROM (VALUES {', '.join([marks] * len(batch))}) AS given WHERE {table}.{pk} = given.column1",
                [value(row) for row in batch for value in values],
            )


def _typed(field: Any, expression: str, connection: Any) -> str:
    """PostgreSQL takes a column of values that are all NULL for text. A text is not cut to its column's length."""
    if connection.vendor != "postgresql":
        return expression
    is_text = isinstance(field, models.CharField | models.TextField)
    return f"{expression}::{'text' if is_text else field.db_type(connection)}"


@cache
def _value(field: Any) -> Value:
    """From a row to what the database is given for this field."""
    plain: Value = attrgetter(field.attname)
    if field.is_relation:
        return _id_of_related(field, plain)
    if isinstance(field, models.JSONField):
        return lambda row: json.dumps(plain(row), cls=field.encoder)
    operations = connections[router.db_for_write(field.model)].ops
    if isinstance(field, models.DateTimeField):
        return lambda row: operations.adapt_datetimefield_value(plain(row))
    if isinstance(field, models.DateField):
        return lambda row: operations.adapt_datefield_value(plain(row))
    if isinstance(field, models.CharField | models.TextField):
        # A value of choices is a text of its own class, which drivers need not know.
        return lambda row: value if type(value := plain(row)) is str or value is None else str(value)
    if isinstance(field, models.BooleanField | models.IntegerField):
        return plain
    raise TypeError(f"{field} is of a type that is not stored by this module yet.")


def _id_of_related(field: Any, plain: Value) -> Value:
    def value(row: Any) -> Any:
        related = plain(row)
        if related is None and (instance := field.get_cached_value(row, default=None)) is not None:
            # It was stored after this row had been made to refer to it.
            related = instance.pk
            setattr(row, field.attname, related)
        return related

    return value
