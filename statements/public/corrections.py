"""The list of what was changed after publication, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from statements.models import Version
from statements.public.history import changes
from statements.record.corrections import Correction
from statements.record.document import upgraded


@dataclass(frozen=True)
class ShownCorrection:
    """``title`` is that of today; of what was withdrawn the one at its address, and then ``slug`` is blank: there is
    nothing left to open. ``changes`` as in a statement's own history.
    """

    version: Version
    before: Version | None
    title: str
    slug: str = ""
    changes: list[str] | None = None


def in_words(corrections: Iterable[Correction]) -> list[ShownCorrection]:
    """In their order. No query."""
    return [_shown(row.version, row.before) for row in corrections]


def _shown(version: Version, before: Version | None) -> ShownCorrection:
    content = upgraded(version.document)["content"]
    if before is None:
        return ShownCorrection(version, None, content["title"])
    entry = version.statement.entry
    changed = changes(upgraded(before.document)["content"], content)
    return ShownCorrection(version, before, entry.title, entry.slug, changed)
