"""Full addresses in files: of a statement, of the version that says what the file says, of a place in it."""

from django.conf import settings

from statements.public.addresses import address_of_many
from statements.record.document import upgraded
from statements.record.in_full import InFull


def statement_address(slug: str) -> str:
    return _address("statement", slug)


def statement_json_address(slug: str) -> str:
    return _address("statement_json", slug)


def version_address(slug: str, number: int | None) -> str:
    return _address("version", slug, number)


def version_addresses(slug: str, number: int | None) -> dict[str, str]:
    """That of its page and that of its JSON, as the JSON twins name them."""
    return {"version_url": version_address(slug, number), "version_json_url": _address("version_json", slug, number)}


def _address(name: str, slug: str, number: int | None = None) -> str:
    return settings.SITE_URL + address_of_many(name, slug, number)


def address_of_version(one: InFull) -> str:
    """Of the version that readers see now; it stays."""
    return version_address(one.entry.slug, one.entry.version.public_number)


def address_of_figure(one: InFull, number: int | None) -> str:
    """``number`` is its place in the version; without one the version's own address."""
    return f"{address_of_version(one)}#figure-{number}" if number else address_of_version(one)


def address_of_mention(one: InFull, number: int | None) -> str:
    """The page counts demands on after the figures."""
    figures = len(upgraded(one.entry.version.document)["content"]["counts"])
    return f"{address_of_version(one)}#demand-{figures + number}" if number else address_of_version(one)
