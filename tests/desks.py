"""A desk with a few rows of everything, and whatever text its forms take in all fields, by chance."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from statements import quotes
from statements.dates import PartialDate
from statements.importing.reading.cells import fault_of
from statements.models import Qualifier, Statement
from statements.models.rules import row_problems
from tests import factories

#: Quotes, separators, line ends, what spreadsheets take for formulas, marks of direction, long and combining letters.
_SIGNS = "\"'“’,;|\\\t\n\r=+-@[]()/.: \u00a0\u200f\u202e\u2066\u200b\ufeff\x01\x1b\x1f\x7f\u2028\u0301aZя1אب字😀…"
_PIECES = ["=1+1", "'=1", "''", '""', "\\|", " | ", "\r\n", "[en]", "[…]", "N/A", "#REF!", "sep=;", "true", "words"]

#: As a form hands on what was typed: NUL is refused, white space at the ends goes, lines end in LF. What no file may
#: say, such as an error of a spreadsheet or letters that were garbled, is left out.
TEXTS = (
    st.lists(st.sampled_from(_PIECES) | st.text(st.sampled_from(_SIGNS) | st.characters(exclude_categories=["Cs"])))
    .map(lambda pieces: "".join(pieces).replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip())
    .filter(lambda text: fault_of(text) is None)
)
DATES = ["2022-01-27", "2022-01", "2022", "2022-01-20/2022-01-27", "2020-08/2021-01"]


class Desk:
    """Makes a few rows of everything that a file can bring, with these texts by chance in all fields that take any."""

    def __init__(self, texts: list[str], chance: Random) -> None:
        self.texts, self.chance = ["", *texts], chance
        self.organisations = [self.organisation(number) for number in range(3)]
        self.speakers = [self.speaker(number) for number in range(2)]
        self.sources = [self.source(number) for number in range(2)]
        self.measures = [self.measure(number) for number in range(2)]
        self.demands = [self.demand(number) for number in range(2)]
        for number in range(2):
            self.statement(number)
        demand, source = self.demands[0], self.sources[0]
        checked(factories.DemandUpdateFactory(demand=demand, source=source, note=self.lines(), **self.date("date")))

    def lines(self) -> str:
        return self.chance.choice(self.texts)

    def line(self) -> str:
        return " ".join(self.lines().splitlines())[:60].strip()

    def name(self) -> str:
        return f"{self.line()[:50]} {self.chance.choice('AB')}".strip()

    def flag(self) -> bool:
        return self.chance.random() < 0.5

    def some(self, rows: list[Any]) -> list[Any]:
        return self.chance.sample(rows, self.chance.randint(0, len(rows)))

    def date(self, name: str) -> dict[str, Any]:
        """The two columns of a partial date."""
        date = PartialDate.parse(self.chance.choice(DATES))
        return {f"{name}_from": date.first, f"{name}_until": date.last}

    def organisation(self, number: int) -> Any:
        names = {(self.name(), self.chance.choice(["", "en", "be-Latn"])) for _name in range(2)}
        texts = {"name": self.name(), "short_name": self.line(), "description": self.lines()}
        return checked(factories.OrganisationFactory(slug=f"o{number}", names=sorted(names), **texts))

    def speaker(self, number: int) -> Any:
        organisation = self.organisations[number] if self.flag() else None
        texts = {"name": self.name(), "description": self.lines()}
        row = checked(factories.SpeakerFactory(slug=f"p{number}", organisation=organisation, **texts))
        for handle in {self.name() for _handle in range(2)}:
            checked(row.handles.create(network=f"net{number}", handle=handle))
        return row

    def source(self, number: int) -> Any:
        texts = {"title": self.name(), "publisher": self.name(), "author": self.line()}
        return checked(factories.SourceFactory(slug=f"s{number}", **texts, **self.date("published")))

    def measure(self, number: int) -> Any:
        texts = {"name": self.name(), "unit": self.name(), "place": self.line(), "definition": self.lines()}
        return checked(factories.MeasureFactory(slug=f"m{number}", **texts))

    def demand(self, number: int) -> Any:
        row: Any = factories.DemandFactory(slug=f"d{number}", title=self.name(), description=self.lines())
        row.addressees.set(self.some(self.organisations))
        return checked(row)

    def statement(self, number: int) -> None:
        texts = {name: self.line() for name in ("attribution", "place", "occasion")}
        texts |= {name: self.lines() for name in ("date_note", "summary", "desk_note")}
        issued, step = self.chance.choice(DATES), self.chance.choice(["draft", "in review"])
        row: Any = factories.StatementFactory(slug=f"t{number}", title=self.name(), issued=issued, step=step, **texts)
        checked(row)
        for position, organisation in enumerate([self.organisations[0], *self.some(self.organisations[1:])]):
            factories.IssuerFactory(statement=row, organisation=organisation, position=position)
        for position, speaker in enumerate(self.some(self.speakers)):
            role = {"speaker": speaker, "attribution": self.line(), "position": position}
            checked(factories.SpeakerRoleFactory(statement=row, **role))
        for source in self.some(self.sources):
            checked(factories.CitationFactory(statement=row, source=source, locator=self.line()))
        words = [self.wording(row, source) for source in self.some([None, *self.sources])]
        for demand in self.some(self.demands):
            self.mention(row, demand, words)
        for measure in self.some(self.measures):
            self.count(row, measure, words)

    def wording(self, statement: Statement, source: Any) -> str:
        text = f"{self.lines()} words\n{self.lines()}".strip()
        checked(factories.WordingFactory(statement=statement, source=source, text=text, is_excerpt=self.flag()))
        return text

    def quote(self, words: list[str]) -> str:
        """A passage of one of these texts, or none."""
        text = self.chance.choice(words) if words else "words"
        first, last = sorted(self.chance.choices(range(len(text) + 1), k=2))
        quote = text[first:last].strip()
        return quote if quotes.find(quote, text) else ""

    def mention(self, statement: Statement, demand: Any, words: list[str]) -> None:
        texts = {"quote": self.quote(words), "locator": self.line(), "note": self.lines()}
        more = self.date("deadline") if self.flag() else {}
        row: Any = factories.DemandMentionFactory(
            statement=statement, demand=demand, is_reiterated=self.flag(), **texts, **more
        )
        row.addressees.set(self.some(self.organisations))
        checked(row)

    def count(self, statement: Statement, measure: Any, words: list[str]) -> None:
        texts = {name: self.line() for name in ("attributed_wording", "excludes")}
        texts |= {"wording": self.name(), "quote": self.quote(words), "note": self.lines()}
        qualifier, value = self.chance.choice(Qualifier.values), self.chance.randint(0, 10_000)
        row = factories.CountObservationFactory(
            statement=statement,
            measure=measure,
            qualifier=qualifier,
            value=None if qualifier == Qualifier.UNQUANTIFIED else value,
            value_to=value + 1 if qualifier == Qualifier.RANGE else None,
            attributed_to=self.chance.choice([None, *self.organisations]),
            **texts,
            **(self.date("as_of") if self.flag() else {}),
            **(self.date("since") if self.flag() else {}),
        )
        checked(row)


def checked(row: Any) -> Any:
    """What a form would refuse is no question for the export."""
    assert not row_problems(row)
    return row


@contextmanager
def undone() -> Iterator[None]:
    """What is written within is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
