"""Numbers that are counted no further than somebody would read."""

from typing import Any

from django.db import models
from django.db.models import Subquery

#: Beyond it a number is only said to be larger: nobody counts on.
MOST_COUNTED = 1000


class _Number(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()


def count_to(most: int, rows: models.QuerySet[Any, Any]) -> int:
    """How many rows there are; ``most`` + 1 where there are more: a longer list costs no more than that."""
    return rows.order_by().values("pk")[: most + 1].count()


def counted(rows: models.QuerySet[Any, Any]) -> Subquery:
    """How many rows this query for each row finds; MOST_COUNTED + 1 where there are more."""
    return _Number(rows[: MOST_COUNTED + 1])
