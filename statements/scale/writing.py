"""Storing what was made up: the desk's rows, their versions, and the record's rows, as publishing makes them."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from statements.bulk import made, prepared
from statements.models import (
    Citation,
    CountObservation,
    DemandMention,
    Issuer,
    Move,
    OldSlug,
    Source,
    SpeakerRole,
    Statement,
    Through,
    Version,
    Wording,
)
from statements.record import desk_index, index, named
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

#: The models of which each row is given its id, and how many of one of them a statement has at most.
_NUMBERED: list[type[models.Model]] = [
    *(Statement, Version, Source, Issuer, SpeakerRole, Wording, Citation, CountObservation, DemandMention, Move),
    DemandMention.addressees.through,
]
_MOST_OF_ONE = 16

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


def prepared_desk(made_up: Sequence[Batch], told: Sequence[History]) -> list[Callable[[], None]]:
    """What stores all rows of the desk of these batches, table by table, when it is called. Each row has its id: they
    refer to each other, and others may be stored at the same time.
    """
    bundles = [bundle for batch in made_up for bundle in batch.bundles]
    tables: list[Sequence[Any]] = [
        [row for bundle in bundles for row in getattr(bundle, name)]
        for name in ("issuers", "speaker_roles", "wordings", "citations", "counts")
    ]
    mentions = [mention for bundle in bundles for mention in bundle.mentions]
    tables += [[mention.row for mention in mentions], [move for one in told for move in one.moves]]
    first = bundles[0].statement.pk
    for rows in tables:
        _number(rows, first)
    addressees: Sequence[Any] = list(_addressees(mentions))
    _number(addressees, first)
    sources: Sequence[Any] = [row for batch in made_up for row in batch.sources]
    versions: Sequence[Any] = [row for one in told for row in one.versions]
    statements: Sequence[Any] = [bundle.statement for bundle in bundles]
    return [prepared(rows) for rows in [sources, statements, versions, *tables, addressees]]


def _number(rows: Sequence[Any], first: int) -> None:
    """``first`` is the first of the statements that they are of."""
    for number, row in enumerate(rows, _MOST_OF_ONE * (first - 1) + 1):
        row.pk = number


def _addressees(mentions: Sequence[Any]) -> Iterator[Any]:
    for mention in mentions:
        for organisation in mention.addressees:
            yield made(
                DemandMention.addressees.through, demandmention_id=mention.row.pk, organisation_id=organisation.pk
            )


def store_desk(desk: Sequence[Callable[[], None]], statement_ids: Sequence[int]) -> None:
    """In a transaction."""
    for store in desk:
        store()
    desk_index.refresh(statement_ids)


def prepared_record(made_up: Sequence[Batch], told: Sequence[History]) -> Callable[[], None]:
    """What stores the record's rows when it is called: after the desk, in the same transaction."""
    shown = [version for one in told for version in one.shown]
    rows = index.rows_for(shown, known=_known(made_up))
    for version in (version for one in told for version in one.versions):
        if version.public_number is not None:
            # Readers could see it once.
            rows.names |= named.named_in(version.document)
    return partial(index.write, shown, are_new=True, rows=rows)


def _known(made_up: Sequence[Batch]) -> dict[tuple[str, str], int]:
    """All that the documents of these batches name: they are related to each other only."""
    kind = OldSlug.Kind
    found: dict[tuple[str, str], int] = {}

    def know(of: str, row: Any) -> None:
        if row is not None:
            found[of, row.slug] = row.pk

    for bundle in (bundle for batch in made_up for bundle in batch.bundles):
        know(kind.STATEMENT, bundle.statement)
        for issuer in bundle.issuers:
            know(kind.ORGANISATION, issuer.organisation)
        for role in bundle.speaker_roles:
            know(kind.SPEAKER, role.speaker)
        for mention in bundle.mentions:
            know(kind.DEMAND, mention.row.demand)
            for organisation in mention.addressees:
                know(kind.ORGANISATION, organisation)
        for count in bundle.counts:
            know(kind.MEASURE, count.measure)
            know(kind.ORGANISATION, count.attributed_to)
        for citation in bundle.citations:
            know(kind.SOURCE, citation.source)
        for wording in bundle.wordings:
            know(kind.SOURCE, wording.source)
    return found


def finish() -> None:
    """Let the database know what it holds now: ids that were given, how many rows there are, which words."""
    sequences = connection.ops.sequence_reset_sql(no_style(), _NUMBERED)
    with connection.cursor() as cursor:
        for statement in sequences:
            cursor.execute(statement)
    index.forget_deleted_words()
    desk_index.forget_deleted_words()
    index.analyse()
