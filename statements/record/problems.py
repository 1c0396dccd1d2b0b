"""What keeps a document from being saved or published: rules across rows, as pure functions of the document.

The form, the import, ``publish`` and ``check_data`` all ask here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import quotes
from statements.record.document import Document


@dataclass(frozen=True)
class Problem:
    """``place`` says where: ("title",), or the name of a list, an index in it and a field: ("counts", 2, "quote")."""

    place: tuple[str | int, ...]
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def problems(document: Document, *, publishing: bool = False) -> list[Problem]:
    """All problems at once, in editors' sentences; with ``publishing`` also those that only keep it from readers."""
    content = document["content"]
    found = [*_nobody(content), *_doubled(content), *_unfounded_quotes(content)]
    if publishing:
        found += _unpublishable(content)
    return found


def _nobody(content: Document) -> Iterator[Problem]:
    if not content["issuers"] and not content["speakers"]:
        yield Problem(("issuers",), _("Say who made it: at least one issuer or one speaker."))


def _doubled(content: Document) -> Iterator[Problem]:
    for name, fields, sentence in ONCE:
        if len(content[name]) < 2:
            continue
        seen: Counter[tuple[Any, ...]] = Counter()
        for index, row in enumerate(content[name]):
            identity = tuple(row[field] for field in fields)
            seen[identity] += 1
            if seen[identity] == 2:
                yield Problem((name, index, fields[0]), str(sentence))


#: What may stand once in a list: the list, the fields in which two rows are the same, what to say of the second.
ONCE = (
    ("issuers", ("organisation",), gettext_lazy("This organisation is named twice: give it one part.")),
    ("speakers", ("speaker",), gettext_lazy("This speaker is named twice.")),
    ("citations", ("source", "role"), gettext_lazy("This source is cited twice in the same role.")),
    (
        "wordings",
        ("language", "kind", "source", "text"),
        gettext_lazy("These words are entered twice, in the same language, kind and source."),
    ),
    (
        "mentions",
        ("demand", "quote", "locator"),
        gettext_lazy(
            "This demand is entered twice with the same quote: another place in the text needs its own quote."
        ),
    ),
    (
        "counts",
        (
            "measure",
            "qualifier",
            "value",
            "value_to",
            "wording",
            "as_of",
            "since",
            "attributed_to",
            "attributed_wording",
            "excludes",
            "quote",
        ),
        gettext_lazy("This figure is entered twice."),
    ),
)


def _unfounded_quotes(content: Document) -> Iterator[Problem]:
    """Where the words are known, a quote must be in them; where they are not, it stays unchecked."""
    texts = [wording["text"] for wording in content["wordings"]]
    for name in ("mentions", "counts"):
        for index, row in enumerate(content[name]):
            if row["quote"]:
                sentence = quote_problem(row["quote"], texts)
                if sentence:
                    yield Problem((name, index, "quote"), sentence)


def quote_problem(quote: str, texts: Iterable[str]) -> str | None:
    """What is wrong with a quote from these texts, with the nearest passage; None when found, or no text is known."""
    faulty = None if quotes.is_plain(quote) else quotes.problem_with(quote)
    if faulty:
        return faulty
    known = list(texts)
    if not known or any(quotes.occurs(quote, text) for text in known):
        return None
    candidates = [passage for passage in (quotes.nearest(quote, text) for text in known) if passage]
    if candidates:
        return _("These words are not in the wording. The nearest passage is: “%(passage)s”.") % {
            "passage": candidates[0]
        }
    return _("These words are not in the wording, nor anything like them. Copy them from it.")


def _unpublishable(content: Document) -> Iterator[Problem]:
    if not content["citations"]:
        yield Problem(("citations",), _("It has no source. Name at least one in which readers can check it."))
    if not content["summary"] and not content["wordings"]:
        yield Problem(("summary",), _("It has neither a summary nor words: readers would see a title only."))
    cited = {citation["source"] for citation in content["citations"]}
    for index, wording in enumerate(content["wordings"]):
        if wording["source"] is not None and wording["source"] not in cited:
            yield Problem(
                ("wordings", index, "source"),
                _("These words were taken from a source that is not among the sources of the statement."),
            )
