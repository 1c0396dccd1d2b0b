"""What is cited: a version of a statement, a figure in it, or a demand as it stands today."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.models import Issuer, Statement, Version
from statements.models.codes import UNKNOWN_LANGUAGE
from statements.public.times import times_in_words
from statements.record.document import Document, upgraded
from statements.record.figure_words import text_of_row
from statements.record.stated import on_day

#: Controls of C0 and C1, which come along with words that are copied from a PDF, and ends of lines of any kind.
_NOT_ON_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Who:
    """A name as it is written, never cut into a first and a last one."""

    name: str
    is_person: bool = False


@dataclass(frozen=True)
class Citation:
    """The same for every format. All words stand on one line, without control characters.

    ``key`` identifies it in a list of literature: letters of ASCII, digits, ``-`` and ``_``. ``kind`` is that of the
    statement, ``genre`` the same in words. Where a ``figure`` is cited, these are its words, and the title begins so.
    ``publishers`` issued what the authors said; blank where they are the authors. ``version`` and ``published`` are
    those of the permanent ``address``; both are None where what stands there changes, and then ``accessed`` is the day
    of which the citation tells.
    """

    key: str
    title: str
    kind: str
    genre: str
    authors: tuple[Who, ...]
    issued: PartialDate
    address: str
    figure: str = ""
    publishers: tuple[str, ...] = ()
    language: str = ""
    version: int | None = None
    published: PartialDate | None = None
    accessed: PartialDate | None = None
    note: str = ""

    @property
    def site(self) -> str:
        """Where it is read."""
        return one_line(settings.SITE_NAME)

    @property
    def remark(self) -> str:
        """What formats have no field for: when the version was published, or what else there is to say."""
        if self.version is None or self.published is None:
            return self.note
        said = {"number": self.version, "date": self.published.display()}
        return _("Version %(number)s, published on %(date)s") % said

    @property
    def place(self) -> str:
        """What is cited of the page: the end of the address; blank for all of it."""
        return self.address.partition("#")[2]

    @property
    def path(self) -> str:
        """The address without its host."""
        return self.address.removeprefix(settings.SITE_URL)


def one_line(words: str) -> str:
    return " ".join(_NOT_ON_A_LINE.sub(" ", words).split())


def of_version(version: Version) -> Citation:
    """A published version, with the names of that day. No query; not for one that was erased."""
    document = upgraded(version.document)
    content = document["content"]
    slug = version.statement.slug
    people, organisations = _people(document), _organisations(document)
    return Citation(
        key=f"{slug}-v{version.public_number}",
        title=one_line(content["title"]),
        kind=content["kind"],
        genre=str(Statement.Kind(content["kind"]).label),
        authors=people or organisations,
        publishers=tuple(who.name for who in organisations) if people else (),
        issued=PartialDate.parse(content["issued"]),
        language="" if content["language"] == UNKNOWN_LANGUAGE else content["language"],
        address=settings.SITE_URL + reverse("statements:version", args=[slug, version.public_number]),
        version=version.public_number,
        published=on_day(version.published_at.date()) if version.published_at is not None else None,
    )


def of_figures(version: Version) -> dict[str, Citation]:
    """Each figure of a published version by its key, in their order. No query."""
    document = upgraded(version.document)
    whole = of_version(version)
    found = {}
    for row, anchor in zip(document["content"]["counts"], anchors(document["content"]).values(), strict=True):
        figure = figure_in_words(row, document)
        found[row["key"]] = replace(
            whole,
            key=f"{whole.key}-{anchor}",
            title=_("%(figure)s. In: %(title)s") % {"figure": figure, "title": whole.title},
            figure=figure,
            address=f"{whole.address}#{anchor}",
        )
    return found


def anchors(content: Document) -> dict[str, str]:
    """Where the figures of a version stand on its page, by their keys: the ends of addresses that are cited."""
    return {row["key"]: f"figure-{number}" for number, row in enumerate(content["counts"], 1)}


def figure_in_words(row: Mapping[str, Any], document: Document) -> str:
    """What is counted, how many, as of when, since when, and according to whom: "Prisoners (people): more than 880,
    as of November 2021, according to Viasna". With the names of that day.
    """
    content, context = document["content"], document["context"]
    measure = context["measures"][row["measure"]]
    said = [
        _("%(measure)s (%(unit)s): %(figure)s")
        % {"measure": measure["name"], "unit": measure["unit"], "figure": text_of_row(row)},
        _("as of %(date)s") % {"date": PartialDate.parse(row["as_of"] or content["issued"]).display()},
    ]
    if row["since"]:
        said.append(_("since %(date)s") % {"date": PartialDate.parse(row["since"]).display()})
    if row["excludes"]:
        said.append(_("without %(what)s") % {"what": row["excludes"]})
    if row["attributed_to"]:
        said.append(_("according to %(who)s") % {"who": context["organisations"][row["attributed_to"]]["name"]})
    if row["attributed_wording"]:
        said.append(_("according to “%(who)s”") % {"who": row["attributed_wording"]})
    return one_line(", ".join(said))


def of_demand(demand: Any, *, on: PartialDate) -> Citation:
    """A demand (from ``demands_in_use``) as it stands on a day: how often and by how many it was made. No query."""
    site = Who(one_line(settings.SITE_NAME))
    return Citation(
        key=f"{demand.slug}-{on.isoformat()}",
        title=one_line(demand.title),
        kind="",
        genre=_("demand"),
        authors=(site,),
        issued=on,
        address=settings.SITE_URL + reverse("statements:demand", args=[demand.slug]),
        accessed=on,
        note=one_line(times_in_words(demand)),
    )


def _people(document: Document) -> tuple[Who, ...]:
    names = document["context"]["speakers"]
    return tuple(Who(one_line(names[row["speaker"]]["name"]), True) for row in document["content"]["speakers"])


def _organisations(document: Document) -> tuple[Who, ...]:
    """Those that issued it first, then those that joined it or delivered it for others."""
    names = document["context"]["organisations"]
    parts = list(Issuer.Part.values)
    rows: Iterable[Mapping[str, str]] = sorted(document["content"]["issuers"], key=lambda row: parts.index(row["part"]))
    return tuple(Who(one_line(names[row["organisation"]]["name"])) for row in rows)
