"""Whole numbers as people type them.

Silent: digits only. With a notice: thousands parted by a comma, a point, an apostrophe or a space of any kind, into
groups of exactly three digits; one or two zeros after a comma or a point (1007.00); digits of another script; zeros at
the front. Everything else is no number: nothing is cut off, rounded or multiplied.
"""

import re

from django.utils.translation import gettext as _

from statements.importing.values.characters import LONGEST, plain
from statements.importing.values.problems import CellProblem, refuse_what_holds_no_value
from statements.text import fold

LARGEST = 2**63 - 1  # what the database's columns hold
_UNUSUAL = 100_000_000

_PLAIN = re.compile(r"0|[1-9][0-9]*")
_NUMBER = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[ ,.'’ʼ`٬])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]+)(?:(?P<point>[.,])0{1,2})?"
)
_NEGATIVE = re.compile(r"[-–(] ?[0-9].*")
_SHORTENED = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_PARTED = re.compile(r"[0-9]+(?:[ ,.'’ʼ`٬]+[0-9]+)+")
# A footnote's mark or one word; not a sign that says something about the number, such as + or %.
_WITH_MORE = re.compile(r"(?P<number>[0-9][0-9 ,.'’ʼ`٬]*?)(?: ?[*†‡§;:!)\]]+| ?(?P<word>[^\W\d_]+)\.?)")
_WITH_A_WORD = re.compile(r"(?P<digits>[0-9]+)(?:[.,](?P<tenths>[0-9]{1,2}))? ?(?P<word>[^\W\d_]+)\.?")

#: How many zeros a word stands for.
_ZEROS = {
    fold(word): zeros
    for zeros, words in {
        2: ["hundred", "сотен", "сотни", "соцень", "сотні", "simti", "simtu"],
        3: ["k", "thousand", "тыс", "тысяча", "тысячи", "тысяч", "тысячы", "tūkst", "tūkstoši", "tūkstošu"],
        6: ["mln", "million", "млн", "миллион", "миллиона", "миллионов", "мільён", "мільёна", "мільёнаў", "miljons"],
    }.items()
    for word in words
}

#: Other words without which a number would be another one.
_MULTIPLES = {"dozen", "dozens", "score", "percent", "pct", "десятка", "десятков", "процентов", "проц", "procenti"}


def read_whole(cell: str) -> tuple[int, str]:
    """The number of a cell and a notice, or "". Raises CellProblem."""
    text = plain(cell)
    number = number_in(text)
    if number is None:
        raise why_no_number(cell, text)
    read_as = "" if is_plain(cell) else _("Read as %(number)s.") % {"number": number}
    return number, " ".join(filter(None, [read_as, notice_of_size(number)]))


def is_plain(cell: str) -> bool:
    return _PLAIN.fullmatch(cell) is not None


def number_in(text: str) -> int | None:
    """The number that a text in plain characters is; None where it is anything else. Raises CellProblem."""
    match = _NUMBER.fullmatch(text)
    if match is None or (match["mark"] and match["mark"] == match["point"]):
        return None
    whole = match["whole"].replace(match["mark"] or " ", "").lstrip("0") or "0"
    if len(whole) > len(str(LARGEST)) or int(whole) > LARGEST:
        raise CellProblem(_("“%(value)s” is larger than any number that is kept.") % {"value": text})
    return int(whole)


def notice_of_size(number: int) -> str:
    return _("%(number)d is unusually large.") % {"number": number} if number > _UNUSUAL else ""


def why_no_number(cell: str, text: str, *, otherwise: str = "") -> CellProblem:
    """What is wrong with a cell, of which ``text`` is the form in plain characters, or that of its number alone.

    ``otherwise`` is the sentence where nothing more exact is known.
    """
    try:
        refuse_what_holds_no_value(text)
    except CellProblem as problem:
        return problem
    words = {"value": cell}
    if len(text) > LONGEST:
        return CellProblem(otherwise or _("This is no number. Write digits only, such as 1007."))
    if _NEGATIVE.fullmatch(text):
        return CellProblem(_("“%(value)s” is negative. Numbers here are 0 or more.") % words)
    if _SHORTENED.fullmatch(text):
        return CellProblem(
            _("“%(value)s” was shortened by a spreadsheet. Show the column as whole numbers, then save it again.")
            % words
        )
    if written_out := _written_out(text):
        return CellProblem(_("“%(value)s” is partly in words. Write all its digits.") % words, suggestion=written_out)
    if _PARTED.fullmatch(text):
        return CellProblem(
            _(
                "“%(value)s” is not a whole number, or its thousands are not in groups of three digits. "
                "Write digits only, such as 1007."
            )
            % words
        )
    return CellProblem(
        otherwise or _("“%(value)s” is not a whole number. Write digits only, such as 1007.") % words,
        suggestion=_without_the_rest(text),
    )


def _written_out(text: str) -> str:
    """12 thousand is 12000, which whoever wrote it has to say: it may be rounded."""
    match = _WITH_A_WORD.fullmatch(text)
    if match is None or fold(match["word"]) not in _ZEROS:
        return ""
    tenths = match["tenths"] or ""
    return match["digits"] + tenths + "0" * (_ZEROS[fold(match["word"])] - len(tenths))


def _without_the_rest(text: str) -> str:
    """1007 of "1007*" and "1007 people"."""
    match = _WITH_MORE.fullmatch(text)
    if match is None or (match["word"] and changes_a_number(match["word"])):
        return ""
    try:
        number = number_in(match["number"])
    except CellProblem:
        return ""
    return "" if number is None else str(number)


def changes_a_number(word: str) -> bool:
    """Whether a number would be another one without this word or sign behind it."""
    return not word.isalpha() or fold(word) in _ZEROS or fold(word) in _MULTIPLES
