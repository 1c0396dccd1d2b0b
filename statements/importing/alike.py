"""New statements that look like a stored one: the same address, or the same issuer and day and a like title."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from statements import text
from statements.importing.directory import Directory
from statements.importing.drafts import Draft
from statements.importing.incoming import Alike
from statements.models import Citation, Issuer, Source, SpeakerRole

#: From this on, of 100, two titles are so like each other that they may be one.
_LIKE = 80


@dataclass(frozen=True)
class Stored:
    """A stored statement, and what makes a row look like it."""

    slug: str
    title: str
    column: str
    reason: str


def look_alikes(drafts: Sequence[Draft], directory: Directory) -> dict[Draft, Stored]:
    """The stored statement that each of these new rows looks like, where there is one. Three queries at most.

    An address says more than a title: where both are found, it is the one by title among those of the address.
    """
    if not drafts:
        return {}
    by_address = _by_address(drafts, directory)
    by_maker = _by_maker(drafts)
    found: dict[Draft, Stored] = {}
    for draft in drafts:
        if not (by_maker[draft] or by_address[draft]):
            continue
        title = text.fold(draft.values.get("title", ""))
        like = _most_like(title, by_maker[draft])
        cited = _most_like(title, by_address[draft], at_least=0)
        if like is not None:
            found[draft] = Stored(*like, "title", _("the same issuer and day, and a like title"))
        elif cited is not None:
            found[draft] = Stored(*cited, "source_urls", _("the same address"))
    return found


def decide(draft: Draft, stored: Stored, directory: Directory) -> Alike:
    """What staff chose for this row. Says what it looks like."""
    choice = directory.options.for_row(draft.file.name, draft.line)
    words = {"title": stored.title, "slug": stored.slug, "reason": stored.reason}
    if choice == Alike.SKIP:
        sentence = _("Left out: it looks like the stored statement “%(title)s” (%(slug)s): %(reason)s.")
        draft.leave_out(stored.column, sentence % words, statement=stored.slug)
    elif choice == Alike.ADD_SOURCE:
        sentence = _("Its addresses go to the stored statement “%(title)s” (%(slug)s): %(reason)s.")
        draft.notice(stored.column, sentence % words, statement=stored.slug)
    else:
        sentence = _(
            "It looks like the stored statement “%(title)s” (%(slug)s): %(reason)s. It is imported as another."
        )
        draft.notice(stored.column, sentence % words, statement=stored.slug)
    return choice


def _by_address(drafts: Sequence[Draft], directory: Directory) -> dict[Draft, list[tuple[str, str]]]:
    """(slug, title) of what is cited from the addresses of a row. One query."""
    found: dict[Draft, list[tuple[str, str]]] = defaultdict(list)
    sources = {
        draft: [
            source.pk
            for url in draft.values.get("source_urls") or []
            for source in directory.of(Source).named(url)
            if source.pk is not None
        ]
        for draft in drafts
    }
    wanted = {pk for pks in sources.values() for pk in pks}
    if wanted:
        cited = defaultdict(list)
        rows = Citation.objects.filter(source__in=wanted).values_list(
            "source_id", "statement__slug", "statement__title"
        )
        for pk, slug, title in rows:
            cited[pk].append((slug, title))
        for draft, pks in sources.items():
            found[draft] = [statement for pk in pks for statement in cited[pk]]
    return found


def _by_maker(drafts: Sequence[Draft]) -> dict[Draft, list[tuple[str, str]]]:
    """(slug, title) of what an issuer or speaker of a row said on its day. Two queries."""
    found: dict[Draft, list[tuple[str, str]]] = defaultdict(list)
    for model, field, columns in (
        (Issuer, "organisation_id", ("issuers", "joined_by", "delivered_by")),
        (SpeakerRole, "speaker_id", ("speakers",)),
    ):
        makers = {draft: _stored(draft, columns) for draft in drafts if draft.values.get("issued")}
        wanted = {pk for pks in makers.values() for pk in pks}
        if not wanted:
            continue
        days = {draft.values["issued"].first for draft in makers}
        said: dict[tuple[Any, ...], list[tuple[str, str]]] = defaultdict(list)
        rows = model._default_manager.filter(**{f"{field}__in": wanted}, statement__issued_from__in=days)
        for pk, first, last, *statement in rows.values_list(
            field, "statement__issued_from", "statement__issued_until", "statement__slug", "statement__title"
        ):
            said[pk, first, last].append((statement[0], statement[1]))
        for draft, pks in makers.items():
            issued = draft.values["issued"]
            found[draft] += [statement for pk in pks for statement in said[pk, issued.first, issued.last]]
    return found


def _stored(draft: Draft, columns: Collection[str]) -> list[int]:
    return [row.pk for name in columns for row in draft.values.get(name) or [] if row.pk is not None]


def _most_like(title: str, statements: Sequence[tuple[str, str]], *, at_least: int = _LIKE) -> tuple[str, str] | None:
    scored = [(fuzz.token_sort_ratio(title, text.fold(known)), slug, known) for slug, known in statements]
    best = max(scored, default=None)
    return best[1:] if best is not None and best[0] >= at_least else None
