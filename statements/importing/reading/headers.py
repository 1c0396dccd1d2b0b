"""The header of a file: which of our columns each of its columns is, and what is wrong with it.

A column is ours under its own name, whatever its case, spaces, marks and accents, or under a synonym; what staff have
chosen comes first. Columns that our own file of rejected rows adds are left out without a word.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from statements.importing.reading.synonyms import EVERYWHERE, OF_KIND
from statements.text import fold

#: What our file of rejected rows adds to the columns that it was handed.
REJECT_COLUMNS = ("line", "errors", "problem", "suggestion")

_SIMILAR = 70  # of 100


@dataclass(frozen=True)
class KnownColumns:
    """The columns of a KIND, as far as a header is concerned. ``identity`` is the one that alone says which row is
    meant, "" where there is none; a file that has it holds corrections and needs no ``required`` column. ``instead``
    leads from a required column to another whose cells can say the same.
    """

    kind: str
    names: tuple[str, ...]
    required: tuple[str, ...] = ()
    identity: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_word(self) -> Mapping[str, str]:
        """The column by each folded word for it: its name or a synonym."""
        words = {folded(word): name for name in self.names for word in self._words_for(name)}
        return words | {folded(name): name for name in self.names}

    def synonyms(self, name: str) -> list[str]:
        """The words by which one of the columns is known besides its name."""
        return [word for word in self._words_for(name) if self.by_word[folded(word)] == name]

    def _words_for(self, name: str) -> Sequence[str]:
        return OF_KIND.get(self.kind, {}).get(name, EVERYWHERE.get(name, ()))


class How(StrEnum):
    """How a column of a file was understood."""

    SAME = "same"
    SYNONYM = "synonym"
    CHOSEN = "chosen"
    LEFT_OUT = "left out"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ReadColumn:
    """``theirs`` as in the file; ``ours`` is "" for a column that is left out or unknown."""

    theirs: str
    ours: str
    how: How


@dataclass(frozen=True)
class HeaderProblem:
    """``column`` as in the file, or ours where it is missing; ``suggestion`` is our name for what may be meant."""

    column: str
    sentence: str
    suggestion: str = ""


@dataclass(frozen=True)
class Header:
    """``columns`` are all those of the file in its order, nameless ones among them, ``problems`` what is wrong."""

    columns: list[ReadColumn]
    problems: list[HeaderProblem] = field(default_factory=list)


def folded(name: str) -> str:
    """A name as it is compared: letters and digits only, where it has any."""
    return fold(name).replace(" ", "") or name.strip()


def matches(cells: Iterable[str], known: KnownColumns, mapping: Mapping[str, str]) -> int:
    """How many of these cells are the name of a column: how much a line looks like the header."""
    chosen = {folded(theirs) for theirs in mapping}
    words = {folded(cell) for cell in cells if cell.strip()}
    return sum(word in known.by_word or word in chosen for word in words)


def understood_header(cells: Sequence[str], known: KnownColumns, mapping: Mapping[str, str]) -> Header:
    """What the columns of a file are. ``mapping`` leads from theirs to ours, or to "" to leave one out."""
    theirs = [" ".join(cell.split()) for cell in cells]
    chosen = {folded(name): ours for name, ours in mapping.items()}
    columns = [_read(name, known, chosen) for name in theirs]
    problems = [
        *_impossible_choices(theirs, known, mapping),
        *(_unknown(name, known) for name in dict.fromkeys(c.theirs for c in columns if c.how == How.UNKNOWN)),
        *_doubled(columns),
        *_missing(columns, known),
    ]
    return Header(columns, problems)


def _read(name: str, known: KnownColumns, chosen: Mapping[str, str]) -> ReadColumn:
    word = folded(name)
    if not name:
        return ReadColumn("", "", How.LEFT_OUT)
    if word in chosen:
        ours = chosen[word] if chosen[word] in known.names else ""
        return ReadColumn(name, ours, How.CHOSEN if ours else How.LEFT_OUT)
    ours = known.by_word.get(word, "")
    if ours:
        return ReadColumn(name, ours, How.SAME if word == folded(ours) else How.SYNONYM)
    return ReadColumn(name, "", How.LEFT_OUT if word in REJECT_COLUMNS else How.UNKNOWN)


def _impossible_choices(
    theirs: Sequence[str], known: KnownColumns, mapping: Mapping[str, str]
) -> Iterable[HeaderProblem]:
    present = {folded(name) for name in theirs if name}
    for name, ours in mapping.items():
        if folded(name) not in present:
            yield HeaderProblem(name, _("A column of this name was chosen, and the file has none. Choose another."))
        if ours and ours not in known.names:
            words = {"ours": ours, "kind": known.kind, "columns": ", ".join(known.names)}
            yield HeaderProblem(
                name,
                _("It can't be read as “%(ours)s”: %(kind)s has no such column. Its columns are: %(columns)s.") % words,
                _nearest(folded(ours), known),
            )


def _unknown(name: str, known: KnownColumns) -> HeaderProblem:
    words = {"kind": known.kind, "columns": ", ".join(known.names)}
    similar = _nearest(folded(name), known)
    if similar:
        words |= {"similar": similar}
        sentence = _("There is no such column in %(kind)s. Did you mean “%(similar)s”?") % words
        return HeaderProblem(name, sentence, similar)
    sentence = _("There is no such column in %(kind)s. Its columns are, separated by commas: %(columns)s.") % words
    return HeaderProblem(name, sentence)


def _nearest(word: str, known: KnownColumns) -> str:
    """Our column with the most similar name or synonym, "" where none is similar."""
    match = process.extractOne(word, list(known.by_word), scorer=fuzz.ratio, score_cutoff=_SIMILAR)
    return known.by_word[match[0]] if match else ""


def _doubled(columns: Sequence[ReadColumn]) -> Iterable[HeaderProblem]:
    unknown = Counter(column.theirs for column in columns if column.how == How.UNKNOWN)
    yield from (HeaderProblem(name, _twice()) for name, count in unknown.items() if count > 1)
    for ours in dict.fromkeys(column.ours for column in columns if column.ours):
        names = [column.theirs for column in columns if column.ours == ours]
        if len(set(names)) > 1:
            words = {"names": ", ".join(f"“{name}”" for name in names), "ours": ours}
            yield HeaderProblem(
                names[-1], _("These columns would all be read as “%(ours)s”: %(names)s. Leave out all but one.") % words
            )
        elif len(names) > 1:
            yield HeaderProblem(names[0], _twice())


def _twice() -> str:
    return _("This column stands twice. Keep one of the two.")


def _missing(columns: Sequence[ReadColumn], known: KnownColumns) -> Iterable[HeaderProblem]:
    present = {column.ours for column in columns}
    if known.identity not in present or not known.identity:
        for name in known.required:
            if name not in present and known.instead.get(name) not in present:
                yield HeaderProblem(name, _("This column is missing, and new rows need it. Add it."))
