"""Rows of an import run as its page shows them: by outcome, a page at a time, never more than a page can carry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from statements.admin.import_forms import CHOICES
from statements.importing.drafts import Notice, Outcome, RowError, RowResult
from statements.importing.incoming import Options
from statements.importing.kinds import kind_named
from statements.importing.outcomes import page_of_outcomes
from statements.models import ImportRun, Statement

ROWS_A_PAGE = 100

#: So much of a row is on a page with others, in bytes of HTML; the whole of it has a page of its own.
_BYTES_A_ROW = 1800
_BYTES_OF_MARKUP = 60

#: So much of a cell: what differs between old and new begins before.
_LONGEST = 120

WARNED = "warned"

_NAMES: dict[str, str | Promise] = {
    "": _("All"),
    Outcome.NEW: _("New"),
    Outcome.CHANGED: _("Changed"),
    Outcome.UNCHANGED: _("Unchanged"),
    Outcome.DUPLICATE: _("Duplicates"),
    WARNED: _("To be looked at"),
    Outcome.REJECTED: _("Rejected"),
}

OUTCOME_NAMES: dict[str, str | Promise] = {
    Outcome.NEW: _("new"),
    Outcome.CHANGED: _("changed"),
    Outcome.UNCHANGED: _("unchanged"),
    Outcome.DUPLICATE: _("duplicate"),
    Outcome.REJECTED: _("rejected"),
}


@dataclass(frozen=True)
class Tab:
    """Rows of one outcome: how many, and where they are."""

    name: str | Promise
    count: int
    address: str
    is_current: bool


@dataclass(frozen=True)
class Looked:
    """A notice, with the page of the stored statement that the row looks like."""

    notice: Notice
    address: str


@dataclass
class ShownRow:
    """``is_cut``: a part of it is left out here; ``address`` shows the whole."""

    result: RowResult
    file: str
    outcome: str | Promise
    address: str
    cells: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    notices: list[Looked] = field(default_factory=list)
    is_cut: bool = False
    choice: str | None = None

    @property
    def is_new(self) -> bool:
        return self.result.outcome == Outcome.NEW

    @property
    def field_name(self) -> str:
        """Of the choice what becomes of it."""
        return f"choice-{self.result.file}-{self.result.line}"


@dataclass
class RowsPage:
    tabs: list[Tab]
    rows: list[ShownRow]
    previous: str = ""
    following: str = ""
    number: int = 1
    of: int = 1
    is_single: bool = False
    with_files: bool = False
    choices: Mapping[str, str | Promise] = field(default_factory=lambda: CHOICES)

    @property
    def asks(self) -> bool:
        """Whether somebody must say what becomes of a row on this page."""
        return any(row.choice is not None for row in self.rows)


def rows_page(run: ImportRun, parameters: Mapping[str, str]) -> RowsPage:
    """What these parameters of the page's address ask for: ``outcome``, ``page``, or ``row`` for one in full.

    Whatever can't be understood is taken as the first page. Four queries, however many rows there are.
    """
    counts = _counts(run)
    which = parameters.get("outcome", Outcome.REJECTED if counts[Outcome.REJECTED] else "")
    which = which if which in _NAMES else ""
    last = max(1, -(-counts[which] // ROWS_A_PAGE))
    number = min(_number(parameters.get("page")) or 1, last)
    single = _number(parameters.get("row"))
    start, size = (single - 1, 1) if single else ((number - 1) * ROWS_A_PAGE, ROWS_A_PAGE)
    results = page_of_outcomes(run, which, start=start, size=size)
    page = RowsPage(
        tabs=[Tab(name, counts[key], _address(run, key), key == which) for key, name in _NAMES.items()],
        rows=_shown(run, results, which, start, is_whole=single is not None),
        number=number,
        of=last,
        is_single=single is not None,
        with_files=len(run.understood) > 1,
    )
    if page.is_single:
        page.previous = _address(run, which, page=(start // ROWS_A_PAGE) + 1)
    else:
        page.previous = _address(run, which, page=number - 1) if number > 1 else ""
        page.following = _address(run, which, page=number + 1) if number < last else ""
    return page


def _counts(run: ImportRun) -> dict[str, int]:
    counts = {str(outcome): run.outcomes.get(str(outcome), 0) for outcome in Outcome}
    warned = run.row_batches.aggregate(warned=Sum("warned"))["warned"]
    return counts | {"": run.outcomes.get("read", 0), WARNED: warned or 0}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 and int(text) else None


def _address(run: ImportRun, outcome: str, **more: int) -> str:
    base = reverse("admin:statements_importrun_change", args=[run.pk])
    return f"{base}?{urlencode({'outcome': outcome} | more)}#rows"


def _shown(run: ImportRun, results: Sequence[RowResult], which: str, start: int, *, is_whole: bool) -> list[ShownRow]:
    alike = {notice.statement for result in results for notice in result.notices if notice.statement}
    known = dict(Statement.objects.filter(slug__in=alike).values_list("slug", "pk"))
    options = Options.from_json(run.options)
    kinds = [file["kind"] for file in run.understood]
    # A run that the command made may have kept nothing of its files.
    names = [file["name"] for file in run.understood] or [run.file_name] * (results[-1].file + 1 if results else 0)
    shown = []
    for position, result in enumerate(results, start=start + 1):
        row = ShownRow(
            result=result,
            file=names[result.file],
            outcome=OUTCOME_NAMES[result.outcome],
            address=_address(run, which, row=position),
        )
        row.notices = [Looked(notice, _page_of(known.get(notice.statement))) for notice in result.notices]
        row.errors = result.errors
        row.cells = [(column, *result.changes[column]) for column in _in_order(result, kinds)]
        if any(notice.statement for notice in result.notices):
            row.choice = str(options.choices.get(f"{row.file}:{result.line}", ""))
        if not is_whole:
            _cut(row)
        shown.append(row)
    return shown


def _in_order(result: RowResult, kinds: Sequence[str]) -> list[str]:
    """The changed columns of a row as they stand in its KIND."""
    columns = list(kind_named(kinds[result.file]).columns()) if result.file < len(kinds) else []
    return sorted(result.changes, key=lambda name: columns.index(name) if name in columns else len(columns))


def _page_of(pk: int | None) -> str:
    return reverse("admin:statements_statement_change", args=[pk]) if pk else ""


def _cut(row: ShownRow) -> None:
    """Leave on the page what fits: mistakes first, then notices, then cells; in any case one of them."""
    room = _BYTES_A_ROW
    row.cells = [(column, _beginning(old), _beginning(new)) for column, old, new in row.cells]
    parts: tuple[tuple[str, Callable[[Any], Iterable[str]]], ...] = (
        ("errors", lambda error: (error.column, error.value[:_LONGEST], error.message)),
        ("notices", lambda looked: (looked.notice.column, looked.notice.value[:_LONGEST], looked.notice.message)),
        ("cells", lambda cell: cell),
    )
    for name, words_of in parts:
        kept = []
        for one in getattr(row, name):
            weight = _BYTES_OF_MARKUP + sum(len(escape(word).encode()) for word in words_of(one))
            if weight <= room or room == _BYTES_A_ROW:
                kept.append(one)
            room -= weight
        row.is_cut |= len(kept) < len(getattr(row, name))
        setattr(row, name, kept)
    row.is_cut |= any(cell.endswith("…") for _column, *cells in row.cells for cell in cells)


def _beginning(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else f"{cell[:_LONGEST]}…"
