"""What a file says of itself, in whatever format: what it holds, as of when, under which licence, how to cite it."""

from dataclasses import dataclass, field
from functools import reduce

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.public.filters import Asked
from statements.record import stated
from statements.record.tables import licence_address


@dataclass(frozen=True)
class About:
    """``what`` it holds, in words, with the filter; ``page`` is the full address of the page that shows the same,
    without the number of a page; ``file`` the one that it was fetched from. ``number`` and ``last`` where it is one of
    several pages.
    """

    what: str
    page: str
    file: str
    number: int = 0
    last: int = 0
    on: PartialDate = field(default_factory=stated.today)

    @property
    def holds(self) -> str:
        """In words, with the number of the page."""
        if not self.number:
            return self.what
        words = {"what": self.what, "number": self.number, "last": self.last}
        return _("%(what)s, page %(number)s of %(last)s") % words

    @property
    def cite(self) -> str:
        return stated.citation(self.holds, self.page, on=self.on)

    def as_object(self) -> dict[str, str]:
        return {
            "site": settings.SITE_NAME,
            "what": self.holds,
            "date": self.on.isoformat(),
            "page": self.page,
            "file": self.file,
            "licence": settings.DATA_LICENCE,
            "licence_url": licence_address(),
            "cite": self.cite,
            "contact": settings.CONTACT_EMAIL,
        }

    def as_rows(self) -> list[tuple[str, str]]:
        """For people: a label and what it says."""
        return [
            (_("Site"), settings.SITE_NAME),
            (_("What it holds"), self.holds),
            (_("As of"), self.on.display()),
            (_("Page"), self.page),
            (_("File"), self.file),
            (_("Licence"), f"{settings.DATA_LICENCE}, {licence_address()}"),
            (_("How to cite it"), self.cite),
            (_("Questions and corrections"), settings.CONTACT_EMAIL),
        ]


def of_page(request: HttpRequest, *, what: str, page: str, query: str = "") -> About:
    """``page`` is the path of the page, ``query`` that of it without the number of a page."""
    given = request.GET.urlencode()
    return About(
        what=what,
        page=settings.SITE_URL + page + query.removesuffix("?"),
        file=settings.SITE_URL + request.path + (f"?{given}" if given else ""),
    )


def filter_in_words(asked: Asked) -> str:
    """What the list was asked for, as the page says it: "statements issued or joined by Ministry or Service"."""
    if not asked.applied:
        return _("all statements")
    parts = (f"{part.lead} {_any_of([value.label for value in part.values])}" for part in asked.applied)
    return _("statements %(filter)s") % {"filter": ", ".join(parts)}


def _any_of(labels: list[str]) -> str:
    return reduce(lambda one, other: _("%(one)s or %(other)s") % {"one": one, "other": other}, labels)
