"""Derived columns: what the forms and the import's bulk writer fill in, and what check_data holds against the rows."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import models

from statements import text
from statements.models.count import Measure
from statements.models.demand import Demand
from statements.models.names import Name, OrganisationName, SpeakerName, folded_name
from statements.models.organisation import Organisation
from statements.models.source import Source
from statements.models.speaker import Speaker

NamedModel = Organisation | Speaker

#: Between two texts: no word of an editor is like it, so that no passage begins in one and ends in the next.
BETWEEN = " | "

_PUBLISHER = Source._meta.get_field("publisher").max_length
_TITLE = Source._meta.get_field("title").max_length


def canonical_url_of(source: Source) -> str | None:
    """Raises ValueError with an editor's sentence where the address is none."""
    return text.canonical_address(source.url) if source.url else None


def name_by_address(source: Source) -> None:
    """A source of which only the address is known is called by it, until somebody reads it and says more."""
    if source.url:
        source.publisher = source.publisher or (urlsplit(source.url).hostname or "").removeprefix("www.")[:_PUBLISHER]
        source.title = source.title or source.url[:_TITLE]


#: The models with a column ``folded``, and of what it is made.
FOLDED: Mapping[type[models.Model], tuple[str, ...]] = {
    Demand: ("title",),
    Measure: ("name", "place"),
    Source: ("title", "publisher", "author", "slug", "url"),
}


def folded_words(row: Demand | Measure | Source) -> str:
    """Each word with a space before it, so that what begins with a term can be told from what holds it.

    Those of sources, of which there are many, are looked up in an index of words: they are as the readers' search has
    them.
    """
    *texts, last = [getattr(row, column) for column in FOLDED[type(row)]]
    if isinstance(row, Source):
        return words_of(*texts, last.partition("://")[2])
    return "".join(f" {text.fold(one)}" for one in (*texts, last))


def words_of(*texts: str) -> str:
    """What an index of words for the desk takes: each word with a space before it, none of two texts side by side."""
    found = (" ".join(text.words(one)) for one in texts)
    return " " + BETWEEN.join(words for words in found if words)


def fill_folded(row: Any) -> None:
    """Before a row is stored, and after its words were set. A row of a model without the column is left as it is."""
    if type(row) in FOLDED:
        row.folded = folded_words(row)


def derived_columns(model: type[models.Model]) -> list[str]:
    """What is stored together with whichever columns of a row were changed."""
    addresses = ["canonical_url"] if model is Source else []
    return addresses + (["folded"] if model in FOLDED else [])


def mirrored_names(owner: NamedModel) -> list[Name]:
    """The rows of its table of names that mirror the owner's own columns, unsaved."""
    pairs = [(Name.Kind.MAIN, owner.name)]
    if isinstance(owner, Organisation) and owner.short_name:
        pairs.append((Name.Kind.SHORT, owner.short_name))
    return [names_of(owner)(owner=owner, kind=kind, name=name, folded=folded_name(name)) for kind, name in pairs]


def names_of(owner: NamedModel) -> Any:
    """The model of its table of names: two models with the same columns, which the type checker can't unite."""
    return OrganisationName if isinstance(owner, Organisation) else SpeakerName


def write_mirrored_names(owners: Sequence[NamedModel]) -> None:
    """Make the mirrored rows of these (stored) owners, all of one kind, anew: two queries for all of them."""
    if not owners:
        return
    rows = names_of(owners[0])._default_manager
    rows.filter(owner__in=[owner.pk for owner in owners]).exclude(kind=Name.Kind.OTHER).delete()
    rows.bulk_create([row for owner in owners for row in mirrored_names(owner)])
