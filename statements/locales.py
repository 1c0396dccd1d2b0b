"""The reader's locale in CLDR, for dates, numbers and the names of languages and countries."""

from functools import lru_cache

from babel.core import Locale, UnknownLocaleError
from django.utils.translation import get_language


@lru_cache(maxsize=16)
def locale_of(language: str) -> Locale:
    """British English for a language that CLDR doesn't know."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def active_locale() -> Locale:
    return locale_of(get_language() or "en-gb")
