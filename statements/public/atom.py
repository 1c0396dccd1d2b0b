"""What all feeds have in common: Atom (RFC 4287) with identities that stay, in pages (RFC 5005)."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

#: In the identity of what has no day of its own: RFC 4151 asks for one. So old is a feed without entries.
ALWAYS = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"

#: What XML can't hold. Such characters come along with words that are copied from a PDF.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class FeedPage:
    """Which page of a feed it is: ``links`` are those of RFC 5005 to the others, by relation, in full."""

    total: int
    first: int
    size: int
    links: Mapping[str, str] = field(default_factory=dict)


class Feed(Atom1Feed):
    """``page`` is for a feed in pages."""

    def __init__(self, *args: Any, page: FeedPage | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page

    def latest_post_date(self) -> datetime.datetime:
        """Without entries Django takes the time of the request: the feed would seem to change all the time."""
        return super().latest_post_date() if self.items else ALWAYS

    def root_attributes(self) -> dict[str, str]:
        attributes: dict[str, str] = super().root_attributes()
        return attributes | {"xmlns:opensearch": _OPENSEARCH} if self.page is not None else attributes

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", settings.SITE_NAME, {"uri": settings.SITE_URL})
        if self.page is not None:
            for relation, address in self.page.links.items():
                handler.addQuickElement("link", "", {"rel": relation, "href": address})
            handler.addQuickElement("opensearch:totalResults", str(self.page.total))
            handler.addQuickElement("opensearch:startIndex", str(self.page.first))
            handler.addQuickElement("opensearch:itemsPerPage", str(self.page.size))


def in_xml(words: str) -> str:
    return _NOT_IN_XML.sub(" ", words)


def identity(at: datetime.datetime, name: str) -> str:
    """A tag URI, RFC 4151."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{at:%Y-%m-%d}:{name}"
