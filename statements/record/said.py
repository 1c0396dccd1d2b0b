"""Whether the desk says what a version says, although neither its words nor its slugs need be those of that day.

A merge gives slugs up, and an erasure takes words out of a version whose hash stays that of what stood there. Both
change what is stored, and neither is a change that anybody has to review.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Exists, OuterRef, Q

from statements.bulk import batches
from statements.models import Erasure, OldSlug, Statement, Version
from statements.record.document import Document, hash_of, is_erased
from statements.record.identities import REFERENCE_MODELS, Identities, named_in
from statements.record.today import Today


def hashes_today(version_ids: Collection[int]) -> dict[int, str]:
    """For each of these versions the hash of a desk that says what it says today. A version that was erased as a whole
    says nothing, and has none.

    Two queries for each 500 versions where nothing was ever merged or erased; else about twenty.
    """
    found: dict[int, str] = {}
    for batch in batches(sorted(version_ids)):
        versions = Version.objects.filter(pk__among=batch)
        erased = Erasure.objects.filter(version=OuterRef("pk"))
        if not versions.filter(_merged() | Exists(erased)).exists():
            found |= dict(versions.values_list("pk", "content_hash"))
            continue
        documents = versions.values_list("pk", "document")
        contents = {pk: document["content"] for pk, document in documents if not is_erased(document)}
        today = Identities(contents.values()).today()
        found |= {pk: hash_of(today.content(content)) for pk, content in contents.items()}
    return found


def hashes_of_the_published(statement_ids: Iterable[int]) -> dict[int, str]:
    """The same of the versions that readers see, by the number of the statement."""
    public = Statement.objects.public().filter(pk__among=statement_ids)
    shown = {pk: version for pk, version in public.values_list("pk", "published_version_id") if version is not None}
    hashes = hashes_today(shown.values())
    return {pk: hashes[version] for pk, version in shown.items() if version in hashes}


def said_by_the_latest(desk: Mapping[int, str]) -> set[int]:
    """Those of these statements, given with the hash of what the desk says, of which the latest version says it."""
    return set(_saying(desk, dict(Version.objects.latest_of(desk).values_list("statement_id", "pk"))))


def said_before(desk: Mapping[int, str]) -> tuple[set[int], dict[int, Version]]:
    """As ``said_by_the_latest``, for statements whose hash is another than that of their latest version; and of the
    others those whose version that readers saw last says it, with that version.

    One query where nothing was ever merged or erased.
    """
    erased = Erasure.objects.filter(version__statement=OuterRef("pk"))
    if not Statement.objects.filter(_merged() | Exists(erased), pk__among=desk).exists():
        return set(), {}
    same = said_by_the_latest(desk)
    others = {pk: said for pk, said in desk.items() if pk not in same}
    seen = Statement.objects.filter(pk__among=others, published_version__isnull=False)
    saying = _saying(others, dict(seen.values_list("pk", "published_version_id")))
    versions = Version.objects.in_bulk(saying.values())
    return same, {pk: versions[version] for pk, version in saying.items()}


def today_between(pairs: Iterable[tuple[Document, Document]]) -> Today:
    """How to read these contents so that the two of a pair do not differ because something was merged between them.

    No query where both of each pair name the same; else one, and one for each kind of which a slug was given up.
    """
    differing: dict[str, set[str]] = defaultdict(set)
    for before, after in pairs:
        now = named_in(after)
        for kind, slugs in named_in(before).items():
            if kind != OldSlug.Kind.STATEMENT:  # statements are not merged
                differing[kind] |= slugs ^ now[kind]
    wanted = Q(pk__in=[])
    for kind, slugs in differing.items():
        wanted |= Q(kind=kind, slug__in=slugs)
    old = list(OldSlug.objects.filter(wanted)) if any(differing.values()) else []
    slugs_now: dict[tuple[str, int], str] = {}
    for kind in {row.kind for row in old}:
        rows = REFERENCE_MODELS[kind]._default_manager.filter(pk__in=[row.target_id for row in old if row.kind == kind])
        slugs_now |= {(kind, pk): slug for pk, slug in rows.values_list("pk", "slug")}
    targets = {(row.kind, row.slug): (row.kind, row.target_id) for row in old}
    return Today({named: slugs_now[target] for named, target in targets.items() if target in slugs_now})


def _saying(desk: Mapping[int, str], versions: Mapping[int, int | None]) -> dict[int, int]:
    hashes = hashes_today([version for version in versions.values() if version is not None])
    return {pk: version for pk, version in versions.items() if version and hashes.get(version) == desk[pk]}


def _merged() -> Q:
    return Q(Exists(OldSlug.objects.exclude(kind=OldSlug.Kind.STATEMENT)))
