"""What is wrong with a cell, and the cells that hold no value at all, whatever their column takes."""

from django.utils.translation import gettext as _

from statements.text import fold

_NOTHING = frozenset(
    map(
        fold,
        [
            *("n/a", "na", "n.d.", "nd", "nil", "none", "null", "nan", "tbc", "tbd", "unknown", "not known", "no data"),
            *("н/д", "нет", "нет данных", "неизвестно", "невядома", "няма", "nav", "nav zināms", "nezināms"),
        ],
    )
)


class CellProblem(ValueError):
    """A cell that can't be read: what is wrong and what to do, and, where it is known, what to write instead."""

    def __init__(self, sentence: str, *, suggestion: str = "") -> None:
        super().__init__(sentence)
        self.suggestion = suggestion


def refuse_what_holds_no_value(cell: str) -> None:
    """Raises CellProblem for a formula, an error of a spreadsheet, or a mark that says that there is nothing."""
    if cell.startswith("="):
        raise CellProblem(
            _("“%(cell)s” is a formula. Copy the column and paste it as values, then save the file again.")
            % {"cell": cell}
        )
    if cell.startswith("#"):
        raise CellProblem(
            _("“%(cell)s” is what a spreadsheet shows where it has no result or no room. Write the value itself.")
            % {"cell": cell}
        )
    if not any(character.isalnum() for character in cell) or fold(cell) in _NOTHING:
        raise CellProblem(
            _("“%(cell)s” is no value. Where there is none or it is not known, leave the cell blank.") % {"cell": cell}
        )
