"""The statements that a batch of a run touches, each with all that hangs on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from rapidfuzz import process

from statements.bulk import batches
from statements.importing.drafts import Draft
from statements.importing.values.problems import CellProblem
from statements.models import (
    CountObservation,
    DemandMention,
    Issuer,
    OldSlug,
    SpeakerRole,
    Statement,
    Wording,
)
from statements.record.document import Bundle, Document, Known, content_of, hash_of, load
from statements.record.said import hashes_of_the_published

KEYED: tuple[type[models.Model], ...] = (Wording, DemandMention, CountObservation)

COLUMN_OF_PART = {
    Issuer.Part.ISSUED: "issuers",
    Issuer.Part.JOINED: "joined_by",
    Issuer.Part.DELIVERED: "delivered_by",
}


def fingerprint(bundle: Bundle) -> str:
    """What a plan rests on: when it differs at the time of writing, somebody else was faster."""
    statement = bundle.statement
    state = (statement.step, statement.desk_note, statement.published_version_id, statement.withdrawn_at)
    return f"{hash_of(content_of(bundle))} {state}"


@dataclass
class Work:
    """What is to be written of a statement. Lists that are None stay as they are."""

    statement: Statement
    #: The fingerprint of the stored bundle, "" for a new statement.
    seen: str
    document: Document
    statement_changes: bool
    issuers: list[Issuer] | None
    speaker_roles: list[SpeakerRole] | None
    created: list[Any]
    updated: list[Any]
    deleted: list[Any]


@dataclass(eq=False)
class Case:
    """A statement in this run: what is stored of it and what will be.

    ``seen`` is the fingerprint of the stored bundle, "" for a new statement. Wordings, citations, mentions and counts
    are created, updated and deleted one by one; issuers and speakers are written anew as a list.
    """

    bundle: Bundle
    seen: str = ""
    public_hash: str = ""
    stored_step: str = ""
    document: Document = field(default_factory=dict)
    statement_changes: bool = False
    issuers_change: bool = False
    speakers_change: bool = False
    deleted: list[models.Model] = field(default_factory=list)
    #: Which draft brought a row of the bundle, and the column of the file that stands for a field of it.
    origin: dict[int, tuple[Draft, dict[str, str]]] = field(default_factory=dict)
    _drafts: dict[Draft, None] = field(default_factory=dict)
    _created: dict[int, models.Model] = field(default_factory=dict)
    _updated: dict[int, models.Model] = field(default_factory=dict)

    @property
    def drafts(self) -> list[Draft]:
        return list(self._drafts)

    @property
    def writes(self) -> bool:
        return any(draft.writes for draft in self._drafts)

    def touch(self, draft: Draft) -> None:
        self._drafts[draft] = None

    def brings(self, row: models.Model, draft: Draft, columns: dict[str, str] | None = None) -> None:
        self.touch(draft)
        self.origin[id(row)] = (draft, columns or {})

    def create(self, row: models.Model) -> None:
        self._created[id(row)] = row

    def update(self, row: models.Model) -> None:
        if id(row) not in self._created:
            self._updated[id(row)] = row

    @property
    def work(self) -> Work:
        return Work(
            statement=self.bundle.statement,
            seen=self.seen,
            document=self.document,
            statement_changes=self.statement_changes,
            issuers=self.bundle.issuers if self.issuers_change else None,
            speaker_roles=self.bundle.speaker_roles if self.speakers_change else None,
            created=list(self._created.values()),
            updated=list(self._updated.values()),
            deleted=self.deleted,
        )


class TakenKeys:
    """The keys of a table as a container: those of this run, and those of statements that it does not touch.

    A key is made from the slug of its statement; when that slug goes to another statement, the key is still taken.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self._rows = model._default_manager
        self._free: set[str] = set()
        self._reserved: set[str] = set()

    def reserve(self, keys: Iterable[str]) -> None:
        """These the files name themselves, perhaps on a later line, or they were given to an earlier one."""
        self._reserved.update(keys)

    def look_up(self, keys: Iterable[str]) -> None:
        """Ask for many at once: one query a batch. A key that was not looked up costs a query of its own."""
        wanted = sorted(set(keys) - self._free)
        for batch in batches(wanted):
            self._free |= set(batch).difference(self._rows.filter(key__among=batch).values_list("key", flat=True))

    def forget(self) -> None:
        """What was asked for a batch is no longer of use; what was given stays taken."""
        self._free.clear()

    def __contains__(self, key: object) -> bool:
        return key in self._reserved or (key not in self._free and self._rows.filter(key=key).exists())


class Statements:
    """Statements by slug. Only those that a batch of rows names are loaded, in a fixed number of queries, and forgotten
    after it. What the whole run must know of them is small: the slugs that the files bring, what relates to what, and
    the keys that were given.
    """

    model = Statement

    def __init__(self, known: Known) -> None:
        self._known = known
        self.by_slug: dict[str, Statement] = {}
        self.cases: dict[str, Case] = {}
        #: Those of the batch that were looked for: most rows of a new file name what is not there yet.
        self._looked_for: set[str] = set()
        self.by_key: dict[type[models.Model], dict[str, Any]] = {model: {} for model in KEYED}
        self.taken_keys = {model: TakenKeys(model) for model in KEYED}
        #: Slugs of statements of which the files have a row, and what those rows relate them to.
        self.in_files: set[str] = set()
        self.related_in_files: dict[str, str] = {}
        self.named_by_parts: set[str] = set()
        #: Slugs of rows that are left out, and of the stored statements that those rows look like.
        self.left_out: dict[str, str] = {}
        #: The line of the row whose addresses go to a stored statement that it looks like, by that one's slug.
        self.added_to: dict[str, int] = {}
        self.circles: set[frozenset[str]] = set()
        #: Ids of statements that this run has written and others of it relate to.
        self.written: dict[str, int] = {}
        self._stand_ins: dict[str, Statement] = {}
        self._given_up: dict[str, str] | None = None
        self._relations: dict[str, str] | None = None
        self._all_slugs: list[str] | None = None

    def forget(self) -> None:
        """Make room for the next batch."""
        self.by_slug, self.cases, self._stand_ins = {}, {}, {}
        self._looked_for.clear()
        self.by_key = {model: {} for model in KEYED}
        for taken in self.taken_keys.values():
            taken.forget()

    def load(self, slugs: Iterable[str]) -> None:
        wanted = sorted({self.current(slug) for slug in slugs} - self._looked_for)
        self._looked_for.update(wanted)
        for batch in batches(wanted):
            named = Statement.objects.filter(slug__among=batch)
            self._load_ids(named.values_list("pk", flat=True))

    def load_keys(self, model: type[models.Model], keys: Iterable[str]) -> None:
        """Load the statements on which the rows with these keys hang, whatever statement the file says."""
        wanted = sorted(set(keys) - self.by_key[model].keys())
        for batch in batches(wanted):
            rows = model._default_manager.filter(key__among=batch)
            self._load_ids(rows.values_list("statement_id", flat=True))

    def add(self, statement: Statement) -> Case:
        """A new statement. Nothing hangs on it yet."""
        self.by_slug[statement.slug] = statement
        self.cases[statement.slug] = Case(Bundle(statement))
        return self.cases[statement.slug]

    def case_of(self, statement: Statement) -> Case:
        return self.cases[statement.slug]

    def current(self, slug: str) -> str:
        """The slug to which an old one leads; any other as it is. One query, once."""
        if self._given_up is None:
            old = OldSlug.objects.filter(kind=OldSlug.Kind.STATEMENT).values_list("slug", "target_id")
            now = dict(Statement.objects.filter(pk__in={pk for _slug, pk in old}).values_list("pk", "slug"))
            self._given_up = {slug: now[pk] for slug, pk in old if pk in now}
        return self._given_up.get(slug, slug)

    def one(self, cell: str) -> Statement:
        """The statement of this slug. Raises ValueError with a sentence."""
        slug = self.current(cell)
        if slug in self.by_slug:
            return self.by_slug[slug]
        if slug in self.left_out:
            raise CellProblem(
                _("The row of “%(cell)s” is left out: it looks like %(stored)s. Name that one, or import the row.")
                % {"cell": cell, "stored": self.left_out[slug]},
                suggestion=self.left_out[slug],
            )
        if slug in self.in_files:
            raise CellProblem(_("The row of “%(cell)s” can't be imported: see what is wrong there.") % {"cell": cell})
        if self._all_slugs is None:
            self._all_slugs = list(Statement.objects.values_list("slug", flat=True))
        match = process.extractOne(cell, [*self._all_slugs, *self.in_files], score_cutoff=70)
        if match is None:
            raise CellProblem(_("No statement has the slug “%(cell)s”. Add it first, or correct it.") % {"cell": cell})
        raise CellProblem(
            _("No statement has the slug “%(cell)s”. Did you mean “%(similar)s”? Otherwise add it first.")
            % {"cell": cell, "similar": match[0]},
            suggestion=match[0],
        )

    def named(self, cell: str) -> Statement:
        """As ``one``, for a statement that is only named: another batch may make it. Raises ValueError likewise."""
        slug = self.current(cell)
        if slug in self.in_files and slug not in self.by_slug and slug not in self.left_out:
            return self._stand_ins.setdefault(slug, Statement(slug=slug))
        return self.one(cell)

    def related_to(self, slug: str) -> str | None:
        """The slug that the statement of this slug relates to after this run, as rows say it. One query, once."""
        if self._relations is None:
            stored = Statement.objects.filter(related_statement__isnull=False)
            self._relations = dict(stored.values_list("slug", "related_statement__slug")) | self.related_in_files
        return self._relations.get(slug) or None

    def touched(self) -> list[Case]:
        return [case for case in self.cases.values() if case.drafts]

    def _load_ids(self, ids: Iterable[int]) -> None:
        known = {statement.pk for statement in self.by_slug.values()}
        new = sorted(set(ids) - known)
        if not new:
            return
        public_hash = hashes_of_the_published(new)
        for pk, bundle in load(new, known=self._known).items():
            statement = bundle.statement
            case = Case(
                bundle, seen=fingerprint(bundle), public_hash=public_hash.get(pk, ""), stored_step=statement.step
            )
            self.by_slug[statement.slug] = statement
            self.cases[statement.slug] = case
            plan_lists(bundle)
            for row in rows_of(bundle):
                row.statement = statement
                if type(row) in self.by_key:
                    self.by_key[type(row)][row.key] = row


def rows_of(bundle: Bundle) -> list[Any]:
    """Wordings, citations, mentions and counts: what files of their own bring."""
    return [*bundle.wordings, *bundle.citations, *(mention.row for mention in bundle.mentions), *bundle.counts]


def plan_lists(bundle: Bundle) -> None:
    """What columns of statements and mentions read and write: see columns.Column."""
    statement: Any = bundle.statement
    for part, column in COLUMN_OF_PART.items():
        organisations = [issuer.organisation for issuer in bundle.issuers if issuer.part == part]
        setattr(statement, f"planned_{column}", organisations)
    statement.planned_speakers = [role.speaker for role in bundle.speaker_roles]
    statement.planned_attributions = [role.attribution for role in bundle.speaker_roles]
    for mention in bundle.mentions:
        mention.row.planned_addressees = mention.addressees  # type: ignore[attr-defined]
