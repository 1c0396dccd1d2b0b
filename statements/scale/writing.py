"""Storing what was made up: the desk's rows, their versions, and the record's rows, as publishing makes them."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from statements.bulk import insert, made
from statements.models import DemandMention, Move, Statement, Through, Version
from statements.record import desk_index, index
from statements.record.document import Bundle, Document, build, content_hash
from statements.scale import chance
from statements.scale.reference import World
from statements.scale.statements import Batch

#: Who entered and who published: names, as they are kept when an account is gone.
EDITOR, REVIEWER = "scale data, editor", "scale data, reviewer"

#: The first statement was entered then, each further one so much later.
ENTERED_AT = datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC)
_EACH = datetime.timedelta(seconds=100)
_REVIEWED_AFTER, _REVISED_AFTER, _WITHDRAWN_AFTER = (datetime.timedelta(days=days) for days in (1, 20, 40))

#: Kilobytes (negative), and pages of four of them.
_ROOMY = {"cache_size": -250_000, "wal_autocheckpoint": 50_000}

_PUBLIC = 0.9
#: Of those that were ever published.
_WITHDRAWN, _REVISED, _REVISION_WAITS = 0.004, 0.04, 0.01
_UNPUBLISHED = chance.repeated({Statement.Step.DRAFT: 6, Statement.Step.IN_REVIEW: 3, Statement.Step.RETURNED: 1})


@dataclass
class History:
    """What happened to the statements of a batch. ``shown`` are the versions that readers see."""

    versions: list[Version] = field(default_factory=list)
    shown: list[Version] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def history(world: World, batch: Batch) -> History:
    """Versions and steps of these bundles, whose statements are given their step and their public state."""
    told = History()
    random = chance.generator(world.seed, "history", batch.bundles[0].statement.pk)
    for bundle in batch.bundles:
        _Past(random, bundle, told).tell()
    return told


class _Past:
    """What happened to one statement, from the day on which it was entered."""

    def __init__(self, random: Random, bundle: Bundle, told: History) -> None:
        self._random, self._told = random, told
        self._statement = bundle.statement
        self._document = build(bundle)
        self._at = ENTERED_AT + _EACH * self._statement.pk
        self._saved = 0

    def tell(self) -> None:
        if self._random.random() >= _PUBLIC + _PUBLIC * _WITHDRAWN:
            self._remain_unpublished()
            return
        drawn = self._random.random()
        is_revised = drawn < _REVISED + _REVISION_WAITS
        version = self._published(_earlier(self._document) if is_revised else self._document)
        if is_revised:
            version = self._revise(version, is_published=drawn < _REVISED)
        if not is_revised and drawn > 1 - _WITHDRAWN:
            self._withdraw(version)
        else:
            self._told.shown.append(version)

    def _remain_unpublished(self) -> None:
        step = chance.any_of(self._random, _UNPUBLISHED)
        self._statement.step = step.value
        version = self._save(self._document)
        if step != Statement.Step.DRAFT:
            self._move(Move.Kind.SUBMITTED, version, EDITOR)
        if step == Statement.Step.RETURNED:
            self._move(Move.Kind.RETURNED, version, REVIEWER, note="The sources say something else.")

    def _published(self, document: Document, *, revision: str = "") -> Version:
        version = self._save(document)
        self._move(Move.Kind.SUBMITTED, version, EDITOR)
        self._at += _REVIEWED_AFTER
        version.public_number = version.number
        version.published_at, version.published_by_name = self._at, REVIEWER
        version.revision = revision
        if revision == Version.Revision.CORRECTION:
            version.revision_note = "The summary left something out."
        self._move(Move.Kind.PUBLISHED, version, REVIEWER)
        self._statement.step = Statement.Step.DONE.value
        self._statement.published_version_id = version.pk
        return version

    def _revise(self, version: Version, *, is_published: bool) -> Version:
        """Returns what readers see then."""
        self._at += _REVISED_AFTER
        if is_published:
            return self._published(self._document, revision=chance.any_of(self._random, Version.Revision.values))
        self._save(self._document)
        self._statement.step = Statement.Step.DRAFT.value
        return version

    def _withdraw(self, version: Version) -> None:
        self._at += _WITHDRAWN_AFTER
        reason = "The source was taken for another one."
        self._statement.withdrawn_at, self._statement.withdrawn_reason = self._at, reason
        self._move(Move.Kind.WITHDRAWN, version, REVIEWER, note=reason)

    def _save(self, document: Document) -> Version:
        self._saved += 1
        version: Version = made(
            Version,
            # At most two each, so that no id is given twice.
            id=2 * self._statement.pk - 2 + self._saved,
            statement_id=self._statement.pk,
            number=self._saved,
            document=document,
            content_hash=content_hash(document),
            saved_at=self._at,
            saved_by_name=EDITOR,
            through=Through.COMMAND.value,
        )
        self._told.versions.append(version)
        return version

    def _move(self, kind: Move.Kind, version: Version, by_name: str, *, note: str = "") -> None:
        values = {"statement_id": self._statement.pk, "version_id": version.pk, "kind": kind.value}
        self._told.moves.append(made(Move, **values, note=note, at=self._at, by_name=by_name))


def _earlier(document: Document) -> Document:
    """What it said before its summary was completed."""
    content = document["content"]
    first, _stop, _rest = content["summary"].partition(". ")
    return document | {"content": content | {"summary": f"{first}. So far."}}


@contextmanager
def room_for_indexes() -> Iterator[None]:
    """Each statement puts rows in the middle of many indexes. With SQLite's usual cache of 2 MB their pages are
    written again and again.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in _ROOMY}
        for name, value in _ROOMY.items():
            cursor.execute(f"PRAGMA {name} = {value}")
        try:
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name} = {value}")


@transaction.atomic
def store(batch: Batch, told: History) -> None:
    """The ids of statements and versions are given: they refer to each other."""
    bundles = batch.bundles
    insert(batch.sources)
    insert([bundle.statement for bundle in bundles], with_ids=True)
    for name in ("issuers", "speaker_roles", "wordings", "citations", "counts"):
        insert([row for bundle in bundles for row in getattr(bundle, name)])
    mentions = [mention for bundle in bundles for mention in bundle.mentions]
    insert([mention.row for mention in mentions])
    insert(list(_addressees(mentions)))
    insert(told.versions, with_ids=True)
    insert(told.moves)
    desk_index.refresh([bundle.statement.pk for bundle in bundles])
    index.write(told.shown, are_new=True)


def _addressees(mentions: Sequence[Any]) -> Iterator[Any]:
    for mention in mentions:
        for organisation in mention.addressees:
            yield made(
                DemandMention.addressees.through, demandmention_id=mention.row.pk, organisation_id=organisation.pk
            )


def finish() -> None:
    """Let the database know what it holds now: ids that were given, how many rows there are, which words."""
    sequences = connection.ops.sequence_reset_sql(no_style(), [Statement, Version])
    with connection.cursor() as cursor:
        for statement in sequences:
            cursor.execute(statement)
    index.forget_deleted_words()
    desk_index.forget_deleted_words()
    index.analyse()
