"""One row of a file while it is being understood, and what is kept of it."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from statements.importing.incoming import Incoming
from statements.importing.reading import Row, Table
from statements.text import excerpt

_LONGEST_QUOTED = 200
_LONGEST_SHOWN = 300
_SHOWN_BEFORE = 60


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
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
    """What staff should know of a row that is no mistake: how a cell was understood, or what looks odd.

    ``statement`` is the slug of a stored one that this row looks like: what becomes of the row is then to be chosen.
    """

    column: str
    value: str
    message: str
    statement: str = ""


@dataclass(frozen=True)
class RowResult:
    """What is kept of a row: ``file`` counts the files of the run from 0, ``changes`` are (old, new) by column."""

    file: int
    line: int
    outcome: Outcome
    label: str
    changes: dict[str, tuple[str, str]]
    errors: list[RowError]
    notices: list[Notice]

    def as_json(self) -> dict[str, Any]:
        """Short for the rows that need no words: an unchanged one has a place, an outcome and a name."""
        stored: dict[str, Any] = {"file": self.file, "line": self.line, "outcome": self.outcome, "label": self.label}
        if self.changes:
            stored["changes"] = self.changes
        if self.errors:
            stored["errors"] = [asdict(error) for error in self.errors]
        if self.notices:
            stored["notices"] = [asdict(notice) for notice in self.notices]
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "RowResult":
        return cls(
            file=stored["file"],
            line=stored["line"],
            outcome=Outcome(stored["outcome"]),
            label=stored["label"],
            changes={column: (old, new) for column, (old, new) in stored.get("changes", {}).items()},
            errors=[RowError(**error) for error in stored.get("errors", [])],
            notices=[Notice(**notice) for notice in stored.get("notices", [])],
        )


def shown(old: str, new: str) -> tuple[str, str]:
    """Two cells as they are shown beside each other: of long ones the part around the first difference."""
    if len(old) <= _LONGEST_SHOWN and len(new) <= _LONGEST_SHOWN:
        return old, new
    shorter = min(len(old), len(new))
    same = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    start = max(0, same - _SHOWN_BEFORE) if old else 0
    return _cut(old, start), _cut(new, start)


def _cut(cell: str, start: int) -> str:
    end = start + _LONGEST_SHOWN
    return f"{'…' if start else ''}{cell[start:end]}{'…' if end < len(cell) else ''}"


@dataclass(eq=False)
class Draft:
    """One row of a file and the instance that it makes or changes.

    ``values`` are those that the row gives, ``before`` the cells of the stored row as they were, ``changes`` old and
    new cell by column. ``instance`` is None where what the row is about can't be made out, or where it is left out;
    ``is_ambiguous`` where that is not for want of a cell. ``is_double``: it says again what is there already.
    """

    file: "FilePlan"
    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    instance: Any = None
    is_new: bool = False
    is_ambiguous: bool = False
    is_double: bool = False
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
        if self.is_double:
            return Outcome.DUPLICATE
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    @property
    def writes(self) -> bool:
        return self.is_new or bool(self.changes)

    @property
    def result(self) -> RowResult:
        changes = {column: shown(old, new) for column, (old, new) in self.changes.items()}
        return RowResult(
            self.file.index, self.line, self.outcome, excerpt(self.label), changes, self.errors, self.notices
        )

    def refuse(self, column: str, message: str, *, suggestion: str = "") -> None:
        """Report a mistake, once for each column and sentence. A long cell is named by its beginning."""
        value = self.row.cells.get(column, "").strip()
        if len(value) > _LONGEST_QUOTED:
            message = message.replace(value, excerpt(value))
        error = RowError(self.file.name, self.line, column, value, message, suggestion)
        if error not in self.errors:
            self.errors.append(error)

    def notice(self, column: str, message: str, *, statement: str = "") -> None:
        self.notices.append(Notice(column, self.row.cells.get(column, "").strip(), message, statement))

    def refuse_identity(self, column: str, message: str) -> None:
        """Report that what the row is about can't be made out, although its cells are there."""
        self.is_ambiguous = True
        self.refuse(column, message)

    def leave_out(self, column: str, message: str, *, statement: str = "") -> None:
        """The row says what is there already: nothing is made of it."""
        self.is_double = self.is_ambiguous = True
        self.instance, self.is_new, self.changes = None, False, {}
        self.notice(column, message, statement=statement)

    def has_error_in(self, *columns: str) -> bool:
        return any(error.column in columns for error in self.errors)


@dataclass(eq=False)
class FilePlan:
    """A file of the run. ``table`` is None where it can't be read as one; ``counted`` holds its rows by outcome,
    ``warned`` how many have a notice.
    """

    index: int
    incoming: Incoming
    sha256: str
    table: Table | None = None
    own_errors: list[RowError] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    warned: int = 0

    @property
    def kind(self) -> str:
        return self.incoming.kind

    @property
    def name(self) -> str:
        return self.incoming.name

    @property
    def header(self) -> list[str]:
        """Our names for its columns, in its order."""
        return self.table.header if self.table is not None else []

    @property
    def counts(self) -> dict[str, int]:
        """Rows read, and those of each outcome, which add up to them."""
        return {"read": self.counted.total()} | {str(outcome): self.counted[outcome] for outcome in Outcome}

    def refuse(self, line: int | None, column: str, message: str, *, suggestion: str = "") -> None:
        self.own_errors.append(RowError(self.name, line, column, "", message, suggestion))
