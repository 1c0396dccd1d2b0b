"""Languages and countries: by their codes, by their codes in another case, or by their names."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache

from babel.core import get_global
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from statements.importing.values.problems import CellProblem
from statements.locales import locale_of
from statements.models.codes import validate_country, validate_language
from statements.text import fold

#: Staff name languages and countries in English and in the languages that they read.
_NAMED_IN = ("en", "ru", "be", "lv")
_LIKE = 75  # of 100: from this on a name is offered as what may have been meant


def read_language(cell: str) -> tuple[str, str]:
    """The tag of a language and a notice, or "". Raises CellProblem."""
    return _read(cell, validate_language, _tags(cell), _languages(), _language_of_country(cell))


def read_country(cell: str) -> tuple[str, str]:
    """The code of a country and a notice, or "". Raises CellProblem."""
    return _read(cell, validate_country, _country_codes(cell), _countries())


def _read(
    cell: str, validate: Callable[[str], None], codes: Iterator[str], named: dict[str, str], suggestion: str = ""
) -> tuple[str, str]:
    try:
        validate(cell)
    except ValidationError as error:
        for code in (*codes, named.get(fold(cell), "")):
            if _is_valid(code, validate):
                return code, _("Read as %(code)s.") % {"code": code}
        nearest = process.extractOne(fold(cell), named.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE)
        if nearest is not None:
            suggestion = named[nearest[0]]
        raise CellProblem(error.messages[0], suggestion=suggestion) from None
    return cell, ""


def _is_valid(code: str, validate: Callable[[str], None]) -> bool:
    try:
        validate(code)
    except ValidationError:
        return False
    return True


def _tags(cell: str) -> Iterator[str]:
    """The tag that this is in another case or with low lines, and the one that took the place of an older one."""
    language, *rest = re.split(r"[-_]", cell.strip())
    rest = [_in_the_case_of_a_tag(part) for part in rest]
    yield "-".join([language.lower(), *rest])
    replacement = get_global("language_aliases").get(language.lower())
    if replacement:
        yield "-".join([replacement.replace("_", "-"), *rest])


def _language_of_country(cell: str) -> str:
    """be where somebody took BY, the code of the country, for that of the language."""
    return str(get_global("likely_subtags").get(f"und_{cell.strip().upper()}", "")).partition("_")[0]


def _in_the_case_of_a_tag(part: str) -> str:
    """RFC 5646, section 2.1.1."""
    return {2: part.upper(), 4: part.title()}.get(len(part), part.lower())


def _country_codes(cell: str) -> Iterator[str]:
    code = cell.strip().upper()
    yield code
    replacements = get_global("territory_aliases").get(code, [])
    if (len(code) == 3 or code == "UK") and len(replacements) == 1:  # BLR; other codes were those of former countries
        yield replacements[0]


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    """Tags by names, folded. A name of several languages is not in it."""
    return _by_name(lambda locale: {tag: name for tag, name in locale_of(locale).languages.items() if "_" not in tag})


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    return _by_name(
        lambda locale: {
            code: name for code, name in locale_of(locale).territories.items() if _is_valid(code, validate_country)
        }
    )


def _by_name(names_in: Callable[[str], dict[str, str]]) -> dict[str, str]:
    codes: dict[str, set[str]] = defaultdict(set)
    for locale in _NAMED_IN:
        for code, name in names_in(locale).items():
            codes[fold(name)].add(code)
    return {name: found.pop() for name, found in codes.items() if name and len(found) == 1}
