"""``pk__among=numbers``, ``slug__among=slugs``: as ``in``, for the hundreds of values of a batch.

Django prepares each value of ``in`` through several calls and gives it a mark of its own in the query: with 500 of them
that takes longer than the query. Here all go as one value, an array of PostgreSQL or a list in JSON for SQLite.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Lookup

from statements import json_text


@models.AutoField.register_lookup
@models.BigAutoField.register_lookup
@models.CharField.register_lookup
@models.ForeignKey.register_lookup
class Among(Lookup[Any]):
    """Of numbers, or of texts as they are stored; None is among nothing. Without values no query is sent. Raises
    ValueError for what is no number where numbers are stored, and for a text with a NUL.
    """

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[int] | Iterable[str]) -> None:
        super().__init__(lhs, [value for value in rhs if value is not None])

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        column, given = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        is_text = isinstance(field.target_field if field.is_relation else field, models.CharField)
        values = list(map(str if is_text else int, self.rhs))
        if connection.vendor != "postgresql":
            one = json_text.as_parameter(values)
            return f"{column} IN (SELECT value FROM json_each(%s))", (*given, one)  # noqa: S608  # a column of ours
        if is_text:
            return f"{column} = ANY(%s::text[])", (*given, values)
        return f"{column} = ANY(%s::bigint[])", (*given, f"{{{','.join(map(str, values))}}}")
