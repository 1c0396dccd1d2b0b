"""Writing versions: every save on the desk that changes the content makes one."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.utils import timezone

from statements.actions.moves import after_save
from statements.bulk import insert, made
from statements.models import Erasure, ImportRun, Through, Version
from statements.record import desk_index
from statements.record.document import Bundle, Document, build, content_hash
from statements.record.said import said_before


def save_versions(
    *, bundles: Iterable[Bundle], by: User, through: Through, why: str = "", run: ImportRun | None = None
) -> list[Version]:
    """A version for each of these stored bundles whose content is new; what was done is a draft again, and what was
    scheduled is in review again. Three queries a batch; call it inside the transaction that changed the statements.
    """
    documents = {bundle.statement.pk: build(bundle) for bundle in bundles}
    return save_documents(documents=documents, by=by, through=through, why=why, run=run)


def save_documents(
    *, documents: Mapping[int, Document], by: User, through: Through, why: str = "", run: ImportRun | None = None
) -> list[Version]:
    """As ``save_versions``, for documents by the id of the statement whose stored rows they say.

    Whoever has changed the rows of a statement comes here, so that the desk's lists and searches follow them.
    """
    desk_index.refresh(documents)
    latest = latest_versions(documents)
    hashes = {pk: content_hash(document) for pk, document in documents.items()}
    differing = {pk: new for pk, new in hashes.items() if pk in latest and new != latest[pk][1]}
    # Since a merge or an erasure the same may have another hash. What readers see is kept as it is: nothing to review.
    same, seen = said_before(differing) if differing else (set(), {})
    now = timezone.now()
    saved = []
    for pk, document in documents.items():
        number, known_hash = latest.get(pk, (0, ""))
        if hashes[pk] != known_hash and pk not in same:
            saved.append(
                made(
                    Version,
                    statement_id=pk,
                    number=number + 1,
                    document=seen[pk].document if pk in seen else document,
                    content_hash=seen[pk].content_hash if pk in seen else hashes[pk],
                    saved_at=now,
                    saved_by_id=by.pk,
                    saved_by_name=by.get_username(),
                    through=through,
                    run_id=run.pk if run is not None else None,
                    why=why,
                )
            )
    insert(saved)
    _keep_tombstones({version.pk: seen[version.statement_id].pk for version in saved if version.statement_id in seen})
    after_save(made=saved, by=by)
    return saved


def _keep_tombstones(like: Mapping[int, int]) -> None:
    """What was erased from a version is lacking in those that say the same, each given with that version."""
    stored = Erasure.objects.filter(version__in=set(like.values()))
    by_version: dict[int, list[Erasure]] = {}
    for erasure in stored if like else []:
        by_version.setdefault(erasure.version_id, []).append(erasure)
    insert([_copy(erasure, version) for version, old in like.items() for erasure in by_version.get(old, [])])


def _copy(erasure: Erasure, version_id: int) -> Erasure:
    fields = [field.attname for field in Erasure._meta.concrete_fields if not field.primary_key]
    return Erasure(**{name: getattr(erasure, name) for name in fields} | {"version_id": version_id})


def latest_versions(statement_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """(number, content hash) of each statement's latest version. One query."""
    rows = Version.objects.latest_of(statement_ids).values_list("statement_id", "number", "content_hash")
    return {pk: (number, known) for pk, number, known in rows}
