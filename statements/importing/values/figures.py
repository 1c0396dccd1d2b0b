"""Figures as statements quote them: a number and how it is meant, or two numbers, in one cell.

``>880``, ``nearly 1,500``, ``1500+``, ``325-535``, ``от 325 до 535``; in English, Russian, Belarusian and Latvian. The
qualifiers are the values of the model's Qualifier. A bare number has none: nobody has said that it is exact.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from statements.importing.values.characters import LONGEST, plain
from statements.importing.values.numbers import (
    changes_a_number,
    is_plain,
    notice_of_size,
    number_in,
    read_whole,
    why_no_number,
)
from statements.importing.values.problems import CellProblem
from statements.text import fold

RANGE = "range"

_SIGNS = {
    ">": "more than",
    "≥": "at least",
    ">=": "at least",
    "<": "fewer than",
    "≤": "up to",
    "<=": "up to",
    "~": "about",
    "≈": "about",
    "∼": "about",
}

_SIGNS_AFTER = {"+": "at least"}

_BEFORE = {
    fold(words): qualifier
    for qualifier, phrases in {
        "exact": ["exactly", "precisely", "exact", "ровно", "точно", "роўна", "дакладна", "tieši"],
        "about": [
            *("about", "around", "some", "approximately", "approx", "roughly", "circa", "ca", "c", "an estimated"),
            *("estimated", "около", "примерно", "приблизительно", "порядка", "ок", "каля", "прыкладна", "прыблізна"),
            *("aptuveni", "apmēram", "ap"),
        ],
        "nearly": [
            *("nearly", "almost", "close to", "just under", "почти", "без малого", "чуть менее", "амаль", "амаль што"),
            *("gandrīz", "teju", "nepilni", "nepilnas"),
        ],
        "at least": [
            *("at least", "no fewer than", "not fewer than", "no less than", "not less than", "minimum", "min"),
            *("a minimum of", "не менее", "не менее чем", "не меньше", "не меньше чем", "минимум", "как минимум"),
            *("по меньшей мере", "по крайней мере", "не менш", "не менш за", "не менш чым", "не менш як", "мінімум"),
            *("як мінімум", "прынамсі", "vismaz", "ne mazāk kā", "ne mazāk par", "ne mazāk nekā"),
        ],
        "more than": [
            *("more than", "over", "above", "upwards of", "in excess of", "exceeding", "greater than", "just over"),
            *("более", "более чем", "больше", "больше чем", "свыше", "выше", "больш", "больш за", "больш чым"),
            *("больш як", "звыш", "vairāk nekā", "vairāk par", "vairāk kā", "virs", "pāri par"),
        ],
        "up to": [
            *("up to", "at most", "no more than", "not more than", "maximum", "max", "a maximum of", "до", "не более"),
            *(
                "не более чем",
                "не больше",
                "не больше чем",
                "максимум",
                "да",
                "не больш",
                "не больш за",
                "не больш чым",
            ),
            *("не больш як", "максімум", "līdz", "ne vairāk kā", "ne vairāk par", "ne vairāk nekā"),
        ],
        "fewer than": [
            *("fewer than", "less than", "under", "below", "менее", "менее чем", "меньше", "меньше чем", "менш"),
            *("менш за", "менш чым", "менш як", "mazāk nekā", "mazāk par", "mazāk kā", "zem"),
        ],
    }.items()
    for words in phrases
}

_AFTER = {
    fold(words): qualifier
    for qualifier, phrases in {
        "at least": [
            *("plus", "or more", "and more", "at least", "minimum", "и более", "или более", "и больше", "или больше"),
            *("і больш", "або больш", "vai vairāk", "un vairāk"),
        ],
        "up to": [
            *("or fewer", "or less", "at most", "maximum", "или менее", "и менее", "или меньше", "и меньше"),
            *("або менш", "і менш", "vai mazāk", "un mazāk"),
        ],
        "about": ["approximately", "approx", "or so", "примерно", "прыкладна", "aptuveni", "apmēram"],
    }.items()
    for words in phrases
}

#: The word before two numbers, and the words that then stand between them.
_BETWEEN = {
    fold(before): {fold(word) for word in words}
    for before, words in {
        "": ["to", "до", "да", "līdz"],
        "between": ["and"],
        "from": ["to"],
        "между": ["и"],
        "от": ["до"],
        "с": ["до", "по"],
        "паміж": ["і"],
        "ад": ["да"],
        "з": ["да", "па"],
        "starp": ["un"],
        "no": ["līdz"],
    }.items()
}

_FIGURE = re.compile(r"(?P<before>[^0-9]*)(?P<numbers>[0-9](?:.*[0-9])?)(?P<after>[^0-9]*)")
_TWO_NUMBERS = re.compile(r"(?P<first>[0-9][0-9 ,.'’ʼ`٬]*?) ?(?P<between>[-–]|[^\W\d_]+) ?(?P<second>[0-9].*)")
_FOOTNOTE = re.compile(r"[*†‡§;:!)\]]+")
_WORDS = re.compile(r"[^\W\d_]+(?:[ .][^\W\d_]+)*\.?")


@dataclass(frozen=True)
class Figure:
    """``qualifier`` is blank for a bare number; ``value_to`` is there for a range only."""

    qualifier: str
    value: int
    value_to: int | None = None
    notice: str = ""

    def __str__(self) -> str:
        """A cell that is read as the same."""
        if self.value_to is not None:
            return f"{self.value}-{self.value_to}"
        return f"{self.qualifier} {self.value}".strip()


def read_figure(cell: str) -> Figure:
    """Raises CellProblem."""
    if is_plain(cell):  # nearly all are
        number, notice = read_whole(cell)
        return Figure("", number, notice=notice)
    text = plain(cell)
    match = _FIGURE.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        raise _without_a_number(cell, text)
    before, numbers, after = (match[name].strip() for name in ("before", "numbers", "after"))
    figure = _figure(before, numbers, after)
    if figure is None:
        raise _why_no_figure(cell, text, before, numbers, after)
    return replace(figure, notice=_notice(figure))


def is_qualifier(words: str) -> bool:
    """Whether these words, before a number, say how it is meant: "more than", "почти"."""
    return bool(_known(words, _SIGNS, _BEFORE))


def _figure(before: str, numbers: str, after: str) -> Figure | None:
    """None where any of it is not understood. Raises CellProblem for a range that is none."""
    number = number_in(numbers)
    if number is None:
        return None if after else _range(before, numbers)
    if before and after:
        return None
    qualifier = _known(before, _SIGNS, _BEFORE) if before else _known(after, _SIGNS_AFTER, _AFTER)
    return None if qualifier is None else Figure(qualifier, number)


def _known(words: str, signs: Mapping[str, str], phrases: Mapping[str, str]) -> str | None:
    """The qualifier that words stand for; "" for no words, None for unknown ones."""
    if not words or words in signs:
        return signs.get(words, "")
    return phrases.get(fold(words)) if _WORDS.fullmatch(words) else None


def _range(before: str, numbers: str) -> Figure | None:
    match = _TWO_NUMBERS.fullmatch(numbers)
    if match is None or not _joins(before, match["between"]):
        return None
    first, second = number_in(match["first"]), number_in(match["second"])
    if first is None or second is None or any(_has_zeros_in_front(match[name]) for name in ("first", "second")):
        return None
    if first >= second:
        turned = str(first) if first == second else f"{second}-{first}"
        raise CellProblem(_("A range goes from the smaller number to the larger one."), suggestion=turned)
    return Figure(RANGE, first, second)


def _joins(before: str, between: str) -> bool:
    if between in ("-", "–"):
        return not before
    return fold(between) in _BETWEEN.get(fold(before), ()) and (not before or _WORDS.fullmatch(before) is not None)


def _has_zeros_in_front(number: str) -> bool:
    """01-27 is a date that lost its year."""
    return number.startswith("0") and number != "0"


def _notice(figure: Figure) -> str:
    if figure.value_to is not None:
        words = {"value": figure.value, "value_to": figure.value_to}
        read_as = _("Read as a range from %(value)s to %(value_to)s.") % words
    else:
        read_as = _("Read as %(number)s.") % {"number": figure}
    return " ".join(filter(None, [read_as, notice_of_size(figure.value_to or figure.value)]))


def _without_a_number(cell: str, text: str) -> CellProblem:
    return why_no_number(
        cell,
        text,
        otherwise=_(
            "“%(value)s” has no number that can be kept. Leave this cell blank, write unquantified in the column "
            "qualifier, and the words in the column wording."
        )
        % {"value": cell},
    )


def _why_no_figure(cell: str, text: str, before: str, numbers: str, after: str) -> CellProblem:
    qualifier = _known(before, _SIGNS, _BEFORE)
    otherwise = _(
        "“%(value)s” is not a figure this site reads. Write its number in digits, such as 1007, >880 or 325-535, and "
        "the words in the column wording."
    ) % {"value": cell}
    if qualifier is None:
        return why_no_number(cell, text, otherwise=otherwise)
    pair = _range("", numbers) if qualifier and not after else None
    if pair is not None:
        sentence = _("“%(value)s” is a range and “%(qualifier)s” at once. Write one of them.")
        return CellProblem(sentence % {"value": cell, "qualifier": qualifier}, suggestion=str(pair))
    problem = why_no_number(cell, f"{numbers} {after}".strip(), otherwise=otherwise)
    if problem.suggestion:
        suggestion = f"{qualifier} {problem.suggestion}".strip()
    else:
        suggestion = str(_without_the_rest(before, numbers, after.split()) or "")
    return CellProblem(str(problem), suggestion=suggestion)


def _without_the_rest(before: str, numbers: str, after: Sequence[str]) -> Figure | None:
    """1500+ of "1500+ people", 325-535 of "325-535 people": without the words that are not understood."""
    if after and changes_a_number(after[-1].rstrip(".")) and not _FOOTNOTE.fullmatch(after[-1]):
        return None
    for length in range(len(after) - 1, -1, -1):
        figure = _figure(before, numbers, " ".join(after[:length]))
        if figure is not None and (length or len(after) == 1):
            return figure
    return None
