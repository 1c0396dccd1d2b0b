"""Feeds: Atom (RFC 4287), with identities that stay whatever a statement is called and wherever its page is."""

import datetime
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.public.corrections import Asked, ShownCorrection, in_words, read
from statements.public.responses import public
from statements.record.corrections import Correction, corrections, with_versions

NEWEST = 50

#: In the identity of the feed itself, which never changes: RFC 4151 asks for a day. So old is a feed without entries.
_ALWAYS = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

#: What XML can't hold. Such characters come along with words that are copied from a PDF.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime.datetime:
        """Without entries Django takes the time of the request: the feed would seem to change all the time."""
        return super().latest_post_date() if self.items else _ALWAYS


@public
def correction_feed(request: HttpRequest) -> HttpResponse:
    """The newest of the list of corrections, of the kind that was asked for. Two queries."""
    asked = read(request.GET, has_pages=False)
    if asked.problems:
        sentences = "\n".join(problem.label for problem in asked.problems)
        return HttpResponseBadRequest(sentences, content_type="text/plain; charset=utf-8")
    rows = with_versions(corrections(asked.kind)[:NEWEST])
    feed = _feed(asked)
    for row, shown in zip(rows, in_words(rows), strict=True):
        _add(feed, row, shown)
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response


def _feed(asked: Asked) -> _Feed:
    query = asked.query.removesuffix("?")
    chosen = next(choice.label for choice in asked.choices if choice.is_chosen)
    page = settings.SITE_URL + reverse("statements:correction_list") + query
    return _Feed(
        title=_("%(site)s: what was corrected") % {"site": settings.SITE_NAME},
        link=page,
        description=None,
        subtitle=chosen,
        author_name=settings.SITE_NAME,
        language=get_language(),
        feed_url=settings.SITE_URL + reverse("statements:correction_feed") + query,
        feed_guid=_identity(_ALWAYS, f"corrections{query}"),
    )


def _add(feed: _Feed, row: Correction, shown: ShownCorrection) -> None:
    what = f"{row.version.public_number}" if row.before is not None else f"withdrawn/{row.at:%Y%m%dT%H%M%S.%f}"
    if shown.slug and row.before is not None:
        address = reverse("statements:version", args=[shown.slug, row.version.public_number])
    elif shown.slug:
        address = reverse("statements:statement", args=[shown.slug])
    else:
        address = reverse("statements:correction_list")
    changed = ", ".join(shown.changes or [])
    words = [shown.note, _("Changed: %(parts)s.") % {"parts": changed} if changed else ""]
    feed.add_item(
        title=_in_xml(f"{shown.title}: {shown.label}"),
        link=settings.SITE_URL + address,
        description=linebreaks(_in_xml("\n\n".join(part for part in words if part)), autoescape=True),
        unique_id=_identity(row.at, f"corrections/{row.version.statement_id}/{what}"),
        pubdate=row.at,
        updateddate=row.at,
    )


def _in_xml(words: str) -> str:
    return _NOT_IN_XML.sub(" ", words)


def _identity(at: datetime.datetime, name: str) -> str:
    """A tag URI, RFC 4151."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{at:%Y-%m-%d}:{name}"
