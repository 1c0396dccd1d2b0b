"""What long commands do about Django's log of queries."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def no_log_of_queries() -> Iterator[None]:
    """While DEBUG is on, Django keeps the last 9,000 queries in memory, with all the words in them: half a gigabyte."""
    was_on = settings.DEBUG
    settings.DEBUG = False
    try:
        yield
    finally:
        settings.DEBUG = was_on
