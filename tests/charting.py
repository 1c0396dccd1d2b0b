"""Charts in tests: figures and statements with dates, and what stands in a drawing and in its table."""

import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from django.contrib.auth.models import User

from statements.actions.publishing import publish_all
from statements.actions.steps import submit
from statements.models import Demand, Measure, Statement
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandMentionFactory,
    IssuerFactory,
    StatementFactory,
    save_version,
)

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Drawn:
    """A mark: the classes and the shape of it, what it is called, where it leads, and how far it stands aside."""

    key: str
    tone: str
    title: str
    url: str
    markup: str

    @property
    def shift(self) -> float:
        found = re.search(r'transform="translate\((-?[\d.]+)\)"', self.markup)
        return float(found[1]) if found else 0

    @property
    def y(self) -> float:
        found = re.search(r'<svg x="[^"]*" y="([\d.]+)"', self.markup)
        assert found is not None
        return float(found[1])

    @property
    def opens(self) -> str:
        return "up" if "V-20" in self.markup else "down" if "V20" in self.markup else ""

    @property
    def letter(self) -> str:
        found = re.search(r">([A-F])</text>", self.markup)
        return found[1] if found else ""

    @property
    def body(self) -> str:
        """Its outline and its filling, as far as they tell it from other marks."""
        if "<rect" in self.markup:
            return "square" if re.search(r'<rect x="-(\d+)" y="-\1"', self.markup) else "bar"
        if "stroke-dasharray" in self.markup:
            return "dashed"
        return "full" if 'fill="currentColor" stroke="none"/>' in self.markup else "ring"


def drawing_of(page: str) -> str:
    """The drawing of a page, without its legend."""
    found = re.search(r'<svg class="plot".*?\n</svg>', page, re.DOTALL)
    assert found is not None
    return found[0]


def marks_of(page: str) -> list[Drawn]:
    """Of a page or a file, in their order."""
    return [
        Drawn(key, tone.removeprefix("mark "), title or "", url or "", markup)
        for _name, url, tone, key, title, markup in re.findall(
            r'<(a|g)(?: href="([^"]*)")?(?: rel="nofollow")? class="(mark [^"]*)" data-key="([^"]*)">'
            r"(?:<title>(.*?)</title>)?(.*?)</\1>\n",
            page,
            re.DOTALL,
        )
    ]


def rows_of(page: str) -> list[str]:
    """The keys of the rows of the chart's table."""
    table = re.search(r'<table class="charted">.*?</table>', page, re.DOTALL)
    return re.findall(r'<tr data-key="([^"]*)">', table[0]) if table else []


def parsed(file: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(file)  # noqa: S314  # a file of ours


def publish_figures(editor: User, reviewer: User, measure: Measure, *figures: dict[str, Any]) -> list[Statement]:
    """A statement for each; what says ``by`` is issued by these organisations, the date is the figure's ``as_of``."""
    made = []
    for fields in figures:
        given = dict(fields)
        issuers, as_of = given.pop("by", None), given.pop("as_of", "2022-01-27")
        statement = StatementFactory(issued=as_of)
        for organisation in issuers or []:
            IssuerFactory(statement=statement, organisation=organisation)
        if issuers is None:
            IssuerFactory(statement=statement)
        CitationFactory(statement=statement)
        CountObservationFactory(statement=statement, measure=measure, **given)
        made.append(statement)
    return _published(made, editor, reviewer)


def publish_demands(editor: User, reviewer: User, demand: Demand, *dates: str) -> list[Statement]:
    """A statement that makes the demand on each of these dates."""
    made = []
    for date in dates:
        statement = StatementFactory(issued=date)
        IssuerFactory(statement=statement)
        CitationFactory(statement=statement)
        DemandMentionFactory(statement=statement, demand=demand)
        made.append(statement)
    return _published(made, editor, reviewer)


def _published(statements: list[Statement], editor: User, reviewer: User) -> list[Statement]:
    for statement in statements:
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
    publish_all(statements=statements, by=reviewer)
    return statements
