"""Who said the figures of a chart: those who said most have a colour and a letter of their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from statements.record.charted import ChartedFigure
from statements.record.figure_words import number
from statements.record.names import Named

#: More colours than these can't be told apart.
LETTERS = "ABCDEF"
_NAMED_IN_A_TITLE = 3


@dataclass(frozen=True)
class Voice:
    """``letter`` is blank, and ``named`` None, for all others together. ``figures`` is how many marks are theirs."""

    letter: str
    named: Named | None
    figures: int

    @property
    def tone(self) -> str:
        return f"voice-{self.letter.lower() or 'others'}"

    @property
    def name(self) -> str:
        return self.named.name if self.named is not None else _("others")


def voices(rows: Sequence[ChartedFigure]) -> tuple[list[Voice], list[Voice]]:
    """The voices of a chart, those who said most first and all others last; and the voice of each row.

    A figure of several is marked once, as that of the one who said most of those that have no mark yet.
    """
    given: dict[int, Named] = {}
    chosen: list[Named] = []
    for _letter in LETTERS:
        said = Counter(named for index, row in enumerate(rows) if index not in given for named in row.who)
        if not said:
            break
        chosen.append(min(said, key=lambda named: (-said[named], named.name, named.kind, named.pk)))
        given |= {index: chosen[-1] for index, row in enumerate(rows) if index not in given and chosen[-1] in row.who}
    marked = Counter(given.values())
    found = {named: Voice(LETTERS[index], named, marked[named]) for index, named in enumerate(chosen)}
    others = Voice("", None, len(rows) - len(given))
    legend = [*found.values(), *([others] if others.figures else [])]
    return legend, [found[given[index]] if index in given else others for index in range(len(rows))]


def in_words(who: Sequence[Named]) -> str:
    """Their names, as far as a line holds them."""
    names = ", ".join(named.name for named in who[:_NAMED_IN_A_TITLE])
    more = len(who) - _NAMED_IN_A_TITLE
    return _("%(names)s and %(number)s more") % {"names": names, "number": number(more)} if more > 0 else names
