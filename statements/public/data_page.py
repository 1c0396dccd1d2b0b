"""What the page about the data explains: addresses, parameters, columns, each with an example that leads somewhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.models import Demand, Statement
from statements.public.charts.table import CHART_OF_A_DEMAND
from statements.public.citing.formats import FIGURE
from statements.public.corrections import KIND
from statements.public.filters import ORDERS, PAGE, WITH_FIGURES
from statements.public.sorting import SORT
from statements.public.twins.columns import TWIN_TABLES, TwinTable
from statements.public.twins.schemas import SCHEMA_NAMES, schema_named
from statements.record.corrections import Kind
from statements.record.example import Example
from statements.record.reading import FIGURE_SORTS

#: Of the list's own parameters: what a reader writes there.
_TAKES: dict[str, str | Promise] = {
    "q": gettext_lazy(
        "Words and names, in any script. All of them must occur; a word finds all that begin with it. In quotation "
        "marks: these words one after the other. With a minus before it: what must not occur."
    ),
    "issuer": gettext_lazy("The slug of an organisation that issued or joined it."),
    "speaker": gettext_lazy("The slug of a person."),
    "addressee": gettext_lazy("The slug of an organisation of which something is demanded."),
    "demand": gettext_lazy("The slug of a demand that it makes."),
    "measure": gettext_lazy("The slug of what its figures count."),
    "kind": gettext_lazy("What kind of statement it is."),
    "language": gettext_lazy("The language of the original, by BCP 47: en, ru, be-Latn."),
    "country": gettext_lazy("The country of an organisation that issued or joined it: two letters of ISO 3166."),
    "theme": gettext_lazy("What a demand that it makes is about."),
    "issued_after": gettext_lazy(
        "A date as precise as you like: 2022-01-27, 2022-01, 2022. It finds what may have been issued on that day or "
        "later: an uncertain date counts with all its days."
    ),
    "issued_before": gettext_lazy("The same for that day or earlier."),
    "has_count": gettext_lazy("Whether it quotes a figure."),
    "sort": gettext_lazy("The order. “relevance” goes with q."),
    "page": gettext_lazy("The number of a page, as long as those of the list. Without it a file has all rows."),
}
_VALUES: dict[str, Iterable[str]] = {
    "kind": Statement.Kind.values,
    "theme": Demand.Theme.values,
    "has_count": [value for value, _label in WITH_FIGURES],
    "sort": [value for value, _label in ORDERS],
}

#: Of the table of changes.
SINCE = "since"

#: In an address, where the end of a page's own address stands, and the number of a version.
SLUG, NUMBER = "SLUG", "N"

_A_WORD = re.compile(r"\w{5,}")
_TWO_WORDS = re.compile(r"\w{3,} \w{3,}")


@dataclass(frozen=True)
class Parameter:
    """``examples`` are addresses, none where the site has nothing to show yet."""

    name: str
    takes: str | Promise
    values: list[str]
    examples: list[str]


@dataclass(frozen=True)
class File:
    """An address in general and as an example, blank where the site has nothing to show yet."""

    pattern: str
    what: str | Promise
    example: str


@dataclass(frozen=True)
class Files:
    page: str | Promise
    files: list[File]


@dataclass(frozen=True)
class Schema:
    title: str
    url: str


def parameters(one: Example | None) -> list[Parameter]:
    """Of the list, as files have them, too."""
    return [
        Parameter(name, takes, [str(value) for value in _VALUES.get(name, [])], _examples(name, one))
        for name, takes in _TAKES.items()
    ]


def _examples(name: str, one: Example | None) -> list[str]:
    if one is None:
        return []
    return [f"{reverse('statements:statement_list_csv')}?{urlencode(query)}" for query in _queries(name, one)]


def _queries(name: str, one: Example) -> list[list[tuple[str, str]]]:
    word = _A_WORD.search(one.title)
    if name == "q":
        words = _TWO_WORDS.search(one.title)
        quoted = [[("q", f'"{words[0]}"')]] if words else []
        return [*([[("q", word[0])]] if word else []), *quoted]
    if name == "sort":
        return [[("sort", "issued")], *([[("q", word[0]), ("sort", "relevance")]] if word else [])]
    if name == "kind":
        other = next(kind for kind in Statement.Kind.values if kind != one.kind)
        return [[("kind", one.kind)], [("kind", one.kind), ("kind", str(other))]]
    values = {
        "issued_after": str(one.year),
        "issued_before": f"{one.year}-12",
        "has_count": "true" if one.measure else "false",
        PAGE: "1",
        **{key: str(value) for key, value in vars(one).items()},
    }
    return [[(name, values[name])]] if values[name] else []


def files(one: Example | None) -> list[Files]:
    """Every address at which something can be taken away, by the page that shows the same."""
    statement = one.slug if one else ""
    measure, demand, issuer = (one.measure, one.demand, one.issuer) if one else ("", "", "")
    number = one.version if one else 0
    return [
        Files(
            _("The list of statements, all or as it is filtered"),
            [
                _file("statement_list_csv", _("a row for each statement")),
                _file("statement_list_xlsx", _("the same as a workbook for Excel and LibreOffice")),
                _file("statement_list_json", _("each statement with all that hangs on it")),
                _file("statement_list_atom", _("a feed of what was published last")),
                _file("statement_list_csv_metadata", _("the columns of the CSV for machines (CSV on the Web)")),
            ],
        ),
        Files(
            _("A statement"),
            [
                _file("statement_json", _("as it stands today, with its history"), statement),
                _file("version_json", _("one of its versions, as it was"), statement, number),
                _file("version_bib", _("how to cite it, as BibTeX"), statement, number),
                _file("version_ris", _("the same as RIS, for Zotero and EndNote"), statement, number),
                _file("version_csl", _("the same as CSL-JSON, for Pandoc and Zotero"), statement, number),
            ],
        ),
        Files(
            _("Something that is counted"),
            [
                _file("measure_csv", _("a row for each figure that was quoted"), measure),
                _file("measure_json", _("the same as JSON"), measure),
                _file("measure_svg", _("the chart as a picture"), measure),
                _file("measure_atom", _("a feed of the figures that were published last"), measure),
                _file("measure_csv_metadata", _("the columns of the CSV for machines"), measure),
            ],
        ),
        Files(
            _("A demand"),
            [
                _file("demand_csv", _("a row for each time that a statement makes it"), demand),
                _file("demand_json", _("the same as JSON, with its status over time"), demand),
                _file("demand_svg", _("the chart as a picture"), demand),
                _file("demand_chart_csv", _("the chart as numbers"), demand),
                _file("demand_atom", _("a feed of the statements that were published last"), demand),
                _file("demand_bib", _("how to cite it, as BibTeX"), demand),
                _file("demand_ris", _("the same as RIS"), demand),
                _file("demand_csl", _("the same as CSL-JSON"), demand),
                _file("demand_csv_metadata", _("the columns of the CSV for machines"), demand),
                _file("demand_chart_csv_metadata", _("those of the chart as numbers"), demand),
            ],
        ),
        Files(_("An organisation"), [_file("organisation_atom", _("a feed of its statements"), issuer)]),
        Files(_("Corrections"), [_file("correction_feed", _("a feed of what was corrected and withdrawn"))]),
    ]


def _file(name: str, what: str, *args: Any) -> File:
    """Of an address that names nothing there is always an example."""
    general = [SLUG, 1][: len(args)]
    pattern = reverse(f"statements:{name}", args=general).replace("/1.", f"/{NUMBER}.")
    return File(pattern, what, reverse(f"statements:{name}", args=args) if all(args) else "")


def other_parameters(one: Example | None) -> list[Parameter]:
    """Of addresses other than the list's."""
    figures = reverse("statements:measure_csv", args=[one.measure]) if one and one.measure else ""
    return [
        Parameter(
            SORT,
            _("Of the figures of something that is counted."),
            [str(value) for value in FIGURE_SORTS],
            [f"{figures}?{SORT}=-value"] if figures else [],
        ),
        Parameter(
            FIGURE,
            _("Of the citation of a version: the key of one of its figures, which is cited then."),
            [],
            [f"{reverse('statements:version_bib', args=[one.slug, one.version])}?{urlencode({FIGURE: one.figure})}"]
            if one and one.figure
            else [],
        ),
        Parameter(
            KIND,
            _("Of the feed of corrections."),
            [str(value) for value in Kind.values],
            [f"{reverse('statements:correction_feed')}?{urlencode({KIND: Kind.CORRECTION.value})}"],
        ),
        Parameter(
            SINCE,
            _("Of the table of changes: a day, or a time such as that at which your copy was created."),
            [],
            [f"{reverse('statements:data_changes')}?{SINCE}={one.year if one else 2026}-01-01"],
        ),
    ]


def twin_tables() -> tuple[TwinTable, ...]:
    """Of the files of pages, with their columns."""
    return (*TWIN_TABLES, CHART_OF_A_DEMAND)


def schemas() -> list[Schema]:
    return [Schema(schema_named(name)["title"], reverse("statements:schema", args=[name])) for name in SCHEMA_NAMES]


def curl(one: Example | None) -> str:
    """A filtered list, fetched by a script."""
    query = urlencode([("issuer", one.issuer)] if one and one.issuer else [("sort", "issued")])
    return f'curl --output statements.csv "{settings.SITE_URL}{reverse("statements:statement_list_csv")}?{query}"'
