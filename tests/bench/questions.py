"""What benchmarks and plan tests ask for: the commonest, a middling and the rarest of what a database has.

All is read from the record, so that any data will do; with the same data it is the same.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Model

from statements import text
from statements.models import Demand, Entry, Facet, Figure, Link, Measure, Organisation, Source, Speaker

SORTS = ("-issued", "issued")
STATEMENTS_A_PAGE = 25
DEEP_PAGE = 2000
#: A word on so many of all statements is what ranking is measured with.
SHARE_OF_THE_RANKED_WORD = 0.2

_SAMPLE = 300  # statements from either end in which words are counted
_COMBINATIONS = 20
_OF_A_COMBINATION = (2, 4)

_LINKED: dict[str, tuple[Facet, type[Model]]] = {
    "issuer": (Facet.ISSUER, Organisation),
    "speaker": (Facet.SPEAKER, Speaker),
    "addressee": (Facet.ADDRESSEE, Organisation),
    "demand": (Facet.DEMAND, Demand),
    "measure": (Facet.MEASURE, Measure),
}

Question = tuple[str, str]  # what it is called, and the query of the list


@dataclass(frozen=True)
class Values:
    """Of one parameter, each as it stands in an address."""

    common: str
    middling: str
    rare: str


@dataclass(frozen=True)
class Found:
    """What a database has. ``words`` by "common", "ranked", "middling" and "rare"; ``most`` are the slugs of those with
    most behind them, by folder; ``statement`` that of the one with most on it.
    """

    total: int
    values: dict[str, Values] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    most: dict[str, str] = field(default_factory=dict)
    statement: str = ""
    years: tuple[int, int] = (0, 0)

    @property
    def last_page(self) -> int:
        return max(1, ceil(self.total / STATEMENTS_A_PAGE))

    @property
    def deep_page(self) -> int:
        return min(DEEP_PAGE, self.last_page)


def look() -> Found:
    """Reads much: once for each database."""
    values = {name: _values(_by_link(facet, model)) for name, (facet, model) in _LINKED.items()}
    for name in ("kind", "language"):
        values[name] = _values(_counted(Entry.objects.order_by().values_list(name).annotate(n=Count("pk"))))
    values["country"] = _values(_by_column(Facet.ISSUER, Organisation, "country"))
    values["theme"] = _values(_by_column(Facet.DEMAND, Demand, "theme"))
    first, last = (
        Entry.objects.order_by(sort).values_list("issued_from", flat=True)[0].year
        for sort in ("issued_from", "-issued_from")
    )
    most_figures = Figure.objects.order_by().values_list("measure__slug").annotate(n=Count("pk")).order_by("-n")
    most_links = (
        Link.objects.order_by().values_list("entry__slug").annotate(n=Count("pk")).order_by("-n", "entry__slug")
    )
    return Found(
        total=Entry.objects.count(),
        values={name: found for name, found in values.items() if found is not None},
        words=_words(),
        most={
            "organisations": _first(_by_link(Facet.ISSUER, Organisation)),
            "speakers": _first(_by_link(Facet.SPEAKER, Speaker)),
            "demands": _first(_by_link(Facet.DEMAND, Demand)),
            "measures": most_figures[0][0],
            "sources": _first(_by_link(Facet.SOURCE, Source)),
        },
        statement=most_links[0][0],
        years=(first, last),
    )


Counted = list[tuple[str, int]]


def _counted(rows: Iterable[tuple[Any, int]]) -> Counted:
    return sorted(((str(value), number) for value, number in rows if value), key=lambda row: (-row[1], row[0]))


def _numbers(facet: Facet) -> dict[int, int]:
    links = Link.objects.filter(facet=facet).order_by().values_list("target_id").annotate(n=Count("pk"))
    return dict(links)


def _by_link(facet: Facet, model: type[Model]) -> Counted:
    numbers = _numbers(facet)
    slugs = model._default_manager.order_by().values_list("pk", "slug")
    return _counted((slug, numbers[pk]) for pk, slug in slugs if pk in numbers)


def _by_column(facet: Facet, model: type[Model], column: str) -> Counted:
    """A statement with two of a value counts twice: enough to tell common from rare."""
    of_row = dict(model._default_manager.order_by().values_list("pk", column))
    total: Counter[str] = Counter()
    for pk, number in _numbers(facet).items():
        total[of_row.get(pk, "")] += number
    return _counted(total.items())


def _first(counted: Counted) -> str:
    return counted[0][0] if counted else ""


def _values(counted: Counted) -> Values | None:
    if not counted:
        return None
    (common, most), (rare, least) = counted[0], counted[-1]
    between = sqrt(most * least)
    middling = min(counted, key=lambda row: (abs(row[1] - between), row[0]))[0]
    return Values(common, middling, rare)


def _words() -> dict[str, str]:
    """By a sample: no database tells all its words in a time that one would wait for."""
    entries = Entry.objects.select_related("version").defer(None)
    sample = [*entries.order_by("pk")[:_SAMPLE], *entries.order_by("-pk")[:_SAMPLE]]
    counted: Counter[str] = Counter()
    for entry in sample:
        texts = [wording["text"] for wording in entry.version.document["content"]["wordings"]]
        counted.update({word for words in (entry.title, *texts) for word in text.words(words) if len(word) > 2})
    ordered = _counted(counted.items())

    def nearest(share: float) -> str:
        return min(ordered, key=lambda row: (abs(row[1] / len(sample) - share), row[0]))[0]

    return {
        "common": ordered[0][0],
        "ranked": nearest(SHARE_OF_THE_RANKED_WORD),
        "middling": nearest(0.01),
        "rare": min(ordered, key=lambda row: (row[1], row[0]))[0],
    }


def single(found: Found) -> Iterator[Question]:
    """Each filter alone, in each order that is offered."""
    asked: list[tuple[str, dict[str, Any]]] = [("no filter", {})]
    for name, values in found.values.items():
        given = {"common": values.common, "middling": values.middling, "rare": values.rare}
        asked += [(f"{name}, {which}", {name: value}) for which, value in _different(given)]
    first, last = found.years
    asked += [
        ("with figures", {"has_count": "true"}),
        ("without figures", {"has_count": "false"}),
        ("since the last year", {"issued_after": last}),
        ("until the first year", {"issued_before": first}),
        ("one year", {"issued_after": (first + last) // 2, "issued_before": (first + last) // 2}),
        ("one day", {"issued_after": f"{last}-01-15", "issued_before": f"{last}-01-15"}),
    ]
    for name, parameters in asked:
        for sort in SORTS:
            more = {} if sort == SORTS[0] else {"sort": sort}
            order = "newest first" if sort == SORTS[0] else "oldest first"
            yield f"{name}, {order}", urlencode(parameters | more)


def _different(given: dict[str, str]) -> Iterator[tuple[str, str]]:
    seen = set()
    for which, value in given.items():
        if value not in seen:
            seen.add(value)
            yield which, value


def combined(found: Found, *, seed: int = 1) -> Iterator[Question]:
    """Several filters: those that are known to lead planners astray, and others by chance."""
    values = found.values
    for name, parts in _NASTY.items():
        if all(part.split(".")[0] in values for part in parts):
            yield (
                name,
                urlencode(
                    [(part.split(".")[0], getattr(values[part.split(".")[0]], part.split(".")[1])) for part in parts]
                ),
            )
    chance = random.Random(seed)
    for number in range(_COMBINATIONS):
        names = chance.sample(sorted(values), chance.randint(*_OF_A_COMBINATION))
        pairs = [(name, getattr(values[name], chance.choice(("common", "middling", "rare")))) for name in names]
        if chance.random() < 0.5:
            pairs.append(("has_count", chance.choice(("true", "false"))))
        if chance.random() < 0.5:
            pairs.append(("issued_after", str(chance.randint(*found.years))))
        yield f"by chance, {number + 1}", urlencode(pairs)


#: What one of them leaves is rare and what the other leaves is not, or both are common and seldom together.
_NASTY = {
    "rare speaker, commonest demand": ("speaker.rare", "demand.common"),
    "rare kind, rare language": ("kind.rare", "language.rare"),
    "two issuers": ("issuer.common", "issuer.middling"),
    "commonest issuer, commonest demand": ("issuer.common", "demand.common"),
    "commonest issuer, rare measure": ("issuer.common", "measure.rare"),
    "commonest issuer, rare demand": ("issuer.common", "demand.rare"),
    "rare issuer, rare speaker": ("issuer.rare", "speaker.rare"),
    "commonest country, commonest theme": ("country.common", "theme.common"),
    "rare country, commonest theme": ("country.rare", "theme.common"),
    "commonest addressee, rare language": ("addressee.common", "language.rare"),
}


def searches(found: Found) -> Iterator[Question]:
    """Newest first, from a rare word to the commonest, each alone and with a filter."""
    common = found.values["issuer"].common
    for which in ("rare", "middling", "ranked", "common"):
        word = found.words[which]
        yield f"{which} word", urlencode({"q": word})
        yield f"{which} word, commonest issuer", urlencode({"q": word, "issuer": common})
        yield f"{which} word, rare speaker", urlencode({"q": word, "speaker": found.values["speaker"].rare})
    yield "two words", urlencode({"q": f"{found.words['common']} {found.words['rare']}"})
    yield "words in quotation marks", urlencode({"q": f'"{found.words["common"]} {found.words["middling"]}"'})
    yield "without a word", urlencode({"q": f"{found.words['middling']} -{found.words['common']}"})


def ranked(found: Found) -> Iterator[Question]:
    for which in ("rare", "ranked", "common"):
        yield f"{which} word", urlencode({"q": found.words[which], "sort": "relevance"})


def others(found: Found) -> Iterator[Question]:
    """Every other page, as an address. Of those of one thing that which has most behind it."""
    yield "the first page", "/"
    yield "a statement", f"/statements/{found.statement}/"
    for folder, slug in found.most.items():
        if slug:
            yield f"one of {folder}", f"/{folder}/{slug}/"
            if folder != "speakers":
                yield folder, f"/{folder}/"
    yield "corrections", "/corrections/"
    yield "what can be taken away", "/data/"
    yield "sitemap", "/sitemap.xml"
    yield "the first part of the sitemap", "/sitemap-statement-1.xml"
    yield "feed", "/statements.atom"
