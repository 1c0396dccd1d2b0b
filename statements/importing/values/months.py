"""Names of months and days of the week in the languages that the desk reads, from CLDR."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from babel.core import Locale

from statements.text import fold

_LOCALES = ("en", "en_GB", "ru", "be", "lv", "lt", "et", "pl", "uk", "de", "fr")

#: "2022. gada 27. janvārī" and "janvāra sākumā": CLDR has only the nominative of Latvian.
_LATVIAN = re.findall(
    r"\w+",
    "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī "
    "janvāra februāra marta aprīļa maija jūnija jūlija augusta septembra oktobra novembra decembra",
)

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|\S")
_MARKS = frozenset(".,/-'’")
#: 27th of January 2022; 27 января 2022 г.; 2022. gada 27. janvāris; 2022 m. sausio 27 d.; 1er janvier
_FILLERS = frozenset(map(fold, re.findall(r"\w+", "th st nd rd er of the г год года году gada gads gadā g m d р року")))


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """The number of a month by its name, folded. A word that means two months in two languages is not in it."""
    meant: dict[str, set[int]] = defaultdict(set)
    for position, name in enumerate(_LATVIAN):
        meant[fold(name)].add(position % 12 + 1)
    for identifier in _LOCALES:
        for forms in Locale.parse(identifier).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in forms[width].items():
                    meant[fold(name)].add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}


@lru_cache(maxsize=1)
def weekdays() -> dict[str, int]:
    """The number of a day of the week, Monday being 0, by its name, folded."""
    return {
        fold(name): number
        for identifier in _LOCALES
        for number, name in Locale.parse(identifier).days["stand-alone"]["wide"].items()
    }


@dataclass
class DateWords:
    """The numbers of a text, the months that it names, each in its order, and the day of the week."""

    numbers: list[str] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    month_is_first: bool = False
    weekday: int | None = None


def date_words(text: str) -> DateWords | None:
    """None where anything else stands in the text than numbers, names and the words that go with them."""
    words = DateWords()
    for token in _TOKEN.findall(text):
        word = fold(token)
        if token.isdecimal():
            words.numbers.append(token)
        elif word in months():
            words.month_is_first = words.month_is_first or not words.numbers
            words.months.append(months()[word])
        elif word in weekdays() and words.weekday is None:
            words.weekday = weekdays()[word]
        elif token not in _MARKS and word not in _FILLERS:
            return None
    return words
