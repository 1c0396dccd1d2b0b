"""What the desk's searches look in, and the database's own index of its words, for the tables that grow without end.

As in ``models.search``: on SQLite an FTS5 table beside the table, kept by triggers; on PostgreSQL a generated column of
the type tsvector. Both hold the words of a column as they stand there between spaces, and no places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from statements.models.search import All, Words

#: Of a search that finds more, those that were entered last: no list of the desk is longer.
MOST_FOUND = 10_000


class StatementWords(models.Model):
    """The words by which the desk finds a statement: of its title and its slug, and a mark for each who made it.

    A narrow table of its own: whoever looks through many statements reads nothing else of them.
    """

    statement = models.OneToOneField(
        "statements.Statement", models.CASCADE, primary_key=True, related_name="desk_words"
    )
    words = models.TextField()

    def __str__(self) -> str:
        return f"{self.statement_id}:{self.words}"


@dataclass(frozen=True)
class IndexedWords:
    """A column with words between spaces, and the number that the rows of its table have."""

    table: str
    column: str
    key: str = "id"

    @property
    def name(self) -> str:
        """Of the index on SQLite; its triggers have names that begin so."""
        return f"{self.table}_found"


#: On SQLite a migration that alters one of these tables drops its triggers: it makes them anew, as 0007 does.
INDEXED = {
    "statement": IndexedWords("statements_statementwords", "words", "statement_id"),
    "source": IndexedWords("statements_source", "folded"),
    "referencechange": IndexedWords("statements_referencechange", "folded"),
}
VECTOR = "folded_vector"

#: Of so many alternatives PostgreSQL may ask row by row; each of more would take longer than to ask the index for all.
_ASKED_OF_ROWS = 20
#: Beginnings of so few letters are in most rows.
_SHORT = 2

#: One of these must stand in the column, each a word or several that follow each other, the last perhaps not whole.
Passages = Sequence[str]


def numbers_found(model: type[models.Model], words: Words, passages: Sequence[Passages] = ()) -> RawSQL:
    """For ``pk__in``: of the rows with all these words and passages, at most MOST_FOUND + 1, those entered last.

    SQLite reads its index of words from the end and stops there. PostgreSQL goes back through the rows where it takes
    the words for common, and asks the index where it takes them for rare.
    """
    where = INDEXED[str(model._meta.model_name)]
    likes = [f"% {passage}%" for alternatives in passages for passage in alternatives]
    has_one = f'"{where.column}" LIKE %s'
    follow = "".join(f" AND ({' OR '.join([has_one] * len(alternatives))})" for alternatives in passages)
    # Names of our own in all of these; what somebody typed is a parameter.
    if connection.vendor == "sqlite":
        query = words.written(word='"{}"', start='"{}" *', both=" AND ", either=" OR ")
        found = f'SELECT rowid FROM "{where.name}" WHERE "{where.name}" MATCH %s'  # noqa: S608
        sql = f"{found}{follow} ORDER BY rowid DESC LIMIT %s"
    else:
        query = words.written(word="'{}'", start="'{}':*", both=" & ", either=" | ")
        few = sum(map(len, words.parts)) <= _ASKED_OF_ROWS
        # What almost every row has is asked of the rows: no index is like this condition.
        of_rows = " IS TRUE" if few and all(map(_is_short, words.parts)) else ""
        found = f'SELECT "{where.key}" FROM "{where.table}" WHERE ("{VECTOR}" @@ %s::tsquery){of_rows}'  # noqa: S608
        with_found = f"WITH found AS {'NOT ' if few else ''}MATERIALIZED ({found}{follow}) "
        last = f'{with_found}SELECT "{where.key}" FROM found ORDER BY "{where.key}" DESC LIMIT %s'  # noqa: S608
        # Of an array PostgreSQL thinks that it is short, and looks for each of its numbers instead of reading all rows.
        sql = f"SELECT unnest(ARRAY({last}))"
    parameters: tuple[Any, ...] = (query, *likes, MOST_FOUND + 1)
    return RawSQL(sql, parameters)  # noqa: S611


def _is_short(alternatives: Sequence[All]) -> bool:
    return any(len(words) == 1 and words[0].is_start and len(words[0].word) <= _SHORT for words in alternatives)
