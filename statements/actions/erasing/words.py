"""Taking words out of texts and documents: a mark stands in their place, and no quotation reaches across it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from statements import quotes
from statements.record.document import Document
from statements.record.today import without_doubles

#: That of an omission: quotations do not reach across it, and readers know it.
MARK = "[…]"
#: The mark is never longer than what it stands for, so that it fits wherever the words stood.
SHORTEST = len(MARK)

#: So much of the words must be left at the end of a text that was cut there, to be told from any other.
_LEFT = 8
_CUT = "…"
#: The lengths to which labels of records are cut without a mark.
_CUT_AT = (200, 300, 500)

#: List of a content ("" is the statement itself) -> its fields in which people write, besides quotes.
TEXTS: dict[str, tuple[str, ...]] = {
    "": ("title", "date_note", "attribution", "place", "occasion", "summary"),
    "speakers": ("attribution",),
    "wordings": ("text",),
    "citations": ("locator",),
    "mentions": ("locator", "note"),
    "counts": ("wording", "attributed_wording", "excludes", "note"),
}
WITH_QUOTES = ("mentions", "counts")
#: Part of a context -> its fields with names.
NAMES: dict[str, tuple[str, ...]] = {
    "organisations": ("name", "short_name"),
    "speakers": ("name",),
    "sources": ("url", "title", "publisher", "author"),
    "demands": ("title",),
    "measures": ("name", "unit", "place"),
}


class Words:
    """Texts that are to be erased wherever they stand, letter by letter, whatever white space is between the words, and
    in whatever Unicode form. ``texts`` are in NFC, as documents are.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        """Those shorter than the mark are left out."""
        wanted = {unicodedata.normalize("NFC", text).strip() for text in texts}
        longest_first = sorted((text for text in wanted if len(text) >= SHORTEST), key=len, reverse=True)
        self.texts: Sequence[str] = longest_first
        patterns = [r"\s+".join(re.escape(part) for part in text.split()) for text in longest_first]
        self._pattern = re.compile("|".join(patterns) or r"(?!)")
        self._any_case = re.compile(self._pattern.pattern, re.IGNORECASE)

    def count(self, text: str) -> int:
        return sum(1 for _match in self._pattern.finditer(unicodedata.normalize("NFC", text)))

    def count_in_other_case(self, text: str) -> int:
        return sum(1 for _match in self._any_case.finditer(unicodedata.normalize("NFC", text))) - self.count(text)

    def taken_out(self, text: str) -> str:
        """The same text where none of them stands in it."""
        return self._pattern.sub(MARK, unicodedata.normalize("NFC", text)) if self.count(text) else text

    def taken_out_of(self, value: Any) -> Any:
        """Of a text, or of all texts in JSON; also where a text was cut in the midst of them."""
        if isinstance(value, str):
            composed = unicodedata.normalize("NFC", self.taken_out(value))
            without = self._without_ends(composed)
            return self.taken_out(value) if without == composed else without
        if isinstance(value, dict):
            return {self.taken_out(key): self.taken_out_of(item) for key, item in value.items()}
        return [self.taken_out_of(item) for item in value] if isinstance(value, list) else value

    def _without_ends(self, text: str) -> str:
        is_cut = text.endswith(_CUT) or len(text) in _CUT_AT
        if not is_cut and not text.startswith(_CUT):
            return text
        core = text.strip(_CUT)
        for words in self.texts:
            if len(core) >= _LEFT and core in words:
                return MARK
            end = _overlap(core, words) if is_cut else 0
            start = _overlap(words, core) if text.startswith(_CUT) else 0
            if start or end:
                core = (MARK if start else "") + core[start : len(core) - end] + (MARK if end else "")
        return core if core != text.strip(_CUT) else text


def _overlap(first: str, second: str) -> int:
    """How many letters at the end of the first are those with which the second begins; 0 for few."""
    lengths = range(min(len(first), len(second)) - 1, _LEFT - 1, -1)
    return next((length for length in lengths if first.endswith(second[:length])), 0)


def texts_in(content: Document) -> Iterator[tuple[str, str, str]]:
    """(list, field, text) for all that people wrote in a content."""
    for name, fields in TEXTS.items():
        for row in content[name] if name else [content]:
            yield from ((name, field, row[field]) for field in fields if row[field])
    for name in WITH_QUOTES:
        yield from ((name, "quote", row["quote"]) for row in content[name] if row["quote"])


def found_in(document: Document, words: Words, *, wording: str = "") -> Counter[tuple[str, str]]:
    """(list, field) -> how often the words stand there; ``wording`` is the key of one that goes as a whole."""
    found: Counter[tuple[str, str]] = Counter()
    for name, field, text in texts_in(document["content"]):
        found[name, field] += words.count(text)
    gone = [row for row in document["content"]["wordings"] if row["key"] == wording and not words.count(row["text"])]
    found["wordings", "text"] += sum(row["text"] != MARK for row in gone)
    for part, fields in NAMES.items():
        for row in document["context"][part].values():
            for field in fields:
                found[part, field] += words.count(row[field])
    return +found


def content_without(content: Document, words: Words, *, wording: str = "") -> Document:
    """The content without the words. Quotes that held them, or rested on them, go as a whole."""
    known = [row["text"] for row in content["wordings"]]
    new: Document = dict(content)
    for name, fields in TEXTS.items():
        rows = [_row(row, fields, words) for row in (content[name] if name else [content])]
        new |= {name: rows} if name else {field: rows[0][field] for field in fields}
    for row in new["wordings"]:
        if row["key"] == wording:
            row["text"] = MARK
        row["is_excerpt"] = row["is_excerpt"] or row["text"] not in known
    left = [row["text"] for row in new["wordings"]]
    for name in WITH_QUOTES:
        for row in new[name]:
            quote = row["quote"]
            if quote and (words.count(quote) or (_stands(quote, known) and not _stands(quote, left))):
                row["quote"] = ""
    return without_doubles(new)


def _row(row: Document, fields: Iterable[str], words: Words) -> Document:
    return row | {field: words.taken_out(row[field]) for field in fields}


def _stands(quote: str, texts: Iterable[str]) -> bool:
    return any(quotes.occurs(quote, text) for text in texts)


def context_without(context: Document, words: Words) -> Document:
    """The names of that day without the words. An address that held them is none any more."""
    new: Document = dict(context)
    for part, fields in NAMES.items():
        new[part] = {slug: _row(row, fields, words) for slug, row in context[part].items()}
    for row in new["sources"].values():
        row["url"] = "" if MARK in row["url"] else row["url"]
    return new


def emptied(content: Document) -> Document:
    """What is left of a content of which every word goes: who, when, and where it stands."""
    blank = dict.fromkeys(TEXTS[""], "") | {"title": MARK}
    return {
        **content,
        **blank,
        "speakers": [row | {"attribution": ""} for row in content["speakers"]],
        "citations": [row | {"locator": ""} for row in content["citations"]],
        "wordings": [],
        "mentions": [],
        "counts": [],
    }
