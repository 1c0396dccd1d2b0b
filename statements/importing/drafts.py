"""What a plan holds: its files, their rows and what was found wrong with them."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from statements.importing.reading import Row
from statements.text import excerpt

_LONGEST_QUOTED = 200


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class RowError:
    """``line`` is None for the whole file and 1 for its header; ``message`` says what is wrong and what to do,
    ``suggestion`` is what to write instead, where that is known.
    """

    file: str
    line: int | None
    column: str
    value: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True)
class Notice:
    """What staff should know of a row that is no mistake: how a cell was understood, or what looks odd."""

    column: str
    value: str
    message: str


@dataclass(eq=False)
class Draft:
    """One row of a file and the instance that it makes or changes.

    ``values`` are those that the row gives, ``before`` the cells of the stored row as they were, ``changes`` old and
    new cell by column. ``instance`` is None where what the row is about can't be made out; ``is_ambiguous`` where that
    is not for want of a cell.
    """

    file: "FilePlan"
    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    instance: Any = None
    is_new: bool = False
    is_ambiguous: bool = False
    before: dict[str, str] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.row.line

    @property
    def label(self) -> str:
        """What the row is about, as far as it can be made out. No query."""
        named = (getattr(self.instance, name, "") for name in ("title", "name", "slug", "key"))
        return next((str(name) for name in named if name), "") or " · ".join(
            cell.strip() for cell in list(self.row.cells.values())[:3] if cell.strip()
        )

    @property
    def outcome(self) -> Outcome:
        if self.errors:
            return Outcome.REJECTED
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    def refuse(self, column: str, message: str, *, suggestion: str = "") -> None:
        """Report a mistake, once for each column and sentence. A long cell is named by its beginning."""
        value = self.row.cells.get(column, "").strip()
        if len(value) > _LONGEST_QUOTED:
            message = message.replace(value, excerpt(value))
        error = RowError(self.file.name, self.line, column, value, message, suggestion)
        if error not in self.errors:
            self.errors.append(error)

    def notice(self, column: str, message: str) -> None:
        self.notices.append(Notice(column, self.row.cells.get(column, "").strip(), message))

    def refuse_identity(self, column: str, message: str) -> None:
        """Report that what the row is about can't be made out, although its cells are there."""
        self.is_ambiguous = True
        self.refuse(column, message)

    def has_error_in(self, *columns: str) -> bool:
        return any(error.column in columns for error in self.errors)


@dataclass(eq=False)
class FilePlan:
    kind: str
    name: str
    sha256: str
    header: list[str] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    own_errors: list[RowError] = field(default_factory=list)

    @property
    def errors(self) -> list[RowError]:
        return [*self.own_errors, *(error for draft in self.drafts for error in draft.errors)]

    @property
    def counts(self) -> dict[str, int]:
        of_each = Counter(draft.outcome for draft in self.drafts)
        return {"read": len(self.drafts)} | {str(outcome): of_each[outcome] for outcome in Outcome}

    def refuse(self, line: int | None, column: str, message: str) -> None:
        self.own_errors.append(RowError(file=self.name, line=line, column=column, value=column, message=message))
