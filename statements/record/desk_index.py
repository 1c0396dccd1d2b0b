"""What the desk asks of all statements at once: by which words each is found, and what each needs.

Both are derived from a statement and what hangs on it, so that no list of the desk has to look at that: whoever writes
these rows calls ``refresh`` in the same transaction, and ``check_data`` compares.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from statements.bulk import batches, insert, made, update
from statements.models import Citation, Facet, Issuer, SpeakerRole, Statement, StatementWords
from statements.models.derived import BETWEEN, words_of
from statements.models.finding import INDEXED
from statements.models.queues import NEEDS
from statements.record import words_index
from statements.record.searchable import mark_of


def refresh(statement_ids: Iterable[int]) -> None:
    """Of these statements. Seven queries at most for each 500."""
    for batch in batches(sorted(statement_ids)):
        _refresh(batch)


def refresh_citing(source_ids: Collection[int]) -> None:
    """Of the statements that cite these sources: whether their dates agree depends on those of the sources."""
    citing = Citation.objects.filter(source__in=source_ids).order_by()
    refresh(set(citing.values_list("statement_id", flat=True)) if source_ids else ())


def _refresh(ids: Collection[int]) -> None:
    words = _words(ids)
    stored = dict(StatementWords.objects.filter(pk__among=words).values_list("pk", "words"))
    rows = [made(StatementWords, statement_id=pk, words=now) for pk, now in words.items() if stored.get(pk) != now]
    update([row for row in rows if row.pk in stored], ["words"])
    insert([row for row in rows if row.pk not in stored])
    update([made(Statement, id=pk, **now) for pk, before, now in _needs(ids) if before != now], NEEDS)


def _words(ids: Collection[int]) -> dict[int, str]:
    """What the column of each is to hold. Three queries."""
    marks: dict[int, set[str]] = defaultdict(set)
    for pk, organisation in Issuer.objects.filter(statement__among=ids).values_list("statement_id", "organisation_id"):
        marks[pk].add(mark_of(Facet.ISSUER, organisation))
    for pk, speaker in SpeakerRole.objects.filter(statement__among=ids).values_list("statement_id", "speaker_id"):
        marks[pk].add(mark_of(Facet.SPEAKER, speaker))
    rows = Statement.objects.filter(pk__among=ids).order_by("pk").values_list("pk", "title", "slug")
    return {pk: f"{words_of(title, slug)}{BETWEEN}{' '.join(sorted(marks[pk]))} " for pk, title, slug in rows}


def _needs(ids: Collection[int]) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """(number, as stored, as it ought to be) of each. One query."""
    rows: Any = Statement.objects.filter(pk__among=ids).with_needs().order_by("pk")
    for pk, *flags in rows.values_list("pk", *NEEDS, *(f"now_{name}" for name in NEEDS)):
        before, now = flags[: len(NEEDS)], flags[len(NEEDS) :]
        yield pk, dict(zip(NEEDS, before, strict=True)), dict(zip(NEEDS, now, strict=True))


def differences(ids: Collection[int]) -> set[int]:
    """Those of these statements of which what is stored is not what it ought to be. Five queries."""
    stored = dict(StatementWords.objects.filter(pk__among=ids).values_list("pk", "words"))
    return {pk for pk, now in _words(ids).items() if stored.get(pk) != now} | {
        pk for pk, before, now in _needs(ids) if before != now
    }


def forget_deleted_words() -> None:
    for where in INDEXED.values():
        words_index.forget_deleted(where.name)


def differences_of_words() -> Iterator[str]:
    """Where an index of words on SQLite is not that of its table, or would not follow it."""
    for where in INDEXED.values():
        if not words_index.is_of_its_rows(where.name):
            yield f"The desk's index of words in {where.table} is not that of its rows: migrate it back and again."
        if not words_index.follows(where.name):
            yield f"The desk's index of words does not follow {where.table}: its triggers are not there."
