"""The fields and rows of a page as an editor would name them, with what stands in them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from statements.admin.opened import Page, Part, Row, Value, is_lost

#: What tells the rows of a list apart, by the list's prefix.
_TOLD_APART_BY: dict[str, tuple[str, ...]] = {
    "issuers": ("organisation",),
    "speaker_roles": ("speaker",),
    "citations": ("source", "role"),
    "wordings": ("language", "kind"),
    "mentions": ("demand",),
    "counts": ("measure", "qualifier", "value"),
    "names": ("name", "language"),
    "handles": ("network", "handle"),
}

_Reference = tuple[type[models.Model], str]


class Names:
    """What numbers of other rows stand for, looked up once for all: a query for each kind of row."""

    def __init__(self, page: Page, values: Iterable[tuple[Part | None, str, Value | None]]) -> None:
        self.page = page
        wanted: dict[type[models.Model], set[str]] = {}
        for model, number in (reference for value in values for reference in self._references(*value)):
            wanted.setdefault(model, set()).add(number)
        self._labels: dict[_Reference, str] = {}
        for model, numbers in wanted.items():
            for row in model._default_manager.filter(pk__in=numbers):
                self._labels[model, str(row.pk)] = str(row)

    def label(self, part: Part | None, name: str) -> str:
        field = self._fields(part)[name]
        return str(capfirst(field.label or name.replace("_", " ")))

    def shown(self, part: Part | None, name: str, value: Value | None) -> str:
        """In words; "" for what is blank."""
        if is_lost(value):
            return _("A longer text, which is no longer kept.")
        field = self._fields(part)[name]
        if isinstance(field, forms.ModelChoiceField):
            numbers = value if isinstance(value, list) else [value or ""]
            model = field.queryset.model  # type: ignore[union-attr]  # never None on a form
            return ", ".join(self._labels.get((model, number), number) for number in numbers)
        if isinstance(field, forms.BooleanField):
            return _("yes") if value else _("no")
        choices = {str(one): str(label) for one, label in getattr(field, "choices", []) if one}
        return choices.get(str(value), str(value or ""))

    def row(self, part: Part, values: Mapping[str, Value | None]) -> str:
        """As an editor would name it: "Count: political prisoners, more than, 880"."""
        said = (self.shown(part, name, values.get(name)) for name in _TOLD_APART_BY.get(part.prefix, part.names))
        return f"{capfirst(part.label)}: {', '.join(filter(None, said)) or _('not named yet')}"

    def lines(self, part: Part | None, values: Mapping[str, Value | None]) -> Iterator[tuple[str, str]]:
        """(field, words) of all that is filled in."""
        for name, value in values.items():
            if value:
                yield self.label(part, name), self.shown(part, name, value)

    def _fields(self, part: Part | None) -> Mapping[str, forms.Field]:
        return part.fields if part is not None else self.page.fields

    def _references(self, part: Part | None, name: str, value: Value | None) -> Iterator[_Reference]:
        field: Any = self._fields(part)[name]
        if isinstance(field, forms.ModelChoiceField):
            model = field.queryset.model  # type: ignore[union-attr]  # never None on a form
            for number in value if isinstance(value, list) else [value or ""]:
                if number.isascii() and number.isdigit() and len(number) < 19:
                    yield model, number


def values_in(
    part: Part | None, row: Row | Mapping[str, Value | None]
) -> Iterator[tuple[Part | None, str, Value | None]]:
    """What ``Names`` needs of a row."""
    for name, value in row.items():
        yield part, name, value
