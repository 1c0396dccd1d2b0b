"""The parameters of the list: read and validated by django-filter, said back in words, never widening the result."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import text
from statements.dates import PartialDate, PartialDateFormField
from statements.models import Demand, Entry, Statement
from statements.models.codes import country_name, language_name, validate_country, validate_language
from statements.record.facets import DATES
from statements.record.listing import (
    KIND_OF_PARAMETER,
    NEWEST,
    RELEVANCE,
    Criteria,
    Option,
    named,
    slugs_given_up,
)
from statements.record.search import MOST_WORDS, Search, number_of_words, parse, with_names

#: What these parameters are called in the form, and how the sentence above the list goes on with their values.
LABELS: dict[str, tuple[str | Promise, str | Promise]] = {
    "q": (gettext_lazy("Words or names"), gettext_lazy("with the words or names")),
    "issuer": (gettext_lazy("Issued or joined by"), gettext_lazy("issued or joined by")),
    "speaker": (gettext_lazy("Speaker"), gettext_lazy("with the speaker")),
    "addressee": (gettext_lazy("Asked of"), gettext_lazy("asking something of")),
    "demand": (gettext_lazy("Demand"), gettext_lazy("making the demand")),
    "measure": (gettext_lazy("Figures of"), gettext_lazy("quoting a figure of")),
    "kind": (gettext_lazy("Kind"), gettext_lazy("of the kind")),
    "language": (gettext_lazy("Language of the original"), gettext_lazy("with an original in")),
    "country": (gettext_lazy("Country of an issuer"), gettext_lazy("issued or joined from")),
    "theme": (gettext_lazy("Theme of a demand"), gettext_lazy("with a demand about")),
    "issued_after": (gettext_lazy("Issued from"), gettext_lazy("issued from")),
    "issued_before": (gettext_lazy("Issued until"), gettext_lazy("issued until")),
    "has_count": (gettext_lazy("Quotes"), gettext_lazy("quoting")),
    "sort": (gettext_lazy("Order"), gettext_lazy("in this order:")),
}
WITH_FIGURES = [("true", gettext_lazy("at least one figure")), ("false", gettext_lazy("no figure"))]
ORDERS = [
    (NEWEST, gettext_lazy("newest first")),
    ("issued", gettext_lazy("oldest first")),
    (RELEVANCE, gettext_lazy("best match first")),
]

REPEATABLE = (*KIND_OF_PARAMETER, "kind", "language", "country", "theme")
_SINGLE = ("issued_after", "issued_before", "has_count", "sort")
_ONE_OF = {"has_count": WITH_FIGURES, "sort": ORDERS}
PAGE = "page"
#: Of all parameters: each is said back with a link that leaves it out.
MOST_VALUES = 100


class PartialDateFilter(django_filters.Filter):
    field_class = PartialDateFormField


class StatementFilter(django_filters.FilterSet):
    """Reads and validates; ``record.listing.matching`` makes the query. Its ``qs`` is not for use."""

    issuer = django_filters.MultipleChoiceFilter()
    speaker = django_filters.MultipleChoiceFilter()
    addressee = django_filters.MultipleChoiceFilter()
    demand = django_filters.MultipleChoiceFilter()
    measure = django_filters.MultipleChoiceFilter()
    kind = django_filters.MultipleChoiceFilter()
    language = django_filters.MultipleChoiceFilter()
    country = django_filters.MultipleChoiceFilter()
    theme = django_filters.MultipleChoiceFilter()
    issued_after = PartialDateFilter()
    issued_before = PartialDateFilter()
    has_count = django_filters.ChoiceFilter(choices=WITH_FIGURES)
    sort = django_filters.ChoiceFilter(choices=ORDERS)

    def __init__(self, data: QueryDict, choices: dict[str, list[tuple[str, str]]]) -> None:
        super().__init__(data, queryset=Entry.objects.none())
        for name in REPEATABLE:
            self.filters[name].extra["choices"] = choices[name]


@dataclass(frozen=True)
class Value:
    """A value in words. ``without`` is the query of the list without it. ``value`` as it stands in the address.

    As a problem: ``of`` is the parameter that has it, where it can have no other.
    """

    label: str
    without: str
    value: str = ""
    of: str = ""


@dataclass(frozen=True)
class Applied:
    """A part of the sentence above the list: any of these values of one parameter. ``without`` is the query of the list
    without all of them.
    """

    name: str
    lead: str
    values: list[Value]
    without: str


@dataclass(frozen=True)
class FormField:
    name: str
    label: str
    value: str
    is_wrong: bool


@dataclass(frozen=True)
class Asked:
    """What a reader asked for. With ``problems`` there are no criteria, and nothing may be shown.

    ``data`` are the parameters that say anything, with the slugs of today. ``query`` is that of the list without the
    number of a page.
    """

    criteria: Criteria
    applied: list[Applied]
    problems: list[Value]
    data: QueryDict
    query: str

    @property
    def is_restricted(self) -> bool:
        return bool(self.applied or self.problems)

    @property
    def q(self) -> list[str]:
        """What stands in the fields for words: one for each text, or a blank one."""
        return self.data.getlist("q") or [""]

    @property
    def dates(self) -> list[FormField]:
        wrong = {problem.of for problem in self.problems}
        return [
            FormField(name, str(LABELS[name][0]), self.data.get(name, ""), name in wrong)
            for name in ("issued_after", "issued_before")
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form doesn't ask for and must not forget."""
        return [(name, v) for name in (*REPEATABLE, "has_count", "sort") for v in self.data.getlist(name)]


def read(given: QueryDict) -> Asked:
    """One query for the rows that slugs name, and one for the names that have the words. Two more where a slug is none
    of today's, and one for each kind of which one was given up.
    """
    data = _said(given)
    if sum(len(values) for _name, values in data.lists()) > MOST_VALUES:
        problem = _("It takes at most %(most)s conditions at once.") % {"most": MOST_VALUES}
        return Asked(Criteria(), [], [Value(problem, "?")], QueryDict(), "?")
    slugs = {name: data.getlist(name) for name in KIND_OF_PARAMETER if name in data}
    found = named(slugs)
    if any(len(found.get(name, [])) < len(values) for name, values in slugs.items()):
        found = _through_old_slugs(data, slugs, found)
    choices = {name: _choices(name, data.getlist(name), found.get(name, [])) for name in REPEATABLE}
    filters = StatementFilter(data, choices)
    filters.form.is_valid()
    searches = [parse(q) for q in data.getlist("q")]
    problems = _problems(data, filters, choices, searches)
    ids = {(name, option.value): option.pk for name, options in found.items() for option in options}
    return Asked(
        criteria=Criteria() if problems else _criteria(with_names(searches), filters.form.cleaned_data, ids),
        applied=_applied(data, choices),
        problems=problems,
        data=data,
        query=without(data, PAGE),
    )


def _said(given: QueryDict) -> QueryDict:
    """The parameters that say anything of the list, each value once."""
    data = QueryDict(mutable=True)
    for name, values in given.lists():
        if text.is_tracking_parameter(name):
            continue  # added by whoever passed the link on
        said = list(dict.fromkeys(value.strip() for value in values if value.strip()))
        if said:
            data.setlist(name, said)
    if "q" in given and "q" not in data and data.getlist("sort") == [RELEVANCE]:
        data.pop("sort")  # the search on top of every page, left blank
    return data


def _through_old_slugs(
    data: QueryDict, slugs: dict[str, list[str]], found: dict[str, list[Option]]
) -> dict[str, list[Option]]:
    """Puts the slugs of today into ``data`` for those that were given up. Two queries, one where none was."""
    known = {(name, option.value) for name, options in found.items() for option in options}
    unknown = {name: [slug for slug in values if (name, slug) not in known] for name, values in slugs.items()}
    today = slugs_given_up(unknown)
    for (name, slug), now in today.items():
        data.setlist(name, list(dict.fromkeys(now if value == slug else value for value in data.getlist(name))))
    return named({name: data.getlist(name) for name in slugs}) if today else found


def _passes(check: Callable[[str], None], value: str) -> bool:
    try:
        check(value)
    except ValidationError:
        return False
    return True


#: Of parameters whose values are no rows: whether a statement could have this value.
_COULD_BE: dict[str, Callable[[str], bool]] = {
    "kind": set(Statement.Kind.values).__contains__,
    "theme": set(Demand.Theme.values).__contains__,
    "language": partial(_passes, validate_language),
    "country": partial(_passes, validate_country),
}


#: What their values are called.
NAMES: dict[str, Callable[[str], Any]] = {
    "kind": dict(Statement.Kind.choices).get,
    "theme": dict(Demand.Theme.choices).get,
    "language": language_name,
    "country": country_name,
    "has_count": dict(WITH_FIGURES).get,
}


def _choices(name: str, given: list[str], found: list[Option]) -> list[tuple[str, str]]:
    """Of the values that were given those that could be right. What nothing has yet is a good question."""
    if name in _COULD_BE:
        return [(value, str(NAMES[name](value))) for value in given if _COULD_BE[name](value)]
    return [(option.value, option.label) for option in found]


def _criteria(searches: tuple[Search, ...], cleaned: dict[str, Any], ids: dict[tuple[str, str], int]) -> Criteria:
    of_slugs: dict[str, Any] = {name: tuple(ids[name, slug] for slug in cleaned[name]) for name in KIND_OF_PARAMETER}
    values: dict[str, Any] = {name: tuple(cleaned[name]) for name in ("kind", "language", "country", "theme")}
    return Criteria(
        q=searches,
        issued_after=cleaned["issued_after"],
        issued_before=cleaned["issued_before"],
        has_count=cleaned["has_count"] == "true" if cleaned["has_count"] else None,
        sort=cleaned["sort"] or NEWEST,
        **of_slugs,
        **values,
    )


def _problems(
    data: QueryDict, filters: StatementFilter, choices: dict[str, list[tuple[str, str]]], searches: list[Search]
) -> list[Value]:
    found = []
    for name, values in data.lists():
        if name == "q":
            sentence = _("“%(value)s” has no letter or digit to look for.")
            found += [
                Value(sentence % {"value": search.given}, without(data, name, search.given))
                for search in searches
                if not search.terms
            ]
            if number_of_words(searches) > MOST_WORDS:
                sentence = _("It looks for at most %(most)s words.")
                found.append(Value(sentence % {"most": MOST_WORDS}, without(data, name)))
        elif name in REPEATABLE:
            known = {value for value, _label in choices[name]}
            sentence = _("Nothing here has “%(value)s” for “%(label)s”.")
            found += [
                Value(sentence % {"value": value, "label": LABELS[name][0]}, without(data, name, value))
                for value in values
                if value not in known
            ]
        elif name in _SINGLE:
            sentences = [str(error) for error in filters.form.errors.get(name, [])]
            if name in _ONE_OF and sentences:
                known_values = ", ".join(value for value, _label in _ONE_OF[name])
                sentences = [_("“%(value)s” is none of %(known)s.") % {"value": values[-1], "known": known_values}]
            if values == [RELEVANCE] and name == "sort" and "q" not in data:
                sentences = [_("“relevance” orders by words, and there are none to look for.")]
            if len(values) > 1:
                sentences = [_("It was given more than once.")]
            found += [Value(f"{LABELS[name][0]}: {sentence}", without(data, name), of=name) for sentence in sentences]
        elif name != PAGE:
            found.append(Value(_("This list has no parameter “%(name)s”.") % {"name": name}, without(data, name)))
    return found


def _applied(data: QueryDict, choices: dict[str, list[tuple[str, str]]]) -> list[Applied]:
    labels: dict[str, dict[str, Any]] = {name: dict(pairs) for name, pairs in choices.items()}
    labels["has_count"] = dict(WITH_FIGURES)
    one_date = _one_date(data)
    found = [one_date] if one_date else []
    for name, (_label, lead) in LABELS.items():
        if name == "sort" or (one_date and name in DATES):
            continue
        values = []
        for value in data.getlist(name):
            if name == "q":
                label = f"“{value}”" if '"' not in value else value
            elif name in ("issued_after", "issued_before"):
                label = _date_in_words(value)
            else:
                label = str(labels[name].get(value, f"“{value}”"))
            values.append(Value(label, without(data, name, value), value))
        if values:
            found.append(Applied(name, str(lead), values, without(data, name)))
    return found


def _one_date(data: QueryDict) -> Applied | None:
    """Of two dates that are the same, as a year's bar asks for: one part, left out as a whole."""
    given = [data.getlist(name) for name in DATES]
    if given[0] != given[1] or len(given[0]) != 1:
        return None
    try:
        date = PartialDate.parse(given[0][0])
    except ValueError:
        return None
    is_one = "/" not in date.isoformat()  # a year, a month or a day
    lead = _("issued on") if date.is_day else _("issued in") if is_one else _("issued")
    left = without(data_without(data, *DATES), PAGE)
    return Applied("dates", lead, [Value(date.display(), left, given[0][0])], left)


def _date_in_words(value: str) -> str:
    try:
        return PartialDate.parse(value).display()
    except ValueError:
        return f"“{value}”"


def data_without(data: QueryDict, *names: str) -> QueryDict:
    left = data.copy()
    for name in names:
        left.pop(name, None)
    return left


def with_value(data: QueryDict, name: str, value: str) -> str:
    """The query with this value as well; on the first page."""
    wanted = data.copy()
    wanted.pop(PAGE, None)
    wanted.setlist(name, [*wanted.getlist(name), value])
    return "?" + wanted.urlencode()


def without(data: QueryDict, name: str, value: str | None = None) -> str:
    """The query without this parameter, or without this one value of it; on the first page again."""
    left = data.copy()
    left.pop(PAGE, None)
    if name == "q" and left.get("sort") == RELEVANCE and (value is None or left.getlist("q") == [value]):
        left.pop("sort")  # there would be nothing to order by
    kept = [other for other in left.getlist(name) if value is not None and other != value]
    if kept:
        left.setlist(name, kept)
    else:
        left.pop(name, None)
    return "?" + left.urlencode() if left else "?"
