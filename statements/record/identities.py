"""What documents name by slugs, and which rows that is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import models

from statements.models import Demand, Measure, OldSlug, Organisation, Source, Speaker, Statement
from statements.record.document import Document
from statements.record.today import Today

#: From (kind, slug) to the id of the row.
Known = Mapping[tuple[str, str], int]

REFERENCE_MODELS: dict[str, type[models.Model]] = {
    OldSlug.Kind.ORGANISATION: Organisation,
    OldSlug.Kind.SPEAKER: Speaker,
    OldSlug.Kind.SOURCE: Source,
    OldSlug.Kind.DEMAND: Demand,
    OldSlug.Kind.MEASURE: Measure,
    OldSlug.Kind.STATEMENT: Statement,
}


def named_in(content: Document) -> dict[str, set[str]]:
    """The slugs that a content names, by kind."""
    relation = content["relation"]
    return {
        OldSlug.Kind.ORGANISATION: {row["organisation"] for row in content["issuers"]}
        | {slug for row in content["mentions"] for slug in row["addressees"]}
        | {row["attributed_to"] for row in content["counts"] if row["attributed_to"]},
        OldSlug.Kind.SPEAKER: {row["speaker"] for row in content["speakers"]},
        OldSlug.Kind.SOURCE: {row["source"] for row in content["citations"]}
        | {row["source"] for row in content["wordings"] if row["source"]},
        OldSlug.Kind.DEMAND: {row["demand"] for row in content["mentions"]},
        OldSlug.Kind.MEASURE: {row["measure"] for row in content["counts"]},
        OldSlug.Kind.STATEMENT: {relation["statement"]} if relation else set(),
    }


class Identities:
    """From (kind, slug) to the id of the row, through the table of old slugs where a slug was given up."""

    def __init__(self, contents: Iterable[Document], *, known: Known | None = None) -> None:
        """At most two queries a kind, however many contents. What is ``known`` is not asked for."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for content in contents:
            for kind, slugs in named_in(content).items():
                wanted[kind] |= slugs
        self._ids: dict[tuple[str, str], int] = dict(known or {})
        self._given_up: dict[tuple[str, str], int] = {}
        for kind, named in wanted.items():
            slugs = {slug for slug in named if (kind, slug) not in self._ids}
            if not slugs:
                continue
            found = dict(REFERENCE_MODELS[kind]._default_manager.filter(slug__among=slugs).values_list("slug", "pk"))
            missing = slugs - found.keys()
            if missing:
                old = OldSlug.objects.filter(kind=kind, slug__among=missing)
                given_up = dict(old.values_list("slug", "target_id"))
                found.update(given_up)
                self._given_up.update({(kind, slug): pk for slug, pk in given_up.items()})
            self._ids.update({(kind, slug): pk for slug, pk in found.items()})

    def id(self, kind: str, slug: str) -> int:
        return self._ids[kind, slug]

    def of(self, content: Document) -> dict[tuple[str, str], int]:
        """Those of all that one of the contents names."""
        return {(kind, slug): self.id(kind, slug) for kind, slugs in named_in(content).items() for slug in slugs}

    def today(self) -> Today:
        """What the contents say today. A query for each kind of which a slug was given up."""
        ids: dict[str, set[int]] = defaultdict(set)
        for (kind, _slug), pk in self._given_up.items():
            ids[kind].add(pk)
        slugs = {
            (kind, pk): slug
            for kind, pks in ids.items()
            for pk, slug in REFERENCE_MODELS[kind]._default_manager.filter(pk__among=pks).values_list("pk", "slug")
        }
        self._ids.update({(kind, slug): pk for (kind, pk), slug in slugs.items()})
        now = {(kind, old): slugs[kind, pk] for (kind, old), pk in self._given_up.items() if (kind, pk) in slugs}
        return Today(now)
