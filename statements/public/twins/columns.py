"""The columns of the CSV and XLSX twins of pages: what a row is, what each cell holds. The files are written by these,
their metadata (CSV on the Web) and /data/ tell readers about them.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from statements.models import CountObservation, DemandMention, Statement
from statements.record.tables import Column, Table, Type


@dataclass(frozen=True)
class TwinColumn(Column):
    """``is_list``: a cell holds several, as ``cells.joined`` writes them; ``refers_to`` is the table of each."""

    is_list: bool = False


@dataclass(frozen=True)
class TwinTable(Table):
    """``name`` is that of the twin's address: the file is ``<name>.csv``, and where it has one ``<name>.xlsx``."""

    columns: tuple[TwinColumn, ...]


def _slugs_and_names(
    slugs: str, names: str, what: str | Promise, what_names: str | Promise, *, of: str = "organisations"
) -> tuple[TwinColumn, TwinColumn]:
    return (
        TwinColumn(slugs, what, refers_to=of, is_list=True),
        TwinColumn(names, what_names, is_list=True),
    )


_ISSUED = (
    TwinColumn("issued", _("When the statement was issued; a date as precise as it is known.")),
    TwinColumn("issued_from", _("The first day on which that may have been."), Type.DATE),
    TwinColumn("issued_until", _("The last day on which that may have been."), Type.DATE),
)
_WHO = (
    *_slugs_and_names(
        "issuers", "issuer_names", _("The organisations that issued it, a list."), _("Their names, in the same order.")
    ),
    *_slugs_and_names(
        "joined_by", "joined_by_names", _("The organisations that joined it."), _("Their names, in the same order.")
    ),
    *_slugs_and_names(
        "delivered_by",
        "delivered_by_names",
        _("The organisations that delivered it on behalf of the others."),
        _("Their names, in the same order."),
    ),
    *_slugs_and_names(
        "speakers",
        "speaker_names",
        _("The people who speak in it, a list."),
        _("Their names, in the same order."),
        of="speakers",
    ),
    TwinColumn(
        "attributions", _("As what each of them speaks, as printed on that day; a blank place counts."), is_list=True
    ),
    TwinColumn("attribution", _("The office as printed, where nobody is named.")),
)
_SOURCES = (
    TwinColumn("sources", _("The sources in which it stands, a list."), refers_to="sources", is_list=True),
    TwinColumn("source_names", _("Publisher and title of each, in the same order."), is_list=True),
    TwinColumn("source_urls", _("The address of each; the place of one that is only printed is blank."), is_list=True),
)
_VERSION = (
    TwinColumn("version", _("The number of the published version that says so."), Type.INTEGER),
    TwinColumn("published_at", _("When this version was published here, in UTC."), Type.DATETIME),
)
_CITE = TwinColumn(
    "cite", _("How to cite this file: what it holds, its day, its licence, its page. The same in every row.")
)
_SAID_IN = (
    TwinColumn("statement", _("The statement that says so."), refers_to="statements"),
    TwinColumn("statement_title", _("What that is called here, in our own words.")),
    TwinColumn("statement_kind", _("What kind of statement it is."), one_of=tuple(Statement.Kind.values)),
    *_ISSUED,
    *_WHO,
    *_SOURCES,
    *_VERSION,
)
_KEY = TwinColumn("key", _("What identifies the row. It stays when the row is corrected."))
_QUOTE = (
    TwinColumn("quote", _("The words of the statement that say so.")),
    TwinColumn("quote_language", _("The language of these words, by BCP 47.")),
)
_NOTE = TwinColumn("note", _("What a reader should know about it."))

STATEMENTS = TwinTable(
    "statements",
    _("A statement of the list, as its current version says."),
    ("slug",),
    (
        TwinColumn("slug", _("What identifies it: the end of its address here.")),
        TwinColumn("title", _("What it is called here, in our own words.")),
        TwinColumn("kind", _("What kind of statement it is."), one_of=tuple(Statement.Kind.values)),
        TwinColumn("language", _("The language of the original, by BCP 47; “und” where it is not known.")),
        *_ISSUED,
        TwinColumn("issued_basis", _("What that date rests on."), one_of=tuple(Statement.IssuedBasis.values)),
        TwinColumn("date_note", _("Why a printed date differs, or what the date is inferred from.")),
        TwinColumn("place", _("Where it was said.")),
        TwinColumn("occasion", _("On what occasion.")),
        TwinColumn("summary", _("What it says, in our own words.")),
        *_WHO,
        *_slugs_and_names(
            "demands",
            "demand_titles",
            _("The demands that it makes, a list."),
            _("What is demanded, in the same order."),
            of="demands",
        ),
        *_slugs_and_names(
            "addressees",
            "addressee_names",
            _("Of whom: those that it names, else those of its demands."),
            _("Their names, in the same order."),
        ),
        TwinColumn("measures", _("What its figures count, a list with each once."), refers_to="measures", is_list=True),
        TwinColumn("figures", _("Its figures in words, a list: what is counted, and how many."), is_list=True),
        *_SOURCES,
        TwinColumn("relation", _("What it does with another one."), one_of=tuple(Statement.Relation.values)),
        TwinColumn("related_statement", _("That other one, while readers see it."), refers_to="statements"),
        *_VERSION,
        TwinColumn("url", _("Its address here, which always shows the current version.")),
        TwinColumn("version_url", _("The address of this very version, which never changes: the one to cite.")),
        _CITE,
    ),
)

FIGURES = TwinTable(
    "measures/SLUG",
    _("A figure that a statement quotes, of the one thing that the page is about."),
    ("key",),
    (
        _KEY,
        TwinColumn("measure", _("What is counted."), refers_to="measures"),
        TwinColumn("measure_name", _("What it is called.")),
        TwinColumn("unit", _("What one of them is: people, cases, arrests.")),
        TwinColumn("as_of", _("As of when the figure holds; a date as precise as it is known.")),
        TwinColumn("as_of_from", _("The first day as of which it may hold."), Type.DATE),
        TwinColumn("as_of_until", _("The last day as of which it may hold."), Type.DATE),
        TwinColumn(
            "as_of_given", _("Whether the words say as of when; if not, it is the date of the statement."), Type.BOOLEAN
        ),
        TwinColumn("since", _("Since when it was counted, of totals and changes.")),
        TwinColumn("qualifier", _("How the number is meant."), one_of=tuple(CountObservation.Qualifier.values)),
        TwinColumn("value", _("The number as printed: “more than 880” has 880. Empty without one."), Type.INTEGER),
        TwinColumn("value_to", _("The upper end of a range."), Type.INTEGER),
        TwinColumn("wording", _("The figure in words, such as “many thousands”.")),
        TwinColumn("figure", _("Qualifier and number as the page shows them.")),
        TwinColumn("attributed_to", _("Whom the speaker names as its source."), refers_to="organisations"),
        TwinColumn("attributed_to_name", _("The name of that organisation.")),
        TwinColumn("attributed_wording", _("The same as printed, of all others: “independent media”.")),
        TwinColumn("excludes", _("Who is not in the figure: “those already named”.")),
        *_QUOTE,
        _NOTE,
        *_SAID_IN,
        TwinColumn("url", _("The address of the figure in this very version, which never changes: the one to cite.")),
        _CITE,
    ),
)

MENTIONS = TwinTable(
    "demands/SLUG",
    _("How a statement makes the one demand that the page is about: a statement that words it twice has two rows."),
    ("key",),
    (
        _KEY,
        TwinColumn("demand", _("What is demanded."), refers_to="demands"),
        TwinColumn("demand_title", _("The same in our own words.")),
        TwinColumn(
            "is_counted",
            _("Whether the statement counts where it says how often: not one that only repeats or translates another."),
            Type.BOOLEAN,
        ),
        *_QUOTE,
        TwinColumn("force", _("How strongly."), one_of=tuple(DemandMention.Force.values)),
        TwinColumn("is_reiterated", _("Whether the words themselves say that it is made again."), Type.BOOLEAN),
        *_slugs_and_names(
            "addressees",
            "addressee_names",
            _("Of whom: those that the statement names, else those of the demand."),
            _("Their names, in the same order."),
        ),
        TwinColumn("addressees_named_here", _("Whether the statement itself names them."), Type.BOOLEAN),
        TwinColumn("deadline", _("Until when; a date as precise as it is known.")),
        TwinColumn("locator", _("Where in it: a page, a paragraph, a minute.")),
        _NOTE,
        *_SAID_IN,
        TwinColumn("url", _("The address of the demand in this very version, which never changes: the one to cite.")),
        _CITE,
    ),
)

#: In the order in which /data/ explains them.
TWIN_TABLES: tuple[TwinTable, ...] = (STATEMENTS, FIGURES, MENTIONS)
