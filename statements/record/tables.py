"""The tables of the public data set: what each row is, what each column holds. The export writes them, /data/ tells
readers about them. A column of the desk is public when it stands here, and not before.
"""

from dataclasses import dataclass, replace

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    Issuer,
    Measure,
    Organisation,
    Source,
    Statement,
    Wording,
)

#: The file beside the tables that describes them, by the Frictionless standard of data packages.
PACKAGE = "datapackage.json"


class Type(models.TextChoices):
    """Those of the Frictionless Table Schema."""

    STRING = "string", _("text")
    INTEGER = "integer", _("a whole number")
    BOOLEAN = "boolean", _("true or false")
    DATE = "date", _("a day")
    DATETIME = "datetime", _("a point in time")


@dataclass(frozen=True)
class Column:
    """``refers_to`` is the table whose slug a cell holds; ``one_of`` are the only values that it can have."""

    name: str
    what: str | Promise
    type: Type = Type.STRING
    refers_to: str = ""
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """``what`` says what a row is; ``key`` names the columns that identify one."""

    name: str
    what: str | Promise
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


def licence_address() -> str:
    """Where the licence of the data can be read."""
    return f"https://spdx.org/licenses/{settings.DATA_LICENCE}.html"


_SLUG = Column("slug", _("What identifies it: the end of its address here."))
_KEY = Column("key", _("What identifies the row. It stays when the row is corrected."))
_STATEMENT = Column("statement", _("The statement that it belongs to."), refers_to="statements")
_SOURCE = Column("source", _("The source in which it stands."), refers_to="sources")
_POSITION = Column("position", _("Its place in the order, from 1 on."), Type.INTEGER)
_QUOTE = Column("quote", _("The words of the statement that say so."))
_LOCATOR = Column("locator", _("Where in it: a page, a paragraph, a minute."))
_NOTE = Column("note", _("What a reader should know about it."))
_COUNTRY = Column("country", _("Two letters of ISO 3166."))
_PARENT = Column("parent", _("The slug of the row of this table that it is a part of."))
_ALIASES = Column("aliases", _("Its other names, a list; the language stands in brackets: ЕСВД [ru]."))
_DESCRIPTION = Column("description", _("What it is, in our own words."))

TABLES: tuple[Table, ...] = (
    Table(
        "statements",
        _("A statement, as its current version says."),
        ("slug",),
        (
            _SLUG,
            Column("title", _("What it is called here, in our own words.")),
            Column("kind", _("What kind of statement it is."), one_of=tuple(Statement.Kind.values)),
            Column("language", _("The language of the original, by BCP 47; “und” where it is not known.")),
            Column("issued", _("When it was issued; a date as precise as it is known.")),
            Column("issued_basis", _("What that date rests on."), one_of=tuple(Statement.IssuedBasis.values)),
            Column("date_note", _("Why a printed date differs, or what the date is inferred from.")),
            Column("attribution", _("The office as printed, where nobody is named.")),
            Column("relation", _("What it does with another one."), one_of=tuple(Statement.Relation.values)),
            Column("related_statement", _("That other one, while readers see it."), refers_to="statements"),
            Column("place", _("Where it was said.")),
            Column("occasion", _("On what occasion.")),
            Column("summary", _("What it says, in our own words.")),
            Column("version", _("The number of the published version."), Type.INTEGER),
            Column("published_at", _("When this version was published."), Type.DATETIME),
            Column("url", _("Its address here.")),
        ),
    ),
    Table(
        "issuers",
        _("An organisation that has a part in a statement."),
        ("statement", "position"),
        (
            _STATEMENT,
            _POSITION,
            Column("organisation", _("The organisation."), refers_to="organisations"),
            Column("part", _("Which part it has."), one_of=tuple(Issuer.Part.values)),
        ),
    ),
    Table(
        "statement_speakers",
        _("A person who speaks in a statement."),
        ("statement", "position"),
        (
            _STATEMENT,
            _POSITION,
            Column("speaker", _("The person."), refers_to="speakers"),
            Column("attribution", _("As what the person speaks, as printed on that day.")),
        ),
    ),
    Table(
        "citations",
        _("A source in which a statement can be read."),
        ("statement", "source", "role"),
        (
            _STATEMENT,
            _SOURCE,
            Column("role", _("What the source is to the statement."), one_of=tuple(Citation.Role.values)),
            _LOCATOR,
        ),
    ),
    Table(
        "wordings",
        _("Words of a statement in one language, verbatim."),
        ("key",),
        (
            _KEY,
            _STATEMENT,
            Column("language", _("The language of these words, by BCP 47.")),
            Column("kind", _("Whose words they are."), one_of=tuple(Wording.Kind.values)),
            replace(_SOURCE, what=_("The source that they were taken from.")),
            Column("text", _("The words; […] stands for what was left out.")),
            Column("is_excerpt", _("Whether they are not all the words."), Type.BOOLEAN),
        ),
    ),
    Table(
        "mentions",
        _("A demand that a statement makes."),
        ("key",),
        (
            _KEY,
            _STATEMENT,
            Column("demand", _("What is demanded."), refers_to="demands"),
            _QUOTE,
            Column("force", _("How strongly."), one_of=tuple(DemandMention.Force.values)),
            Column("is_reiterated", _("Whether the words themselves say that it is made again."), Type.BOOLEAN),
            Column("addressees", _("Slugs of organisations, a list: of whom, where the statement names others.")),
            Column("deadline", _("Until when; a date as precise as it is known.")),
            _LOCATOR,
            _NOTE,
        ),
    ),
    Table(
        "counts",
        _("A figure that a statement quotes."),
        ("key",),
        (
            _KEY,
            _STATEMENT,
            Column("measure", _("What is counted."), refers_to="measures"),
            Column("qualifier", _("How the number is meant."), one_of=tuple(CountObservation.Qualifier.values)),
            Column("value", _("The number as printed: “more than 880” has 880. Empty without one."), Type.INTEGER),
            Column("value_to", _("The upper end of a range."), Type.INTEGER),
            Column("wording", _("The figure in words, such as “many thousands”.")),
            Column("as_of", _("As of when it holds. Empty: as of the date of the statement.")),
            Column("since", _("Since when it was counted, of totals and changes.")),
            Column("attributed_to", _("Whom the speaker names as its source."), refers_to="organisations"),
            Column("attributed_wording", _("The same as printed, of all others: “independent media”.")),
            Column("excludes", _("Who is not in the figure: “those already named”.")),
            _QUOTE,
            _NOTE,
        ),
    ),
    Table(
        "organisations",
        _("An organisation that has a part in a statement, is asked for something, or is the source of a figure."),
        ("slug",),
        (
            _SLUG,
            Column("name", _("In full.")),
            Column("short_name", _("What it is called for short.")),
            Column("kind", _("What kind of organisation it is."), one_of=tuple(Organisation.Kind.values)),
            _COUNTRY,
            _PARENT,
            _DESCRIPTION,
            Column("website", _("Its address on the web.")),
            Column("wikidata_id", _("Its identifier in Wikidata.")),
            _ALIASES,
        ),
    ),
    Table(
        "speakers",
        _("A person who speaks in a statement, as described today."),
        ("slug",),
        (
            _SLUG,
            Column("name", _("The name here.")),
            _ALIASES,
            _DESCRIPTION,
            Column("organisation", _("Where the person belongs today."), refers_to="organisations"),
            Column("handles", _("Accounts, a list; each is a network and a name, such as x:@name.")),
        ),
    ),
    Table(
        "sources",
        _("A document in which a statement stands, or on which the status of a demand rests."),
        ("slug",),
        (
            _SLUG,
            Column("url", _("Its address, as given. Empty of what is only printed.")),
            Column("title", _("Its title.")),
            Column("publisher", _("Who published it.")),
            Column("author", _("Who wrote it.")),
            Column("kind", _("What kind of document it is."), one_of=tuple(Source.Kind.values)),
            Column("language", _("Its language, by BCP 47.")),
            Column("published", _("When it was published; a date as precise as it is known.")),
            Column("accessed_on", _("The day on which it was last read there."), Type.DATE),
        ),
    ),
    Table(
        "measures",
        _("Something that is counted. Figures of different measures are never added up."),
        ("slug",),
        (
            _SLUG,
            Column("name", _("What is counted.")),
            Column("unit", _("What one of them is: people, cases, arrests.")),
            Column("place", _("Where it is counted.")),
            _COUNTRY,
            Column("basis", _("What a figure says."), one_of=tuple(Measure.Basis.values)),
            Column("definition", _("Who is counted and who is not, by whom.")),
            _PARENT,
            Column("position", _("Its place in lists; 1 leads the first page."), Type.INTEGER),
        ),
    ),
    Table(
        "demands",
        _("Something that is demanded, in however many statements."),
        ("slug",),
        (
            _SLUG,
            Column("title", _("In our own words, as a request.")),
            Column("description", _("What counts as this demand, and what does not.")),
            Column("theme", _("What it is about."), one_of=tuple(Demand.Theme.values)),
            Column("addressees", _("Slugs of organisations, a list: of whom it is demanded.")),
            _PARENT,
        ),
    ),
    Table(
        "demand_updates",
        _("A claim on how a demand stood on a day."),
        ("demand", "date", "source"),
        (
            Column("demand", _("The demand."), refers_to="demands"),
            Column("date", _("When it stood so; a date as precise as it is known.")),
            Column("status", _("How it stood."), one_of=tuple(DemandUpdate.Status.values)),
            replace(_SOURCE, what=_("The source that says so.")),
            _NOTE,
        ),
    ),
)
