"""A row of reference data as the cells of a CSV file: what its record of changes keeps."""

import datetime
from typing import Any

from django.db import models

from statements.models import Name, Organisation, Speaker
from statements.models.derived import derived_columns


def cells_of(row: models.Model) -> dict[str, str]:
    """Column -> text, for everything that an editor can change on this stored row. A query a list."""
    cells: dict[str, str] = {}
    made = {"id", *derived_columns(type(row))}
    for field in row._meta.concrete_fields:
        date = field.name.removesuffix("_from").removesuffix("_until")
        if date != field.name:
            cells[date] = _cell(getattr(row, date))
        elif field.name not in made:
            cells[field.name] = _cell(getattr(row, field.name))
    for many in row._meta.many_to_many:
        cells[many.name] = " | ".join(sorted(other.slug for other in getattr(row, many.name).all()))
    if isinstance(row, Organisation | Speaker):
        cells["aliases"] = " | ".join(str(name) for name in row.names.filter(kind=Name.Kind.OTHER))
    if isinstance(row, Speaker):
        cells["handles"] = " | ".join(str(handle) for handle in row.handles.all())
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(getattr(value, "slug", value.pk))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)
