"""What hangs on a statement: citations, wordings, mentions and counts, identified by key or by what they say."""

from collections import defaultdict
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import text
from statements.importing.bundles import Case
from statements.importing.columns import (
    AddresseesWidget,
    BooleanWidget,
    ChoiceWidget,
    Column,
    FigureWidget,
    IntegerWidget,
    LanguageWidget,
    PartialDateWidget,
    ReferenceWidget,
    TextWidget,
)
from statements.importing.drafts import Draft, FilePlan
from statements.importing.kinds.base import StatementKind
from statements.importing.reading import Row
from statements.importing.values.figures import Figure
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

_KEY = gettext_lazy(
    "What identifies the row. Leave it blank in a new one; keep it when you correct a row of an export."
)


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
    purpose = gettext_lazy("Where a statement stands: which source, as what, and where in it.")
    model = Citation
    natural = needed = ("statement", "source", "role")

    statement = Column("statement", ReferenceWidget(Statement), required=True, example="example-centre-call-2022-01-27")
    source = Column("source", ReferenceWidget(Source), required=True, example="example-centre-2022-01-27")
    role = Column("role", ChoiceWidget(Citation.Role), required=True, example="original")
    locator = Column("locator", TextWidget(), example="second paragraph")

    def rows_of(self, case: Case) -> list[Any]:
        return case.bundle.citations


class Wordings(PartKind):
    kind_name = "wordings"
    purpose = gettext_lazy("The verbatim words of statements, one row for each language and kind.")
    model = Wording
    identity = "key"
    key_prefix = "w"
    natural = ("statement", "language", "kind", "source")
    needed = ("statement", "language", "kind")

    key = Column("key", TextWidget(), help_text=_KEY)
    statement = Column("statement", ReferenceWidget(Statement), required=True, example="example-centre-call-2022-01-27")
    language = Column("language", LanguageWidget(), required=True, example="de")
    kind = Column("kind", ChoiceWidget(Wording.Kind), required=True, example="translation by the desk")
    source = Column("source", ReferenceWidget(Source))
    text = Column(
        "text", TextWidget(), required=True, example="Wir bitten um die Freilassung aller politischen Gefangenen."
    )
    is_excerpt = Column(
        "is_excerpt", BooleanWidget(), help_text=gettext_lazy("Whether these are not all the words."), example="true"
    )

    def rows_of(self, case: Case) -> list[Any]:
        return case.bundle.wordings


class Mentions(PartKind):
    kind_name = "mentions"
    purpose = gettext_lazy("Which demand is made in which statement, with the words that make it.")
    model = DemandMention
    identity = "key"
    key_prefix = "m"
    natural = ("statement", "demand", "quote", "locator")
    needed = ("statement", "demand")

    key = Column("key", TextWidget(), help_text=_KEY)
    statement = Column("statement", ReferenceWidget(Statement), required=True, example="example-centre-call-2022-01-27")
    demand = Column("demand", ReferenceWidget(Demand), required=True, example="example-release-all")
    quote = Column("quote", TextWidget(), example="release of all political prisoners")
    force = Column("force", ChoiceWidget(DemandMention.Force), example="demand")
    is_reiterated = Column("is_reiterated", BooleanWidget(), example="false")
    addressees = Column(
        "planned_addressees",
        AddresseesWidget(Organisation),
        help_text=gettext_lazy("Of whom, only where that differs from the demand's own."),
    )
    deadline = Column(
        "deadline",
        PartialDateWidget(may_be_future=True),
        help_text=gettext_lazy("Until when it is demanded."),
        example="2022-03",
    )
    locator = Column(
        "locator",
        TextWidget(),
        help_text=gettext_lazy("Where in the statement: a page, a paragraph, a minute."),
        example="first sentence",
    )
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
    instead = {"qualifier": "value"}  # the cell of the number can have the qualifier in it
    purpose = gettext_lazy("Figures that statements quote, each as printed.")
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

    key = Column("key", TextWidget(), help_text=_KEY)
    statement = Column("statement", ReferenceWidget(Statement), required=True, example="example-centre-call-2022-01-27")
    measure = Column("measure", ReferenceWidget(Measure), required=True, example="example-political-prisoners")
    qualifier = Column("qualifier", ChoiceWidget(Qualifier), required=True, example="more than")
    value = Column("value", FigureWidget(), example="880")
    value_to = Column("value_to", IntegerWidget())
    wording = Column("wording", TextWidget())
    as_of = Column(
        "as_of",
        PartialDateWidget(),
        help_text=gettext_lazy("As of when the figure holds. Blank: as of the statement."),
        example="2022-01-26",
    )
    since = Column(
        "since", PartialDateWidget(), help_text=gettext_lazy("Since when it was counted, of totals and changes.")
    )
    attributed_to = Column("attributed_to", ReferenceWidget(Organisation), example="example-centre")
    attributed_wording = Column("attributed_wording", TextWidget())
    excludes = Column("excludes", TextWidget())
    quote = Column("quote", TextWidget(), example="more than 880 people")
    note = Column("note", TextWidget())

    def rows_of(self, case: Case) -> list[Any]:
        return case.bundle.counts

    def suggested(self, draft: Draft, name: str) -> str:
        """Nobody has said that a bare number is exact."""
        is_number = name == "qualifier" and draft.values.get("value") is not None
        return str(Qualifier.EXACT) if is_number else ""

    def read_cells(self, draft: Draft, *, in_second_pass: bool) -> None:
        super().read_cells(draft, in_second_pass=in_second_pass)
        figure = draft.values.get("value")
        if isinstance(figure, Figure):
            draft.values["value"] = figure.value
            if figure.qualifier:
                _spread(figure, draft)


def _spread(figure: Figure, draft: Draft) -> None:
    """Let the cell of the number fill the qualifier and the upper end; refuse it where theirs say something else."""
    values = draft.values
    words = {"cell": draft.row.cells["value"].strip(), "meant": figure.qualifier}
    qualifier, value_to = values.get("qualifier"), values.get("value_to")
    if qualifier and qualifier != figure.qualifier:
        draft.refuse(
            "value",
            _("“%(cell)s” means “%(meant)s”, and the column qualifier says “%(qualifier)s”. Correct one of the two.")
            % {**words, "qualifier": qualifier},
        )
        return
    if value_to is not None and value_to != figure.value_to:
        draft.refuse(
            "value",
            _("“%(cell)s” means “%(meant)s”, and the column value_to says %(value_to)s. Correct one of the two.")
            % {**words, "value_to": value_to},
        )
    values |= {"qualifier": figure.qualifier, "value_to": figure.value_to}


def _age(row: models.Model) -> tuple[bool, int]:
    """Stored rows in the order in which they were made, new ones after them."""
    return row.pk is None, row.pk or 0


def _cells(drafts: list[Draft], name: str) -> list[str]:
    cells = (draft.row.cells.get(name, "").strip() for draft in drafts)
    return [cell for cell in cells if cell]
