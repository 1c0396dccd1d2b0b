"""Making the rows of the desk say what a document says, in place: rows that are there keep their keys and numbers."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from statements.bulk import batches, insert, update
from statements.dates import PartialDate, PartialDateProperty
from statements.models import (
    Citation,
    CountObservation,
    DemandMention,
    Issuer,
    OldSlug,
    SpeakerRole,
    Statement,
    Wording,
)
from statements.models.derived import derived_columns, fill_folded
from statements.record.document import Bundle, Document, build, content_hash, hash_of, load
from statements.record.today import REFERENCES

#: (kind, slug) -> number of the row.
Numbers = Mapping[tuple[str, str], int]
Values = dict[str, Any]


@dataclass(frozen=True)
class List:
    """A list of a document and the rows that stand for it: fields that name something, and what identifies a row.

    Rows with a position are ordered by it. All others stand in the order in which they were made.
    """

    model: type[models.Model]
    references: dict[str, str]
    identity: tuple[str, ...] = ("key",)
    has_position: bool = False

    def wanted(self, rows: Iterable[Document], numbers: Numbers) -> list[Values]:
        values = [_values(self.model, row, self.references, numbers) for row in rows]
        return [row | {"position": n} for n, row in enumerate(values)] if self.has_position else values

    def identity_of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values[name] for name in self.identity)


LISTS: dict[str, List] = {
    "issuers": List(Issuer, REFERENCES["issuers"], ("organisation_id",), has_position=True),
    "speakers": List(SpeakerRole, REFERENCES["speakers"], ("speaker_id",), has_position=True),
    "wordings": List(Wording, REFERENCES["wordings"]),
    "citations": List(Citation, REFERENCES["citations"], ("source_id", "role")),
    "mentions": List(DemandMention, REFERENCES["mentions"]),
    "counts": List(CountObservation, REFERENCES["counts"]),
}
KEYED: dict[str, type[models.Model]] = {name: one.model for name, one in LISTS.items() if one.identity == ("key",)}


@dataclass
class Wanted:
    """What a stored statement shall say: the content of a document with the slugs of today, and their numbers."""

    statement_id: int
    content: Document = field(default_factory=dict)
    numbers: Numbers = field(default_factory=dict)

    @property
    def related_id(self) -> int | None:
        relation = self.content.get("relation")
        return self.numbers.get((OldSlug.Kind.STATEMENT, relation["statement"])) if relation else None

    def statement_values(self) -> Values:
        relation = self.content["relation"]
        own = {name: value for name, value in self.content.items() if name not in LISTS and name != "relation"}
        return _values(Statement, own, {}, self.numbers) | {
            "relation": relation["kind"] if relation else "",
            "related_statement_id": self.related_id,
        }

    def unsaved_rows(self, *, slug: str) -> list[models.Model]:
        """The rows that would say it, to be asked for the rules on one row."""
        rows: list[models.Model] = [Statement(pk=self.statement_id, slug=slug, **self.statement_values())]
        for name, of_list in LISTS.items():
            wanted = of_list.wanted(self.content[name], self.numbers)
            rows += [of_list.model(statement_id=self.statement_id, **values) for values in wanted]
        return rows


def rewrite(wanted: Sequence[Wanted]) -> dict[int, Document]:
    """Write all of these, and return their documents as stored. A fixed number of queries for a batch of 500.

    Call it in the transaction that locked the statements. A key that another statement holds is the caller's to free.
    """
    bundles = load([one.statement_id for one in wanted])
    changed: list[models.Model] = []
    fields: set[str] = set()
    for one in wanted:
        statement, values = bundles[one.statement_id].statement, one.statement_values()
        fields |= values.keys()
        if _take(statement, values):
            fill_folded(statement)
            changed.append(statement)
    _update(Statement, changed, fields.union(derived_columns(Statement)))
    for name, of_list in LISTS.items():
        _write_list(name, of_list, wanted, bundles)
    written = {pk: build(bundle) for pk, bundle in load(bundles).items()}
    for one in wanted:
        if content_hash(written[one.statement_id]) != hash_of(one.content):
            raise RuntimeError(f"Statement {one.statement_id} was written, but does not say what it shall say.")
    return written


def _write_list(name: str, of_list: List, wanted: Sequence[Wanted], bundles: Mapping[int, Bundle]) -> None:
    deleted: list[int] = []
    changed: list[models.Model] = []
    created: list[models.Model] = []
    fields: set[str] = set()
    addressed: list[tuple[models.Model, set[int]]] = []
    for one in wanted:
        stored = _stored(name, bundles[one.statement_id])
        rows_wanted = of_list.wanted(one.content[name], one.numbers)
        kept = _kept(of_list, stored, rows_wanted)
        staying = {row.pk for row in kept if row is not None}
        deleted += [row.pk for row in stored if row.pk not in staying]
        for values, row, part in zip(rows_wanted, kept, one.content[name], strict=True):
            fields |= values.keys()
            if row is None:
                row = of_list.model(statement_id=one.statement_id, **values)
                created.append(row)
            elif _take(row, values):
                changed.append(row)
            addressed.append(
                (row, {one.numbers[OldSlug.Kind.ORGANISATION, slug] for slug in part.get("addressees", [])})
            )
    manager = of_list.model._default_manager
    for batch in batches(deleted):
        manager.filter(pk__in=batch).delete()
    _update(of_list.model, changed, fields)
    insert(created)
    if of_list.model is DemandMention:
        _write_addressees(addressed)


def _stored(name: str, bundle: Bundle) -> list[Any]:
    if name == "mentions":
        return [mention.row for mention in bundle.mentions]
    rows: list[Any] = bundle.speaker_roles if name == "speakers" else getattr(bundle, name)
    return rows


def _kept(of_list: List, stored: Sequence[Any], wanted: Sequence[Values]) -> list[Any]:
    """For each wanted row the stored one that can stay, or None.

    Without a position the order is that in which rows were made: after the first that must be made, all must be.
    """
    by_identity = {of_list.identity_of(vars(row)): row for row in stored}
    kept: list[Any] = []
    last = 0
    for values in wanted:
        row = by_identity.get(of_list.identity_of(values))
        if row is not None and not of_list.has_position:
            row = row if row.pk > last and None not in kept else None
        last = row.pk if row is not None else last
        kept.append(row)
    return kept


def _write_addressees(addressed: Sequence[tuple[models.Model, set[int]]]) -> None:
    through = DemandMention.addressees.through
    named = through._default_manager
    stored: set[tuple[int, int]] = set()
    for batch in batches([row.pk for row, _organisations in addressed]):
        stored |= set(named.filter(demandmention__in=batch).values_list("demandmention_id", "organisation_id"))
    wanted = {(row.pk, organisation) for row, organisations in addressed for organisation in organisations}
    changed = {mention for mention, _organisation in stored ^ wanted}
    for batch in batches(sorted(changed)):
        named.filter(demandmention__in=batch).delete()
    pairs = sorted(pair for pair in wanted if pair[0] in changed)
    insert([through(demandmention_id=mention, organisation_id=organisation) for mention, organisation in pairs])


def _values(
    model: type[models.Model], part: Document, references: Mapping[str, str], numbers: Numbers
) -> dict[str, Any]:
    """The columns of the database that a part of a document fills, by attribute. Addressees stand in another table."""
    values: Values = {}
    for name, value in part.items():
        if name in references:
            values[f"{name}_id"] = None if value is None else numbers[references[name], value]
        elif isinstance(getattr(model, name, None), PartialDateProperty):
            date = PartialDate.parse(value) if value else None
            values |= {f"{name}_from": date and date.first, f"{name}_until": date and date.last}
        elif name != "addressees":
            values[name] = value
    return values


def _take(row: models.Model, values: Values) -> bool:
    """Set what differs, and say whether anything did. A text in another Unicode form says the same."""
    different = {name: value for name, value in values.items() if not _is_same(getattr(row, name), value)}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _is_same(stored: Any, value: Any) -> bool:
    if isinstance(stored, str) and isinstance(value, str):
        return unicodedata.normalize("NFC", stored) == value
    return bool(stored == value)


def _update(model: type[models.Model], rows: Sequence[models.Model], attributes: Set[str]) -> None:
    update(rows, sorted(model._meta.get_field(name).name for name in attributes - {"key"}))
