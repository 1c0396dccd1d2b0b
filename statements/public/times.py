"""How often and by how many a demand was made, in words."""

from typing import Any

from django.utils.translation import ngettext

from statements.record.figure_words import number


def times_in_words(demand: Any) -> str:
    """Of a demand from ``demands_in_use``: "made in 3 statements by 2 organisations, joined by one more and one
    person". No query.
    """
    n = demand.times
    said = _counted(n, ngettext("made in one statement", "made in %(number)s statements", n))
    if n := demand.organisations:
        said += " " + _counted(n, ngettext("by one organisation", "by %(number)s organisations", n))
        if n := demand.joined:
            said += _counted(n, ngettext(", joined by one more", ", joined by %(number)s more", n))
        if n := demand.people:
            said += " " + _counted(n, ngettext("and one person", "and %(number)s people", n))
    elif n := demand.people:
        said += " " + _counted(n, ngettext("by one person", "by %(number)s people", n))
    return said


def _counted(value: int, sentence: str) -> str:
    return sentence % {"number": number(value)}
