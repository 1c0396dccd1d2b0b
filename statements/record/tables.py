"""The tables of the public data set: what each row is, what each column holds. The export and /data/ write them, the
page tells readers about them. A column of the desk is public when it stands here, and not before.
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
from statements.record.changes import Change

#: The file beside the tables that describes them, by the Frictionless standard of data packages.
PACKAGE = "datapackage.json"
#: What it is called in there.
PACKAGE_NAME = "public-statements"


class Type(models.TextChoices):
    """Those of the Frictionless Table Schema."""

    STRING = "string", _("text")
    INTEGER = "integer", _("a whole number")
    BOOLEAN = "boolean", _("true or false")
    DATE = "date", _("a day")
    DATETIME = "datetime", _("a point in time")


# What the database's own rules let in, as the cells of the files have it. Written with both ends, since some readers
# look for a match anywhere. A slug may begin with a hyphen, and such a cell has an apostrophe before it.
_SLUG_FORM = r"^'?[-a-zA-Z0-9_]+$"
_DATE_FORM = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$"
_LANGUAGE_FORM = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_COUNTRY_FORM = r"^[A-Z]{2}$"
_ADDRESS_FORM = r"^[hH][tT][tT][pP][sS]?://[^\s]+$"
_WIKIDATA_FORM = r"^Q[1-9][0-9]*$"


@dataclass(frozen=True)
class Column:
    """``refers_to`` is the table whose slug a cell holds; ``one_of`` are the only values that it can have; ``form`` is
    a regular expression that every cell matches, ``least`` the smallest number. ``is_required``: no cell is empty.
    """

    name: str
    what: str | Promise
    type: Type = Type.STRING
    refers_to: str = ""
    one_of: tuple[str, ...] = ()
    is_required: bool = False
    form: str = ""
    least: int | None = None


class Turn(models.TextChoices):
    """What became of a row from one release to the next."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")


@dataclass(frozen=True)
class Table:
    """``what`` says what a row is; ``key`` names the columns that identify one, none of which is ever empty."""

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

    def is_required(self, column: Column) -> bool:
        """Whether no cell of this column is empty."""
        return column.is_required or column.name in self.key


def licence_address() -> str:
    """Where the licence of the data can be read."""
    return f"https://spdx.org/licenses/{settings.DATA_LICENCE}.html"


def table_named(name: str) -> Table | None:
    return next((table for table in TABLES if table.name == name), None)


_SLUG = Column("slug", _("What identifies it: the end of its address here."), form=_SLUG_FORM)
_KEY = Column("key", _("What identifies the row. It stays when the row is corrected."))
_STATEMENT = Column("statement", _("The statement that it belongs to."), refers_to="statements", is_required=True)
_SOURCE = Column("source", _("The source in which it stands."), refers_to="sources", is_required=True)
_POSITION = Column("position", _("Its place in the order, from 1 on."), Type.INTEGER, least=1)
_QUOTE = Column("quote", _("The words of the statement that say so."))
_LOCATOR = Column("locator", _("Where in it: a page, a paragraph, a minute."))
_NOTE = Column("note", _("What a reader should know about it."))
_COUNTRY = Column("country", _("Two letters of ISO 3166."), form=_COUNTRY_FORM)
_ALIASES = Column("aliases", _("Its other names, a list; the language stands in brackets: ЕСВД [ru]."))
_DESCRIPTION = Column("description", _("What it is, in our own words."))


def _parent(table: str) -> Column:
    return Column("parent", _("What it is a part of, where readers see that, too."), refers_to=table)


def _date(name: str, what: str | Promise, *, is_required: bool = False) -> Column:
    return Column(name, what, is_required=is_required, form=_DATE_FORM)


def _language(what: str | Promise, *, is_required: bool = False) -> Column:
    return Column("language", what, is_required=is_required, form=_LANGUAGE_FORM)


#: What an older copy is brought up to date with.
CHANGES = Table(
    "changes",
    _("Something that happened to a statement in public. With these rows an older copy is brought up to date."),
    ("key",),
    (
        Column("key", _("What identifies the row, in every copy.")),
        Column("time", _("When it happened."), Type.DATETIME, is_required=True),
        Column(
            "statement",
            _("The statement: the slug of today. Empty where all of it was withdrawn and erased."),
            form=_SLUG_FORM,
        ),
        Column("what", _("What happened."), one_of=tuple(Change.values), is_required=True),
        Column("from_version", _("The version that readers saw before, or that is meant."), Type.INTEGER, least=1),
        Column("to_version", _("The version that readers saw from then on."), Type.INTEGER, least=1),
        Column("note", _("What readers were told: what was corrected, or why it was withdrawn or erased.")),
    ),
)

TABLES: tuple[Table, ...] = (
    Table(
        "statements",
        _("A statement, as its current version says."),
        ("slug",),
        (
            _SLUG,
            Column("title", _("What it is called here, in our own words."), is_required=True),
            Column("kind", _("What kind of statement it is."), one_of=tuple(Statement.Kind.values), is_required=True),
            _language(_("The language of the original, by BCP 47; “und” where it is not known."), is_required=True),
            _date("issued", _("When it was issued; a date as precise as it is known."), is_required=True),
            Column(
                "issued_basis",
                _("What that date rests on."),
                one_of=tuple(Statement.IssuedBasis.values),
                is_required=True,
            ),
            Column("date_note", _("Why a printed date differs, or what the date is inferred from.")),
            Column("attribution", _("The office as printed, where nobody is named.")),
            Column("relation", _("What it does with another one."), one_of=tuple(Statement.Relation.values)),
            Column("related_statement", _("That other one, while readers see it."), refers_to="statements"),
            Column("place", _("Where it was said.")),
            Column("occasion", _("On what occasion.")),
            Column("summary", _("What it says, in our own words.")),
            Column("version", _("The number of the published version."), Type.INTEGER, is_required=True, least=1),
            Column("published_at", _("When this version was published."), Type.DATETIME, is_required=True),
            Column("url", _("Its address here."), is_required=True, form=_ADDRESS_FORM),
        ),
    ),
    Table(
        "issuers",
        _("An organisation that has a part in a statement."),
        ("statement", "position"),
        (
            _STATEMENT,
            _POSITION,
            Column("organisation", _("The organisation."), refers_to="organisations", is_required=True),
            Column("part", _("Which part it has."), one_of=tuple(Issuer.Part.values), is_required=True),
        ),
    ),
    Table(
        "statement_speakers",
        _("A person who speaks in a statement."),
        ("statement", "position"),
        (
            _STATEMENT,
            _POSITION,
            Column("speaker", _("The person."), refers_to="speakers", is_required=True),
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
            _language(_("The language of these words, by BCP 47."), is_required=True),
            Column("kind", _("Whose words they are."), one_of=tuple(Wording.Kind.values), is_required=True),
            replace(_SOURCE, what=_("The source that they were taken from."), is_required=False),
            Column("text", _("The words; […] stands for what was left out."), is_required=True),
            Column("is_excerpt", _("Whether they are not all the words."), Type.BOOLEAN, is_required=True),
        ),
    ),
    Table(
        "mentions",
        _("A demand that a statement makes."),
        ("key",),
        (
            _KEY,
            _STATEMENT,
            Column("demand", _("What is demanded."), refers_to="demands", is_required=True),
            _QUOTE,
            Column("force", _("How strongly."), one_of=tuple(DemandMention.Force.values), is_required=True),
            Column(
                "is_reiterated",
                _("Whether the words themselves say that it is made again."),
                Type.BOOLEAN,
                is_required=True,
            ),
            Column("addressees", _("Slugs of organisations, a list: of whom, where the statement names others.")),
            _date("deadline", _("Until when; a date as precise as it is known.")),
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
            Column("measure", _("What is counted."), refers_to="measures", is_required=True),
            Column(
                "qualifier",
                _("How the number is meant."),
                one_of=tuple(CountObservation.Qualifier.values),
                is_required=True,
            ),
            Column(
                "value", _("The number as printed: “more than 880” has 880. Empty without one."), Type.INTEGER, least=0
            ),
            Column("value_to", _("The upper end of a range."), Type.INTEGER, least=1),
            Column("wording", _("The figure in words, such as “many thousands”.")),
            _date("as_of", _("As of when it holds. Empty: as of the date of the statement.")),
            _date("since", _("Since when it was counted, of totals and changes.")),
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
            Column("name", _("In full."), is_required=True),
            Column("short_name", _("What it is called for short.")),
            Column(
                "kind", _("What kind of organisation it is."), one_of=tuple(Organisation.Kind.values), is_required=True
            ),
            _COUNTRY,
            _parent("organisations"),
            _DESCRIPTION,
            Column("website", _("Its address on the web."), form=_ADDRESS_FORM),
            Column("wikidata_id", _("Its identifier in Wikidata."), form=_WIKIDATA_FORM),
            _ALIASES,
        ),
    ),
    Table(
        "speakers",
        _("A person who speaks in a statement, as described today."),
        ("slug",),
        (
            _SLUG,
            Column("name", _("The name here."), is_required=True),
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
            Column("url", _("Its address, as given. Empty of what is only printed."), form=_ADDRESS_FORM),
            Column("title", _("Its title.")),
            Column("publisher", _("Who published it.")),
            Column("author", _("Who wrote it.")),
            Column("kind", _("What kind of document it is."), one_of=tuple(Source.Kind.values), is_required=True),
            _language(_("Its language, by BCP 47.")),
            _date("published", _("When it was published; a date as precise as it is known.")),
            Column("accessed_on", _("The day on which it was last read there."), Type.DATE),
        ),
    ),
    Table(
        "measures",
        _("Something that is counted. Figures of different measures are never added up."),
        ("slug",),
        (
            _SLUG,
            Column("name", _("What is counted."), is_required=True),
            Column("unit", _("What one of them is: people, cases, arrests."), is_required=True),
            Column("place", _("Where it is counted.")),
            _COUNTRY,
            Column("basis", _("What a figure says."), one_of=tuple(Measure.Basis.values), is_required=True),
            Column("definition", _("Who is counted and who is not, by whom.")),
            _parent("measures"),
            Column("position", _("Its place in lists; 1 leads the first page."), Type.INTEGER, least=0),
        ),
    ),
    Table(
        "demands",
        _("Something that is demanded, in however many statements."),
        ("slug",),
        (
            _SLUG,
            Column("title", _("In our own words, as a request."), is_required=True),
            Column("description", _("What counts as this demand, and what does not.")),
            Column("theme", _("What it is about."), one_of=tuple(Demand.Theme.values)),
            Column("addressees", _("Slugs of organisations, a list: of whom it is demanded.")),
            _parent("demands"),
        ),
    ),
    Table(
        "demand_updates",
        _("A claim on how a demand stood on a day."),
        ("demand", "date", "source"),
        (
            Column("demand", _("The demand."), refers_to="demands"),
            _date("date", _("When it stood so; a date as precise as it is known.")),
            Column("status", _("How it stood."), one_of=tuple(DemandUpdate.Status.values), is_required=True),
            replace(_SOURCE, what=_("The source that says so.")),
            _NOTE,
        ),
    ),
    CHANGES,
)

#: Beside the TABLES where a release took the place of an earlier one.
CHANGED = Table(
    "changed_since_previous",
    _("A row that is new, or not as it was, since the release that was written into the same folder before."),
    ("table", "key"),
    (
        Column("table", _("The table in which it stands."), one_of=tuple(table.name for table in TABLES)),
        Column("key", _("What identifies it there; where that is several columns, a list.")),
        Column("change", _("What became of it."), one_of=tuple(Turn.values), is_required=True),
    ),
)
