"""The parameters of the list: read and validated by django-filter, said back in words, never widening the result."""

from collections.abc import Callable
from dataclasses import dataclass, field
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
from statements.record.listing import KIND_OF_PARAMETER, MOST_WORDS, NEWEST, Criteria, Option, options, slugs_given_up

#: What these parameters are called in the form, and how the sentence above the list goes on with their values.
LABELS: dict[str, tuple[str | Promise, str | Promise]] = {
    "q": (gettext_lazy("Words or names"), gettext_lazy("with the words or names")),
    "issuer": (gettext_lazy("Issued or joined by"), gettext_lazy("issued or joined by")),
    "speaker": (gettext_lazy("Speaker"), gettext_lazy("in which this person speaks:")),
    "addressee": (gettext_lazy("Asked of"), gettext_lazy("that ask something of")),
    "demand": (gettext_lazy("Demand"), gettext_lazy("that make the demand")),
    "measure": (gettext_lazy("Figures of"), gettext_lazy("that quote a figure of")),
    "kind": (gettext_lazy("Kind"), gettext_lazy("of the kind")),
    "language": (gettext_lazy("Language of the original"), gettext_lazy("made in")),
    "country": (gettext_lazy("Country of an issuer"), gettext_lazy("issued or joined from")),
    "theme": (gettext_lazy("Theme of a demand"), gettext_lazy("with a demand about")),
    "issued_after": (gettext_lazy("Issued from"), gettext_lazy("issued from this date on:")),
    "issued_before": (gettext_lazy("Issued until"), gettext_lazy("issued until")),
    "has_count": (gettext_lazy("Quotes"), gettext_lazy("that quote")),
    "sort": (gettext_lazy("Order"), gettext_lazy("in this order:")),
}
WITH_FIGURES = [("true", gettext_lazy("at least one figure")), ("false", gettext_lazy("no figure"))]
ORDERS = [(NEWEST, gettext_lazy("newest first")), ("issued", gettext_lazy("oldest first"))]

_REPEATABLE = (*KIND_OF_PARAMETER, "kind", "language", "country", "theme")
_SINGLE = ("issued_after", "issued_before", "has_count", "sort")
_ONE_OF = {"has_count": WITH_FIGURES, "sort": ORDERS}
PAGE = "page"


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
        for name in _REPEATABLE:
            self.filters[name].extra["choices"] = choices[name]


@dataclass(frozen=True)
class Value:
    """A value in words. ``without`` is the query of the list without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Applied:
    """A part of the sentence above the list: any of these values."""

    lead: str
    values: list[Value]


@dataclass(frozen=True)
class FormField:
    """A field of the form. One that may repeat has a select for each value and one more."""

    name: str
    label: str
    choices: list[tuple[str, str]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What a reader asked for. With ``problems`` there are no criteria, and nothing may be shown."""

    criteria: Criteria
    applied: list[Applied]
    problems: list[Value]
    fields: list[FormField]
    query: str

    @property
    def is_restricted(self) -> bool:
        return bool(self.applied or self.problems)


def read(given: QueryDict) -> Asked:
    """One query; two where a slug is none of today's."""
    found = options()
    ids = {(name, option.value): option.pk for name in KIND_OF_PARAMETER for option in found.get(name, [])}
    data = _todays(given, found, ids)
    choices = {
        name: _choices(name, [*found.get(name, []), *_unused(name, data.getlist(name), found.get(name, []))])
        for name in _REPEATABLE
    }
    filters = StatementFilter(data, choices)
    filters.form.is_valid()
    problems = _problems(data, filters, choices)
    return Asked(
        criteria=Criteria() if problems else _criteria(data, filters.form.cleaned_data, ids),
        applied=_applied(data, filters.form.cleaned_data, choices),
        problems=problems,
        fields=_fields(data, choices),
        query=_without(data, PAGE),
    )


def _todays(given: QueryDict, found: dict[str, list[Option]], ids: dict[tuple[str, str], int | None]) -> QueryDict:
    """The parameters that say anything, with the slugs of today for those that were given up."""
    data = QueryDict(mutable=True)
    for name, values in given.lists():
        said = list(dict.fromkeys(value.strip() for value in values if value.strip()))
        if said:
            data.setlist(name, said)
    unknown = {name: [value for value in data.getlist(name) if (name, value) not in ids] for name in KIND_OF_PARAMETER}
    if any(unknown.values()):
        slugs = {(name, option.pk): option.value for name in KIND_OF_PARAMETER for option in found.get(name, [])}
        for (name, slug), pk in slugs_given_up(unknown).items():
            today = slugs.get((name, pk))
            if today is not None:
                data.setlist(name, list(dict.fromkeys(today if v == slug else v for v in data.getlist(name))))
    return data


def _unused(name: str, given: list[str], found: list[Option]) -> list[Option]:
    """What was asked for that could be there and is not yet: a good question, with an empty answer."""
    known = {option.value for option in found}
    could_be = _COULD_BE.get(name, lambda _value: False)
    return [Option(value, None, "") for value in given if value not in known and could_be(value)]


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


def _choices(name: str, found: list[Option]) -> list[tuple[str, str]]:
    labels: dict[str, Callable[[str], Any]] = {
        "kind": dict(Statement.Kind.choices).get,
        "theme": dict(Demand.Theme.choices).get,
        "language": language_name,
        "country": country_name,
    }
    label = labels.get(name)
    pairs = [(option.value, str(label(option.value)) if label else option.label) for option in found]
    return sorted(pairs, key=lambda pair: (text.fold(pair[1]), pair))


def _criteria(data: QueryDict, cleaned: dict[str, Any], ids: dict[tuple[str, str], int | None]) -> Criteria:
    of_slugs = {name: tuple(ids[name, slug] for slug in cleaned[name]) for name in KIND_OF_PARAMETER}
    values = {name: tuple(cleaned[name]) for name in ("kind", "language", "country", "theme")}
    return Criteria(
        q=tuple(data.getlist("q")),
        issued_after=cleaned["issued_after"],
        issued_before=cleaned["issued_before"],
        has_count=cleaned["has_count"] == "true" if cleaned["has_count"] else None,
        sort=cleaned["sort"] or NEWEST,
        **of_slugs,  # type: ignore[arg-type]  # every slug that was validated has its id
        **values,
    )


def _problems(data: QueryDict, filters: StatementFilter, choices: dict[str, list[tuple[str, str]]]) -> list[Value]:
    found = []
    for name, values in data.lists():
        if name == "q":
            found += [
                Value(
                    _("“%(value)s” has no letter or digit to look for.") % {"value": value}, _without(data, name, value)
                )
                for value in values
                if not text.fold(value)
            ]
            if sum(len(text.fold(value).split()) for value in values) > MOST_WORDS:
                found.append(
                    Value(_("It looks for at most %(most)s words.") % {"most": MOST_WORDS}, _without(data, name))
                )
        elif name in _REPEATABLE:
            known = {value for value, _label in choices[name]}
            sentence = _("Nothing here has “%(value)s” for “%(label)s”.")
            found += [
                Value(sentence % {"value": value, "label": LABELS[name][0]}, _without(data, name, value))
                for value in values
                if value not in known
            ]
        elif name in _SINGLE:
            sentences = [str(error) for error in filters.form.errors.get(name, [])]
            if name in _ONE_OF and sentences:
                known_values = ", ".join(value for value, _label in _ONE_OF[name])
                sentences = [_("“%(value)s” is none of %(known)s.") % {"value": values[-1], "known": known_values}]
            if len(values) > 1:
                sentences = [_("It was given more than once.")]
            found += [Value(f"{LABELS[name][0]}: {sentence}", _without(data, name)) for sentence in sentences]
        elif name != PAGE:
            found.append(Value(_("This list has no parameter “%(name)s”.") % {"name": name}, _without(data, name)))
    return found


def _applied(data: QueryDict, cleaned: dict[str, Any], choices: dict[str, list[tuple[str, str]]]) -> list[Applied]:
    labels: dict[str, dict[str, Any]] = {name: dict(pairs) for name, pairs in choices.items()}
    labels["has_count"] = dict(WITH_FIGURES)
    found = []
    for name, (_label, lead) in LABELS.items():
        if name == "sort":
            continue
        values = []
        for value in data.getlist(name):
            if name == "q":
                label = f"“{value}”"
            elif name in ("issued_after", "issued_before"):
                label = _date_in_words(value)
            else:
                label = str(labels[name].get(value, f"“{value}”"))
            values.append(Value(label, _without(data, name, value)))
        if values:
            found.append(Applied(str(lead), values))
    return found


def _date_in_words(value: str) -> str:
    try:
        return PartialDate.parse(value).display()
    except ValueError:
        return f"“{value}”"


def _fields(data: QueryDict, choices: dict[str, list[tuple[str, str]]]) -> list[FormField]:
    every = {
        **choices,
        "has_count": [(value, str(label)) for value, label in WITH_FIGURES],
        "sort": [(value if value != NEWEST else "", str(label)) for value, label in ORDERS],
    }
    fields = []
    for name, (label, _lead) in LABELS.items():
        known = every.get(name, [])
        given = data.getlist(name)
        if name in every:
            given = [value for value in given if value in dict(known)]
        # Of what may repeat, one more can always be chosen.
        blank = [""] if name in _REPEATABLE or not given else []
        fields.append(FormField(name, str(label), known, [*given, *blank]))
    return fields


def _without(data: QueryDict, name: str, value: str | None = None) -> str:
    """The query without this parameter, or without this one value of it; on the first page again."""
    left = data.copy()
    left.pop(PAGE, None)
    kept = [other for other in left.getlist(name) if value is not None and other != value]
    if kept:
        left.setlist(name, kept)
    else:
        left.pop(name, None)
    return "?" + left.urlencode() if left else "?"
