"""Old cells of reference data, put back into a row."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.importing.columns import CellContext, Column, ReferenceWidget, parts_of
from statements.importing.kinds.base import Kind
from statements.importing.undoing.fate import Changes
from statements.importing.values.day_order import DayOrder
from statements.models import OldSlug, Source
from statements.models.derived import canonical_url_of
from statements.models.rules import row_problems


class _Rows:
    """Rows of one model by slug, also by one that was given up."""

    def __init__(self, model: type[models.Model], slugs: set[str]) -> None:
        rows: Any = model._default_manager
        self._by_slug: dict[str, Any] = {row.slug: row for row in rows.filter(slug__in=slugs)}
        old = OldSlug.objects.filter(kind=str(model._meta.model_name), slug__in=slugs - self._by_slug.keys())
        given_up = dict(old.values_list("slug", "target_id"))
        if given_up:
            by_pk = rows.in_bulk(set(given_up.values()))
            self._by_slug |= {slug: by_pk[pk] for slug, pk in given_up.items() if pk in by_pk}

    def one(self, cell: str) -> Any:
        if cell not in self._by_slug:
            raise ValueError(_("It named “%(slug)s” before, which no longer exists.") % {"slug": cell})
        return self._by_slug[cell]


class Named:
    """What the old cells of a KIND name. Two or three queries for each model that they refer to."""

    def __init__(self, kind: type[Kind], changes: Iterable[Changes]) -> None:
        slugs: dict[type[models.Model], set[str]] = defaultdict(set)
        widgets = {name: column.widget for name, column in kind.columns().items()}
        for cells in changes:
            for name, (old, _new) in cells.items():
                widget = widgets[name]
                if isinstance(widget, ReferenceWidget):
                    slugs[widget.model] |= set(parts_of(old))
        self._rows = {model: _Rows(model, of_model) for model, of_model in slugs.items()}

    def of(self, model: type[models.Model]) -> _Rows:
        return self._rows[model]


def put_back(kind: type[Kind], row: Any, changes: Changes, named: Named) -> list[str]:
    """Give a row the old cells. Returns why it can't have them, in sentences. No query."""
    wrong = []
    # Of a directory, columns ask no more than ``of`` and ``one``. The dates of old cells are written one way only.
    context = CellContext(named, DayOrder.UNDECIDED, timezone.localdate())  # type: ignore[arg-type]
    for name, (old, _new) in changes.items():
        column = kind.columns()[name]
        try:
            setattr(row, column.attribute, _value(column, kind, old, context))
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        return wrong
    if isinstance(row, Source):
        row.canonical_url = canonical_url_of(row)
    return [sentence for _field, sentence in row_problems(row)]


def _value(column: Column, kind: type[Kind], cell: str, context: CellContext) -> Any:
    """The cell of a text is the text: reading it would change its line ends."""
    is_text = {field.name: isinstance(field, models.CharField | models.TextField) for field in kind.model._meta.fields}
    if is_text.get(column.attribute):
        return cell
    return column.value_of(cell, context) if cell else column.widget.empty_value()
