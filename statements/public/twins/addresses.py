"""Full addresses in files: of a statement, of the version that says what the file says, of a place in it."""

from django.conf import settings
from django.urls import reverse

from statements.record.document import upgraded
from statements.record.in_full import InFull


def statement_address(slug: str) -> str:
    return settings.SITE_URL + reverse("statements:statement", args=[slug])


def version_address(slug: str, number: int | None) -> str:
    return settings.SITE_URL + reverse("statements:version", args=[slug, number])


def version_addresses(slug: str, number: int | None) -> dict[str, str]:
    """That of its page and that of its JSON, as the JSON twins name them."""
    return {
        "version_url": version_address(slug, number),
        "version_json_url": settings.SITE_URL + reverse("statements:version_json", args=[slug, number]),
    }


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
