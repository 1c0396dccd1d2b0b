"""The statements that a run touches, each with all that hangs on it, and the rules that reach across its rows."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from rapidfuzz import process

from statements.importing.drafts import Draft
from statements.models import (
    CountObservation,
    DemandMention,
    Issuer,
    OldSlug,
    Statement,
    Wording,
)
from statements.record.document import Bundle, build, content_hash, load
from statements.record.problems import Problem, problems, quote_problem

BATCH = 500

KEYED: tuple[type[models.Model], ...] = (Wording, DemandMention, CountObservation)

_COLUMN_OF_PART = {
    Issuer.Part.ISSUED: "issuers",
    Issuer.Part.JOINED: "joined_by",
    Issuer.Part.DELIVERED: "delivered_by",
}


def fingerprint(bundle: Bundle) -> str:
    """What a plan rests on: when it differs at the time of writing, somebody else was faster."""
    statement = bundle.statement
    state = (statement.step, statement.desk_note, statement.published_version_id, statement.withdrawn_at)
    return f"{content_hash(build(bundle))} {state}"


@dataclass
class Case:
    """A statement in this run: what is stored of it and what will be.

    ``seen`` is the fingerprint of the stored bundle, "" for a new statement. ``created``, ``updated`` and ``deleted``
    hold wordings, citations, mentions and counts; issuers and speakers are written anew as a list.
    """

    bundle: Bundle
    seen: str = ""
    public_hash: str = ""
    stored_step: str = ""
    drafts: list[Draft] = field(default_factory=list)
    created: list[models.Model] = field(default_factory=list)
    updated: list[models.Model] = field(default_factory=list)
    deleted: list[models.Model] = field(default_factory=list)
    statement_changes: bool = False
    issuers_change: bool = False
    speakers_change: bool = False
    #: Which draft brought a row of the bundle, and the column of the file that stands for a field of it.
    origin: dict[int, tuple[Draft, dict[str, str]]] = field(default_factory=dict)

    def touch(self, draft: Draft) -> None:
        if draft not in self.drafts:
            self.drafts.append(draft)

    def brings(self, row: models.Model, draft: Draft, columns: dict[str, str] | None = None) -> None:
        self.touch(draft)
        self.origin[id(row)] = (draft, columns or {})

    def create(self, row: models.Model) -> None:
        self.created.append(row)

    def update(self, row: models.Model) -> None:
        if row not in self.created and row not in self.updated:
            self.updated.append(row)


class TakenKeys:
    """The keys of a table as a container: those of this run, and those of statements that it does not touch.

    A key is made from the slug of its statement; when that slug goes to another statement, the key is still taken.
    """

    def __init__(self, model: type[models.Model], of_the_run: Container[str]) -> None:
        self._rows = model._default_manager
        self._of_the_run = of_the_run
        self._free: set[str] = set()
        self._reserved: set[str] = set()

    def reserve(self, keys: Iterable[str]) -> None:
        """These a file names itself, perhaps on a later line."""
        self._reserved.update(keys)

    def look_up(self, keys: Iterable[str]) -> None:
        """Ask for many at once: one query a batch. A key that was not looked up costs a query of its own."""
        wanted = sorted(set(keys))
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            self._free |= set(batch).difference(self._rows.filter(key__in=batch).values_list("key", flat=True))

    def __contains__(self, key: object) -> bool:
        if key in self._of_the_run or key in self._reserved:
            return True
        return key not in self._free and self._rows.filter(key=key).exists()


class Statements:
    """Statements by slug. Only those that the files name are loaded: a fixed number of queries a batch."""

    model = Statement

    def __init__(self) -> None:
        self.by_slug: dict[str, Statement] = {}
        self.cases: dict[str, Case] = {}
        self.by_key: dict[type[models.Model], dict[str, Any]] = {model: {} for model in KEYED}
        self.taken_keys = {model: TakenKeys(model, self.by_key[model]) for model in KEYED}
        self._given_up: dict[str, Statement] = {}
        self._all_slugs: list[str] | None = None

    def load(self, slugs: Iterable[str]) -> None:
        wanted = sorted(set(slugs) - self.by_slug.keys() - self._given_up.keys())
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            found = dict(Statement.objects.filter(slug__in=batch).values_list("slug", "pk"))
            old = OldSlug.objects.filter(kind=OldSlug.Kind.STATEMENT, slug__in=set(batch) - found.keys())
            given_up = dict(old.values_list("slug", "target_id"))
            self._load_ids([*found.values(), *given_up.values()])
            by_pk = {statement.pk: statement for statement in self.by_slug.values()}
            self._given_up |= {slug: by_pk[pk] for slug, pk in given_up.items() if pk in by_pk}

    def load_keys(self, model: type[models.Model], keys: Iterable[str]) -> None:
        """Load the statements on which the rows with these keys hang, whatever statement the file says."""
        wanted = sorted(set(keys) - self.by_key[model].keys())
        for start in range(0, len(wanted), BATCH):
            rows = model._default_manager.filter(key__in=wanted[start : start + BATCH])
            self._load_ids(rows.values_list("statement_id", flat=True))

    def add(self, statement: Statement) -> Case:
        """A new statement. Nothing hangs on it yet."""
        self.by_slug[statement.slug] = statement
        self.cases[statement.slug] = Case(Bundle(statement))
        return self.cases[statement.slug]

    def case_of(self, statement: Statement) -> Case:
        return self.cases[statement.slug]

    def given_up(self, slug: str) -> Statement | None:
        return self._given_up.get(slug)

    def one(self, cell: str) -> Statement:
        """The statement of this slug. Raises ValueError with a sentence."""
        statement = self.by_slug.get(cell) or self._given_up.get(cell)
        if statement is not None:
            return statement
        if self._all_slugs is None:
            self._all_slugs = list(Statement.objects.values_list("slug", flat=True))
        match = process.extractOne(cell, [*self._all_slugs, *self.by_slug], score_cutoff=70)
        if match is None:
            raise ValueError(_("No statement has the slug “%(cell)s”. Add it first, or correct it.") % {"cell": cell})
        raise ValueError(
            _("No statement has the slug “%(cell)s”. Did you mean “%(similar)s”? Otherwise add it first.")
            % {"cell": cell, "similar": match[0]}
        )

    def relations(self) -> dict[str, str | None]:
        """The slug of the related statement by slug, as stored. One query."""
        related = Statement.objects.filter(related_statement__isnull=False)
        return dict(related.values_list("slug", "related_statement__slug"))

    def touched(self) -> list[Case]:
        return [case for case in self.cases.values() if case.drafts]

    def _load_ids(self, ids: Iterable[int]) -> None:
        known = {statement.pk for statement in self.by_slug.values()}
        new = sorted(set(ids) - known)
        if not new:
            return
        hashes = Statement.objects.filter(pk__in=new).values_list("pk", "published_version__content_hash")
        public = dict(hashes.filter(withdrawn_at__isnull=True))
        for pk, bundle in load(new).items():
            statement = bundle.statement
            case = Case(bundle, seen=fingerprint(bundle), public_hash=public.get(pk) or "", stored_step=statement.step)
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
    for part, column in _COLUMN_OF_PART.items():
        organisations = [issuer.organisation for issuer in bundle.issuers if issuer.part == part]
        setattr(statement, f"planned_{column}", organisations)
    statement.planned_speakers = [role.speaker for role in bundle.speaker_roles]
    statement.planned_attributions = [role.attribution for role in bundle.speaker_roles]
    for mention in bundle.mentions:
        mention.row.planned_addressees = mention.addressees  # type: ignore[attr-defined]


def check_across_rows(cases: Sequence[Case]) -> None:
    """Ask the rules across rows of every statement that will change, and refuse the rows that brought a problem."""
    for case in cases:
        if any(draft.is_new or draft.changes for draft in case.drafts):
            readable = _without_unread_rows(case)
            for problem in problems(build(readable)):
                _refuse(case, readable, problem)


def _without_unread_rows(case: Case) -> Bundle:
    """A row with a cell that can't be read would look like another one without it; only its quote is checked."""
    bundle = case.bundle
    texts = [wording.text for wording in bundle.wordings]

    def is_read(row: Any) -> bool:
        draft, _columns = case.origin.get(id(row), (None, None))
        if draft is None or not draft.errors:
            return True
        sentence = quote_problem(row.quote, texts) if getattr(row, "quote", "") else None
        if sentence:
            draft.refuse("quote", sentence)
        return False

    return replace(
        bundle,
        citations=[row for row in bundle.citations if is_read(row)],
        mentions=[mention for mention in bundle.mentions if is_read(mention.row)],
        counts=[row for row in bundle.counts if is_read(row)],
    )


def leaves_readers_view(case: Case) -> bool:
    """Whether the desk, after this run, says exactly what readers see: then nothing waits for a review."""
    return bool(case.public_hash) and content_hash(build(case.bundle)) == case.public_hash


def _refuse(case: Case, bundle: Bundle, problem: Problem) -> None:
    draft, column = _place(case, bundle, problem.place)
    if column in ("issuers", "speakers") and draft.has_error_in("issuers", "joined_by", "delivered_by", "speakers"):
        return  # the list is short because of a cell that is reported already
    draft.refuse(column if column in draft.file.header else "", _sentence(case, bundle, problem))


def _sentence(case: Case, bundle: Bundle, problem: Problem) -> str:
    """A quote that no row of the files brought is named: the editor sees only the words that it is no longer in."""
    row = _row_at(bundle, problem.place) if problem.place[-1] == "quote" else None
    if row is None or id(row) in case.origin:
        return problem.sentence
    return _("The quote “%(quote)s” of %(key)s rests on these words. Change it with them. %(why)s") % {
        "quote": row.quote,
        "key": row.key,
        "why": problem.sentence,
    }


def _row_at(bundle: Bundle, place: tuple[str | int, ...]) -> Any:
    row = getattr(bundle, str(place[0]))[int(place[1])]
    return row.row if place[0] == "mentions" else row


def _place(case: Case, bundle: Bundle, place: tuple[str | int, ...]) -> tuple[Draft, str]:
    """The row of a file that brought a problem, and its column: a changed wording is to blame for a stored quote."""
    of_statement = next((draft for draft in case.drafts if draft.file.kind == "statements"), None)
    of_wording = next((draft for draft in case.drafts if draft.file.kind == "wordings"), None)
    first = of_statement or case.drafts[0]
    if len(place) < 3:
        return first, str(place[0])
    name, column = str(place[0]), str(place[2])
    row = _row_at(bundle, place)
    if name == "issuers":
        return first, _COLUMN_OF_PART[Issuer.Part(row.part)]
    if name == "speakers":
        return first, "speakers"
    brought = case.origin.get(id(row))
    if brought is not None:
        draft, columns = brought
        return draft, columns.get(column, column)
    return (of_wording or first, "text") if column == "quote" else (first, column)
