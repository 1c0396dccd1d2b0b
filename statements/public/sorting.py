"""The parameters of a table of figures: by links in its head, and a bad one is reported and shows nothing."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.public.filters import PAGE, Value
from statements.record.reading import FIGURE_SORTS
from statements.text import is_tracking_parameter

SORT = "sort"
NEWEST = "-as_of"

_SENTENCES: dict[str, str | Promise] = {
    "-as_of": gettext_lazy("Newest first. Those of one day stand together."),
    "as_of": gettext_lazy("Oldest first. Those of one day stand together."),
    "-value": gettext_lazy("The highest number first; words without a number last."),
    "value": gettext_lazy("The lowest number first; words without a number last."),
}


@dataclass(frozen=True)
class Column:
    """A column by which the table can be sorted. ``direction`` is that of aria-sort, blank where it is not sorted by
    it; ``query`` sorts by it, or the other way round.
    """

    label: str
    direction: str
    query: str


@dataclass(frozen=True)
class Sorted:
    """What a reader asked for. With ``problems`` nothing may be shown."""

    sort: str
    sentence: str
    as_of: Column
    value: Column
    problems: list[Value]

    @property
    def query(self) -> str:
        """That of the table without the number of the page."""
        return "?" if self.sort == NEWEST else f"?{SORT}={self.sort}"


def read(given: QueryDict) -> Sorted:
    """No query."""
    problems = []
    sort = NEWEST
    for name, values in given.lists():
        said = [value.strip() for value in values if value.strip()]
        if name == SORT and len(said) > 1:
            problems.append(Value(_("The order was given more than once."), "?"))
        elif name == SORT and said and said[0] not in FIGURE_SORTS:
            words = {"value": said[0], "known": ", ".join(FIGURE_SORTS)}
            problems.append(Value(_("Order: “%(value)s” is none of %(known)s.") % words, "?"))
        elif name == SORT and said:
            sort = said[0]
        elif name not in (SORT, PAGE) and said and not is_tracking_parameter(name):
            problems.append(Value(_("This table has no parameter “%(name)s”.") % {"name": name}, "?"))
    return Sorted(
        sort=sort,
        sentence=str(_SENTENCES[sort]),
        as_of=_column("as_of", _("As of"), sort),
        value=_column("value", _("Figure"), sort),
        problems=problems,
    )


def _column(name: str, label: str, sort: str) -> Column:
    """The first click puts the newest, or the highest, first; the next one turns it round."""
    direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    wanted = name if direction == "descending" else f"-{name}"
    return Column(label, direction, "?" if wanted == NEWEST else f"?{SORT}={wanted}")
