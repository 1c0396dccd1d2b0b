"""The one figure in a passage of running words, as an editor selects it: "more than 880 political prisoners are held".

Read by the importer's own reader, a few words at a time. Nothing is guessed: where the words have several numbers, or
one that could be a date, a change or a part of a larger number, the editor types it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from statements.importing.values.characters import plain
from statements.importing.values.figures import RANGE, Figure, is_qualifier, read_figure
from statements.importing.values.months import months
from statements.importing.values.numbers import changes_a_number
from statements.importing.values.problems import CellProblem
from statements.text import fold

#: Longer passages are texts; nobody means one figure by them.
LONGEST_PASSAGE = 1000

EXACT = "exact"

_MOST_WORDS = 8  # of a figure with its qualifier: between 1 000 and 2 000
_WORDS_BEFORE = 4  # that may still say how a number is meant: more than the estimated 880

_OPENING = "\"'‘’“”„«»‹›([{…"
_CLOSING = _OPENING + ")]}.,;:!?"
_PARTING = tuple(",;:!?)]}…\"'’”»›")
_ABBREVIATED = {"approx.", "ca.", "c.", "max.", "min.", "ок.", "ap."}

#: "rose from 325 to 535" is a change: these words before two numbers need not mean a range.
_MAY_BE_A_CHANGE = {fold(word) for word in ("from", "с", "з", "no")}
_PER_CENT = {"%", "‰", "per", "pct"}


@dataclass(frozen=True)
class _Found:
    """A figure in words[start:end]."""

    start: int
    end: int
    figure: Figure

    def holds(self, other: "_Found") -> bool:
        return self != other and self.start <= other.start and other.end <= self.end


def figure_in(passage: str) -> Figure:
    """The figure, with a sentence in ``notice`` that says how it was read.

    A number without a qualifying word is exact; where such a word stands near it and not beside it, the qualifier is
    blank. Raises CellProblem, with a sentence for whoever fills in a form, where there is none or more than one.
    """
    words = plain(passage).split()
    numbered = [index for index, word in enumerate(words) if any(map(str.isdecimal, word))]
    if not numbered:
        raise CellProblem(
            _(
                "These words have no number in digits. Type it, or choose “without a number” and write under “As "
                "worded” how it is put."
            )
        )
    found = list(_largest(list(_figures(words))))
    if len(found) != 1 or not all(found[0].start <= index < found[0].end for index in numbered):
        raise _why_not_one(len(numbered))
    _refuse_another_meaning(words, found[0])
    return _with_qualifier(words, found[0])


def _figures(words: Sequence[str]) -> Iterator[_Found]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            if end - start > 1 and _parts(words[end - 2]):
                break
            cell = " ".join(words[start:end]).lstrip(_OPENING).rstrip(_CLOSING)
            if any(map(str.isdecimal, cell)):
                try:
                    yield _Found(start, end, read_figure(cell))
                except CellProblem:
                    continue


def _parts(word: str) -> bool:
    """Whether this word ends a clause or a sentence, so that a figure doesn't go on behind it."""
    return word.endswith(_PARTING) or (word.endswith(".") and word.lower() not in _ABBREVIATED)


def _largest(found: Sequence[_Found]) -> Iterator[_Found]:
    """Without those that are a part of another: 880 in "more than 880"."""
    for one in found:
        if not any(other.holds(one) for other in found):
            yield one


def _why_not_one(numbers: int) -> CellProblem:
    if numbers > 1:
        return CellProblem(_("These words have several numbers, so none was filled in. Type the one that is meant."))
    return CellProblem(_("The number in these words can't be read with certainty, so it was not filled in. Type it."))


def _refuse_another_meaning(words: Sequence[str], found: _Found) -> None:
    before = words[found.start - 1].strip(_CLOSING) if found.start else ""
    ends_here = _parts(words[found.end - 1])
    after = words[found.end].strip(_CLOSING) if found.end < len(words) and not ends_here else ""
    figure = found.figure
    if after in _PER_CENT or (after.isalpha() and changes_a_number(after)):
        raise CellProblem(
            _("The number is partly in words, or a share, so it was not filled in. Type all digits of what is counted.")
        )
    if not figure.qualifier and {fold(before), fold(after)} & months().keys():
        raise CellProblem(_("The number in these words looks like a part of a date, so it was not filled in."))
    if figure.qualifier == RANGE and {fold(before), fold(words[found.start].strip(_CLOSING))} & _MAY_BE_A_CHANGE:
        raise CellProblem(
            _("“From” one number “to” another can be a range or a change, so nothing was filled in. Type it.")
        )


def _with_qualifier(words: Sequence[str], found: _Found) -> Figure:
    figure = found.figure
    if figure.qualifier == RANGE:
        return figure
    if _qualified_from_afar(words, found.start):
        notice = _("The number was read as %(number)s. Choose how it is meant: the words say more than the number.")
        return replace(figure, qualifier="", notice=notice % {"number": figure.value})
    if not figure.qualifier:
        notice = _("Read as exactly %(number)s: no word beside it says otherwise.") % {"number": figure.value}
        return replace(figure, qualifier=EXACT, notice=notice)
    return replace(figure, notice=_("Read as %(number)s.") % {"number": figure})


def _qualified_from_afar(words: Sequence[str], start: int) -> bool:
    """Whether one of the words shortly before a figure, in its sentence, is a qualifier that is not a part of it."""
    near: list[str] = []
    for word in reversed(words[max(0, start - _WORDS_BEFORE) : start]):
        if word.endswith((".", "!", "?", ";")):
            break
        near.insert(0, word.strip(_CLOSING))
    return any(
        is_qualifier(" ".join(near[first:last]))
        for first in range(len(near))
        for last in range(first + 1, len(near) + 1)
    )
