"""The one door from the desk to the record: publishing and withdrawing.

Every action takes rows by keyword and ``by=``, checks the permission itself, and raises Refusal with all
reasons at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.moves import (
    RULES,
    Kind,
    locked,
    reasons_against,
    record,
    take_off_schedule,
)
from statements.actions.refusal import Refusal
from statements.models import Schedule, Statement, Version
from statements.record import index
from statements.record.document import ERASED, Document, build, content_hash, load
from statements.record.problems import problems
from statements.record.said import said_by_the_latest


@transaction.atomic
def publish(*, statement: Statement, by: User, revision: str = "", note: str = "") -> Version:
    """Show readers the desk's statement as it stands. A fixed number of queries. ``revision`` as in ``publish_all``."""
    return publish_all(statements=[statement], by=by, revision=revision, note=note)[0]


@transaction.atomic
def publish_all(
    *, statements: Sequence[Statement], by: User, revision: str = "", note: str = "", scheduled: bool = False
) -> list[Version]:
    """``publish`` for many: all or none. The reasons of a refusal name the statement where there are several.

    ``revision``, one of Version.Revision, says to readers what the change is, and must be said where they saw another
    content before; a correction also has a ``note`` for them. It holds for all of these, and for no others.
    ``scheduled``: nobody waits for the answer, so that the reasons name ``by``.
    """
    candidates = _candidates([statement.pk for statement in statements])
    answer = _Answer(revision, note.strip())
    reasons: list[str] = []
    for statement in statements:
        candidate = candidates.get(statement.pk)
        if candidate is None:
            reasons.append(_("%(title)s: It was deleted in the meantime.") % {"title": statement.title})
            continue
        of_this = candidate.reasons(by, scheduled=scheduled)
        if candidate.is_revision:
            of_this += answer.reasons()
        of_this += candidate.problems()
        title = candidate.stored.title
        reasons += [f"{title}: {reason}" if len(statements) > 1 else reason for reason in of_this]
    if reasons:
        raise Refusal(reasons)
    ordered = [candidates[statement.pk] for statement in statements]
    versions = [_marked(candidate, by, answer) for candidate in ordered]
    _show(versions, {candidate.stored.pk: candidate.stored for candidate in ordered}, by)
    for statement in statements:
        statement.refresh_from_db()
    return versions


@transaction.atomic
def reasons_against_publishing(*, statement: Statement, by: User) -> list[str]:
    """All that ``publish`` has against it, whatever readers are told of the change."""
    candidate = _candidates([statement.pk])[statement.pk]
    return [*candidate.reasons(by), *candidate.problems()]


def reasons_against_answer(*, statement: Statement, revision: str, note: str) -> list[str]:
    """What ``publish`` has against what readers are told of the change. One query."""
    return _Answer(revision, note.strip()).reasons() if revised_among([statement.pk]) else []


def revised_among(statement_ids: Iterable[int] | QuerySet[Any, Any]) -> set[int]:
    """Those of these statements (numbers, or a query for them) that readers saw in other words before: whoever
    publishes them says what the change is. One query.
    """
    latest = Version.objects.filter(statement=OuterRef("pk")).order_by("-number").values("content_hash")[:1]
    seen = Statement.objects.filter(published_version__isnull=False)
    among = statement_ids if isinstance(statement_ids, QuerySet) else list(statement_ids)
    differing = seen.filter(pk__in=among).annotate(latest=Subquery(latest))
    differing = differing.exclude(latest=F("published_version__content_hash"))
    return set(differing.values_list("pk", flat=True))


@transaction.atomic
def withdraw(*, statement: Statement, by: User, reason: str) -> None:
    """Take a statement away from readers. Its address says so from now on, with the reason. What was scheduled to take
    its place waits for a reviewer again.
    """
    stored = locked(statement)
    reasons = reasons_against(Kind.WITHDRAWN, statement=stored, by=by)
    if not stored.is_public:
        reasons.append(_("It is not public, so there is nothing to withdraw."))
    if not reason.strip():
        reasons.append(_("Readers are told why: write the reason."))
    if reasons:
        raise Refusal(reasons)
    now = timezone.now()
    if stored.step == Statement.Step.SCHEDULED:
        take_off_schedule(statement_ids=[stored.pk], by=by, note=_("What readers saw was withdrawn."))
    stored.withdrawn_at, stored.withdrawn_by, stored.withdrawn_reason = now, by, reason.strip()
    stored.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    index.remove([stored.pk])
    record(Kind.WITHDRAWN, statement_ids=[stored.pk], by=by, note=reason.strip(), at=now)
    statement.refresh_from_db()


@dataclass(frozen=True)
class _Answer:
    """What readers are told of a change of what they saw."""

    revision: str
    note: str

    def reasons(self) -> list[str]:
        if self.revision not in Version.Revision.values:
            sentence = _(
                "Readers saw it in other words before: say whether this is a minor fix, or a correction with a note "
                "for them."
            )
            return [sentence]
        if self.revision == Version.Revision.CORRECTION and not self.note:
            return [_("Readers are told what was corrected: write the note.")]
        if self.revision == Version.Revision.MINOR and self.note:
            return [_("A minor fix has no note for readers: make it a correction, or leave the note out.")]
        return []


@dataclass
class _Candidate:
    """A locked statement that somebody wants to publish. ``is_saved``: its latest version says what the desk says.
    ``authors`` have changed it since readers saw it last.
    """

    stored: Statement
    version: Version | None
    document: Document
    public_number: int
    is_saved: bool
    authors: set[int] = field(default_factory=set)

    @property
    def is_seen(self) -> bool:
        """Whether readers see exactly this."""
        return self.stored.is_public and not self.is_revision and self.stored.published_version is not None

    @property
    def is_revision(self) -> bool:
        """Whether readers saw another content last."""
        seen = self.stored.published_version
        return seen is not None and self.version is not None and self.version.content_hash != seen.content_hash

    @property
    def was_reviewed(self) -> bool:
        """Whether it would only be shown again as it was until it was withdrawn, and nobody has begun to mend it."""
        withdrawn = self.stored.withdrawn_at is not None and not self.is_revision
        return withdrawn and self.stored.step == Statement.Step.DONE

    def reasons(self, by: User, *, scheduled: bool = False) -> list[str]:
        rule = RULES[Kind.PUBLISHED]
        words = {"name": by.get_username()}
        reasons: list[str] = []
        if not by.has_perm(rule.permission):
            gone = _("%(name)s, who approved it, may not publish statements any more.") % words
            reasons.append(gone if scheduled else str(rule.forbidden))
        if self.is_seen:
            return [*reasons, _("Readers see it exactly as it is: there is nothing to publish.")]
        if self.stored.step not in rule.starts_at and not self.was_reviewed:
            reasons.append(str(rule.misplaced))
        if settings.FOUR_EYES and by.pk in self.authors:
            own = _("%(name)s, who approved it, entered or changed it: a second person publishes it.") % words
            yours = _("You entered or changed it yourself: a second person publishes it.")
            reasons.append(own if scheduled else yours)
        if self.version is None or not self.is_saved:
            reasons.append(_("It was changed without a version: open it, check it and save it once."))
        return reasons

    def problems(self) -> list[str]:
        return [str(problem) for problem in problems(self.document, publishing=True)]


def _candidates(ids: Sequence[int]) -> dict[int, _Candidate]:
    """Locked, by id; those that are gone are missing. A fixed number of queries."""
    rows = Statement.objects.filter(pk__among=ids)
    # In a query of its own: whoever waits for a lock gets what was joined as it was before.
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    stored = rows.select_related("published_version").in_bulk()
    versions = {version.statement_id: version for version in Version.objects.latest_of(stored)}
    of_these = Version.objects.filter(statement__among=stored).order_by()
    numbers = dict(of_these.values_list("statement").annotate(Max("public_number")))
    authors = _authors_since_publication(stored)
    documents = {pk: build(bundle) for pk, bundle in load(stored).items()}
    hashes = {pk: content_hash(document) for pk, document in documents.items()}
    differing = {pk: now for pk, now in hashes.items() if pk in versions and versions[pk].content_hash != now}
    unsaved = differing.keys() - said_by_the_latest(differing) if differing else set()
    return {
        pk: _Candidate(
            stored[pk], versions.get(pk), document, numbers.get(pk) or 0, pk not in unsaved, authors.get(pk, set())
        )
        for pk, document in documents.items()
    }


def _authors_since_publication(statements: Mapping[int, Statement]) -> dict[int, set[int]]:
    """Who changed each statement since the version that readers saw last. Two queries."""
    of_these = Version.objects.filter(statement__among=statements).order_by()
    public = dict(of_these.filter(public_number__isnull=False).values_list("statement").annotate(Max("number")))
    authors: dict[int, set[int]] = {}
    for pk, number, author in of_these.values_list("statement_id", "number", "saved_by_id"):
        if author is not None and number > public.get(pk, 0):
            authors.setdefault(pk, set()).add(author)
    return authors


def _marked(candidate: _Candidate, by: User, answer: _Answer) -> Version:
    version = candidate.version
    if version is None:
        raise LookupError(f"Statement {candidate.stored.pk} has no version, and that was no reason against it.")
    if version.public_number is not None:
        return version  # as readers saw it until it was withdrawn
    # The content is the version's own, by the slugs of the day on which readers first see it; its context has the names
    # of that day. Where something was erased, it goes on saying so, and its hash stays that of what stood there.
    erased = {ERASED: version.document[ERASED]} if ERASED in version.document else {}
    version.document = candidate.document | erased
    if not erased:
        version.content_hash = content_hash(version.document)
    version.public_number = candidate.public_number + 1
    version.published_at = timezone.now()
    version.published_by, version.published_by_name = by, by.get_username()
    version.four_eyes_waived = not settings.FOUR_EYES and by.pk in candidate.authors
    if candidate.is_revision:
        version.revision = answer.revision
        version.revision_note = answer.note
    return version


def _show(versions: Sequence[Version], stored: Mapping[int, Statement], by: User) -> None:
    Version.objects.bulk_update(
        versions,
        [
            "document",
            "content_hash",
            "public_number",
            "published_at",
            "published_by",
            "published_by_name",
            "four_eyes_waived",
            "revision",
            "revision_note",
        ],
        batch_size=200,
    )
    for version in versions:
        statement = stored[version.statement_id]
        statement.published_version = version
        statement.step = Statement.Step.DONE
        statement.withdrawn_at, statement.withdrawn_by, statement.withdrawn_reason = None, None, ""
    Statement.objects.bulk_update(
        list(stored.values()),
        ["published_version", "step", "withdrawn_at", "withdrawn_by", "withdrawn_reason"],
        batch_size=200,
    )
    Schedule.objects.filter(statement__among=stored).delete()
    index.write(versions)
    shown = {version.statement_id: version.pk for version in versions}
    record(Kind.PUBLISHED, statement_ids=list(shown), by=by, versions=shown)
