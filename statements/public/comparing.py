"""Two published versions of a statement side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from statements.models import Version
from statements.public.responses import current_of
from statements.record.compare import (
    Comparison,
    compare_versions,
    no_such_version,
    related_slugs,
    two_numbers,
)
from statements.record.document import is_erased
from statements.record.names import Kind, names_by_slug


class NoSuchVersion(Exception):
    """Its text is a sentence for the reader."""


@dataclass(frozen=True)
class ComparedVersions:
    before: Version
    after: Version
    comparison: Comparison


def comparison_address(slug: str, before: int | None, after: int | None) -> str:
    """The address that compares these two published versions, by their public numbers."""
    return f"{reverse('statements:compare', args=[slug])}?{urlencode({'from': before, 'to': after})}"


def title_of(versions: Sequence[Version]) -> str:
    """The statement's title of today; its slug where that version was erased."""
    newest = current_of(versions)
    return newest.statement.slug if is_erased(newest.document) else str(newest.document["content"]["title"])


def comparison_of(versions: Sequence[Version], first: Sequence[str], second: Sequence[str]) -> ComparedVersions:
    """Two of a statement's published versions, by all that the address gave for each; the newest and the one before it
    where it gave nothing. No query; two where one relates to another statement.

    Raises ValueError or NoSuchVersion with a sentence.
    """
    if not first and not second:
        newest = [str(version.public_number) for version in versions[-2:]]
        first, second = newest[:1], newest[1:] or ["2"]
    numbers = two_numbers(first, second)
    by_number = {version.public_number: version for version in versions}
    for number in numbers:
        if number not in by_number:
            raise NoSuchVersion(no_such_version(number))
    before, after = by_number[numbers[0]], by_number[numbers[1]]
    return ComparedVersions(
        before, after, compare_versions(before, after, numbers=numbers, statements=_titles([before, after]))
    )


def _titles(versions: Sequence[Version]) -> dict[str, str]:
    """Of the other statements that these relate to, as far as readers may see them."""
    slugs = related_slugs(version.document for version in versions)
    names = names_by_slug({Kind.STATEMENT: slugs})
    found = {slug: names.by_slug(Kind.STATEMENT, slug) for slug in slugs}
    return {slug: named.name for slug, named in found.items() if named is not None}
