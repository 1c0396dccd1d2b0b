"""The column that a search looks in, and the lookup by which it asks the database's own index of words.

On SQLite that index is an FTS5 table beside the index of the record, kept by triggers; on PostgreSQL a generated column
of the type tsvector. Both hold the words of the column as they stand there, between spaces: how a text becomes words is
``statements.text.words``, and no tokenizer of a database has a say in it. Neither keeps places: whether words follow
each other is asked of the column itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Lookup

INDEX = "statements_entrywords_search"
#: So many keep an index of words on SQLite, named like it. A migration that alters the table drops them, and makes them
#: anew.
TRIGGERS = 3
VECTOR = "search_vector"

#: Of alternatives side by side; of more, PostgreSQL's reader of queries would need a deeper stack than it has.
_MOST_SIDE_BY_SIDE = 100


@dataclass(frozen=True)
class Word:
    """A word of the index; with ``is_start`` all that begin with it. Of letters, digits and underscores."""

    word: str
    is_start: bool = False


#: Words that must all occur.
All = tuple[Word, ...]


@dataclass(frozen=True)
class Words:
    """What must occur: of every part one of its alternatives, with all words of it. No part may be empty."""

    parts: tuple[tuple[All, ...], ...]

    def written(self, *, word: str, start: str, both: str, either: str) -> str:
        """As the query language of a database has it: ``word`` and ``start`` are templates for one word."""

        def one(item: Word) -> str:
            return (start if item.is_start else word).format(item.word)

        return both.join(
            _nested(["(" + both.join(map(one, words)) + ")" for words in alternatives], either)
            for alternatives in self.parts
        )


def _nested(alternatives: Sequence[str], either: str) -> str:
    if len(alternatives) > _MOST_SIDE_BY_SIDE:
        half = len(alternatives) // 2
        alternatives = [_nested(alternatives[:half], either), _nested(alternatives[half:], either)]
    return "(" + either.join(alternatives) + ")"


class SearchText(models.TextField):
    """Words with a space before and after each."""


@SearchText.register_lookup
class Matches(Lookup):
    """``search_text__matches=Words(...)``: of the rows of the index of the record."""

    lookup_name = "matches"
    prepare_rhs = False
    rhs: Words
    lhs: Any

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        raise NotImplementedError(f"{connection.vendor} has no index of words: use SQLite or PostgreSQL.")

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        query = self.rhs.written(word='"{}"', start='"{}" *', both=" AND ", either=" OR ")
        rows = f'SELECT rowid FROM "{INDEX}" WHERE "{INDEX}" MATCH %s'  # noqa: S608  # a name of our own
        return f"{self._column(compiler, self.lhs.target.model._meta.pk.column)} IN ({rows})", (query,)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        query = self.rhs.written(word="'{}'", start="'{}':*", both=" & ", either=" | ")
        return f"{self._column(compiler, VECTOR)} @@ %s::tsquery", (query,)

    def _column(self, compiler: Any, name: str) -> str:
        return f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{compiler.connection.ops.quote_name(name)}"


@SearchText.register_lookup
class Holds(Matches):
    """The same, asked of a row that is at hand: SQLite's index would first read all rows that have the words."""

    lookup_name = "holds"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        one = f"INSTR({self._column(compiler, self.lhs.target.column)}, %s)"
        items = [item for alternatives in self.rhs.parts for words in alternatives for item in words]
        given = (f" {item.word}" if item.is_start else f" {item.word} " for item in items)
        return self.rhs.written(word=one, start=one, both=" AND ", either=" OR "), tuple(given)
