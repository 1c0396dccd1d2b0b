"""What every file that readers take away says of itself: what it holds, as of when, its licence, how to cite it."""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.dates import PartialDate


def today() -> PartialDate:
    """The day on which a file is written, in UTC."""
    return on_day(timezone.localdate())


def on_day(day: datetime.date) -> PartialDate:
    return PartialDate(day, day)


def citation(what: str, address: str, *, on: PartialDate) -> str:
    """How to cite a page or a file that changes from day to day: who, what, as of when, licence, where.

    ``what`` is its title as a reader knows it; ``address`` is its public address with host, without a page's number.
    """
    words = {"what": what, "date": on.display(), "site": settings.SITE_NAME}
    return f"{_('%(site)s, %(what)s, as of %(date)s') % words}, {settings.DATA_LICENCE}. {address}"


def file_name(*words: str, on: PartialDate, extension: str) -> str:
    """Of a download: it tells its contents and its day, in ASCII (slugs are)."""
    return "-".join([*words, on.isoformat()]) + f".{extension}"
