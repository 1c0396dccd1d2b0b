"""What a page shows of how it is cited: a line to copy, and the files. No query."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from statements.dates import PartialDate
from statements.models import Version
from statements.public.citing.citation import Citation, of_demand, of_figures, of_version
from statements.public.citing.formats import FIGURE, FORMATS
from statements.public.citing.meta import meta
from statements.public.citing.words import as_html


@dataclass(frozen=True)
class CitationFile:
    label: str
    url: str
    media_type: str


@dataclass(frozen=True)
class CiteThis:
    citation: Citation
    files: list[CitationFile]

    @property
    def line(self) -> SafeString:
        return as_html(self.citation)

    @property
    def meta(self) -> list[tuple[str, str]]:
        return meta(self.citation)


def cite_version(version: Version) -> dict[str, CiteThis | Mapping[str, CiteThis]]:
    """For the template of a statement's page: ``cite`` this version, and by their keys ``cite_figures`` in it."""
    slug, number = version.statement.slug, version.public_number
    return {
        "cite": CiteThis(of_version(version), _files("version", slug, number)),
        "cite_figures": {
            key: CiteThis(citation, _files("version", slug, number, query={FIGURE: key}))
            for key, citation in of_figures(version).items()
        },
    }


def cite_demand(demand: Any, *, on: PartialDate) -> CiteThis:
    """A demand from ``demands_in_use``."""
    citation = of_demand(demand, on=on)
    return CiteThis(citation, _files("demand", demand.slug))


def _files(of: str, *args: str | int | None, query: Mapping[str, str] | None = None) -> list[CitationFile]:
    ending = f"?{urlencode(query)}" if query else ""
    return [
        CitationFile(
            form.label, reverse(f"statements:{of}_{form.name}", args=args) + ending, form.media_type.partition(";")[0]
        )
        for form in FORMATS.values()
    ]
