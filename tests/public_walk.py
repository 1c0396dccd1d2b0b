"""Following every link of the public pages, as a search engine would."""

import re
from html import unescape
from urllib.parse import urljoin

from django.test import Client

from statements.models import Demand, Measure, Organisation, Source, Speaker, Statement

_LINK = re.compile(r'(?:href|src|action)="([^"]*)"')


def walk(client: Client, *starts: str) -> dict[str, str]:
    """The text of every page that can be reached from these, by address; fails on one that does not answer 200."""
    waiting, pages = ["/", *starts], {}
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        pages[address] = response.content.decode()
        waiting += [link for link in local_links(address, pages[address]) if link not in pages]
    return pages


def local_links(address: str, page: str) -> list[str]:
    found = [urljoin(address, unescape(link)).partition("#")[0] for link in _LINK.findall(page)]
    return [link for link in found if link.startswith("/") and not link.startswith("/static/")]


def every_address() -> list[str]:
    """The address that each row of the desk has or would have, whether readers may open it or not."""
    folders = {
        "organisations": Organisation,
        "speakers": Speaker,
        "sources": Source,
        "demands": Demand,
        "measures": Measure,
        "statements": Statement,
    }
    addresses = [f"/{folder}/{row.slug}/" for folder, model in folders.items() for row in model._default_manager.all()]
    of_statements = [address for address in addresses if address.startswith("/statements/")]
    versions = [f"{address}versions/{ending}" for address in of_statements for ending in ("1/", "compare/?from=1&to=2")]
    return [*addresses, *versions]
