"""An empty file of each KIND: its columns, a row that shows how they are filled, and what each of them takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from statements.importing.columns import ReferenceWidget
from statements.importing.describing import what_it_takes
from statements.importing.kinds import all_kinds
from statements.importing.kinds.base import Kind
from statements.importing.writing import Sheet, write_text, write_workbook


@dataclass(frozen=True)
class Explained:
    """A column as it is told to whoever fills it in. ``synonyms`` are other names under which it is known."""

    name: str
    synonyms: list[str]
    is_required: bool
    meaning: str
    takes: str
    example: str


def explained(kind: type[Kind]) -> list[Explained]:
    known = kind.known_columns()
    return [
        Explained(
            name,
            known.synonyms(name),
            column.required,
            column.meaning(kind.model),
            what_it_takes(column, kind.model),
            column.example,
        )
        for name, column in kind.columns().items()
    ]


def refers_to(kind: type[Kind]) -> list[str]:
    """The other KINDs whose rows its cells name, in their order."""
    named = {column.widget.model for column in kind.columns().values() if isinstance(column.widget, ReferenceWidget)}
    return [other.kind_name for other in all_kinds() if other.model in named - {kind.model}]


def example_row(kind: type[Kind]) -> dict[str, str]:
    """Cells by column. It imports after the examples of the KINDs before it."""
    return {name: column.example for name, column in kind.columns().items()}


def write_csv_template(output: BinaryIO, kind: type[Kind]) -> None:
    """Marked as UTF-8, or Excel would read the letters of other scripts wrongly."""
    row = example_row(kind)
    write_text(output, list(row), [list(row.values())], has_mark=True)


def write_xlsx_template(output: BinaryIO, kind: type[Kind]) -> None:
    """The first sheet is the one to fill in; the import reads no other."""
    row = example_row(kind)
    required = frozenset(kind.required())
    widths = {name: len(cell) + 4 for name, cell in row.items() if len(cell) > len(name)}
    filled = Sheet(kind.kind_name, list(row), [list(row.values())], bold=required, widths=widths)
    write_workbook(output, [filled, _explanation(kind)])


def _explanation(kind: type[Kind]) -> Sheet:
    header = [_("column"), _("required"), _("what it is"), _("what it takes"), _("example"), _("also known as")]
    rows = [
        [
            column.name,
            _("required") if column.is_required else "",
            column.meaning,
            column.takes,
            column.example,
            ", ".join(column.synonyms),
        ]
        for column in explained(kind)
    ]
    widths = dict(zip(header, (22, 12, 60, 60, 40, 40), strict=True))
    return Sheet(_("What each column takes"), header, rows, bold=frozenset(header), widths=widths, wraps=True)


#: What writes a template, by the ending of the file's name.
TEMPLATES: dict[str, Callable[[BinaryIO, type[Kind]], None]] = {
    "csv": write_csv_template,
    "xlsx": write_xlsx_template,
}
