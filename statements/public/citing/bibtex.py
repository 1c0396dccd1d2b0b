"""BibTeX, as BibTeX itself, biblatex and reference managers read it.

``@misc`` is known to all of them; ``@online`` is biblatex's alone, and readers that keep to BibTeX drop it. ``date`` is
biblatex's and as precise as is known, also an interval (ISO 8601-2); BibTeX reads ``year`` and ``month``.
"""

from collections.abc import Sequence

from django.utils.translation import get_language

from statements.dates import PartialDate
from statements.locales import locale_of
from statements.public.citing.citation import Citation

#: In BibTeX braces count even after a backslash: one without its partner would end the entry. So they are named.
_TEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "<": r"{\textless}",
        ">": r"{\textgreater}",
        "|": r"{\textbar}",
        **{character: f"\\{character}" for character in "&%#$_"},
    }
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def written(citation: Citation) -> str:
    fields = {
        "author": _names([who.name for who in citation.authors]),
        "title": _braced(_braced(_tex(citation.title))),  # twice: styles leave its capitals alone
        **_when(citation.issued),
        "type": _braced(_tex(citation.genre)),
        "organization": _names(citation.publishers),
        "howpublished": _braced(_tex(citation.site)),
        "version": _braced(str(citation.version or "")),
        "note": _braced(_tex(citation.remark)),
        "language": _braced(_language(citation.language)),
        "langid": _braced(_language(get_language() or "")),  # of the title, which is this site's own words
        "url": _braced(citation.address),
        "urldate": _braced(citation.accessed.isoformat() if citation.accessed is not None else ""),
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value.strip("{}")]
    return "\n".join([f"@misc{{{citation.key},", *lines, "}", ""])


def _when(date: PartialDate) -> dict[str, str]:
    """The month only where the first and the last possible day are in it."""
    years = sorted({date.first.year, date.last.year})
    fields = {"date": _braced(date.isoformat()), "year": _braced("--".join(str(year) for year in years))}
    if len(years) == 1 and date.first.month == date.last.month:
        fields["month"] = _MONTHS[date.first.month - 1]
    return fields


def _names(names: Sequence[str]) -> str:
    """Each in braces of its own: it is one name, whatever words are in it."""
    return _braced(" and ".join(_braced(_tex(name)) for name in names))


def _language(tag: str) -> str:
    """As biblatex and Babel call it, by its English name; scripts and regions have no name there."""
    language = tag.partition("-")[0]
    return _tex(locale_of("en").languages.get(language, language).lower())


def _tex(words: str) -> str:
    return words.translate(_TEX)


def _braced(words: str) -> str:
    return f"{{{words}}}"
