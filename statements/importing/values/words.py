"""Cells that hold one of a few words: yes or no, and the values of a choice."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from statements.importing.values.characters import plain
from statements.importing.values.problems import CellProblem
from statements.text import fold

_YES = frozenset(map(fold, ["true", "yes", "y", "1", "да", "так", "jā", "истина", "patiess"]))
_NO = frozenset(map(fold, ["false", "no", "n", "0", "нет", "не", "nē", "ложь", "aplams"]))
_PARTED = re.compile(r"[\s_-]+")


def read_boolean(cell: str) -> tuple[bool, str]:
    """Whether a cell says yes, and a notice, or "". Raises CellProblem."""
    word = fold(cell)
    # A sign that folding drops says something else: -1 is not 1.
    if word not in _YES | _NO or not plain(cell).isalnum():
        raise CellProblem(_("“%(value)s” is neither true nor false. Write one of the two.") % {"value": cell})
    answer = "true" if word in _YES else "false"
    return word in _YES, "" if word == answer else _("Read as %(answer)s.") % {"answer": answer}


def choice_alike(cell: str, labels: Mapping[str, str]) -> str | None:
    """The value, of those that lead to their labels, which a cell means: by the value, or by one label only.

    Case doesn't count, nor whether spaces, hyphens or low lines part the words.
    """
    wanted = _alike(cell)
    for value in labels:
        if _alike(value) == wanted:
            return value
    labelled = [value for value, label in labels.items() if _alike(label) == wanted]
    return labelled[0] if len(labelled) == 1 else None


def _alike(word: str) -> str:
    return _PARTED.sub(" ", word.strip()).casefold()
