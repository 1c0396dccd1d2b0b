"""The feed of corrections, whose identities stay whatever a statement is called and wherever its page is."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.public.atom import ALWAYS, Feed, identity, in_xml
from statements.public.corrections import Asked, ShownCorrection, in_words, read
from statements.public.twins.answers import Answer, Refused, answered
from statements.public.twins.formats import ATOM, MEDIA_TYPES
from statements.record.corrections import Correction, Corrections, with_versions
from statements.record.tables import licence_address

NEWEST = 50


@answered(ATOM, by_content=True)
def correction_feed(request: HttpRequest) -> HttpResponseBase:
    """The newest of the list of corrections, of the kind that was asked for. Two queries."""
    asked = read(request.GET, has_pages=False)
    if asked.problems:
        raise Refused(problem.label for problem in asked.problems)
    page = settings.SITE_URL + reverse("statements:correction_list") + asked.query.removesuffix("?")
    return Answer(MEDIA_TYPES[ATOM], pieces=lambda: _written(asked, page), page=page).whole_response()


def _written(asked: Asked, page: str) -> Iterator[bytes]:
    rows = with_versions(Corrections(asked.kind)[:NEWEST])
    feed = _feed(asked, page)
    for row, shown in zip(rows, in_words(rows), strict=True):
        _add(feed, row, shown)
    yield feed.writeString("utf-8").encode()


def _feed(asked: Asked, page: str) -> Feed:
    query = asked.query.removesuffix("?")
    chosen = next(choice.label for choice in asked.choices if choice.is_chosen)
    return Feed(
        title=_("%(site)s: what was corrected") % {"site": settings.SITE_NAME},
        link=page,
        description=None,
        subtitle=chosen,
        author_name=settings.SITE_NAME,
        language=get_language(),
        feed_url=settings.SITE_URL + reverse("statements:correction_feed") + query,
        feed_guid=identity(ALWAYS, f"corrections{query}"),
        feed_copyright=f"{settings.DATA_LICENCE}, {licence_address()}",
    )


def _add(feed: Feed, row: Correction, shown: ShownCorrection) -> None:
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
        title=in_xml(f"{shown.title}: {shown.label}"),
        link=settings.SITE_URL + address,
        description=linebreaks(in_xml("\n\n".join(part for part in words if part)), autoescape=True),
        unique_id=identity(row.at, f"corrections/{row.version.statement_id}/{what}"),
        pubdate=row.at,
        updateddate=row.at,
    )
