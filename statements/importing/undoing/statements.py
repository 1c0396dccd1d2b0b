"""Statements that a run brought or changed: which go, which say again what they said, and which are left alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements.actions.moves import after_import
from statements.actions.restoring import (
    Taken,
    circle_sentence,
    in_circles,
    prepare,
    restore_all,
    stored_relations,
    taken_reasons,
)
from statements.bulk import BATCH, batches, update
from statements.importing.drafts import shown
from statements.importing.kinds import kind_named
from statements.importing.undoing.fate import Changes, Fate, changed_since, has_old_address, in_use_by
from statements.importing.undoing.kept import Kept
from statements.importing.undoing.uses import labels_of, named_since, users_of, with_old_addresses
from statements.models import ImportRun, OldSlug, Statement, Through, Version

_IN_REVIEW, _DRAFT = Statement.Step.IN_REVIEW, Statement.Step.DRAFT


@dataclass
class StatementFate(Fate):
    """``version`` is the number of the row of the version to restore; None where the run changed no content.

    ``outside`` are old and new cells that no version holds. ``relates_to`` is to what it is related once it is back,
    ``taken`` are keys that it then needs back from another statement.
    """

    slug: str = ""
    slug_then: str = ""
    step: str = ""
    desk_note: str = ""
    version: int | None = None
    outside: Changes = field(default_factory=dict)
    relates_to: int | None = None
    taken: list[Taken] = field(default_factory=list)

    @property
    def gives_up(self) -> bool:
        """Whether its rows and its relation of today go."""
        return self.goes or (self.comes_back and self.version is not None)


class _Saved(NamedTuple):
    """A version, without its document."""

    statement: int
    pk: int
    number: int
    content_hash: str
    public_number: int | None
    saved_at: datetime
    by: str
    run: int | None
    run_undone_at: datetime | None


Fates = dict[int, StatementFate]


def plan_statements(run: ImportRun, kept: Kept) -> tuple[Fates, set[tuple[str, str]]]:
    """The fate of every statement of the run, and (kind, slug) of what versions that stay name.

    A fixed number of queries, and of queries for each 500 statements; what it changed is read as restoring it would.
    """
    fates = _fates(run, kept)
    for one in list(fates.values()):
        if one.comes_back and one.version is None and not one.outside:
            del fates[one.pk]  # nothing of it is known to undo
    _prepare(fates)
    named = named_since(run, [one.pk for one in fates.values() if one.reasons])
    _settle(fates, named)
    return fates, named


def carry_out(fates: Fates, *, run: ImportRun, by: User, reason: str) -> None:
    """Delete, restore, and put steps and desk notes back. Call it in the transaction that locked the statements."""
    going = [one.pk for one in fates.values() if one.goes]
    for batch in batches(going):
        # Whoever is related to one of them goes as well, or is about to say again what it said.
        Statement.objects.filter(related_statement__in=batch).update(relation="", related_statement=None)
    for batch in batches(going):
        Statement.objects.filter(pk__in=batch).delete()
    back = [one for one in fates.values() if one.comes_back]
    versions = [Version(pk=one.version, statement_id=one.pk) for one in back if one.version is not None]
    if versions:
        restore_all(versions=versions, by=by, why=reason, through=Through.IMPORT, run=run)
    for fated in batches([one for one in back if one.outside]):
        rows = Statement.objects.in_bulk([one.pk for one in fated])
        before = {pk: str(row.step) for pk, row in rows.items()}
        for one in fated:
            _put_back_outside(rows[one.pk], one.outside)
        update(list(rows.values()), ["step", "desk_note"])
        after_import(steps={pk: (before[pk], str(row.step)) for pk, row in rows.items()}, made=[], by=by, note=reason)


def _put_back_outside(statement: Statement, outside: Changes) -> None:
    if "desk_note" in outside:
        statement.desk_note = outside["desk_note"][0]
    if "step" in outside:
        old, _new = outside["step"]
        # A cell tells two steps only. Somebody may have taken it further since, and what readers see is done.
        if old == _DRAFT and statement.step == _IN_REVIEW:
            statement.step = _DRAFT
        elif old == _IN_REVIEW and statement.step == _DRAFT:
            statement.step = _IN_REVIEW


def _fates(run: ImportRun, kept: Kept) -> Fates:
    columns = run.statements.order_by("pk").values_list("pk", "title", "slug", "step", "desk_note")
    found = {
        pk: StatementFate(pk, title, is_new=False, slug=slug, step=step, desk_note=note)
        for pk, title, slug, step, note in columns.iterator(chunk_size=BATCH)
    }
    slugs_then = dict(Version.objects.filter(run=run).values_list("statement_id", "document__context__slug"))
    for pk, saved in groupby(_saved(run), key=lambda version: version.statement):
        one, versions = found[pk], list(saved)
        one.outside = kept.statements.get(pk, {})
        own = next((version for version in versions if version.run == run.pk), None)
        if own is None:
            _judge_step(one, versions, run, kept)
        else:
            one.slug_then = slugs_then[pk]
            _judge(one, own, versions, kept)
    for pk in with_old_addresses(Statement, [one.pk for one in found.values() if one.goes]):
        found[pk].keep(has_old_address())
    return found


def _saved(run: ImportRun) -> Iterator[_Saved]:
    """All versions of the statements of the run, by statement and number. One query."""
    versions = Version.objects.filter(statement__runs=run).order_by("statement_id", "number")
    columns = versions.values_list(
        "statement_id",
        "pk",
        "number",
        "content_hash",
        "public_number",
        "saved_at",
        "saved_by_name",
        "run_id",
        "run__undone_at",
    )
    return map(_Saved._make, columns.iterator(chunk_size=BATCH))


def _judge(one: StatementFate, own: _Saved, versions: list[_Saved], kept: Kept) -> None:
    """What the run saved is the first version of what it brought; or of what nobody had ever saved as they should."""
    one.is_new = own.number == 1 and (one.slug_then in kept.new_statements or not kept.is_known)
    one.version = next((version.pk for version in versions if version.number == own.number - 1), None)
    later = [version for version in versions if version.number > own.number]
    # What another run did is no edit once that was undone, too.
    edits = [version for version in later if version.run_undone_at is None]
    if edits:
        names = ", ".join(dict.fromkeys(version.by for version in edits if version.by))
        one.keep(_("It was changed since, by %(names)s.") % {"names": names} if names else changed_since())
    elif versions[-1].content_hash != own.content_hash or _note_was_changed(one, kept):
        one.keep(changed_since())
    if one.slug != one.slug_then:
        one.keep(_("Its address was changed since."))
    if any(version.public_number is not None for version in (own, *later)):
        one.keep(_("It was published since."))
    if one.step == Statement.Step.SCHEDULED:
        one.keep(_("A reviewer has approved it for publication."))
    if not one.is_new and one.version is None:
        one.keep(_("The version before the import is missing."))


def _note_was_changed(one: StatementFate, kept: Kept) -> bool:
    if "desk_note" in one.outside:
        return bool(one.desk_note != one.outside["desk_note"][1])
    return one.is_new and kept.is_known and shown("", one.desk_note)[1] != kept.new_statements.get(one.slug_then)


def _judge_step(one: StatementFate, versions: list[_Saved], run: ImportRun, kept: Kept) -> None:
    """The run changed nothing that a version holds. Of a run that kept nothing the step is all that can be undone:
    whatever waits for a reviewer since goes back to its editor.
    """
    if not kept.is_known and one.step == _IN_REVIEW:
        one.outside = {"step": [str(_DRAFT), str(_IN_REVIEW)]}
    if not one.outside:
        return
    edits = [version for version in versions if run.ended_at is not None and version.saved_at > run.ended_at]
    if edits or _note_was_changed(one, kept):
        one.keep(changed_since())
    step = kind_named("statements").columns()["step"].cell_of(Statement(step=one.step))
    if "step" in one.outside and step != one.outside["step"][1]:
        one.outside = {name: cells for name, cells in one.outside.items() if name != "step"}
        if not one.outside:
            one.keep(_("It was taken a step further since."))


def _prepare(fates: Fates) -> None:
    """Ask of what would be restored what restoring asks. Its documents are not kept in memory."""
    wanted = {one.version: one for one in fates.values() if one.comes_back and one.version is not None}
    for batch in batches(sorted(pk for pk in wanted if pk is not None)):
        for prepared in prepare(Version.objects.filter(pk__in=batch)):
            one = fates[prepared.statement_id]
            one.reasons += prepared.reasons
            one.relates_to, one.taken = prepared.related_id, prepared.taken


def _settle(fates: Fates, named: set[tuple[str, str]]) -> None:
    """What is left alone may keep others: those that it is related to, and those whose rows moved to it."""
    related = [(owner, pk) for pk, _use, owner in users_of(Statement, [one.pk for one in fates.values() if one.goes])]
    titles = labels_of(Statement, {owner for owner, _pk in related})
    relations = stored_relations() if any(one.relates_to for one in fates.values()) else {}
    leaving: set[int] = set()
    while leaving != (now := {one.pk for one in fates.values() if one.gives_up}):
        leaving = now
        for owner, pk in related:
            if owner not in leaving and fates[pk].goes:
                fates[pk].keep(in_use_by(titles[owner]))
        for one in fates.values():
            if one.goes and (OldSlug.Kind.STATEMENT, one.slug) in named:
                one.keep(_("A version of another statement names it."))
            elif one.comes_back:
                one.reasons += taken_reasons(one.taken, leaving)
        for pk in _leading_back(fates.values(), relations):
            fates[pk].keep(circle_sentence())


def _leading_back(fates: Iterable[StatementFate], relations: dict[int, int]) -> set[int]:
    giving_up = {one.pk: one for one in fates if one.gives_up}
    back = {pk: one.relates_to for pk, one in giving_up.items() if one.comes_back and one.relates_to is not None}
    staying = {pk: target for pk, target in relations.items() if pk not in giving_up}
    return in_circles(staying | back, back)
