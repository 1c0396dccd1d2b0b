"""Figures in words: with their qualifier, and with the separators of the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.locales import active_locale
from statements.models import Figure, Qualifier


@dataclass(frozen=True)
class FigureText:
    """``qualifier`` is blank for an exact figure; ``number`` is blank where there are only words, and then ``wording``
    is what was said instead.
    """

    qualifier: str
    number: str
    wording: str

    def __str__(self) -> str:
        if not self.number:
            return f"“{self.wording}”"
        return f"{self.qualifier} {self.number}" if self.qualifier else self.number


def number(value: int) -> str:
    return str(format_decimal(value, locale=active_locale()))


def figure_text(qualifier: str, value: int | None, value_to: int | None, wording: str) -> FigureText:
    return _figure_text(qualifier, value, value_to, wording, get_language())


@lru_cache(maxsize=8192)
def _figure_text(
    qualifier: str, value: int | None, value_to: int | None, wording: str, _language: str | None
) -> FigureText:
    """Remembered: a page shows each of its figures several times, and translations are looked up in many places."""
    if value is None:
        return FigureText("", "", wording)
    if value_to is not None:
        both = _("%(low)s to %(high)s") % {"low": number(value), "high": number(value_to)}
        return FigureText(_("from"), both, wording)
    label = "" if qualifier == Qualifier.EXACT else str(Qualifier(qualifier).label)
    return FigureText(label, number(value), wording)


def text_of_figure(figure: Figure) -> FigureText:
    return figure_text(figure.qualifier, figure.value, figure.value_to, figure.wording)


def text_of_row(row: Mapping[str, Any]) -> FigureText:
    """Of a count in a document."""
    return figure_text(row["qualifier"], row["value"], row["value_to"], row["wording"])
