"""Conditional requests (RFC 9110, section 13): whoever has what an address answers is told so, and sent nothing."""

import hashlib

from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags

from statements.record.content_version import content_version
from statements.record.fingerprint import fingerprint

ANY = "*"

_VERSION = "_content_version"
_OF_PAGES = 'W/"page-'


def content_version_of(request: HttpRequest) -> str:
    """As it was when this request asked first. One query, however often it asks. All that the request reads afterwards
    is of this content version or of a later one.
    """
    version: str | None = getattr(request, _VERSION, None)
    if version is None:
        version = content_version()
        setattr(request, _VERSION, version)
    return version


def page_etag(request: HttpRequest) -> str:
    """Of a page, as the record stands: call it before anything is read for the page. One query for each request.

    Host and scheme are in it, so that nobody has one of an address at which this site refuses to answer, or redirects.
    """
    state = fingerprint(content_version_of(request))
    address = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}{request.get_full_path()}"
    return f'{_OF_PAGES}{_digest(state, address)}"'


def has_page_etag(request: HttpRequest) -> bool:
    """Whether this request has asked for the content version: then ``page_etag`` costs no query."""
    return hasattr(request, _VERSION)


def file_etag(request: HttpRequest, state: str) -> str:
    """Of a file, made of this state."""
    return f'W/"{_digest(state, request.get_full_path())}"'


def _digest(state: str, address: str) -> str:
    """ETags are weak: what is made anew of the same state may be other bytes, and may be of a later state. They are of
    one address, so that whoever has one was once answered 200 there.
    """
    return hashlib.sha256(f"{state} {address}".encode()).hexdigest()[:32]


def known_etags(request: HttpRequest) -> set[str]:
    """Those of If-None-Match, each as a weak one, since it is compared weakly; ``ANY`` stands for whatever there is."""
    given = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return {etag if etag == ANY or etag.startswith("W/") else f"W/{etag}" for etag in given}


def tag(response: HttpResponseBase, etag: str) -> None:
    """Whoever keeps it, a browser or a proxy for everybody, may do so and must ask each time whether it still holds:
    what was withdrawn is gone at once. ``no-cache`` says all of that; some networks in front of sites only read ages.
    """
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True, max_age=0)


def page_not_modified(request: HttpRequest) -> HttpResponseNotModified | None:
    """304 where the reader has the page of this address as it is now. One query; none where the reader has no page.

    It says what 304 has to say and no more: whoever kept the page has kept its other headers with it.
    """
    known = known_etags(request)
    if not any(etag.startswith(_OF_PAGES) for etag in known) or page_etag(request) not in known:
        return None
    response = HttpResponseNotModified()
    tag(response, page_etag(request))
    return response
