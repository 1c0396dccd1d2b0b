"""RIS: a line a tag, six characters and then words, ended by CRLF (RIS Format Specifications, 2001 and 2011)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.models import Statement
from statements.public.citing.citation import Citation


def written(citation: Citation) -> str:
    return "".join(f"{tag}  - {words}\r\n" for tag, words in _lines(citation))


def _lines(citation: Citation) -> Iterator[tuple[str, str]]:
    # Readers know neither a press release nor an interview; what kind of statement it is stands in M3.
    yield "TY", "RPRT" if citation.kind == Statement.Kind.REPORT else "ELEC"
    yield "ID", citation.key
    for who in citation.authors:
        yield "AU", who.name
    yield "TI", citation.title
    yield "T2", citation.site
    yield "M3", citation.genre
    if citation.publishers:
        yield "PB", "; ".join(citation.publishers)
    yield from _when(citation.issued)
    if citation.version is not None:
        yield "ET", str(citation.version)
    if citation.language:
        yield "LA", citation.language
    if citation.remark:
        yield "N1", citation.remark
    if citation.accessed is not None:
        yield "Y2", citation.accessed.first.isoformat().replace("-", "/") + "/"
    yield "UR", citation.address
    yield "ER", ""


def _when(date: PartialDate) -> Iterator[tuple[str, str]]:
    """A date is ``YYYY/MM/DD/``, what is not known left out. It can't be an interval: of one it has what is sure, and a
    note has the rest.
    """
    if date.first.year == date.last.year:
        year, month, day = date.first.isoformat().split("-")
        known = [year, month if date.first.month == date.last.month else "", day if date.is_day else ""]
        yield "PY", year
        yield "DA", "/".join([*known, ""])
    if "/" in date.isoformat():
        yield "N1", _("Issued %(date)s") % {"date": date.display()}
