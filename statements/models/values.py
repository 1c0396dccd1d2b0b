"""The different values of a column that an index begins with: each is looked up, and no row between two of them."""

from typing import Any

from django.db import connection, models

#: More are not offered for choice.
MOST_VALUES = 100


def values_of(model: type[models.Model], column: str) -> list[Any]:
    """In their order, without NULL, the first MOST_VALUES of them. One query; a step in the index for each value."""
    quote = connection.ops.quote_name
    name, table = quote(column), quote(model._meta.db_table)
    # Names of our own. A plain DISTINCT reads the whole index on either database.
    first = f"SELECT MIN({name}) FROM {table}"  # noqa: S608
    sql = (
        f"WITH RECURSIVE found(value) AS ({first} UNION ALL "  # noqa: S608
        f"SELECT ({first} WHERE {name} > found.value) FROM found WHERE found.value IS NOT NULL) "
        f"SELECT value FROM found WHERE value IS NOT NULL LIMIT {MOST_VALUES}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [value for (value,) in cursor.fetchall()]
