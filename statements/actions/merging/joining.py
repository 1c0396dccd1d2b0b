"""Statements that name both rows: what would stand in them twice becomes one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models

from statements.actions.rewriting import Wanted, rewrite
from statements.bulk import batches
from statements.record.described import LISTS, Described
from statements.record.document import Document, build, load
from statements.record.identities import Identities
from statements.record.today import Joined, Today


@dataclass(frozen=True)
class JoinedRows:
    """Two rows of a statement that become one: what each is called, and by field what the one row no longer says."""

    statement_id: int
    slug: str
    title: str
    joined: Joined
    first: str
    second: str
    lost: Mapping[str, str]

    @property
    def place(self) -> str:
        """What the record of changes calls it."""
        return f"{self.slug}: {self.joined.name}"


def joined_rows(statement_ids: Iterable[int], today: Today) -> list[JoinedRows]:
    """What becomes one in these statements. Fourteen queries for each 500."""
    found = []
    for batch in batches(sorted(statement_ids)):
        for pk, bundle in load(batch).items():
            document = build(bundle)
            _content, joined = today.read(document["content"])
            words = Described(document, statements={})
            found += [_in_words(pk, bundle.statement.slug, one, document, words) for one in joined]
    return found


def _in_words(pk: int, slug: str, one: Joined, document: Document, words: Described) -> JoinedRows:
    model = LISTS[one.name].model
    first, second = (_row(words, model, one.name, row) for row in (one.first, one.second))
    lost = {name: words.value(model, name, value, with_slugs=True) for name, value in one.lost.items()}
    return JoinedRows(pk, slug, document["content"]["title"], one, first, second, {k: v for k, v in lost.items() if v})


def _row(words: Described, model: type[models.Model], name: str, row: Document) -> str:
    said = [words.value(model, field, row[field]) for field in _SAYING[name]]
    return ", ".join([words.row_name(name, row), *filter(None, said)])


#: The fields that tell two rows apart that name the same.
_SAYING: dict[str, tuple[str, ...]] = {
    "issuers": ("part",),
    "speakers": ("attribution",),
    "wordings": (),
    "citations": ("locator",),
    "mentions": ("quote", "locator"),
    "counts": ("quote", "attributed_wording"),
}


def join(statement_ids: Iterable[int], today: Today) -> None:
    """Let these (locked) statements say on the desk what their content says today. About 30 queries for each 500."""
    for batch in batches(sorted(set(statement_ids))):
        contents = {pk: today.content(build(bundle)["content"]) for pk, bundle in load(batch).items()}
        identities = Identities(contents.values())
        rewrite([Wanted(pk, content, identities.of(content)) for pk, content in contents.items()])
