"""Two people at work on one row: what each of them changed, what has to be decided, and what comes of it.

``opened`` is what the page showed, ``stored`` what somebody made of it since, ``mine`` what is being saved. What only
one side changed is that side's, unless the editor says otherwise; what both changed differently is asked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import QueryDict

from statements.admin.opened import (
    OPENED,
    Page,
    Part,
    Row,
    State,
    TypedRow,
    Value,
    same,
    typed_form,
    typed_rows,
    unpack,
)

#: Names of the conflict page's own fields.
CHOOSE, SHOWN = "choose:", "stored_state"
THEIRS, MINE = "theirs", "mine"


@dataclass
class Question:
    """One field in which mine and theirs differ, or, without a field, a whole row that one side lacks.

    None stands for a row that isn't there, or for what nobody knows any more. ``preset`` is "" where both changed it.
    """

    part: Part | None
    row: str
    field: str
    opened: Any
    theirs: Any
    mine: Any
    preset: str
    answer: str = ""

    @property
    def key(self) -> str:
        return key_of(self.part, self.row, self.field)

    @property
    def decided(self) -> str:
        return self.answer or self.preset


def key_of(part: Part | None, row: str, field: str = "") -> str:
    """The name of the radio buttons of a question."""
    return CHOOSE + ":".join(filter(None, (part.prefix if part else "", row, field)))


@dataclass
class Conflict:
    """An outdated form. ``marks`` of a known opened state that differ are what happened besides: a step."""

    page: Page
    row: models.Model
    data: QueryDict
    opened: State | None
    stored: State
    questions: list[Question] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.form = typed_form(self.page, self.data)
        self.rows = {part.prefix: typed_rows(part, self.data) for part in self.page.parts}
        self.questions = list(self._questions(self.stored))
        self.shown = unpack(self.data.get(SHOWN, ""), self.row) if SHOWN in self.data else None
        if self.shown is not None:
            self._take_answers(self.shown)

    # --- What differs ---

    @property
    def moved(self) -> bool:
        """Whether somebody took a step meanwhile."""
        return self.opened is not None and _without_number(self.opened) != _without_number(self.stored)

    @property
    def is_nothing(self) -> bool:
        """Whether theirs and mine came to the same: the same form was sent twice."""
        return self.opened is not None and not self.questions and not self.moved

    @property
    def is_again(self) -> bool:
        """Whether yet another change came while the editor chose."""
        return self.shown is not None and not is_unchanged(self.shown, self.stored)

    @property
    def is_settled(self) -> bool:
        """Whether the editor saw what is stored now and decided on all of it."""
        if self.shown is None or self.is_again:
            return self.is_nothing
        return all(question.decided for question in self.questions)

    def _questions(self, stored: State) -> Iterator[Question]:
        opened = self.opened.fields if self.opened else None
        yield from _of_fields(None, "", opened, stored.fields, self.form)
        for part in self.page.parts:
            before = self.opened.lists.get(part.prefix, {}) if self.opened else {}
            yield from _of_rows(part, before, stored.lists.get(part.prefix, {}), self.rows[part.prefix])

    def _take_answers(self, shown: State) -> None:
        """An answer holds for what the editor saw: not where theirs has changed once more."""
        seen = {question.key: question.theirs for question in self._questions(shown)}
        for question in self.questions:
            answer = self.data.get(question.key, "")
            is_seen = question.key in seen and _alike(seen[question.key], question.theirs)
            if answer in (THEIRS, MINE) and is_seen:
                question.answer = answer

    # --- What comes of it ---

    def merged(self, opened_state: str) -> QueryDict:
        """The form as it would be sent with everything decided, opened on what is stored now."""
        data = QueryDict(mutable=True)
        lists = tuple(f"{part.prefix}-" for part in self.page.parts)
        for name, values in self.data.lists():
            is_row = name.startswith(lists) and not re.search(r"-(MIN|MAX)_NUM_FORMS$", name)
            if not is_row and not name.startswith(CHOOSE) and name not in (SHOWN, OPENED):
                data.setlist(name, values)
        data[OPENED] = opened_state
        decided = {question.key: question.decided for question in self.questions}
        _fill(data, "", _merged_row(decided, None, "", self.stored.fields, self.form))
        for part in self.page.parts:
            self._merge_list(data, part, decided)
        return data

    def _merge_list(self, data: QueryDict, part: Part, decided: Mapping[str, str]) -> None:
        stored, typed = self.stored.lists[part.prefix], self.rows[part.prefix]
        mine = {row.pk: row for row in typed if row.pk}
        for index, (pk, theirs) in enumerate(stored.items()):
            row = mine.get(pk)
            is_whole = row is None or row.is_deleted
            values = _merged_row(decided, part, pk, theirs, None if is_whole else row)
            values |= {"id": [pk], part.parent: [str(self.row.pk)]}
            if is_whole and decided.get(key_of(part, pk)) == MINE:
                values["DELETE"] = ["on"]
            _fill(data, f"{part.prefix}-{index}-", values)
        added = [row for row in typed if row.pk not in stored and not row.is_deleted]
        kept = [row for row in added if decided.get(key_of(part, _name(row)), MINE if row.is_blank else THEIRS) == MINE]
        for index, row in enumerate(kept, start=len(stored)):
            _fill(data, f"{part.prefix}-{index}-", row.raw | {part.parent: [str(self.row.pk)]})
        data[f"{part.prefix}-TOTAL_FORMS"] = str(len(stored) + len(kept))
        data[f"{part.prefix}-INITIAL_FORMS"] = str(len(stored))


def is_unchanged(one: State, other: State) -> bool:
    """Whether nobody changed what the page shows, nor took a step. A change that was taken back is none."""
    return one.shows_the_same(other) and _without_number(one) == _without_number(other)


def _without_number(state: State) -> dict[str, Any]:
    return {name: mark for name, mark in state.marks.items() if name not in ("version", "change", "words")}


def _name(row: TypedRow) -> str:
    return row.pk or f"new{row.index}"


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(name), value) for name, value in other.items())
    return same(one, other)


def _of_fields(part: Part | None, name: str, opened: Row | None, theirs: Row, mine: TypedRow) -> Iterator[Question]:
    for field_name, value in mine.values.items():
        stored = theirs.get(field_name)
        if value is None or same(value, stored):
            continue
        before: Value | None = opened.get(field_name) if opened is not None else None
        preset = ""
        if before is not None and same(value, before):
            preset = THEIRS
        elif before is not None and same(stored, before):
            preset = MINE
        yield Question(part, name, field_name, before, stored, value, preset)


def _of_rows(part: Part, before: dict[str, Row], stored: dict[str, Row], typed: list[TypedRow]) -> Iterator[Question]:
    mine = {row.pk: row for row in typed if row.pk}
    new = [row for row in typed if not row.pk and not row.is_deleted and not row.is_blank]
    for pk, theirs in stored.items():
        opened, row = before.get(pk), mine.get(pk)
        if row is None:
            twin = next((one for one in new if pk not in before and _says_the_same(one, theirs)), None)
            if twin is not None:
                new.remove(twin)  # both added the same row: one of it is enough
            elif opened is None:
                yield Question(part, pk, "", None, theirs, None, THEIRS)
        elif row.is_deleted:
            yield Question(part, pk, "", opened, theirs, None, MINE if opened and _alike(opened, theirs) else "")
        else:
            yield from _of_fields(part, pk, opened, theirs, row)
    for pk, row in mine.items():
        if pk not in stored and not row.is_deleted:
            opened = before.get(pk)
            is_theirs = opened is not None and _is_row(row, opened)
            yield Question(part, pk, "", opened, None, row.values, THEIRS if is_theirs else "")
    for row in new:
        yield Question(part, _name(row), "", None, None, row.values, MINE)


def _is_row(typed: TypedRow, row: Row) -> bool:
    return all(value is None or same(value, row.get(name)) for name, value in typed.values.items())


def _says_the_same(typed: TypedRow, row: Row) -> bool:
    """Of two new rows. One without an order stands wherever the other does."""
    said = {name: value for name, value in typed.values.items() if name != "order" or value}
    return all(value is None or same(value, row.get(name)) for name, value in said.items())


def _merged_row(
    decided: Mapping[str, str], part: Part | None, name: str, theirs: Row, mine: TypedRow | None
) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    for field_name, value in theirs.items():
        is_theirs = decided.get(key_of(part, name, field_name)) == THEIRS
        if mine is None or mine.values[field_name] is None or is_theirs:
            merged[field_name] = value if isinstance(value, list) else [value]
        else:
            merged[field_name] = mine.raw[field_name]
    return merged


def _fill(data: QueryDict, prefix: str, values: Mapping[str, list[str]]) -> None:
    for name, sent in values.items():
        if sent:
            data.setlist(prefix + name, sent)
        else:
            data.pop(prefix + name, None)  # a box that isn't ticked is not sent
