"""Writing versions: every save on the desk that changes the content makes one."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from statements.bulk import insert
from statements.models import ImportRun, Statement, Through, Version
from statements.record.document import Bundle, Document, build, content_hash

BATCH = 500


def save_versions(
    *, bundles: Iterable[Bundle], by: User, through: Through, why: str = "", run: ImportRun | None = None
) -> list[Version]:
    """A version for each of these stored bundles whose content is new; what was done is a draft again. Three queries
    a batch; call it inside the transaction that changed the statements.
    """
    documents = {bundle.statement.pk: build(bundle) for bundle in bundles}
    return save_documents(documents=documents, by=by, through=through, why=why, run=run)


def save_documents(
    *, documents: Mapping[int, Document], by: User, through: Through, why: str = "", run: ImportRun | None = None
) -> list[Version]:
    """As ``save_versions``, for documents by the id of the statement whose stored rows they say."""
    latest = latest_versions(documents)
    now = timezone.now()
    made = []
    for pk, document in documents.items():
        number, known_hash = latest.get(pk, (0, ""))
        new_hash = content_hash(document)
        if new_hash != known_hash:
            made.append(
                Version(
                    statement_id=pk,
                    number=number + 1,
                    document=document,
                    content_hash=new_hash,
                    saved_at=now,
                    saved_by=by,
                    saved_by_name=by.get_username(),
                    through=through,
                    run=run,
                    why=why,
                )
            )
    changed = Statement.objects.filter(pk__in=[version.statement_id for version in made])
    changed.filter(step=Statement.Step.DONE).update(step=Statement.Step.DRAFT)
    insert(made)
    return made


def latest_versions(statement_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """(number, content hash) of each statement's latest version. One query."""
    newest = Version.objects.filter(statement=OuterRef("statement")).order_by("-number").values("number")[:1]
    rows = Version.objects.filter(statement__in=list(statement_ids), number=Subquery(newest))
    return {pk: (number, known) for pk, number, known in rows.values_list("statement_id", "number", "content_hash")}
