"""Indexes in an order that Django's own can't say on every database."""

from copy import copy
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class NothingLastIndex(models.Index):
    """What is sorted downwards stands in it with the rows that have nothing there last: ``desc(nulls_last=True)``.

    SQLite has them last anyway, and refuses to be told; PostgreSQL has them first.
    """

    def create_sql(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **kwargs: Any
    ) -> Statement:
        if schema_editor.connection.vendor != "postgresql":
            return super().create_sql(model, schema_editor, using, **kwargs)
        index = copy(self)
        index.fields_orders = [(name, f"{order} NULLS LAST" if order else "") for name, order in self.fields_orders]
        return models.Index.create_sql(index, model, schema_editor, using, **kwargs)
