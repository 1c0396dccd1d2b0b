"""Following every link of the public pages and of their twins, as a search engine or a script would."""

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.test import Client

from statements.models import Demand, Measure, Organisation, Source, Speaker, Statement

_LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
#: Filtered lists: each leads to further ones, and all their combinations have no end. So many of them are read.
_MOST_FILTERED = 60
_FILTERED = re.compile(r"/statements/\?(?!page=)")
_CITATION = re.compile(
    r'<script type="application/ld\+json">.*?</script>|<details class="cite">.*?</details>|<p class="twins">.*?</p>'
    r'|<meta name="(?:citation_|DC\.|z:)[^>]*>|<link rel="(?:cite-as|describedby|alternate)"[^>]*>',
    re.DOTALL,
)
_MEMBER = re.compile(r'"(?:\$schema|page|file|url|json_url|version_url|version_json_url)":"([^"]*)"')
_HEADER = re.compile(r"<([^>]*)>")
#: What has words of the record: the sheets of a workbook, the tables of the data package.
_IN_ARCHIVES = re.compile(r"xl/(?:worksheets/.*|sharedStrings)\.xml|\w+\.csv")


class Page(str):  # noqa: SLOT000  # it has an attribute more
    """What an address answers as text; of a workbook the XML of its sheets, of the data package its tables."""

    content_type = ""

    @property
    def is_html(self) -> bool:
        return self.content_type == "text/html"

    @property
    def is_xml(self) -> bool:
        return self.content_type.endswith("xml") and "openxmlformats" not in self.content_type

    @property
    def is_json(self) -> bool:
        return self.content_type.endswith("json")


def walk(client: Client, *starts: str) -> dict[str, Page]:
    """The text of all that can be reached from these, by address; fails on what does not answer 200.

    Of filtered lists that are not among these, some are read, and nothing on them is followed.
    """
    waiting: list[str] = ["/", *starts]
    pages: dict[str, Page] = {}
    filtered = 0
    while waiting:
        address = waiting.pop()
        is_filtered = _FILTERED.match(address) is not None and address not in starts
        if address in pages or (is_filtered and filtered >= _MOST_FILTERED):
            continue
        filtered += is_filtered
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        pages[address] = page_of(response)
        if is_filtered:
            continue
        found = [*links_in(pages[address]), *_HEADER.findall(response.headers.get("Link", ""))]
        waiting += [link for link in local(address, found) if link not in pages]
    return pages


def without_citation(page: str) -> str:
    """Without what comes with publication: how a version is cited, with the names of its day, and its files."""
    return _CITATION.sub("", page)


def page_of(response: Any) -> Page:
    """Read to its end, if it is a stream."""
    content = body_of(response)
    content_type = response.headers["Content-Type"].partition(";")[0]
    is_archive = "openxmlformats" in content_type or content_type == "application/zip"
    page = Page(_text_of_archive(content) if is_archive else content.decode("utf-8-sig"))
    page.content_type = content_type
    return page


def body_of(response: Any) -> bytes:
    """Read to its end. The test client closes it; a second time would close the database's connection, too."""
    content: bytes = b"".join(response.streaming_content) if response.streaming else response.content
    return content


def _text_of_archive(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in sorted(archive.namelist()) if _IN_ARCHIVES.fullmatch(name)]
        return "\n".join(archive.read(name).decode() for name in names)


def links_in(page: Page) -> Iterator[str]:
    if page.is_html or page.is_xml:
        yield from map(unescape, _LINK.findall(page))
    elif page.content_type == "application/json":
        yield from _MEMBER.findall(page)


def local(address: str, links: list[str]) -> list[str]:
    """Those of these links that lead to pages of this site, without its host."""
    found = [urljoin(address, link.removeprefix(settings.SITE_URL)).partition("#")[0] for link in links]
    return [link for link in found if link.startswith("/") and not link.startswith("/static/")]


def local_links(address: str, page: Page) -> list[str]:
    return local(address, list(links_in(page)))


def every_address() -> list[str]:
    """The address that each row of the desk has or would have, whether readers may open it or not."""
    folders = {
        "organisations": (Organisation, ("/", ".atom")),
        "speakers": (Speaker, ("/",)),
        "sources": (Source, ("/",)),
        "demands": (
            Demand,
            (
                *("/", ".csv", ".json", ".atom", ".csv-metadata.json", ".bib", ".ris", ".csl.json"),
                *(".svg", "/chart.csv", "/chart.csv-metadata.json"),
            ),
        ),
        "measures": (Measure, ("/", ".csv", ".json", ".atom", ".csv-metadata.json", ".svg")),
        "statements": (Statement, ("/", ".json")),
    }
    addresses = [
        f"/{folder}/{row.slug}{ending}"
        for folder, (model, endings) in folders.items()
        for row in model._default_manager.all()
        for ending in endings
    ]
    of_statements = [f"/statements/{slug}/" for slug in Statement.objects.values_list("slug", flat=True)]
    endings = ("1/", "1.json", "1.bib", "1.ris", "1.csl.json", "compare/?from=1&to=2")
    versions = [f"{address}versions/{ending}" for address in of_statements for ending in endings]
    return [*addresses, *versions]
