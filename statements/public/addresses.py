"""Addresses of pages, of which one answer names many."""

from functools import cache

from django.urls import get_script_prefix, reverse

#: In the place of a slug and of a number. No other part of an address looks like one.
_SLUG, _NUMBER = "the-slug-of-a-statement", 1_000_000_007


def address_of_many(name: str, slug: str, number: int | None = None) -> str:
    """As ``reverse`` has it for this page of the public ones, its slug and its number, which takes ten times as long.

    Slugs are made of signs that stand in an address as they are.
    """
    pattern = _pattern(name, get_script_prefix(), has_number=number is not None)
    return pattern.replace(str(_NUMBER), str(number)).replace(_SLUG, slug)


@cache
def _pattern(name: str, _prefix: str, *, has_number: bool) -> str:
    return reverse(f"statements:{name}", args=[_SLUG, _NUMBER] if has_number else [_SLUG])
