"""The choices beside the list: of each parameter its values, with how many statements each of them would leave."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from statements import text
from statements.public.filters import LABELS, NAMES, ORDERS, Asked, data_without, with_value, without
from statements.record.facets import DATES, Counted, Facets
from statements.record.listing import NEWEST, RELEVANCE

#: In this order, the most telling first.
PARAMETERS = (
    "issuer",
    "speaker",
    "demand",
    "addressee",
    "measure",
    "theme",
    "kind",
    "country",
    "language",
    "has_count",
)
#: Where all rows of a kind can be looked up, of the parameters that can have more values than are shown.
_ALL_OF = {
    "issuer": "statements:organisation_list",
    "addressee": "statements:organisation_list",
    "demand": "statements:demand_list",
    "measure": "statements:measure_list",
}
#: Of a parameter at once; the others unfold.
AT_ONCE = 6
#: So many bars at most; on a small screen ten stand side by side.
MOST_YEARS = 40
_BAR_HEIGHT = 40
_ROUND = 5  # years from one that is written in full to the next
_NARROW_NUMBER = 999  # the highest that a narrow bar has room for


@dataclass(frozen=True)
class Choice:
    """A value. ``query`` chooses it, or leaves it out where it is chosen."""

    key: str
    label: str
    number: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The values of one parameter: the chosen ones and the most frequent at once, others unfold.

    ``everything`` names the address of a page with all rows, where not all are here.
    """

    name: str
    label: str
    at_once: list[Choice]
    others: list[Choice]
    is_cut: bool
    everything: str


@dataclass(frozen=True)
class Year:
    """``height`` is that of its bar in pixels; a year without a statement has none and leads nowhere.

    ``label`` is short between round years. ``is_wide``: the numbers of these bars may need more room than the bars.
    """

    year: int
    label: str
    number: int
    height: int
    query: str
    is_chosen: bool
    is_wide: bool


def groups(asked: Asked, facets: Facets) -> list[Group]:
    """No query. A parameter under which there is nothing to choose is left out."""
    found = (_group(name, asked, facets) for name in PARAMETERS)
    return [group for group in found if group.at_once]


def _group(name: str, asked: Asked, facets: Facets) -> Group:
    chosen = {value.value: value.label for part in asked.applied if part.name == name for value in part.values}
    counted = list(facets.values.get(name, []))
    counted += [Counted(value, label, 0) for value, label in chosen.items() if value not in {c.value for c in counted}]
    choices = [
        _choice(name, one, asked, one.value in chosen) for one in counted if one.statements or one.value in chosen
    ]
    choices.sort(key=lambda choice: (not choice.is_chosen, -choice.number, text.fold(choice.label), choice.label))
    is_cut = name in facets.cut
    return Group(
        name=name,
        label=str(LABELS[name][0]),
        at_once=[choice for index, choice in enumerate(choices) if index < AT_ONCE or choice.is_chosen],
        others=[choice for index, choice in enumerate(choices) if index >= AT_ONCE and not choice.is_chosen],
        is_cut=is_cut,
        everything=_ALL_OF.get(name, "") if is_cut else "",
    )


def _choice(name: str, counted: Counted, asked: Asked, is_chosen: bool) -> Choice:
    label = str(NAMES[name](counted.value)) if name in NAMES else counted.label
    if is_chosen:
        query = without(asked.data, name, counted.value)
    elif name == "has_count":
        query = with_value(data_without(asked.data, name), name, counted.value)
    else:
        query = with_value(asked.data, name, counted.value)
    return Choice(f"{name}-{counted.value}", label, counted.statements, query, is_chosen)


def years(asked: Asked, facets: Facets) -> list[Year]:
    """From the first year to the last, those between without a statement as well; of a longer time the last ones."""
    if not facets.years:
        return []
    last = max(facets.years)
    begin = max(min(facets.years), last - MOST_YEARS + 1)
    highest = max(number for year, number in facets.years.items() if year >= begin)
    data = data_without(asked.data, *DATES)
    chosen = [asked.data.getlist(name) for name in DATES]
    found = []
    for year in range(begin, last + 1):
        number = facets.years.get(year, 0)
        is_chosen = chosen == [[f"{year:04}"], [f"{year:04}"]]
        query = without(data, "page") if is_chosen else _of_year(data, year)
        height = max(2, round(number / highest * _BAR_HEIGHT)) if number else 0
        is_in_full = year % _ROUND == 0 or (year == begin and (year + 1) % _ROUND != 0)
        label = str(year) if is_in_full else f"{year % 100:02}"
        found.append(Year(year, label, number, height, query if number else "", is_chosen, highest > _NARROW_NUMBER))
    return found


def _of_year(data: Any, year: int) -> str:
    wanted = data.copy()
    for name in DATES:
        wanted[name] = f"{year:04}"
    return without(wanted, "page")


@dataclass(frozen=True)
class Order:
    label: str
    query: str
    is_chosen: bool


def orders(asked: Asked) -> list[Order]:
    """Those that make sense: by relevance only where words were searched for."""
    data = data_without(asked.data, "sort")
    sorts = [(sort, label) for sort, label in ORDERS if sort != RELEVANCE or "q" in data]
    queries = {sort: without(data, "page") if sort == NEWEST else with_value(data, "sort", sort) for sort, _ in sorts}
    return [Order(str(label), queries[sort], sort == asked.criteria.sort) for sort, label in sorts]


@dataclass(frozen=True)
class WayOut:
    """What to leave out so that something is found: how many statements there are then."""

    label: str
    query: str
    number: int


def ways_out(asked: Asked, facets: Facets) -> list[WayOut]:
    """Where nothing meets all that was asked: each part without which something does, most statements first."""
    found = []
    for part in asked.applied:
        number = facets.without.get(part.name, 0)
        if number:
            values = _(" or ").join(value.label for value in part.values)
            found.append(WayOut(f"{part.lead} {values}", part.without, number))
    dates = [part for part in asked.applied if part.name in DATES]
    number = facets.without.get("dates", 0)
    # Of two dates that stand for one year, either alone may leave out little.
    if dates and number > max((facets.without.get(part.name, 0) for part in dates), default=0):
        label = ", ".join(f"{part.lead} {value.label}" for part in dates for value in part.values)
        found.append(WayOut(label, without(data_without(asked.data, *DATES), "page"), number))
    return sorted(found, key=lambda way: -way.number)
