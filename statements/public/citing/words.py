"""A citation as one readable line: who, what, when, where, which version, and its address."""

from collections.abc import Callable, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.public.citing.citation import Citation

#: Of more authors these are named, and "and others" stands for the rest: files name all of them.
MOST_NAMES = 3

_Fill = Callable[..., str]


def as_text(citation: Citation) -> str:
    return f"{_said(citation, str.format, str)} {citation.address}"


def as_html(citation: Citation) -> SafeString:
    """The same line, its address a link. Names and titles keep their direction to themselves."""
    said = _said(citation, format_html, lambda words: format_html("<bdi>{}</bdi>", words))
    return format_html('{} <a href="{}">{}</a>', said, citation.path, citation.address)


def _said(citation: Citation, fill: _Fill, apart: Callable[[str], str]) -> str:
    """``fill`` puts words into a sentence, ``apart`` wraps what somebody else wrote."""
    of_what = {"title": apart(citation.title), "genre": citation.genre, "date": citation.issued.display()}
    if citation.version is None or citation.published is None:
        return fill(
            _("{who}: “{title}” ({genre}), {note}, as of {date}."),
            who=_names([who.name for who in citation.authors], fill, apart),
            note=citation.note,
            **of_what,
        )
    parts = [
        fill(
            # Of a figure, "title" is the figure in our words, and in which statement it stands.
            _("{who}: {title} ({genre}).") if citation.figure else _("{who}: “{title}” ({genre})."),
            who=_names([who.name for who in citation.authors], fill, apart),
            **of_what,
        ),
        fill("{}, {}.", _names(citation.publishers, fill, apart), of_what["date"])
        if citation.publishers
        else fill("{}.", of_what["date"]),
        fill(
            _("{site}, version {number} of {date}."),
            site=apart(citation.site),
            number=citation.version,
            date=citation.published.display(),
        ),
    ]
    return fill("{} {} {}", *parts)


def _names(names: Sequence[str], fill: _Fill, apart: Callable[[str], str]) -> str:
    shown = [apart(name) for name in names[:MOST_NAMES]]
    together = fill(", ".join(["{}"] * len(shown)), *shown)
    return fill(_("{names} and others"), names=together) if len(names) > MOST_NAMES else together
