"""What a page showed of a stored row when it was opened. The page carries it, signed, and brings it back when it is
saved, so that it can be held against what is stored by then.
"""

import hashlib
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core import signing
from django.db import models
from django.http import QueryDict

from statements.models import Statement

#: The hidden field of a change form.
OPENED = "opened_state"

#: A field as forms send it; a list of rows is the sorted list of their numbers.
Value = str | list[str]
Row = dict[str, Value]

#: A longer text of a statement is carried as its hash: the version that the page showed has the words.
LONG = 300
_NOT_IN_VERSIONS = {"desk_note"}
_HASHED = "\0"  # no form lets a NUL through, so no text begins like a hash


@dataclass(frozen=True)
class Part:
    """One list of rows on a page: an inline. ``rows`` are the stored ones, none where the page's row is gone."""

    prefix: str
    label: str
    parent: str
    fields: Mapping[str, forms.Field]
    names: Sequence[str]
    rows: Sequence[models.Model] = ()


@dataclass(frozen=True)
class Page:
    """The form of a row and the lists on its page. ``names`` are the fields that are stored: "why" is not."""

    model: type[models.Model]
    fields: Mapping[str, forms.Field]
    names: Sequence[str]
    parts: Sequence[Part]


@dataclass
class State:
    """What a page shows: the row's own fields, its lists by prefix and number, and marks of what is no field."""

    fields: Row
    lists: dict[str, dict[str, Row]]
    marks: dict[str, Any]
    at: float = field(default_factory=time.time)

    def shows_the_same(self, other: "State") -> bool:
        return _keys(self.fields) == _keys(other.fields) and {
            prefix: {pk: _keys(row) for pk, row in rows.items()} for prefix, rows in self.lists.items()
        } == {prefix: {pk: _keys(row) for pk, row in rows.items()} for prefix, rows in other.lists.items()}


@dataclass
class TypedRow:
    """A form as it was sent. A value of None was not sent at all: browsers leave out what is disabled.

    ``pk`` is "" for a new row. ``raw`` is what the browser sent, to be shown again as it was typed.
    """

    index: int
    pk: str
    is_deleted: bool
    values: dict[str, Value | None]
    raw: dict[str, list[str]]
    is_blank: bool


def page_of(model: type[models.Model], fields: Mapping[str, forms.Field], lists: Iterable[tuple[Any, Any]]) -> Page:
    """``lists`` are (formset or its class, its inline)."""
    return Page(model, fields, _stored(fields, model), [_part(formset, inline) for formset, inline in lists])


def _part(formset: Any, inline: Any) -> Part:
    parent, fields = formset.fk.name, formset.form.base_fields
    names = [name for name in _stored(fields, formset.model) if name != parent]
    of_class = isinstance(formset, type)
    prefix = formset.get_default_prefix() if of_class else formset.prefix
    rows = () if of_class else formset.get_queryset()
    return Part(prefix, str(inline.verbose_name), parent, fields, names, rows)


def _stored(fields: Mapping[str, forms.Field], model: type[models.Model]) -> list[str]:
    return [name for name in fields if name == "order" or hasattr(model, name)]


def state_of(page: Page, row: models.Model, marks: dict[str, Any]) -> State:
    """What the page shows of the stored row. No query where the lists' rows came with what they refer to."""
    return State(
        _stored_row(row, page.names),
        {part.prefix: {str(one.pk): _stored_row(one, part.names) for one in part.rows} for part in page.parts},
        marks,
    )


def _stored_row(row: models.Model, names: Sequence[str]) -> Row:
    many = {one.name for one in row._meta.many_to_many}
    # A foreign key is its number: the row behind it isn't looked up.
    columns = {one.name: one.attname for one in row._meta.concrete_fields}
    values: Row = {}
    for name in names:
        if name == "order":
            values[name] = text_of(row.position + 1)  # type: ignore[attr-defined]  # of rows that are kept in order
        elif name in many:
            values[name] = text_of([one.pk for one in getattr(row, name).all()])
        else:
            values[name] = text_of(getattr(row, columns.get(name, name)))
    return values


def text_of(value: Any) -> Value:
    """A value of a form or a row as a browser would send it, without what no editor sees."""
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    if isinstance(value, list | tuple):
        return sorted(str(one) for one in value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


# --- What was typed ---


def typed_form(page: Page, data: QueryDict) -> TypedRow:
    return _typed(page.fields, page.names, data, "", 0)


def typed_rows(part: Part, data: QueryDict) -> list[TypedRow]:
    """The rows of a list in the order of the page; those that were left blank, too."""
    total = data.get(f"{part.prefix}-TOTAL_FORMS", "")
    number = min(int(total), 2000) if total.isascii() and total.isdigit() and len(total) < 10 else 0
    return [_typed(part.fields, part.names, data, f"{part.prefix}-{index}-", index) for index in range(number)]


def _typed(
    fields: Mapping[str, forms.Field], names: Sequence[str], data: QueryDict, prefix: str, index: int
) -> TypedRow:
    values: dict[str, Value | None] = {}
    for name in names:
        widget = fields[name].widget
        omitted = widget.value_omitted_from_data(data, {}, prefix + name)
        values[name] = None if omitted else _meant(fields[name], widget.value_from_datadict(data, {}, prefix + name))
    return TypedRow(
        index=index,
        pk=data.get(f"{prefix}id", ""),
        is_deleted=bool(data.get(f"{prefix}DELETE")),
        values=values,
        raw={name: data.getlist(prefix + name) for name in names},
        is_blank=all(values[name] in (None, "", [], text_of(fields[name].initial)) for name in names),
    )


def _meant(field: forms.Field, typed: Any) -> Value:
    """What the form would store for what was typed, or the words where it refuses them. No query."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return text_of(list(typed or []))
    if not isinstance(field, forms.ModelChoiceField):
        try:
            return text_of(field.clean(typed))
        except forms.ValidationError:
            return text_of(typed)
    return text_of(typed)


# --- Comparing, carrying ---


def same(one: Value | None, other: Value | None) -> bool:
    """Whether an editor would say so; a text and its hash are the same."""
    return _key(one) == _key(other)


def _key(value: Value | None) -> Value | None:
    if not isinstance(value, str) or len(value) <= LONG or value.startswith(_HASHED):
        return value
    return _HASHED + hashlib.sha256(unicodedata.normalize("NFC", value).encode()).hexdigest()


def _keys(row: Row) -> dict[str, Value | None]:
    return {name: _key(value) for name, value in row.items()}


def pack(state: State, row: models.Model) -> str:
    """The words of the hidden field. They are of use on the page of this row alone."""
    carried = _carried if isinstance(row, Statement) else dict
    lists = {prefix: {pk: carried(one) for pk, one in rows.items()} for prefix, rows in state.lists.items()}
    return signing.dumps([carried(state.fields), lists, state.marks, state.at], salt=_salt(row), compress=True)


def _carried(row: Row) -> dict[str, Any]:
    return {name: value if name in _NOT_IN_VERSIONS else _key(value) for name, value in row.items()}


def unpack(words: str, row: models.Model) -> State | None:
    """None where the words are not ours, or another row's: then nobody knows what was shown."""
    try:
        fields, lists, marks, at = signing.loads(words, salt=_salt(row))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return State(fields, lists, marks, at)


def _salt(row: models.Model) -> str:
    return f"opened {row._meta.label_lower} {row.pk}"


def reveal(state: State, document: Any) -> None:
    """Put the words back for the hashes, as far as they stand in the document of the version that was shown."""
    words = {_key(text): text for text in _texts(document) if len(text) > LONG}
    for row in [state.fields, *(row for rows in state.lists.values() for row in rows.values())]:
        row.update({name: words.get(value, value) for name, value in row.items() if isinstance(value, str)})


def is_lost(value: Value | None) -> bool:
    """Whether of a long text only the hash is left."""
    return isinstance(value, str) and value.startswith(_HASHED)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
