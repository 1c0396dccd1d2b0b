"""Where quotations stand in the words: passages to mark, linked both ways with what they are evidence of."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from statements import quotes
from statements.models import Wording
from statements.models.codes import UNKNOWN_LANGUAGE, direction, language_name
from statements.public.references import ShownSource

_TRANSLATIONS = (
    Wording.Kind.OFFICIAL_TRANSLATION,
    Wording.Kind.DESK_TRANSLATION,
    Wording.Kind.MACHINE_TRANSLATION,
)


@dataclass
class Evidence:
    """A quotation: ``number`` is its place on the page, ``anchor`` the id of the demand or figure that rests on it.

    ``language`` is that of the words it was found in, before that the statement's own.
    """

    number: int
    anchor: str
    label: str
    quote: str
    language: str
    found_in: list["FoundIn"] = field(default_factory=list)
    is_checked: bool = True

    @property
    def direction(self) -> str:
        return text_direction(self.language)


@dataclass(frozen=True)
class FoundIn:
    """``passage`` is the id of the first marked passage in the words that ``words`` describes."""

    passage: str
    words: str


@dataclass
class Segment:
    """A run of words between two edges of passages. ``ids`` begin here, ``ends`` are the quotations that end here."""

    text: str
    marked: list[Evidence] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    ends: list[Evidence] = field(default_factory=list)


@dataclass
class MarkedWording:
    """A wording cut into segments, in order; joined, their texts are its text."""

    language: str
    kind: str
    is_excerpt: bool
    segments: list[Segment]
    source: ShownSource | None = None

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def direction(self) -> str:
        return text_direction(self.language)

    @property
    def kind_label(self) -> str:
        return str(Wording.Kind(self.kind).label)

    @property
    def extent(self) -> str:
        return _("excerpt") if self.is_excerpt else _("full text")


def text_direction(language: str) -> str:
    """For ``dir``: where the language is not known, the browser looks at the letters."""
    return "auto" if language in ("", UNKNOWN_LANGUAGE) else direction(language)


def describe(wording: dict[str, Any]) -> str:
    """What a quotation was found in, in words."""
    language = language_name(wording["language"])
    if wording["kind"] in _TRANSLATIONS:
        sentence = _("an excerpt of a translation") if wording["is_excerpt"] else _("a translation")
        return _("%(what)s (%(kind)s, %(language)s)") % {
            "what": sentence,
            "kind": Wording.Kind(wording["kind"]).label,
            "language": language,
        }
    if wording["kind"] == Wording.Kind.AS_REPORTED:
        sentence = _("an excerpt, as reported") if wording["is_excerpt"] else _("the full text, as reported")
    else:
        sentence = _("an excerpt of the original") if wording["is_excerpt"] else _("the full text of the original")
    return f"{sentence} ({language})"


def mark(wordings: Sequence[dict[str, Any]], evidence: Sequence[Evidence]) -> list[MarkedWording]:
    """Cut the wordings of a document at every passage that is evidence, and tell each quotation where it was found."""
    marked = []
    for index, wording in enumerate(wordings, 1):
        passages: list[tuple[quotes.Passage, Evidence, str]] = []
        for item in evidence:
            found = quotes.find_all(item.quote, wording["text"]) if item.quote else []
            for nth, passage in enumerate(found):
                passages.append((passage, item, f"words-{index}-{item.number}" if nth == 0 else ""))
            if found:
                if not item.found_in:
                    item.language = wording["language"]
                item.found_in.append(FoundIn(f"words-{index}-{item.number}", describe(wording)))
        marked.append(
            MarkedWording(
                wording["language"],
                wording["kind"],
                wording["is_excerpt"],
                _segments(wording["text"], passages),
            )
        )
    for item in evidence:
        item.is_checked = bool(item.found_in)
    return marked


def _segments(text: str, passages: list[tuple[quotes.Passage, Evidence, str]]) -> list[Segment]:
    edges = {0, len(text)}
    for passage, _item, _id in passages:
        edges |= {passage.start, passage.end}
    ordered = sorted(edges)
    segments = {start: Segment(text[start:end]) for start, end in pairwise(ordered)}
    starts = ordered[:-1]
    for passage, item, anchor in passages:
        first, after = bisect_left(starts, passage.start), bisect_left(starts, passage.end)
        covered = [segments[start] for start in starts[first:after]]
        for segment in covered:
            if item not in segment.marked:
                segment.marked.append(item)
        if anchor:
            covered[0].ids.append(anchor)
        covered[-1].ends.append(item)
    return [segments[start] for start in starts]
