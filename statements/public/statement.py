"""The page of one published version of a statement: everything on it, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from statements import text
from statements.dates import PartialDate
from statements.models import Citation, DemandMention, Issuer, Statement, Version
from statements.models.codes import language_name
from statements.public.citing.citation import anchors
from statements.public.comparing import comparison_address
from statements.public.evidence import Evidence, MarkedWording, mark
from statements.public.history import changes
from statements.public.references import Reference, References, ShownSource
from statements.public.responses import current_of
from statements.public.tombstones import tombstone_of
from statements.record.document import is_erased, upgraded
from statements.record.figure_words import FigureText, text_of_row
from statements.record.reading import related_to
from statements.record.said import today_between
from statements.record.today import Today

DESCRIPTION_LENGTH = 200  # search engines and chats show about as much
MOST_AUTHORS = 3


#: Of the statements that quote, repeat, correct or translate one, so many are shown on its page; its JSON has all.
MOST_RELATED = 100


@dataclass(frozen=True)
class By:
    """``label`` is the part that these organisations have in the statement."""

    label: str
    organisations: list[Reference]


@dataclass(frozen=True)
class Voice:
    """``attribution`` as printed on that day; often it begins with the name, and then ``rest`` is what follows that."""

    speaker: Reference
    attribution: str

    @property
    def rest(self) -> str | None:
        name = self.speaker.name
        return self.attribution.removeprefix(name) if self.attribution.startswith(name) else None


@dataclass(frozen=True)
class ShownMention:
    demand: Reference
    evidence: Evidence
    force: str
    is_reiterated: bool
    addressees: list[Reference]
    are_named_here: bool
    deadline: PartialDate | None
    locator: str
    note: str


@dataclass(frozen=True)
class ShownCount:
    """``as_of`` is None where the figure holds as of the statement. By its ``key`` it is cited."""

    key: str
    text: FigureText
    measure: Reference
    evidence: Evidence
    as_of: PartialDate | None
    since: PartialDate | None
    attributed_to: Reference | None
    attributed_wording: str
    excludes: str
    note: str


@dataclass(frozen=True)
class Cited:
    source: ShownSource
    role: str
    locator: str


@dataclass(frozen=True)
class Relation:
    """``label`` says what the one statement does with the other."""

    label: str
    statement: Reference


@dataclass(frozen=True)
class HistoryRow:
    """``changes`` since the version before: None for the first, and where one of the two was erased. ``compare_url``
    shows them; blank where there are none.
    """

    version: Version
    url: str
    changes: list[str] | None
    compare_url: str
    is_newest: bool
    is_erased: bool


class StatementPage:
    """One version of a statement's published ones. Six queries with that of ``versions``, three ``as_it_was``; one more
    where two versions name different rows, and one for each kind of which something was merged.
    """

    def __init__(self, versions: list[Version], version: Version, *, as_it_was: bool) -> None:
        self.statement = version.statement
        self.version = version
        self.newest = current_of(versions)
        self.as_it_was = as_it_was
        self.is_newest = version.pk == self.newest.pk
        document = upgraded(version.document)
        references = References(document, as_it_was=as_it_was)
        self.content = references.content
        self.by = _issuers(self.content, references)
        self.voices = [
            Voice(references.speaker(row["speaker"]), row["attribution"]) for row in self.content["speakers"]
        ]
        self.counts = _counts(self.content, references, anchors(document["content"]))
        self.mentions = _mentions(self.content, references, first=len(self.counts) + 1)
        evidence = [row.evidence for row in self.counts] + [row.evidence for row in self.mentions]
        self.wordings: list[MarkedWording] = mark(self.content["wordings"], evidence)
        for wording, row in zip(self.wordings, self.content["wordings"], strict=True):
            wording.source = references.source(row["source"]) if row["source"] else None
        self.citations = [
            Cited(references.source(row["source"]), str(Citation.Role(row["role"]).label), row["locator"])
            for row in self.content["citations"]
        ]
        self.relation = _relation(self.content, references)
        relating = [] if as_it_was else _relating(self.statement.pk)
        self.relating = relating[:MOST_RELATED]
        self.has_more_relating = len(relating) > MOST_RELATED
        self.history = _history(versions)
        self.erased = tombstone_of(version)

    @property
    def corrections(self) -> list[Version]:
        """The versions that corrected what readers saw before this one, and this one, the newest first."""
        corrected = [row.version for row in self.history if row.version.revision == Version.Revision.CORRECTION]
        number = self.version.public_number
        return [version for version in corrected if number is None or (version.public_number or 0) <= number]

    @property
    def has_quotations(self) -> bool:
        return any(row["quote"] for row in [*self.content["mentions"], *self.content["counts"]])

    @property
    def url(self) -> str:
        return reverse("statements:statement", args=[self.statement.slug])

    @property
    def permanent_url(self) -> str:
        """The address of this very version."""
        return reverse("statements:version", args=[self.statement.slug, self.version.public_number])

    @property
    def own_url(self) -> str:
        """Where what is shown stays: a version as it was at its permanent address, the newest at the statement's."""
        return self.permanent_url if self.as_it_was else self.url

    @property
    def full_permanent_url(self) -> str:
        return settings.SITE_URL + self.permanent_url

    @cached_property
    def issued(self) -> PartialDate:
        return PartialDate.parse(self.content["issued"])

    @property
    def issued_basis(self) -> str:
        """How the day is known, in a sentence; blank where it is simply printed."""
        sentences = {
            Statement.IssuedBasis.PRINTED.value: _("The date is printed with it."),
            Statement.IssuedBasis.FROM_THE_ADDRESS.value: _("The date is read from the address of the page."),
            Statement.IssuedBasis.INFERRED.value: _("The date is inferred."),
        }
        return sentences[self.content["issued_basis"]]

    @property
    def kind(self) -> str:
        return str(Statement.Kind(self.content["kind"]).label)

    @property
    def language_name(self) -> str:
        return language_name(self.content["language"])

    @property
    def description(self) -> str:
        """Who and when, then what: in a search engine or a chat, this is all that stands beside the title."""
        first_words = self.content["wordings"][0]["text"] if self.content["wordings"] else ""
        who = text.excerpt(", ".join(self.authors[:MOST_AUTHORS]), length=DESCRIPTION_LENGTH // 2)
        what = self.content["summary"] or first_words
        return text.excerpt(f"{who}, {self.issued.display()}: {what}", length=DESCRIPTION_LENGTH)

    @property
    def authors(self) -> list[str]:
        """Who is named first where it is described in a sentence."""
        organisations = [reference.name for group in self.by for reference in group.organisations]
        return [*(voice.speaker.name for voice in self.voices), *organisations]


def _issuers(content: dict[str, Any], references: References) -> list[By]:
    labels = {
        Issuer.Part.ISSUED.value: _("Issued by"),
        Issuer.Part.JOINED.value: _("Joined by"),
        Issuer.Part.DELIVERED.value: _("Delivered on behalf of the others by"),
    }
    groups: dict[str, list[Reference]] = {part: [] for part in labels}
    for row in content["issuers"]:
        groups[row["part"]].append(references.organisation(row["organisation"]))
    return [By(labels[part], organisations) for part, organisations in groups.items() if organisations]


def _mentions(content: dict[str, Any], references: References, *, first: int) -> list[ShownMention]:
    shown = []
    for number, row in enumerate(content["mentions"], first):
        demand = references.demand(row["demand"])
        named = [references.organisation(slug) for slug in row["addressees"]]
        shown.append(
            ShownMention(
                demand=demand,
                evidence=Evidence(number, f"demand-{number}", demand.name, row["quote"], content["language"]),
                force=str(DemandMention.Force(row["force"]).label),
                is_reiterated=row["is_reiterated"],
                addressees=named or references.addressees_of(row["demand"]),
                are_named_here=bool(named),
                deadline=_date(row["deadline"]),
                locator=row["locator"],
                note=row["note"],
            )
        )
    return shown


def _counts(content: dict[str, Any], references: References, anchors: Mapping[str, str]) -> list[ShownCount]:
    """``anchors`` by key are those of the version: they stay where rows of it are one today."""
    shown = []
    for number, row in enumerate(content["counts"], 1):
        measure = references.measure(row["measure"])
        shown.append(
            ShownCount(
                key=row["key"],
                text=text_of_row(row),
                measure=measure,
                evidence=Evidence(number, anchors[row["key"]], measure.name, row["quote"], content["language"]),
                as_of=_date(row["as_of"]),
                since=_date(row["since"]),
                attributed_to=references.organisation(row["attributed_to"]) if row["attributed_to"] else None,
                attributed_wording=row["attributed_wording"],
                excludes=row["excludes"],
                note=row["note"],
            )
        )
    return shown


def _date(iso: str | None) -> PartialDate | None:
    return PartialDate.parse(iso) if iso else None


def _relation(content: dict[str, Any], references: References) -> Relation | None:
    if content["relation"] is None:
        return None
    target = references.public_statement(content["relation"]["statement"])
    labels = {
        Statement.Relation.QUOTES.value: _("It quotes"),
        Statement.Relation.REPEATS.value: _("It repeats"),
        Statement.Relation.CORRECTS.value: _("It corrects"),
        Statement.Relation.TRANSLATES.value: _("It translates"),
    }
    return Relation(labels[content["relation"]["kind"]], target) if target is not None else None


def _relating(statement_id: int) -> list[Relation]:
    labels = {
        Statement.Relation.QUOTES.value: _("It is quoted by"),
        Statement.Relation.REPEATS.value: _("It is repeated by"),
        Statement.Relation.CORRECTS.value: _("It is corrected by"),
        Statement.Relation.TRANSLATES.value: _("It is translated by"),
    }
    rows = []
    for entry in related_to(statement_id, most=MOST_RELATED + 1):
        kind = upgraded(entry.version.document)["content"]["relation"]["kind"]
        url = reverse("statements:statement", args=[entry.slug])
        rows.append(Relation(labels[kind], Reference(entry.title, url)))
    return rows


def _history(versions: list[Version]) -> list[HistoryRow]:
    """Newest first."""
    rows = []
    contents = [upgraded(version.document)["content"] for version in versions if not is_erased(version.document)]
    today = today_between(pairwise(contents))
    for before, version in zip([None, *versions], versions, strict=False):
        slug, number = version.statement.slug, version.public_number
        changed = _changes(before, version, today)
        rows.append(
            HistoryRow(
                version=version,
                url=reverse("statements:version", args=[slug, number]),
                changes=changed,
                compare_url=comparison_address(slug, before.public_number, number) if before and changed else "",
                is_newest=version.pk == version.statement.published_version_id,
                is_erased=is_erased(version.document),
            )
        )
    return rows[::-1]


def _changes(before: Version | None, version: Version, today: Today) -> list[str] | None:
    if before is None or is_erased(before.document) or is_erased(version.document):
        return None
    contents = [today.content(upgraded(one.document)["content"]) for one in (before, version)]
    return changes(contents[0], contents[1])
