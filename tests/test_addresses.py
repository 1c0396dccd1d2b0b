"""Addresses that an answer names very many times are those that Django gives."""

import pytest
from django.urls import reverse, set_script_prefix

from statements.public.addresses import address_of_many

SLUGS = ["a", "the-slug-of-a-statement", "eu-statement-2022-01-27", "1000000007", "under_score-1000000007-2"]
NUMBERS = [1, 12, 1_000_000_007]


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("prefix", ["/", "/tracker/"])
def test_an_address_is_that_of_its_page(slug: str, prefix: str) -> None:
    set_script_prefix(prefix)
    try:
        for name in ("statement", "statement_json", "organisation", "speaker"):
            assert address_of_many(name, slug) == reverse(f"statements:{name}", args=[slug])
        for name in ("version", "version_json"):
            for number in NUMBERS:
                assert address_of_many(name, slug, number) == reverse(f"statements:{name}", args=[slug, number])
    finally:
        set_script_prefix("/")
