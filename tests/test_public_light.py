"""Readers on slow lines and behind censors: pages are small, and ask nobody else for anything."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.test import Client

from tests.demonstration import EEAS, LATVIA, PAGES, load_demonstration
from tests.public_walk import walk

STYLE = Path(settings.BASE_DIR) / "statements" / "static" / "statements" / "site.css"
MOST_BYTES = 40_000

#: What makes a browser fetch something as it opens a page; a link that a reader may follow does not.
FETCHING = {"img", "script", "iframe", "object", "embed", "audio", "video", "source", "track", "link", "use", "image"}
SAID_ONLY = {"alternate", "canonical", "cite-as", "describedby", "prev", "next"}
#: The type of a script that no browser runs.
DATA = "application/ld+json"
#: All that a browser may run: on the list of statements, which works without it as well.
LIST, SCRIPT = "/statements/", "/static/statements/list.js"


class Resources(HTMLParser):
    """The addresses that a browser fetches for a page, and the elements that could run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: set[str] = set()
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_foreign = tag == "script" and given.get("type") != DATA and given.get("src") != SCRIPT
        if is_foreign or any(name.startswith("on") for name in given):
            self.scripts.append(tag)
        if tag in FETCHING and given.get("rel") not in SAID_ONLY:
            self.fetched |= {given.get(name) or "" for name in ("src", "href", "data", "srcset", "poster")} - {""}
        assert "style" not in given
        assert (tag, given.get("http-equiv")) != ("meta", "refresh")


def weight(page: str) -> int:
    """In bytes, as a proxy sends the page, its style and its script."""
    files = [STYLE, STYLE.with_name("list.js")] if SCRIPT in page else [STYLE]
    return sum(len(gzip.compress(content)) for content in [page.encode(), *(file.read_bytes() for file in files)])


def test_pages_of_the_demonstration_are_light_and_ask_no_other_host(db: None, client: Client) -> None:
    load_demonstration()
    pages = walk(client, *PAGES)
    assert len(pages) > 250
    for address in ("/", "/statements/", EEAS, LATVIA, "/measures/political-prisoners-belarus/"):
        assert weight(pages[address]) < MOST_BYTES, address
    # Files are taken away on purpose, and what reads a feed fetches what it likes.
    pages = {address: page for address, page in pages.items() if page.is_html}
    assert max(map(weight, pages.values())) < MOST_BYTES
    for address, page in pages.items():
        resources = Resources(page)
        assert resources.scripts == [], address
        own = {SCRIPT} if address.partition("?")[0] == LIST else set()
        assert resources.fetched == {"/static/statements/site.css", "/static/statements/favicon.svg"} | own, address
    assert not client.cookies


def test_the_style_asks_no_other_host() -> None:
    assert not re.search(r"url\(|@import|//", STYLE.read_text(encoding="utf-8"))


def test_pages_of_errors_set_no_cookie_and_ask_no_other_host(db: None, client: Client) -> None:
    for address in ("/nothing/", "/statements/nothing/"):
        response = client.get(address)
        resources = Resources(response.content.decode())
        assert resources.fetched == {"/static/statements/site.css", "/static/statements/favicon.svg"}
        assert resources.scripts == []
        assert not response.cookies
