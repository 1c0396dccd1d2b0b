"""What readers would see if a version were published now. For staff: no address of the public site leads here."""

from django.utils import timezone

from statements.models import Statement, Version
from statements.public.statement import StatementPage
from statements.record.document import Document
from statements.record.reading import published_versions


def page_of(*, statement: Statement, version: Version, document: Document) -> StatementPage:
    """The page of a version with this document as the current one, made by the code that makes the readers' page.

    Six queries, as that page. The rows given are changed, and must not be saved. What is named in this version alone
    has no page yet, and so no link.
    """
    versions = [row for row in published_versions(statement.slug) if row.pk != version.pk]
    version.document = document
    if version.public_number is None:
        version.public_number = 1 + max((row.public_number or 0 for row in versions), default=0)
        version.published_at = timezone.now()
    versions = sorted([*versions, version], key=lambda row: row.public_number or 0)
    statement.published_version_id = version.pk
    for row in versions:
        row.statement = statement
    return StatementPage(versions, version, as_it_was=False)
