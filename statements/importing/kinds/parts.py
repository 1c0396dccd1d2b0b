"""What hangs on a statement: citations, wordings, mentions and counts, identified by key or by what they say."""

from collections import defaultdict
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from statements import text
from statements.importing.bundles import Case
from statements.importing.columns import (
    AddresseesWidget,
    BooleanWidget,
    ChoiceWidget,
    Column,
    IntegerWidget,
    LanguageWidget,
    PartialDateWidget,
    ReferenceWidget,
    TextWidget,
)
from statements.importing.drafts import Draft, FilePlan
from statements.importing.kinds.base import StatementKind
from statements.importing.reading import Row
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    Measure,
    Organisation,
    Qualifier,
    Source,
    Statement,
    Wording,
)
from statements.record.document import Mention


class PartKind(StatementKind):
    """Rows of a statement. ``natural`` are the columns that identify a row that has no key."""

    key_prefix: ClassVar[str] = ""
    natural: ClassVar[tuple[str, ...]]
    #: Those of them without which a row means nothing.
    needed: ClassVar[tuple[str, ...]]

    def statement_of(self, row: Row, file: FilePlan) -> str:
        statements = self.directory.statements
        slug = statements.current(row.cells.get("statement", "").strip())
        statements.named_by_parts.add(slug)
        return slug

    def prepare(self, drafts: list[Draft]) -> None:
        self.directory.statements.load(_cells(drafts, "statement"))
        if self.identity:
            self.directory.statements.load_keys(self.model, _cells(drafts, "key"))

    def rows_of(self, case: Case) -> list[Any]:
        raise NotImplementedError

    def attach(self, case: Case, row: Any) -> None:
        self.rows_of(case).append(row)

    def identify(self, drafts: list[Draft]) -> None:
        statements = self.directory.statements
        alike: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for case in statements.cases.values():
            for row in self.rows_of(case):
                alike[self.identity_of(row)].append(row)
        found_of = {id(draft): self._stored(draft, alike) for draft in drafts}
        if self.identity:
            new = [mark for stored, mark in filter(None, found_of.values()) if stored is None]
            taken = statements.taken_keys[self.model]
            taken.reserve(key for key in new if isinstance(key, str))
            taken.look_up(
                text.short_key(self.key_prefix, *identity) for identity in new if not isinstance(identity, str)
            )
        seen: dict[Any, Draft] = {}
        for draft in drafts:
            found = found_of[id(draft)]
            if found is None:
                continue
            stored, mark = found
            if mark in seen:
                self.refuse_twice(seen[mark], draft)
                continue
            seen[mark] = draft
            self._take(draft, stored)

    def _stored(self, draft: Draft, alike: dict[tuple[str, ...], list[Any]]) -> tuple[Any, Any] | None:
        """The stored row and what marks it in this file; None where the row is refused or can't be made out."""
        key = draft.values.get("key", "")
        if key:
            stored = self.directory.statements.by_key[self.model].get(key)
            if stored is not None or not self._lacks_identity(draft):
                return stored, key
            return None
        if self._lacks_identity(draft) or draft.has_error_in(*self.natural, "key"):
            return None
        scratch = self.new_instance()
        draft.instance = scratch
        self.assign(draft, in_second_pass=False)
        draft.instance = None
        identity = self.identity_of(scratch)
        rows = alike.get(identity, [])
        if len(rows) > 1:
            keys = ", ".join(row.key for row in rows)
            draft.refuse_identity(
                "key", _("Several rows say this: %(keys)s. Write the key of the one.") % {"keys": keys}
            )
            return None
        return (rows[0], getattr(rows[0], "key", id(rows[0]))) if rows else (None, identity)

    def _lacks_identity(self, draft: Draft) -> bool:
        return any(draft.values.get(name) is None for name in self.needed)

    def _take(self, draft: Draft, stored: Any) -> None:
        before = stored.statement if stored is not None else None
        self.take(draft, stored, self.new_instance)
        row = draft.instance
        case = self.directory.statements.case_of(row.statement)
        if draft.is_new:
            self._give_key(draft)
            self.attach(case, row)
            case.create(row)
        elif before is not None and before is not row.statement:
            self._move(row, self.directory.statements.case_of(before), case, draft)
        case.brings(row, draft)

    def _give_key(self, draft: Draft) -> None:
        if self.identity:
            statements, row = self.directory.statements, draft.instance
            row.key = draft.values.get("key") or text.short_key(
                self.key_prefix, *self.identity_of(row), taken=statements.taken_keys[self.model]
            )
            statements.by_key[self.model][row.key] = row
            statements.taken_keys[self.model].reserve([row.key])

    def _move(self, row: Any, old: Case, new: Case, draft: Draft) -> None:
        """A row that its key finds on another statement was entered there by mistake."""
        rows = self.rows_of(old)
        rows.remove(row)
        if self.model is DemandMention:
            old.bundle.mentions = [mention for mention in old.bundle.mentions if mention.row is not row]
        old.touch(draft)
        self.attach(new, row)
        # The table gives them in the order in which they were made, whichever statement they hang on.
        new.bundle.mentions.sort(key=lambda mention: _age(mention.row))
        for rows in (new.bundle.wordings, new.bundle.counts):
            rows.sort(key=_age)

    def identity_of(self, row: Any) -> tuple[str, ...]:
        columns = self.columns()
        return tuple(columns[name].cell_of(row) for name in self.natural)

    def note_changes(self, draft: Draft) -> None:
        super().note_changes(draft)
        if draft.changes and not draft.is_new:
            self.directory.statements.case_of(draft.instance.statement).update(draft.instance)


class Citations(PartKind):
    kind_name = "citations"
    model = Citation
    natural = needed = ("statement", "source", "role")

    statement = Column("statement", ReferenceWidget(Statement), required=True)
    source = Column("source", ReferenceWidget(Source), required=True)
    role = Column("role", ChoiceWidget(Citation.Role.values), required=True)
    locator = Column("locator", TextWidget())

    def rows_of(self, case: Case) -> list[Any]:
        return case.bundle.citations


class Wordings(PartKind):
    kind_name = "wordings"
    model = Wording
    identity = "key"
    key_prefix = "w"
    natural = ("statement", "language", "kind", "source")
    needed = ("statement", "language", "kind")

    key = Column("key", TextWidget())
    statement = Column("statement", ReferenceWidget(Statement), required=True)
    language = Column("language", LanguageWidget(), required=True)
    kind = Column("kind", ChoiceWidget(Wording.Kind.values), required=True)
    source = Column("source", ReferenceWidget(Source))
    text = Column("text", TextWidget(), required=True)
    is_excerpt = Column("is_excerpt", BooleanWidget())

    def rows_of(self, case: Case) -> list[Any]:
        return case.bundle.wordings


class Mentions(PartKind):
    kind_name = "mentions"
    model = DemandMention
    identity = "key"
    key_prefix = "m"
    natural = ("statement", "demand", "quote", "locator")
    needed = ("statement", "demand")

    key = Column("key", TextWidget())
    statement = Column("statement", ReferenceWidget(Statement), required=True)
    demand = Column("demand", ReferenceWidget(Demand), required=True)
    quote = Column("quote", TextWidget())
    force = Column("force", ChoiceWidget(DemandMention.Force.values))
    is_reiterated = Column("is_reiterated", BooleanWidget())
    addressees = Column("planned_addressees", AddresseesWidget(Organisation))
    deadline = Column("deadline", PartialDateWidget())
    locator = Column("locator", TextWidget())
    note = Column("note", TextWidget())

    def rows_of(self, case: Case) -> list[Any]:
        return [mention.row for mention in case.bundle.mentions]

    def attach(self, case: Case, row: Any) -> None:
        case.bundle.mentions.append(Mention(row))

    def complete(self, draft: Draft) -> None:
        case = self.directory.statements.case_of(draft.instance.statement)
        mention = next(mention for mention in case.bundle.mentions if mention.row is draft.instance)
        mention.addressees = draft.instance.planned_addressees


class Counts(PartKind):
    kind_name = "counts"
    model = CountObservation
    identity = "key"
    key_prefix = "c"
    natural = (
        "statement",
        "measure",
        "qualifier",
        "value",
        "value_to",
        "wording",
        "as_of",
        "since",
        "attributed_to",
        "attributed_wording",
    )
    needed = ("statement", "measure", "qualifier")

    key = Column("key", TextWidget())
    statement = Column("statement", ReferenceWidget(Statement), required=True)
    measure = Column("measure", ReferenceWidget(Measure), required=True)
    qualifier = Column("qualifier", ChoiceWidget(Qualifier.values), required=True)
    value = Column("value", IntegerWidget())
    value_to = Column("value_to", IntegerWidget())
    wording = Column("wording", TextWidget())
    as_of = Column("as_of", PartialDateWidget())
    since = Column("since", PartialDateWidget())
    attributed_to = Column("attributed_to", ReferenceWidget(Organisation))
    attributed_wording = Column("attributed_wording", TextWidget())
    excludes = Column("excludes", TextWidget())
    quote = Column("quote", TextWidget())
    note = Column("note", TextWidget())

    def rows_of(self, case: Case) -> list[Any]:
        return case.bundle.counts


def _age(row: models.Model) -> tuple[bool, int]:
    """Stored rows in the order in which they were made, new ones after them."""
    return row.pk is None, row.pk or 0


def _cells(drafts: list[Draft], name: str) -> list[str]:
    cells = (draft.row.cells.get(name, "").strip() for draft in drafts)
    return [cell for cell in cells if cell]
