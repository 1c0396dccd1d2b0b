"""Rows that say, cell for cell, what is stored: they are recognised before anything is made of them.

The same file again, or an export in which some rows were corrected, holds mostly such rows. Planning one of them in
full ends with "unchanged" at three times the price: it loads the statement with all that hangs on it, makes values of
the cells, and cells of the values to compare them.

Nothing is decided here that the full planning would decide otherwise. A cell counts only when it is read without a
notice as a value that an export would write as this very cell; a row without a key only when one stored row alone is
meant; and a statement of which any row fails this is planned in full, with all its rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from statements.cells import joined
from statements.dates import PartialDate
from statements.importing.columns import (
    CLEAR,
    CellContext,
    Column,
    PartialDateWidget,
    ReferenceWidget,
    TextWidget,
)
from statements.importing.drafts import Draft, FilePlan, Outcome, RowResult
from statements.importing.kinds.base import StatementKind
from statements.importing.kinds.parts import PartKind
from statements.importing.reading import Row
from statements.importing.scratch import Batch
from statements.models import Citation, DemandMention, Issuer, Source, SpeakerRole, Statement, Wording
from statements.text import excerpt

_MOST_REMEMBERED, _LONGEST_REMEMBERED = 20_000, 100  # cells, characters
_OF_WORDS = ("text", "text_language", "text_kind", "text_is_excerpt")
_LISTS_OF_STATEMENTS = {"issuers": "issued", "joined_by": "joined", "delivered_by": "delivered on behalf"}

#: The slugs of stored statements by their numbers.
SlugOf = Mapping[int, str]


@dataclass(eq=False)
class _Stored:
    """A stored row: the cells that an export writes of it, by column, and what staff call it."""

    cells: dict[str, str]
    label: str = ""


class Recognising:
    """``kinds`` are those of the run's files of statements and of what hangs on them, by index of the file."""

    def __init__(self, kinds: Mapping[int, StatementKind], files: Sequence[FilePlan]) -> None:
        self._files = files
        self._tables = {
            index: (_Parts if isinstance(kind, PartKind) else _Statements)(kind, files[index].header)
            for index, kind in kinds.items()
        }

    def recognise(self, batch: Batch) -> tuple[list[RowResult], dict[int, list[Row]]]:
        """The unchanged rows of this batch, and those to be planned in full, by file. One query, and
        seven a file at most.
        """
        slugs = sorted({statement for rows in batch.values() for statement, _row in rows})
        slug_of = dict(Statement.objects.filter(slug__among=slugs).order_by().values_list("pk", "slug"))
        found: dict[int, list[_Stored | None]] = {}
        in_full: set[str] = set()
        for index, rows in batch.items():
            found[index] = self._tables[index].stored_for(rows, slug_of)
            in_full |= {slug for (slug, _row), stored in zip(rows, found[index], strict=True) if stored is None}
        results: list[RowResult] = []
        rest: dict[int, list[Row]] = {}
        for index, rows in batch.items():
            for (slug, row), stored in zip(rows, found[index], strict=True):
                if slug in in_full or stored is None:
                    rest.setdefault(index, []).append(row)
                else:
                    label = stored.label or Draft(self._files[index], row).label
                    results.append(RowResult(index, row.line, Outcome.UNCHANGED, excerpt(label), {}, [], []))
        return results, rest


class _Compared:
    """What the cells of a file are held against."""

    def __init__(self, kind: StatementKind, header: Sequence[str]) -> None:
        self.kind = kind
        columns = kind.columns()
        self.columns = [columns[name] for name in header]
        self._context = CellContext(kind.directory, kind.day_order, kind.today)
        self._remembered: dict[tuple[str, str], bool] = {}

    def stored_for(self, rows: Sequence[tuple[str, Row]], slug_of: SlugOf) -> list[_Stored | None]:
        """The stored row that each says again, None where it doesn't, or where two do."""
        candidates = self.load(slug_of) if slug_of else {}
        found = [self.stored(slug, row, candidates) if slug in candidates else None for slug, row in rows]
        seen: dict[int, int] = defaultdict(int)
        for stored in found:
            seen[id(stored)] += 1
        return [stored if stored is not None and seen[id(stored)] == 1 else None for stored in found]

    def load(self, slug_of: SlugOf) -> dict[str, Any]:
        """What is stored of these statements, by slug."""
        raise NotImplementedError

    def stored(self, slug: str, row: Row, candidates: dict[str, Any]) -> _Stored | None:
        raise NotImplementedError

    def says(self, row: Row, stored: _Stored, *, apart: Iterable[str] = ()) -> bool:
        """Whether every cell of the row, but those of the columns set ``apart``, is that of the stored row."""
        if row.faults:
            return False
        for column in self.columns:
            name = column.name
            cell = row.cells.get(name, "").strip()
            if cell and name not in apart:
                if "\r" in cell:
                    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
                if cell != stored.cells.get(name) or not self.is_plain(column, cell):
                    return False
        return True

    def is_plain(self, column: Column, cell: str) -> bool:
        """Whether the cell is read without a notice as a value that is written as this cell."""
        if type(column.widget) is TextWidget:
            return cell != CLEAR
        known = self._remembered.get((column.name, cell))
        if known is None:
            known = self._is_plain(column, cell)
            if len(cell) <= _LONGEST_REMEMBERED:
                if len(self._remembered) == _MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[column.name, cell] = known
        return known

    def _is_plain(self, column: Column, cell: str) -> bool:
        widget: Any = column.widget
        if isinstance(widget, ReferenceWidget) and widget.model is Statement:
            return True  # it is the slug of the very statement that was found by it
        self._context.notices.clear()
        try:
            value = column.value_of(cell, self._context)
        except ValueError:
            return False
        return not self._context.notices and widget.render(value) == cell


class _Parts(_Compared):
    """Rows of citations, wordings, mentions or counts, found by their key, else by what identifies them."""

    kind: PartKind

    def load(self, slug_of: SlugOf) -> dict[str, dict[Any, list[_Stored]]]:
        model, needed = self.kind.model, {self.kind.identity, *self.kind.natural} - {"statement"}
        wanted = [column for name, column in self.kind.columns().items() if name in needed or column in self.columns]
        wanted = [column for column in wanted if column.name != "statement"]
        lists = [column.name for column in wanted if column.attribute == "planned_addressees"]
        cells = [_Cell(column, model) for column in wanted if column.name not in lists]
        paths = [path for cell in cells for path in cell.paths]
        rows = model._default_manager.filter(statement__among=slug_of).order_by()
        addressees = _addressees(slug_of) if lists else {}
        found: dict[str, dict[Any, list[_Stored]]] = {}
        for pk, statement, *values in rows.values_list("pk", "statement_id", *paths):
            given = iter(values)
            texts = {cell.name: cell.text(*[next(given) for _path in cell.paths]) for cell in cells}
            texts["statement"] = slug = slug_of[statement]
            texts |= {name: addressees.get(pk, "") for name in lists}
            stored = _Stored(texts, texts.get("key", ""))
            of_statement = found.setdefault(slug, defaultdict(list))
            for mark in filter(None, (texts.get("key"), tuple(texts[name] for name in self.kind.natural))):
                of_statement[mark].append(stored)
        return found

    def stored(self, slug: str, row: Row, candidates: dict[str, Any]) -> _Stored | None:
        cells = row.cells
        key = cells.get("key", "").strip()
        mark = key or tuple(cells.get(name, "").strip() for name in self.kind.natural)
        alike = candidates[slug].get(mark, [])
        return alike[0] if len(alike) == 1 and self.says(row, alike[0]) else None


class _Statements(_Compared):
    """Rows of statements, with what their short forms say of words and sources."""

    _APART = frozenset({*_OF_WORDS, "source_urls", "related_statement"})

    def load(self, slug_of: SlugOf) -> dict[str, Any]:
        lists = {*_LISTS_OF_STATEMENTS, "speakers", "attributions"}
        plain = [column for column in self.columns if column.name not in lists | self._APART]
        cells = [_Cell(column, Statement) for column in plain]
        paths = [path for cell in cells for path in cell.paths]
        found: dict[str, _Stored] = {}
        rows = Statement.objects.filter(pk__among=slug_of).order_by()
        for pk, title, *values in rows.values_list("pk", "title", *paths):
            given = iter(values)
            texts = {cell.name: cell.text(*[next(given) for _path in cell.paths]) for cell in cells}
            found[slug_of[pk]] = _Stored(texts, title)
        header = {column.name for column in self.columns}
        if header & _LISTS_OF_STATEMENTS.keys():
            self._add_issuers(found, slug_of)
        if header & {"speakers", "attributions"}:
            self._add_speakers(found, slug_of)
        self._wordings = _wordings(slug_of) if "text" in header else {}
        self._reports = _reports(slug_of) if "source_urls" in header else {}
        return found

    def stored(self, slug: str, row: Row, candidates: dict[str, Any]) -> _Stored | None:
        stored: _Stored = candidates[slug]
        cells = row.cells
        # Without a slug it is found by what it says, and what it relates to is looked at for circles.
        if not cells.get("slug", "").strip() or cells.get("related_statement", "").strip():
            return None
        is_said = self.says(row, stored, apart=self._APART) and self._says_words(slug, cells)
        return stored if is_said and self._says_sources(slug, cells) else None

    def _add_issuers(self, found: dict[str, _Stored], slug_of: SlugOf) -> None:
        parts: dict[tuple[str, str], list[str]] = defaultdict(list)
        rows = Issuer.objects.filter(statement__among=slug_of)
        for statement, part, organisation in rows.values_list("statement_id", "part", "organisation__slug"):
            parts[slug_of[statement], part].append(organisation)
        for slug, stored in found.items():
            for name, part in _LISTS_OF_STATEMENTS.items():
                stored.cells[name] = joined(parts.get((slug, part), ()))

    def _add_speakers(self, found: dict[str, _Stored], slug_of: SlugOf) -> None:
        roles: dict[str, list[tuple[str, str]]] = defaultdict(list)
        rows = SpeakerRole.objects.filter(statement__among=slug_of)
        for statement, speaker, attribution in rows.values_list("statement_id", "speaker__slug", "attribution"):
            roles[slug_of[statement]].append((speaker, attribution))
        render = self.kind.columns()["attributions"].widget.render
        for slug, stored in found.items():
            of_statement = roles.get(slug, [])
            stored.cells["speakers"] = joined(speaker for speaker, _attribution in of_statement)
            stored.cells["attributions"] = render([attribution for _speaker, attribution in of_statement])

    def _says_words(self, slug: str, cells: Mapping[str, str]) -> bool:
        """Whether the short form of a wording says the one stored wording of that language and kind."""
        given = {
            name: cells.get(name, "").strip() for name in ("text", "text_language", "text_kind", "text_is_excerpt")
        }
        if not any(given.values()):
            return True
        columns = self.kind.columns()
        if not all(self.is_plain(columns[name], cell) for name, cell in given.items() if cell and name != "text"):
            return False
        alike = self._wordings.get((slug, given["text_language"], given["text_kind"]), [])
        if len(alike) != 1:
            return False
        text, is_excerpt = alike[0]
        words = given["text"].replace("\r\n", "\n").replace("\r", "\n")
        return bool(words) and words == text and given["text_is_excerpt"] in ("", "true" if is_excerpt else "false")

    def _says_sources(self, slug: str, cells: Mapping[str, str]) -> bool:
        cell = cells.get("source_urls", "").strip()
        if not cell:
            return True
        try:
            urls = self.kind.columns()["source_urls"].value_of(cell, self._context)
        except ValueError:
            return False
        sources = self.kind.directory.of(Source)
        cited = self._reports.get(slug, set())
        return all(any(source.pk in cited for source in sources.named(url)[:1]) for url in urls)


class _Cell:
    """How the cell of a column is made from columns of the database."""

    def __init__(self, column: Column, model: type[models.Model]) -> None:
        self.name = column.name
        widget: Any = column.widget
        self.paths = column.model_fields(model)
        self.text: Callable[..., str]
        if isinstance(widget, ReferenceWidget):
            self.paths = [f"{column.attribute}__slug"]
            self.text = _plain_text
        elif isinstance(widget, PartialDateWidget):
            self.text = _date_text
        elif type(widget).render is TextWidget.render:
            self.text = _plain_text
        else:
            self.text = widget.render


def _plain_text(value: Any) -> str:
    return "" if value is None else str(value)


def _date_text(first: Any, last: Any) -> str:
    if first is None:
        return ""
    return str(first) if first == last else PartialDate(first, last).isoformat()


def _addressees(statement_ids: Iterable[int]) -> dict[int, str]:
    """By mention, the cell of the addressees that it names itself."""
    rows = DemandMention.addressees.through._default_manager.filter(demandmention__statement__among=statement_ids)
    of_each: dict[int, list[str]] = defaultdict(list)
    for pk, slug in rows.values_list("demandmention_id", "organisation__slug"):
        of_each[pk].append(slug)
    return {pk: joined(sorted(slugs)) for pk, slugs in of_each.items()}


def _wordings(slug_of: SlugOf) -> dict[tuple[str, str, str], list[tuple[str, bool]]]:
    """By statement, language and kind, the words that name no source, and whether they are an excerpt."""
    found: dict[tuple[str, str, str], list[tuple[str, bool]]] = defaultdict(list)
    rows = Wording.objects.filter(statement__among=slug_of, source=None).order_by()
    for statement, language, kind, text, is_excerpt in rows.values_list(
        "statement_id", "language", "kind", "text", "is_excerpt"
    ):
        found[slug_of[statement], language, kind].append((text, is_excerpt))
    return found


def _reports(slug_of: SlugOf) -> dict[str, set[int]]:
    """By statement, the sources that it cites as reports."""
    found: dict[str, set[int]] = defaultdict(set)
    rows = Citation.objects.filter(statement__among=slug_of, role=Citation.Role.REPORT).order_by()
    for statement, source in rows.values_list("statement_id", "source_id"):
        found[slug_of[statement]].add(source)
    return found
