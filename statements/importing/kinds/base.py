"""What all KINDs share: reading the cells of a row, finding what it is about, and the rules on one row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export.resources import Resource

from statements.actions.reference import public_permission
from statements.bulk import made
from statements.importing.columns import CellContext, Column, PartialDateWidget
from statements.importing.directory import Directory
from statements.importing.drafts import Draft, FilePlan
from statements.importing.reading import KnownColumns, Row
from statements.importing.values.day_order import DayOrder
from statements.models.rules import row_problems
from statements.record.use import in_public_use

_MOST_REMEMBERED, _LONGEST_REMEMBERED = 20_000, 100  # cells, characters


class Kind(Resource):
    """The columns of a KIND are the attributes of its class that are a Column, in the order of the class.

    A new column is one more attribute, as long as it stands for a field of the model: reading, comparing, writing and
    exporting follow from it.
    """

    kind_name: ClassVar[str]
    model: ClassVar[type[models.Model]]
    #: What a row is, for whoever fills in a file.
    purpose: ClassVar[Promise]
    #: The column that alone says which row is meant: "slug", "key" or "" where there is none.
    identity: ClassVar[str] = ""
    #: From a required column to another whose cells can say the same.
    instead: ClassVar[Mapping[str, str]] = {}

    def __init__(self, directory: Directory, user: User) -> None:
        super().__init__()
        self.directory = directory
        self.user = user
        self.today = timezone.localdate()
        #: In which order the dates of the file have their numbers: whoever has seen all of them sets it.
        self.day_order = DayOrder.UNDECIDED
        self._columns_of_pass = {
            second: [(name, column) for name, column in self.columns().items() if column.in_second_pass == second]
            for second in (False, True)
        }
        #: What cells of these columns were read as, with the notices of that.
        self._remembered: dict[tuple[str, str], tuple[Any, tuple[str, ...]]] = {}
        #: The column of the file by the columns of the database that it fills.
        self.column_of = {
            field: name for name, column in self.columns().items() for field in column.model_fields(self.model)
        }

    @classmethod
    @cache
    def columns(cls) -> dict[str, Column]:
        return dict(cls.fields)

    @classmethod
    @cache
    def exported_columns(cls) -> list[Column]:
        return [column for column in cls.columns().values() if not column.is_short_form]

    @classmethod
    @cache
    def lists(cls) -> list[str]:
        """The attributes of the lists that its columns read and write."""
        return [column.attribute for column in cls.columns().values() if column.attribute.startswith("planned_")]

    @classmethod
    @cache
    def model_fields(cls) -> list[str]:
        """The columns of the database that its columns fill: what a changed row writes."""
        return [field for column in cls.columns().values() for field in column.model_fields(cls.model)]

    @classmethod
    def cells_of(cls, instance: models.Model) -> dict[str, str]:
        return {column.name: column.cell_of(instance) for column in cls.exported_columns()}

    @classmethod
    def known_columns(cls) -> KnownColumns:
        """What the reading of a file needs to know of its columns."""
        return KnownColumns(cls.kind_name, tuple(cls.columns()), tuple(cls.required()), cls.identity, cls.instead)

    @classmethod
    def date_columns(cls) -> list[str]:
        return [name for name, column in cls.columns().items() if isinstance(column.widget, PartialDateWidget)]

    def plan(self, drafts: list[Draft]) -> None:
        """Make out what rows say. Reads the database in a fixed number of queries, writes nothing.

        Of statements and what hangs on them the rows are a part of the file: all that are about some statements.
        """
        for draft in drafts:
            self.read_faults(draft)
        self.prepare(drafts)
        for draft in drafts:
            self.read_cells(draft, in_second_pass=False)
        self.identify(drafts)
        for draft in drafts:
            self.read_cells(draft, in_second_pass=True)
        found = [draft for draft in drafts if draft.instance is not None]
        for draft in found:
            self.assign(draft, in_second_pass=True)
            self.complete(draft)
            self.note_changes(draft)
        self.check(found)
        for draft in drafts:
            self.check_required(draft)
            if draft.instance is not None and draft.writes:
                self.check_row(draft)
        self.check_permissions(drafts)

    def read_faults(self, draft: Draft) -> None:
        """Cells that the reading of the file found wrong have no value."""
        for name, sentence in draft.row.faults.items():
            draft.refuse(name, sentence)
            draft.row.cells[name] = ""

    def prepare(self, drafts: list[Draft]) -> None:
        """Load what the rows name."""

    def identify(self, drafts: list[Draft]) -> None:
        """Give every draft its instance, stored or new, with the values of the first pass; refuse what is ambiguous."""
        raise NotImplementedError

    def complete(self, draft: Draft) -> None:
        """Fill what is derived from the values, before changes are noted."""

    def check(self, drafts: list[Draft]) -> None:
        """Rules across the rows of the file and what is stored."""

    def read_cells(self, draft: Draft, *, in_second_pass: bool) -> None:
        """The values of the cells that aren't blank. Every cell that can't be read is refused."""
        context = CellContext(self.directory, self.day_order, self.today)
        cells = draft.row.cells
        for name, column in self._columns_of_pass[in_second_pass]:
            cell = cells.get(name, "").strip()
            if not cell:
                continue
            remembered = self._remembered.get((name, cell))
            if remembered is not None:
                draft.values[name], notices = remembered
            else:
                try:
                    draft.values[name] = column.value_of(cell, context)
                except ValueError as error:
                    draft.refuse(name, str(error), suggestion=getattr(error, "suggestion", ""))
                else:
                    self._remember(column, cell, draft.values[name], context.notices)
                notices = tuple(context.notices)
                context.notices.clear()
            for sentence in notices:
                draft.notice(name, sentence)

    def _remember(self, column: Column, cell: str, value: Any, notices: Sequence[str]) -> None:
        if getattr(column.widget, "is_remembered", False) and len(cell) <= _LONGEST_REMEMBERED:
            if len(self._remembered) == _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[column.name, cell] = value, tuple(notices)

    def new_instance(self, **columns: str) -> Any:
        instance = made(self.model, **columns)
        for attribute in self.lists():
            setattr(instance, attribute, [])
        return instance

    def take(self, draft: Draft, stored: Any, new: Callable[[], Any]) -> None:
        """Let a draft work on the stored row, or on a new one where there is none."""
        draft.is_new = stored is None
        draft.instance = new() if stored is None else stored
        if stored is not None:
            draft.before = self.cells_before(draft, stored)
        self.assign(draft, in_second_pass=False)

    def cells_before(self, _draft: Draft, stored: Any) -> dict[str, str]:
        """The cells of the stored row with which those of the draft are compared."""
        return self.cells_of(stored)

    def assign(self, draft: Draft, *, in_second_pass: bool) -> None:
        columns, instance = self.columns(), draft.instance
        for name, value in draft.values.items():
            column = columns[name]
            if column.in_second_pass == in_second_pass and name != self.identity:
                setattr(instance, column.attribute, value)

    @cached_property
    def _said_of_new(self) -> frozenset[str]:
        """The columns that say something of a new row although its cells are blank."""
        instance = self.new_instance()
        by_default = {column.name for column in self.exported_columns() if column.cell_of(instance)}
        return frozenset({self.identity, *by_default})

    def note_changes(self, draft: Draft) -> None:
        for column in self.exported_columns():
            name = column.name
            if name in draft.values or (draft.is_new and name in self._said_of_new):
                old, new = draft.before.get(name, ""), column.cell_of(draft.instance)
                if old != new:
                    draft.changes[name] = (old, new)

    @classmethod
    def required(cls) -> list[str]:
        """The columns that a new row needs."""
        return [name for name, column in cls.columns().items() if column.required]

    def suggested(self, draft: Draft, name: str) -> str:
        """What a new row could have in a required cell that is blank, where that is known."""
        return ""

    def check_required(self, draft: Draft) -> None:
        """A new row needs its required columns; so does a row whose identity can't be made out without them."""
        if draft.is_new or (draft.instance is None and not draft.is_ambiguous):
            for name in self.required():
                if name not in draft.values and not draft.has_error_in(name):
                    draft.refuse(name, _("A new row needs this cell. Fill it."), suggestion=self.suggested(draft, name))

    def check_row(self, draft: Draft) -> None:
        """The rules on one row. No query."""
        unread = (
            {field for field, name in self.column_of.items() if draft.has_error_in(name)} if draft.errors else set()
        )
        for field, sentence in row_problems(draft.instance, unread=unread):
            column = self.column_of.get(field, "")
            if not column or not draft.has_error_in(column):
                draft.refuse(column, sentence)

    def check_permissions(self, drafts: Sequence[Draft]) -> None:
        """Who may add and change rows of this model; what readers see takes a reviewer. One query at most."""
        label = self.model._meta.model_name
        if not self.user.has_perm(f"statements.add_{label}"):
            for draft in drafts:
                if draft.is_new:
                    draft.refuse("", _("You may not add rows of this kind. Ask an administrator for the role."))
        changed = [draft for draft in drafts if draft.changes and not draft.is_new]
        if not self.user.has_perm(f"statements.change_{label}"):
            for draft in changed:
                draft.refuse("", _("You may not change rows of this kind. Ask an administrator for the role."))

    def refuse_twice(self, first: Draft, second: Draft) -> None:
        """Two rows about the same: the second is left out where it says the same, else it is an error."""
        if first.row.cells == second.row.cells:
            second.leave_out("", _("Line %(first)d says the same: this line is left out.") % {"first": first.line})
            return
        words = {"first": first.line, "second": second.line, "what": first.label, "column": self.identity}
        if self.identity:
            sentence = _(
                "Lines %(first)d and %(second)d are about the same: %(what)s. "
                "Keep one of them, or give each its own %(column)s."
            )
        else:
            sentence = _("Lines %(first)d and %(second)d are about the same: %(what)s. Keep one of them.")
        second.refuse_identity(self.identity if self.identity in second.file.header else "", sentence % words)


class StatementKind(Kind):
    """Rows of statements, or of what hangs on them: planned statement by statement, whatever file they come from."""

    def statement_of(self, row: Row, file: FilePlan) -> str:
        """The slug of the statement that a row is about, "" where that can't be made out. What the whole run must know
        of the row, before any is planned, is noted. A few queries a file, none for a row.
        """
        raise NotImplementedError

    def cells_before(self, draft: Draft, stored: Any) -> dict[str, str]:
        """Those that the row fills: whether the others have changed, the fingerprint of the statement tells."""
        given = {name for name, cell in draft.row.cells.items() if cell} | draft.values.keys()
        return {column.name: column.cell_of(stored) for column in self.exported_columns() if column.name in given}


def refuse_changes_of_public_rows(kind: Kind, drafts: Iterable[Draft]) -> None:
    """Readers see reference data as it stands, so changing it takes a reviewer. One query."""
    if kind.user.has_perm(public_permission(kind.model)):
        return
    changed = {draft.instance.pk: draft for draft in drafts if draft.changes and not draft.is_new}
    if changed:
        for pk in in_public_use(kind.model, changed):
            changed[pk].refuse(
                "", _("Readers see this row, so only a reviewer may change it. Leave it out or ask one.")
            )


def refuse_circles(
    drafts: Sequence[Draft], column: str, next_of: Callable[[str], str | None], known: set[frozenset[str]]
) -> None:
    """Refuse, once for each circle, the row that closes it: its reference in this column leads back to it. No query.

    ``known`` are the circles that were refused before; those that are found are added.
    """
    for draft in reversed(drafts):
        if not draft.values.get(column):
            continue
        start = draft.instance.slug
        path, step = [start], next_of(start)
        while step is not None and step not in path:
            path.append(step)
            step = next_of(step)
        if step == start and frozenset(path) not in known:
            known.add(frozenset(path))
            words = {"circle": " → ".join([*path, start])}
            draft.refuse(column, _("This leads in a circle: %(circle)s. Break it in one of these rows.") % words)
