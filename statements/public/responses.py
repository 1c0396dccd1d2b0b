"""What every public view answers: pages to GET and HEAD, redirects from old addresses, and what was withdrawn."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from statements.models import Version
from statements.public.conditional import ANY, known_etags, page_etag, tag
from statements.public.tombstones import tombstone_of
from statements.record.document import is_erased
from statements.record.names import Kind
from statements.record.reading import find, moved_to, published_versions

View = Callable[..., HttpResponseBase]


class Moved(Exception):
    """The address was given up; this one leads to the same."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Withdrawn(Exception):
    """Readers could open it once. ``version`` is the one that they saw last."""

    def __init__(self, version: Version) -> None:
        super().__init__(version)
        self.version = version


class Erased(Exception):
    """Readers could open this version once; nothing is left of it."""

    def __init__(self, version: Version) -> None:
        super().__init__(version)
        self.version = version


def public(view: View) -> View:
    """A page for everybody: GET and HEAD only, a permanent redirect from an old address, 410 for what was withdrawn.

    What answers 200 has an ETag, by which ``early_answers`` answers 304 to whoever has it. One query, which comes on
    top of those that a view says it makes.
    """

    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        etag = page_etag(request)
        response = _response(view, request, *args, **kwargs)
        if response.status_code != 200:
            return response
        if ANY in known_etags(request):
            response = HttpResponseNotModified()  # whether there is anything, only the view can tell
        tag(response, etag)
        return response

    return wrapped


def _response(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except Moved as moved:
        return HttpResponsePermanentRedirect(moved.url)
    except Withdrawn as withdrawn:
        return _gone(request, withdrawn.version)
    except Erased as erased:
        return _erased(request, erased.version)


def _gone(request: HttpRequest, version: Version) -> HttpResponse:
    document = version.document
    context = {
        "title": _("A statement that was erased") if is_erased(document) else document["content"]["title"],
        "withdrawn_at": version.statement.withdrawn_at,
        "reason": version.statement.withdrawn_reason,
    }
    return render(request, "410.html", context, status=410)


def _erased(request: HttpRequest, version: Version) -> HttpResponse:
    context = {"version": version, "erased": tombstone_of(version)}
    return render(request, "statements/erased.html", context, status=410)


def found(kind: str, slug: str, address: str) -> Any:
    """The row with this slug that readers may see; raises Moved or Http404."""
    row: models.Model | None = find(kind, slug)
    if row is None:
        raise moved_or_missing(kind, slug, address)
    return row


def found_versions(slug: str, *, address: str, rest: tuple[int, ...] = ()) -> list[Version]:
    """The published versions of a statement; raises Moved, Withdrawn or Http404. One query."""
    versions = published_versions(slug)
    if not versions:
        raise moved_or_missing(Kind.STATEMENT, slug, address, rest)
    statement = versions[0].statement
    if statement.withdrawn_at is not None:
        raise Withdrawn(current_of(versions))
    return versions


def current_of(versions: Sequence[Version]) -> Version:
    """Of a statement's published versions the one that readers see, or saw last. No query."""
    return next(version for version in versions if version.pk == version.statement.published_version_id)


def numbered(versions: Sequence[Version], number: int) -> Version:
    """Of a statement's published versions the one with this number; raises Http404 or Erased. No query."""
    version = next((version for version in versions if version.public_number == number), None)
    if version is None:
        raise Http404
    if is_erased(version.document):
        raise Erased(version)
    return version


def moved_or_missing(kind: str, slug: str, address: str, rest: tuple[int, ...] = ()) -> Exception:
    """What to raise where readers find nothing under this slug. At most two queries."""
    today = moved_to(kind, slug)
    return Moved(reverse(address, args=[today, *rest])) if today is not None else Http404()
