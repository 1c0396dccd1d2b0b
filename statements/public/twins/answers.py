"""How a twin of a page is answered: with an ETag, for other sites too, and with plain words for what went wrong."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, BinaryIO

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from statements.models import Version
from statements.public.conditional import file_etag, known_etags, tag
from statements.public.responses import Erased, Moved, Withdrawn
from statements.public.tombstones import tombstone_of
from statements.public.twins.formats import JSON, MEDIA_TYPES
from statements.record import stated
from statements.record.document import is_erased
from statements.record.fingerprint import fingerprint
from statements.record.tables import licence_address

TEXT = "text/plain; charset=utf-8"

#: What a script of another site may read of the headers, beside the few that it always may.
_READABLE = "ETag, Link, X-Total-Count, Content-Disposition"

View = Callable[..., HttpResponseBase]


class Refused(Exception):
    """What was asked for can't be answered; ``sentences`` say why. Nothing is answered then."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(self.sentences)


@dataclass(frozen=True)
class Answer:
    """What an address answers, not made yet: as pieces, or where a format can't be written piece by piece as a file.

    ``page`` is the full address of the page that says the same to people, ``described_by`` that of a description, with
    its media type; ``file_name`` makes it a download.
    """

    media_type: str
    pieces: Callable[[], Iterator[bytes]] | None = None
    file: Callable[[], BinaryIO] | None = None
    page: str = ""
    described_by: tuple[str, str] | None = None
    total: int | None = None
    file_name: str = ""
    links: Sequence[tuple[str, str]] = ()

    def response(self, request: HttpRequest) -> HttpResponseBase:
        """To HEAD the same without the work of writing it, and without a length, which nobody knows before."""
        is_wanted = request.method != "HEAD"
        response: HttpResponseBase
        if self.file is not None and is_wanted:
            response = FileResponse(self.file(), content_type=self.media_type)
        else:
            made = self.pieces() if self.pieces is not None and is_wanted else iter(())
            response = StreamingHttpResponse(made, content_type=self.media_type)
        self._head(response)
        return response

    def whole_response(self) -> HttpResponse:
        """Of what is small: written at once."""
        response = HttpResponse(
            b"".join(self.pieces() if self.pieces is not None else ()), content_type=self.media_type
        )
        self._head(response)
        return response

    def _head(self, response: HttpResponseBase) -> None:
        if self.file_name:
            response.headers["Content-Disposition"] = f'attachment; filename="{self.file_name}"'
        if self.total is not None:
            response.headers["X-Total-Count"] = str(self.total)
        response.headers["Link"] = ", ".join(self._links())
        # Search engines shall show the page.
        response.headers["X-Robots-Tag"] = "noindex"

    def _links(self) -> Iterator[str]:
        if self.page:
            yield f'<{self.page}>; rel="canonical"; type="text/html"'
        yield f'<{licence_address()}>; rel="license"'
        if self.described_by is not None:
            address, media_type = self.described_by
            yield f'<{address}>; rel="describedby"; type="{media_type}"'
        for relation, address in self.links:
            yield f'<{address}>; rel="{relation}"'


def answered(form: str, *, by_content: bool = False) -> Callable[[View], View]:
    """A view for everybody that returns a response in this format.

    It has an ETag and answers 304 while nothing changed, may be read from other sites, and says in plain words (of what
    was withdrawn in JSON where that was asked for) what it can't answer: 400 with a sentence for each problem, 404,
    410. An old address is redirected to the same format with the same query.

    The ETag is that of all that readers may see, so that 304 costs one query. ``by_content`` is for what is small and
    answered by ``whole_response``: its ETag is that of its content, and stays while anything else changes.
    """

    def decorator(view: View) -> View:
        @require_safe
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            known = known_etags(request)
            # Read before the content: at worst it is that of a state before.
            etag = "" if by_content else file_etag(request, fingerprint())
            answer = partial(_response, view, form, request, *args, **kwargs)
            response = HttpResponseNotModified() if etag in known else answer()
            if by_content and isinstance(response, HttpResponse) and response.status_code == 200:
                etag = file_etag(request, hashlib.sha256(response.content).hexdigest())
                response = HttpResponseNotModified() if etag in known else _sent(request, response)
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = _READABLE
            if response.status_code in (200, 304):
                tag(response, etag)
            return response

        return wrapped

    return decorator


def _sent(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """To HEAD with its length and without its content."""
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _response(view: View, form: str, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except Refused as refused:
        return HttpResponse("\n".join(refused.sentences), status=400, content_type=TEXT)
    except Moved as moved:
        query = request.GET.urlencode()
        return HttpResponsePermanentRedirect(f"{moved.url}?{query}" if query else moved.url)
    except Withdrawn as withdrawn:
        return _gone(form, _withdrawal(withdrawn.version))
    except Erased as erased:
        return _gone(form, _erasure(erased.version))
    except Http404:
        return HttpResponse(_("There is nothing at this address."), status=404, content_type=TEXT)


def _withdrawal(version: Version) -> dict[str, Any]:
    document, statement = version.document, version.statement
    day = statement.withdrawn_at.date() if statement.withdrawn_at else None
    return {
        "state": "withdrawn",
        "title": None if is_erased(document) else document["content"]["title"],
        "on": day.isoformat() if day else None,
        "reason": statement.withdrawn_reason,
    }


def _erasure(version: Version) -> dict[str, Any]:
    tombstone = tombstone_of(version)
    return {
        "state": "erased",
        "title": None,
        "on": tombstone.on.isoformat() if tombstone else None,
        "reason": tombstone.reason if tombstone else "",
    }


def _gone(form: str, said: dict[str, Any]) -> HttpResponse:
    if form == JSON:
        body = {"$schema": schema_address("gone"), **said}
        return HttpResponse(json.dumps(body, ensure_ascii=False), status=410, content_type=MEDIA_TYPES[JSON])
    sentences = {
        "withdrawn": _("This statement was published here and withdrawn, with all its versions."),
        "erased": _("This version of a statement was published here and erased for good."),
    }
    lines = [said["title"], sentences[said["state"]], said["on"], said["reason"]]
    return HttpResponse("\n".join(line for line in lines if line), status=410, content_type=TEXT)


def schema_address(name: str) -> str:
    return settings.SITE_URL + reverse("statements:schema", args=[name])


def unknown_parameters(given: QueryDict, *known: str) -> list[str]:
    """A sentence for each parameter that says something and that an address does not know."""
    said = [name for name, values in given.lists() if any(value.strip() for value in values)]
    return [_("This address has no parameter “%(name)s”.") % {"name": name} for name in said if name not in known]


def refuse(sentences: Iterable[str]) -> None:
    """Raises Refused where there are any."""
    if found := list(sentences):
        raise Refused(found)


def file_name(*words: str, extension: str) -> str:
    return stated.file_name(*words, on=stated.today(), extension=extension)
