"""What changed from one published version to the next, by part."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.record.document import Document


def changes(before: Document, after: Document) -> list[str]:
    """The parts in which two contents differ, in words: "words", "one figure". Empty where only names differ."""
    parts: list[tuple[str, tuple[str, ...]]] = [
        (_("title"), ("title",)),
        (_("kind"), ("kind",)),
        (_("language"), ("language",)),
        (_("date"), ("issued", "issued_basis", "date_note")),
        (_("who made it"), ("issuers", "speakers", "attribution")),
        (_("place and occasion"), ("place", "occasion")),
        (_("summary"), ("summary",)),
        (_("relation to another statement"), ("relation",)),
        (_("words"), ("wordings",)),
    ]
    found = [label for label, fields in parts if any(before[name] != after[name] for name in fields)]
    counted: list[tuple[str, Callable[[int], str]]] = [
        ("citations", lambda n: ngettext("one source", "%(n)s sources", n) % {"n": n}),
        ("mentions", lambda n: ngettext("one demand", "%(n)s demands", n) % {"n": n}),
        ("counts", lambda n: ngettext("one figure", "%(n)s figures", n) % {"n": n}),
    ]
    for name, sentence in counted:
        differing = _differing(before[name], after[name])
        if differing or before[name] != after[name]:
            found.append(sentence(max(differing, 1)))
    return found


def _differing(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> int:
    """How many rows were added, taken away or changed; a changed row is one."""
    gone = [row for row in before if row not in after]
    new = [row for row in after if row not in before]
    return max(len(gone), len(new))
