"""What an erasure would do, and doing it, in one transaction."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.erasing.places import Place, beyond_reach, delete_files, places, runs_with_files
from statements.actions.erasing.words import (
    MARK,
    SHORTEST,
    Words,
    content_without,
    context_without,
    emptied,
    found_in,
    texts_in,
)
from statements.actions.reference import Changed, record_changes
from statements.actions.refusal import Refusal
from statements.actions.rewriting import Wanted, rewrite
from statements.actions.versions import save_documents
from statements.bulk import insert, update
from statements.models import Erasure, ImportRun, Statement, Through, Version
from statements.record import desk_index, index
from statements.record.content_version import readers_see_a_change
from statements.record.document import ERASED, SCHEMA, Document, build, is_erased, load
from statements.record.identities import Identities

ERASE = "statements.erase_statement"


@dataclass(frozen=True)
class Target:
    """What is to be erased: exact words, a wording as a whole by its key, or a version as a whole by its number."""

    words: str = ""
    wording: str = ""
    version: int | None = None


@dataclass(frozen=True)
class InVersion:
    """``found`` is (list, field) -> how often. Of a version that goes as a whole it is empty."""

    version: Version
    found: Counter[tuple[str, str]]

    @property
    def times(self) -> int:
        return sum(self.found.values())


@dataclass
class Preview:
    """``versions`` are rewritten; ``places`` are rows elsewhere that are; the files of ``runs`` are deleted.

    ``desk``: whether the desk says it now. ``is_shown``: whether readers see it now. ``other_case`` is how often the
    words stand there in other letter case, and stay. ``beyond`` says what no erasure reaches.
    """

    statement: Statement
    target: Target
    words: Words
    versions: list[InVersion]
    places: list[Place]
    runs: list[ImportRun]
    desk: bool
    is_shown: bool
    other_case: int
    beyond: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return self.target.version is not None

    @property
    def digest(self) -> str:
        """Another one as soon as anything of this is. It says nothing about the words."""
        rows = [
            [self.statement.pk, self.target.words, self.target.wording, self.target.version],
            [[one.version.pk, one.version.content_hash, sorted(one.found.items())] for one in self.versions],
            [[place.label, [row.pk for row in place.rows]] for place in self.places],
            [run.pk for run in self.runs],
            [self.desk, self.is_shown],
        ]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


class Outdated(Refusal):  # it is an answer, not an error
    """Something that was shown is different by now. ``preview`` is what would be erased now; nothing was."""

    def __init__(self, preview: Preview) -> None:
        super().__init__([_("Something changed after you had looked at it. Look again: nothing was erased yet.")])
        self.preview = preview


def preview(*, statement: Statement, target: Target, by: User) -> Preview:
    """What ``erase`` would do now. Writes nothing. Raises Refusal where it would refuse."""
    return _planned(Statement.objects.get(pk=statement.pk), target, by)


@transaction.atomic
def erase(*, statement: Statement, target: Target, reason: str, by: User, digest: str) -> Preview:
    """Do what the preview of this ``digest`` showed, and return it. ``reason`` is one of Erasure.Reason.

    Raises Refusal with every reason, and Outdated where the preview is another by now. About a hundred queries.
    """
    _overwrite_what_is_deleted()
    stored = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    planned = _planned(stored, target, by)
    if reason not in Erasure.Reason.values:
        raise Refusal([_("Say for which kind of reason.")])
    if planned.digest != digest:
        raise Outdated(planned)
    contents = _contents_of_the_desk(stored)
    for place in planned.places:
        place.clear()
    _erase_versions(planned, reason=reason, by=by)
    _rewrite_desk(planned, contents, by=by)
    delete_files(planned.runs)
    if not planned.versions:
        _keep_that_it_was_done(stored, reason=reason, by=by)
    shown = [one.version for one in planned.versions if one.version.pk == stored.published_version_id]
    if shown and stored.is_public:
        index.write(shown)
    readers_see_a_change()
    index.forget_deleted_words()
    desk_index.forget_deleted_words()
    statement.refresh_from_db()
    return planned


def _planned(statement: Statement, target: Target, by: User) -> Preview:
    reasons = [] if by.has_perm(ERASE) else [_("Only administrators may erase.")]
    versions = list(Version.objects.filter(statement=statement).order_by("number"))
    whole = [version for version in versions if not is_erased(version.document)]
    if target.version is not None:
        going, of_reasons = _going(target.version, versions, statement)
        found = [InVersion(version, Counter()) for version in going]
        words = _only_in(going, [version for version in whole if version not in going])
    else:
        words, of_reasons = _words_of(target, whole)
        counted = [InVersion(version, found_in(version.document, words, wording=target.wording)) for version in whole]
        found = [one for one in counted if one.found]
    reasons += of_reasons
    if reasons:
        raise Refusal(reasons)
    elsewhere = places(statement, words, with_references=bool(target.words), is_whole=target.version is not None)
    if not found and not elsewhere:
        raise Refusal([_("These words stand nowhere in this statement, letter by letter. Copy them from it.")])
    numbers = {one.version.number for one in found}
    runs = runs_with_files(statement, elsewhere, [one.version for one in found])
    return Preview(
        statement=statement,
        target=target,
        words=words,
        versions=found,
        places=elsewhere,
        runs=runs,
        desk=bool(versions) and versions[-1].number in numbers,
        is_shown=statement.is_public and any(one.version.pk == statement.published_version_id for one in found),
        other_case=_in_other_case(whole, words) if target.words else 0,
        beyond=list(beyond_reach(statement, words, runs)),
    )


def _words_of(target: Target, versions: Sequence[Version]) -> tuple[Words, list[str]]:
    if target.wording:
        texts = {
            row["text"]
            for version in versions
            for row in version.document["content"]["wordings"]
            if row["key"] == target.wording and row["text"] != MARK
        }
        return Words(texts), [] if texts else [_("No version has this wording any more.")]
    if len(target.words.strip()) < SHORTEST:
        return Words([]), [_("Write at least three letters: fewer stand in many other words.")]
    if Words([target.words]).count(MARK):
        return Words([]), [_("This is the mark of what was left out.")]
    return Words([target.words]), []


def _going(number: int, versions: Sequence[Version], statement: Statement) -> tuple[list[Version], list[str]]:
    """The version with all that say exactly the same, or why it can't go."""
    wanted = next((version for version in versions if version.number == number), None)
    if wanted is None:
        return [], [_("There is no version %(number)s.") % {"number": number}]
    if is_erased(wanted.document):
        return [], [_("Version %(number)s was erased already.") % {"number": number}]
    same = [v for v in versions if v.content_hash == wanted.content_hash and not is_erased(v.document)]
    if statement.is_public and any(version.pk == statement.published_version_id for version in same):
        return same, [
            _("Readers see version %(number)s now. Withdraw the statement or publish another version, then erase it.")
            % {"number": number}
        ]
    return same, []


def _only_in(going: Sequence[Version], others: Sequence[Version]) -> Words:
    """The texts that no other version has: what else holds them must lose them, too."""

    def texts(versions: Sequence[Version]) -> set[str]:
        return {text for version in versions for _list, _field, text in texts_in(version.document["content"])}

    return Words(texts(going) - texts(others) - {MARK})


def _in_other_case(versions: Sequence[Version], words: Words) -> int:
    latest = versions[-1:]
    return sum(
        words.count_in_other_case(text)
        for version in latest
        for _list, _field, text in texts_in(version.document["content"])
    )


def _erase_versions(planned: Preview, *, reason: str, by: User) -> None:
    now = timezone.now()
    erased = {"reason": reason, "on": timezone.localdate(now).isoformat()}
    rows = []
    for one in planned.versions:
        version = one.version
        hashed = version.content_hash if planned.is_whole else _hash_of_words(planned, version)
        what = Erasure.What.VERSION if planned.is_whole else Erasure.What.WORDS
        rows.append(
            Erasure(
                version=version,
                what=what,
                reason=reason,
                erased_hash=hashed,
                at=now,
                by=by,
                by_name=by.get_username(),
            )
        )
        version.document = _document_without(planned, version.document) | {ERASED: erased}
        if planned.is_whole:
            version.why = ""
            version.revision_note = MARK if version.revision_note else ""
    versions = [one.version for one in planned.versions]
    update(versions, ["document", "why", "revision_note"] if planned.is_whole else ["document"])
    insert(rows)


def _keep_that_it_was_done(statement: Statement, *, reason: str, by: User) -> None:
    """Where no version held the words, notes to readers did, and no tombstone tells that they are others now."""
    statement.refresh_from_db()
    changes = {"erased": ["", str(Erasure.Reason(reason).label)]}
    record_changes(changed=[Changed(statement, changes)], by=by, through=Through.ERASURE)


def _document_without(planned: Preview, document: Document) -> Document:
    if planned.is_whole:
        return {"schema": SCHEMA}
    wording = planned.target.wording
    return {
        **document,
        "content": content_without(document["content"], planned.words, wording=wording),
        "context": context_without(document["context"], planned.words),
    }


def _hash_of_words(planned: Preview, version: Version) -> str:
    words = planned.words.texts[0] if planned.words.texts else ""
    for row in version.document["content"]["wordings"]:
        if planned.target.wording and row["key"] == planned.target.wording:
            words = row["text"]
    return hashlib.sha256(words.encode()).hexdigest()


def _contents_of_the_desk(statement: Statement) -> Document:
    content: Document = build(load([statement.pk])[statement.pk])["content"]
    return content


def _rewrite_desk(planned: Preview, content: Document, *, by: User) -> None:
    """The desk says no more than its latest version. Where that went as a whole, one more version has what is left:
    who, when, and where it stands.
    """
    if planned.is_whole and not planned.desk:
        return
    wording = planned.target.wording
    new = emptied(content) if planned.is_whole else content_without(content, planned.words, wording=wording)
    if new == content:
        return
    pk = planned.statement.pk
    written: dict[int, Any] = rewrite([Wanted(pk, new, Identities([new]).of(new))])
    save_documents(documents=written, by=by, through=Through.ERASURE)


def _overwrite_what_is_deleted() -> None:
    """SQLite leaves deleted words in free pages of its file unless it is told to write zeros over them, and in its
    journal until that is emptied. PostgreSQL keeps old rows until its VACUUM.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
        transaction.on_commit(_empty_the_journal)


def _empty_the_journal() -> None:
    # Where somebody reads just now, the next one who writes enough empties it.
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
