"""Codes of languages (BCP 47) and countries (ISO 3166), and their names from CLDR, through Babel."""

import re
from functools import lru_cache

from babel.core import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from statements.locales import active_locale, locale_of

UNKNOWN_LANGUAGE = "und"
LANGUAGE_LENGTH = 35  # RFC 5646, section 4.4.1: what an implementation must be able to hold

# RFC 5646, section 2.1: language, script, region, variants; in the letter case of its section 2.1.1.
_TAG = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-(?:[A-Z]{2}|\d{3}))?((?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)")
# CLDR's list of territories holds groups and reserved codes, too, which are no countries of ISO 3166.
_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
_RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"])
_RIGHT_TO_LEFT_SCRIPTS = frozenset(["Arab", "Hebr", "Nkoo", "Syrc", "Thaa"])


@lru_cache(maxsize=512)
def _known_tag(tag: str) -> bool:
    match = _TAG.fullmatch(tag)
    return match is not None and match[1] in locale_of("en").languages


def validate_language(tag: str) -> None:
    if not _known_tag(tag):
        raise ValidationError(
            _("“%(tag)s” is not a language tag (BCP 47). Write en, ru, lv, be-Latn, or und where it is not known."),
            params={"tag": tag},
            code="language",
        )


def validate_country(code: str) -> None:
    if code in _NO_COUNTRIES or code not in locale_of("en").territories or not code.isalpha():
        raise ValidationError(
            _("“%(code)s” is not a country's code (ISO 3166). Write two capital letters, such as BY or LV."),
            params={"code": code},
            code="country",
        )


def country_name(code: str) -> str:
    return active_locale().territories.get(code, code)


@lru_cache(maxsize=1024)
def _language_name(tag: str, locale: Locale) -> str:
    if tag == UNKNOWN_LANGUAGE:
        return _("language not known")
    match = _TAG.fullmatch(tag)
    if match is None:
        return tag
    name = locale.languages.get(match[1], match[1])
    details = []
    if match[2]:
        details.append(locale.scripts.get(match[2][1:], match[2][1:]))
    if match[3]:
        details.append(locale.territories.get(match[3][1:], match[3][1:]))
    details.extend(part for part in match[4].split("-") if part)
    return f"{name} ({', '.join(details)})" if details else name


def language_name(tag: str) -> str:
    return _language_name(tag, active_locale())


def direction(tag: str) -> str:
    """ "rtl" or "ltr": what HTML's ``dir`` says of words in this language."""
    parts = tag.split("-")
    if len(parts) > 1 and parts[1].istitle() and len(parts[1]) == 4:
        return "rtl" if parts[1] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RIGHT_TO_LEFT else "ltr"
