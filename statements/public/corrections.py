"""The list of what was changed after publication, in words, and which of it was asked for."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.models import Version
from statements.public.comparing import comparison_address
from statements.public.filters import PAGE, Value
from statements.public.history import changes
from statements.record.corrections import Correction, Kind
from statements.record.document import Document, is_erased, upgraded
from statements.record.said import today_between
from statements.record.today import Today
from statements.text import is_tracking_parameter

KIND = "kind"

_LABELS: dict[str, str | Promise] = {
    "": gettext_lazy("All changes"),
    Kind.CORRECTION.value: gettext_lazy("Corrections"),
    Kind.MINOR.value: gettext_lazy("Minor fixes"),
    Kind.WITHDRAWAL.value: gettext_lazy("Withdrawals"),
}


@dataclass(frozen=True)
class Choice:
    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Asked:
    """What a reader asked for. With ``problems`` nothing may be shown."""

    kind: str
    problems: list[Value]

    @property
    def query(self) -> str:
        """That of the list without the number of the page."""
        return _query(self.kind)

    @property
    def choices(self) -> list[Choice]:
        return [Choice(str(label), _query(kind), kind == self.kind) for kind, label in _LABELS.items()]


def _query(kind: str) -> str:
    query = QueryDict(mutable=True)
    if kind:
        query[KIND] = kind
    return f"?{query.urlencode()}"


def read(given: QueryDict, *, has_pages: bool = True) -> Asked:
    """No query."""
    kind, problems = "", []
    for name, values in given.lists():
        said = [value.strip() for value in values if value.strip()]
        if name == KIND and len(said) > 1:
            problems.append(Value(_("The kind was given more than once."), "?"))
        elif name == KIND and said and said[0] not in Kind.values:
            words = {"value": said[0], "known": ", ".join(Kind.values)}
            problems.append(Value(_("Kind: “%(value)s” is none of %(known)s.") % words, "?"))
        elif name == KIND and said:
            kind = said[0]
        elif said and not (name == PAGE and has_pages) and not is_tracking_parameter(name):
            problems.append(Value(_("This list has no parameter “%(name)s”.") % {"name": name}, "?"))
    return Asked(kind, problems)


@dataclass(frozen=True)
class ShownCorrection:
    """``title`` is that of today; of what is withdrawn the one at its address, and then ``slug`` is blank: there is
    nothing left to open. ``changes`` as in a statement's own history. ``label`` says what the change is.
    """

    at: datetime.datetime
    version: Version
    before: Version | None
    title: str
    label: str
    note: str = ""
    slug: str = ""
    changes: list[str] | None = None
    compare_url: str = ""
    is_erased: bool = False


def in_words(corrections: Iterable[Correction]) -> list[ShownCorrection]:
    """In their order. No query; one where two versions name different rows, and one for each kind of which something
    was merged.
    """
    rows = list(corrections)
    today = today_between(_contents(row.before, row.version) for row in rows if _are_whole(row))
    return [_withdrawn(row) if row.before is None else _revised(row, row.before, today) for row in rows]


def _are_whole(row: Correction) -> bool:
    return row.before is not None and not is_erased(row.before.document) and not is_erased(row.version.document)


def _contents(before: Version | None, version: Version) -> tuple[Document, Document]:
    return upgraded(before.document)["content"] if before else {}, upgraded(version.document)["content"]


def _withdrawn(row: Correction) -> ShownCorrection:
    version = row.version
    if not row.is_withdrawn_still:
        entry, label = version.statement.entry, _("withdrawn, and published again later")
        return ShownCorrection(row.at, version, None, entry.title, label, row.reason, entry.slug)
    erased = is_erased(version.document)
    title = _("A statement that was erased") if erased else upgraded(version.document)["content"]["title"]
    return ShownCorrection(row.at, version, None, title, _("withdrawn, with all its versions"), row.reason)


def _revised(row: Correction, before: Version, today: Today) -> ShownCorrection:
    version, entry = row.version, row.version.statement.entry
    changed = None
    if _are_whole(row):
        contents = [today.content(content) for content in _contents(before, version)]
        changed = changes(contents[0], contents[1])
    return ShownCorrection(
        at=row.at,
        version=version,
        before=before,
        title=entry.title,
        label=str(Version.Revision(version.revision).label) if version.revision else _("new version"),
        note=version.revision_note,
        slug=entry.slug,
        changes=changed,
        compare_url=comparison_address(entry.slug, before.public_number, version.public_number) if changed else "",
        is_erased=is_erased(version.document),
    )
