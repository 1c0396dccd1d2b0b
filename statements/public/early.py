"""The outermost middleware: what can be answered with the content version alone is answered before all else.

That is 304, to whoever has the page already, and, where the operator wants that, pages that are kept in memory for the
next reader. An address is kept with the ETag that its page had, and answered from memory while that is its ETag still.
So publishing drops every page at once, in every process, and nothing has to tell them. The content version of a page
was read before anything on it: a page that is made while somebody publishes is kept under what was before, and is never
shown again. It is kept packed (RFC 1952): a tenth of the memory, and what nearly every reader is sent.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from statements.public.conditional import ANY, has_page_etag, known_etags, page_etag, page_not_modified

#: In bytes. Longer pages are rare, and make a small cache of a large one.
LONGEST = 200_000

#: In Accept-Encoding (RFC 9110, 12.5.3): gzip, unless at the weight of nothing.
_TAKES_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:,|$|;\s*q=(?:1|0\.0*[1-9]))", re.IGNORECASE)

Respond = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class KeptPage:
    """``headers`` are those of the page as it was made; ``packed`` is its content."""

    etag: str
    headers: dict[str, str]
    packed: bytes

    def answer(self, request: HttpRequest) -> HttpResponse:
        if _TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            packed = {"Content-Encoding": "gzip", "Content-Length": str(len(self.packed))}
            return HttpResponse(self.packed, headers=self.headers | packed)
        return HttpResponse(gzip.decompress(self.packed), headers=self.headers)


def early_answers(get_response: Respond) -> Respond:
    """Neither needs what other middleware does: what is kept has all their headers, and what they refuse, another
    host's name or an address without TLS, was never given an ETag.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.MAINTENANCE or request.method not in ("GET", "HEAD"):
            return get_response(request)
        not_modified = page_not_modified(request)
        if not_modified is not None:
            return not_modified
        return kept_or_made(request) if settings.CACHE_PAGES and _may_be_kept(request) else get_response(request)

    def kept_or_made(request: HttpRequest) -> HttpResponseBase:
        key = hashlib.sha256(f"{request.scheme} {request.META.get('HTTP_HOST')} {request.get_full_path()}".encode())
        pages, name = caches["pages"], key.hexdigest()
        kept: KeptPage | None = pages.get(name)
        if kept is not None and kept.etag == page_etag(request):
            return kept.answer(request)
        response = get_response(request)
        if isinstance(response, HttpResponse) and _is_for_everybody(request, response):
            patch_vary_headers(response, ["Accept-Encoding"])
            packed = gzip.compress(response.content, compresslevel=6)
            pages.set(name, KeptPage(response.headers["ETag"], dict(response.items()), packed))
        return response

    return middleware


def _may_be_kept(request: HttpRequest) -> bool:
    """Whoever says who they are, or ``*``, which only the view can answer, is answered by the view."""
    return request.method == "GET" and not request.META.get("HTTP_COOKIE") and ANY not in known_etags(request)


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.cookies
        and has_page_etag(request)
        and response.headers.get("ETag") == page_etag(request)
        and len(response.content) <= LONGEST
    )
